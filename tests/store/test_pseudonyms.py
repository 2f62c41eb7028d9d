# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram ids are stored in `hashes` and nowhere else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from src.identities import TelegramId
from src.service.ports import Pseudonyms
from src.store import pseudonyms
from src.store.database import Database
from src.store.pseudonyms import PseudonymStore
from tests.store.people import ANNA

_KEY = b"k" * 32
_SOMEBODY, _ANOTHER, _LARGE = TelegramId(5), TelegramId(6), TelegramId(2**52 - 1)


@pytest.fixture
def known(database: Database) -> Pseudonyms:
    return PseudonymStore(database, _KEY)


def test_asking_for_a_pseudonym_notes_nobody(known: Pseudonyms, database: Database) -> None:
    known.of([_SOMEBODY, _LARGE])
    assert database.hashes.count_documents({}) == 0


def test_new_people_are_noted_when_it_is_asked_for(known: Pseudonyms, database: Database) -> None:
    told = known.of([_SOMEBODY, _LARGE])
    known.enter(told)
    known.enter(told)
    assert all(len(pseudonym) == 32 for pseudonym in told.values())
    assert known.of([_SOMEBODY, _LARGE]) == told
    stored = {one["_id"]: one["Tele_id"] for one in database.hashes.find()}
    assert stored == {pseudonym: who for who, pseudonym in told.items()}
    assert known.telegram_id(told[_LARGE]) == _LARGE


def test_the_same_person_has_one_pseudonym(known: Pseudonyms, database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: known.of([_SOMEBODY, _ANOTHER]), range(16)))
        list(pool.map(known.enter, told))
    assert all(one == told[0] for one in told)
    assert database.hashes.count_documents({}) == 2
    assert known.of([]) == {}


def test_people_of_the_seed_keep_the_pseudonym_that_they_had(known: Pseudonyms, database: Database) -> None:
    database.hashes.insert_one({"_id": ANNA, "Tele_id": 5})
    assert known.of([_SOMEBODY]) == {_SOMEBODY: ANNA}
    assert known.telegram_id(ANNA) == _SOMEBODY
    assert database.hashes.count_documents({}) == 1


def test_a_deleted_identity_is_soon_forgotten_and_can_be_entered_anew(
    known: Pseudonyms, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pseudonyms, "_SECONDS_REMEMBERED", 0.0)
    told = known.of([_SOMEBODY])
    known.enter(told)
    pseudonym = told[_SOMEBODY]
    assert known.telegram_id(pseudonym) == _SOMEBODY
    database.hashes.delete_many({})
    assert known.telegram_id(pseudonym) is None
    known.enter(told)
    assert known.telegram_id(pseudonym) == _SOMEBODY


def test_who_is_forgotten_is_unknown_at_once(known: Pseudonyms) -> None:
    told = known.of([_SOMEBODY])
    known.enter(told)
    pseudonym = told[_SOMEBODY]
    assert known.telegram_id(pseudonym) == _SOMEBODY
    known.forget(pseudonym)
    known.forget(pseudonym)
    assert known.telegram_id(pseudonym) is None


def test_few_are_remembered_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "_REMEMBERED", 3)
    known = PseudonymStore(database, _KEY)
    told = known.of([TelegramId(number) for number in range(1, 10)])
    known.enter(told)
    for who, pseudonym in told.items():
        assert known.telegram_id(pseudonym) == who
    assert len(known._known) == 3


def test_who_is_erased_and_writes_again_is_somebody_new(known: Pseudonyms) -> None:
    before = known.of([_SOMEBODY])
    known.enter(before)
    known.forget(before[_SOMEBODY])
    after = known.of([_SOMEBODY])
    assert after[_SOMEBODY] != before[_SOMEBODY]
    known.enter(after)
    assert known.of([_SOMEBODY]) == after
    assert known.telegram_id(before[_SOMEBODY]) is None
