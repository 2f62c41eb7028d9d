# SPDX-License-Identifier: GPL-3.0-or-later
"""A partner who is erased is named nowhere, and keeps nobody waiting; people do not read who their partner was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from src.engine.effects import KeepRun
from src.engine.pairs import limit_of
from src.engine.state import GivenAnswer, Pair, Participant
from src.engine.study import Study
from src.service.ports import Saving
from src.store.database import Database
from src.store.erasing import erase_everywhere, traces
from src.store.histories import file_away, runs_of
from src.store.own_data import everything_of
from src.store.participants import ParticipantStore
from tests.fakes.world import RULES
from tests.store.people import ANNA, BERTA, NOON, newcomer, person, run

SAID = GivenAnswer("ask", "told", "canary", False, NOON, NOON)
NOBODY = Study({}, {}, (), RULES)


def pair_of(player: Participant, role: int) -> Pair:
    """Return what this one of both knows of the other."""
    other = BERTA if player.id == ANNA else ANNA
    return Pair("pair-1", other, role, "game", NOON + timedelta(days=1), answers=(SAID,), compared=True)


def played_together(database: Database) -> ParticipantStore:
    """Let two people have played five dialogues together, of which some are filed, and be in the middle of another."""
    store = ParticipantStore(database)
    for role, player in enumerate((person(ANNA), person(BERTA))):
        playing = run(id=f"now-{role}", pair=pair_of(player, role))
        ended = [
            KeepRun(run(id=f"{role}-{number}", pair=pair_of(player, role)), NOON, ended=True) for number in range(5)
        ]
        invited = KeepRun(run(id=f"inv-{role}", pair=replace(pair_of(player, role), invites=True)), NOON, ended=True)
        store.save([replace(newcomer(replace(player, run=playing)), runs=(*ended[:4], invited))])
        file_away(database, player.id)
        before = store.load([player.id])[player.id]
        store.save([Saving(before, replace(before, version=before.version + 1), runs=(ended[4],))])
    return store


def speaking_of(database: Database, who: str) -> list[str]:
    """Return the collections in which something still speaks of somebody."""
    names = sorted(database.database.list_collection_names())
    return [name for name in names if any(who in str(found) for found in database.database[name].find())]


# Fault: src/store/erasing.py: what the partners' documents say of somebody stays.
def test_nothing_is_left_of_a_partner_and_the_other_is_free(database: Database) -> None:
    store = played_together(database)
    assert speaking_of(database, ANNA) == ["clients", "game_history", "history_digests"]
    erase_everywhere(database, ANNA)
    assert speaking_of(database, ANNA) == []
    assert traces(database, ANNA) == {}
    left = store.load([BERTA])[BERTA]
    assert left.run is not None
    assert left.run.pair is not None
    assert (left.run.pair.answers, left.run.pair.partner_over) == ((), True)
    assert left.next_at is not None
    assert limit_of(left.run, NOON, NOBODY) == NOON
    runs = runs_of(database, BERTA)
    assert len(runs) == 6
    assert "canary" not in str(runs)
    erase_everywhere(database, ANNA)
    assert len(runs_of(database, BERTA)) == 6


def test_own_data_do_not_say_who_the_partner_was(database: Database) -> None:
    played_together(database)
    stored = everything_of(database, ANNA)
    assert BERTA not in str(stored)
    assert "canary" in str(stored)
    assert str(stored).count(ANNA) > 5
