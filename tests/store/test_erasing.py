# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing somebody leaves nothing in any collection, also when the process dies in the middle of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from src.engine.effects import KeepText
from src.errors import DatabaseAway
from src.identities import Pseudonym, TelegramId
from src.store import erasing
from src.store.database import Database
from src.store.erasing import erase_participant
from src.store.jobs import JobStore
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from src.store.steering import TryStore
from tests.store.people import NOON, newcomer, person

KEY = b"k" * 32
ANN, BEA = TelegramId(5), TelegramId(6)
EVERYWHERE = ["admin_tries", "clients", "game_history", "hashes", "history_digests", "jobs", "message_history"]


@pytest.fixture
def people(database: Database) -> dict[TelegramId, Pseudonym]:
    """Two people who take part, each with a kept text, something in each of the filed histories, a try at the
    admins' password and a message to everybody; one of them is to be erased.
    """
    pseudonyms, store = PseudonymStore(database, KEY), ParticipantStore(database)
    told = dict(pseudonyms.of([ANN, BEA]))
    pseudonyms.enter(told)
    for telegram_id, who in told.items():
        begun = replace(person(who), erasing=telegram_id == ANN, next_at=NOON if telegram_id == ANN else None)
        store.save([replace(newcomer(begun), texts=(KeepText("hola", NOON),))])
        for name in ("game_history", "message_history"):
            database.database[name].insert_one({"participant": who})
        database.database["history_digests"].insert_one({"_id": who, "before": "[]"})
        TryStore(database).count(who, NOON)
        job = JobStore(database).new(who, "", {"en": "News"}, NOON)
        JobStore(database).note(job, after=who)
    return told


def traces_of(database: Database, who: Pseudonym) -> list[str]:
    """Return the collections in which something still speaks of somebody."""
    names = sorted(database.database.list_collection_names())
    return [name for name in names if any(who in str(found) for found in database.database[name].find())]


def test_nothing_is_left_of_the_one_and_all_of_the_other(
    database: Database, people: dict[TelegramId, Pseudonym]
) -> None:
    pseudonyms, store = PseudonymStore(database, KEY), ParticipantStore(database)
    assert traces_of(database, people[ANN]) == EVERYWHERE
    erase_participant(database, pseudonyms, store, people[ANN])
    erase_participant(database, pseudonyms, store, people[ANN])
    assert traces_of(database, people[ANN]) == []
    assert traces_of(database, people[BEA]) == EVERYWHERE
    assert pseudonyms.telegram_id(people[ANN]) is None
    assert pseudonyms.of([ANN])[ANN] != people[ANN]


# Fault: src/store/erasing.py: the document goes before the histories, and nobody finds what is left of them.
@pytest.mark.parametrize("step", ["forget", "history", "jobs"])
def test_who_was_erased_by_half_is_found_again(
    database: Database, people: dict[TelegramId, Pseudonym], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudonyms, store = PseudonymStore(database, KEY), ParticipantStore(database)

    def dies(*_: object) -> None:
        raise DatabaseAway("The database is away.")

    with monkeypatch.context() as patched:
        places = {
            "forget": (pseudonyms, "forget"),
            "history": (erasing, "erase_history"),
            "jobs": (erasing, "forget_in_jobs"),
        }
        patched.setattr(*places[step], dies)
        with pytest.raises(DatabaseAway):
            erase_participant(database, pseudonyms, store, people[ANN])
    assert [who for who, _ in store.due(NOON, 10)] == [people[ANN]]
    assert store.load([people[ANN]])[people[ANN]].erasing
    if step != "forget":
        assert "hashes" not in traces_of(database, people[ANN])
    erase_participant(database, pseudonyms, store, people[ANN])
    assert traces_of(database, people[ANN]) == []
