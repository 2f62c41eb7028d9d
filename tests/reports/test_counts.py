# SPDX-License-Identifier: GPL-3.0-or-later
"""Every number of the daily mail against a slow and obvious count, on 300 random studies in a real database."""

from __future__ import annotations

import random
from dataclasses import astuple
from typing import Any

import pytest

from src.identities import Pseudonym
from src.reports.counts import count
from src.reports.described import read_description
from src.reports.numbers import Numbers
from src.reports.ways import Spans
from src.store import counted as counted_module
from src.store.counted import categories, everybody
from src.store.database import Database
from src.store.digests import DIGESTS
from src.store.histories import file_away
from tests.reports.crowd import NOW, TITLES, Crowd, fill, whole_documents
from tests.reports.slow_counts import Slow

DESCRIPTION = read_description()
STUDIES = 300
AT_ONCE = 50


def counted(database: Database) -> Numbers:
    return count(everybody(database, DESCRIPTION.fields()), DESCRIPTION, categories(database), NOW)


def emptied(database: Database) -> None:
    for name in ("clients", "game_history", "message_history", "gamesInfo", DIGESTS):
        database.database[name].delete_many({})


def spans(found: Spans) -> dict[str, int]:
    return {"total": found.total, "week": found.week, "day": found.day}


def as_plain(numbers: Numbers) -> dict[str, Any]:
    """Return the numbers in the form of the slow count."""
    return {
        "states": {str(state): people for state, people in numbers.states.items()},
        "entry": {name: spans(found) for name, found in numbers.entry.items()},
        "finished": spans(numbers.finished),
        "tables": {place: spans(found) for place, found in numbers.tables.items()},
        "balance": {place: astuple(group) for place, group in numbers.balance.items()},
        "answered": {
            title: {"total": dict(each.ever), "week": dict(each.week), "day": dict(each.day)}
            for title, each in numbers.answered.items()
        },
        "open": {name: astuple(found) for name, found in numbers.open.items()},
        "languages": dict(numbers.languages),
        "frequencies": dict(numbers.frequencies),
        "drops": {
            name: (drop.reached, drop.answered, drop.median, {str(loss): n for loss, n in drop.lost.items()})
            for name, drop in numbers.drops.items()
        },
        "late": numbers.late,
        "retried": numbers.retried,
    }


@pytest.mark.parametrize("first", range(0, STUDIES, AT_ONCE))
def test_every_number_is_what_a_slow_and_obvious_count_finds(database: Database, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        chance = random.Random(seed)
        crowd = Crowd(chance.randint(0, 14), chance.choice((2.0, 9.0, 60.0)), chance.choice((2.0, 15.0, 40.0)))
        fill(database, seed, crowd, filing=int(seed % 5 == 0))
        once, again = counted(database), counted(database)
        people = whole_documents(database)
        slow = Slow(people, TITLES if people else {}, NOW)
        expected = {name: getattr(slow, name)() for name in as_plain(once)}
        if not people:
            expected["answered"] = {"*": {"total": {}, "week": {}, "day": {}}}
        assert as_plain(once) == expected, f"study {seed}"
        assert once == again, f"study {seed}: digests change what is counted"
        assert (once.people, once.agreed) == (len(people), len(slow.agreed()))
        adds_up(once)
        emptied(database)


def adds_up(numbers: Numbers) -> None:
    """Whatever is a sum is the sum of its parts."""
    assert sum(numbers.states.values()) == numbers.people
    for drop in numbers.drops.values():
        assert drop.reached == drop.answered + sum(drop.lost.values())
    for span in ("total", "week"):
        parts = [getattr(numbers.entry[name], span) for name in ("consented", "refused", "undecided")]
        assert span != "total" or getattr(numbers.entry["started"], span) == sum(parts)
    for table in DESCRIPTION.tables:
        rows = [each.total for (name, _), each in numbers.tables.items() if name == table.id]
        assert not table.field or sum(rows) == numbers.agreed
    for answered in numbers.answered.values():
        assert not numbers.agreed or sum(answered.ever.values()) == sum(answered.day.values()) == numbers.agreed


def test_many_batches_are_counted_as_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database, 7, Crowd(45))
    whole = counted(database)
    monkeypatch.setattr(counted_module, "_BATCH", 7)
    monkeypatch.setattr(counted_module, "_AT_ONCE", 20)
    assert counted(database) == whole
    assert whole.people == 45


def test_a_run_that_is_being_filed_is_counted_once(database: Database) -> None:
    fill(database, 3, Crowd(3, lost=0.0))
    before = counted(database)
    documents = {one["_id"]: one["game_history"] for one in database.clients.find()}
    for who in documents:
        file_away(database, Pseudonym(who))
    assert counted(database) == before
    for who, runs in documents.items():
        database.clients.update_one({"_id": who}, {"$set": {"game_history": runs}})
    assert counted(database) == before
