# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever played with the seed's bot goes on with ours at the same question, with all they had answered."""

from __future__ import annotations

import pytest

from src.engine.arriving import Place
from src.engine.state import Status
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.seed.passing import Seen
from src.upkeep.taking_over import look_over, take_over
from tests.store.seed.left_behind import (
    RULES,
    LeftBehind,
    a_day_later,
    at,
    everything,
    key,
    left_behind,
    phones_of,
    same_place,
)

PEOPLE = 40


def taken_over(database: Database, left: LeftBehind) -> Seen:
    seen = Seen()
    take_over(database, RULES, key, at(a_day_later(left)), seen)
    return seen


@pytest.mark.parametrize("name", ["one", "two"])
def test_everybody_is_where_they_were_and_goes_on_from_there_to_the_end(database: Database, name: str) -> None:
    left = left_behind(database, PEOPLE, name)
    before = everything(database)
    would = look_over(database, RULES, key, at(a_day_later(left)))
    assert everything(database) == before
    seen = taken_over(database, left)
    assert (seen.total, seen.written, seen.places) == (len(left.before), would.would_change, would.places)
    assert seen.places.keys() >= {Place.SAME, Place.GOES_ON, Place.NONE}
    assert (would.notes, seen.notes.unread) == (seen.notes, {})
    after = ParticipantStore(database, "en").load(list(left.before))
    assert {who: wrong for who, one in after.items() if (wrong := same_place(left, who, one))} == {}
    no_number_is_left(database, left)
    everybody_plays_to_the_end(database, left)


def no_number_is_left(database: Database, left: LeftBehind) -> None:
    found = everything(database)
    hashes = found.pop("hashes")
    text = str(found)
    assert [number for number in left.numbers.values() if str(number) in text] == []
    assert "Núria" not in text
    assert "nuria_x" not in text
    assert {one["_id"]: one["Tele_id"] for one in hashes} == {who: left.numbers[who] for who in left.before}


def everybody_plays_to_the_end(database: Database, left: LeftBehind) -> None:
    crowd, phones = left.crowd, phones_of(left)
    store = ParticipantStore(database, "en")
    crowd.participants, crowd.conversation = store, crowd.conversation_over(store)
    for participant in store.load(list(left.before)).values():
        crowd.left(participant)
        crowd.phones[participant.id].paused = participant.status is Status.DOWN
    for _ in range(200):
        if not crowd.step(phones):
            break
    for who, participant in store.load(list(left.before)).items():
        assert (participant.run, participant.outbox) == (None, ()), who
        document = database.clients.find_one({"_id": who})
        assert document is not None
        runs = sorted(document["game_history"], key=lambda one: one["start_time"] or 0)
        given = [(one["_id"], each["message"], each["value"]) for one in runs for each in one["given"]]
        assert sorted(given) == sorted(crowd.phones[who].said)
