# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiting list: who waits is found by index, a round begins once, and nobody's pseudonym stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from src.engine.state import Participant
from src.service.admin_ports import Round
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.steering import PeopleStore
from src.store.waiting_list import WaitingListStore
from tests.store.people import NOON, newcomer, number, person

GAME = "duet. of $two"


def waiting(place: int, **changed: object) -> Participant:
    return replace(person(number(place)), waits_for=GAME, waits_from=NOON, **changed)  # type: ignore[arg-type]


def enrolled(database: Database) -> None:
    """Ten people who wait, five of them only from tomorrow on, and ten who do not."""
    later = NOON + timedelta(days=1)
    people = [waiting(place) if place < 5 else replace(waiting(place), waits_from=later) for place in range(10)]
    people += [person(number(place)) for place in range(10, 20)]
    ParticipantStore(database).save([newcomer(each) for each in people])


def test_those_who_wait_are_counted_and_found(database: Database) -> None:
    enrolled(database)
    found = WaitingListStore(database)
    assert found.people(GAME) == 10
    assert found.people("other") == 0
    assert set(found.next(GAME, NOON, 0, 100)) == {number(place) for place in range(5)}
    first, rest = found.next(GAME, NOON, 0, 2), found.next(GAME, NOON, 2, 100)
    assert (len(first), len(rest), len({*first, *rest})) == (2, 3, 5)


# Fault: src/store/documents.py: `waits_for` is written as null, and everybody enrolled stands in the index.
def test_only_those_who_wait_carry_the_field(database: Database) -> None:
    enrolled(database)
    assert database.clients.count_documents({"waits_for": {"$exists": True}}) == 10
    store = ParticipantStore(database)
    before = store.load([number(1)])[number(1)]
    assert before.waits_for == GAME
    store.save([replace(newcomer(before), before=before, after=replace(before, waits_for=None, version=2))])
    assert database.clients.count_documents({"waits_for": {"$exists": True}}) == 9
    assert WaitingListStore(database).people(GAME) == 9


# Fault: src/store/waiting_list.py: `begin` does not look at the number, and two processes both make the pairs.
def test_a_round_begins_once_whoever_asks_and_outlasts_restarts(database: Database) -> None:
    PeopleStore(database).set_pairing(GAME, "interval", 60)
    PeopleStore(database).set_pairing(GAME, "pct", 20)
    one, other = WaitingListStore(database), WaitingListStore(database)
    [found] = one.rounds()
    assert found == Round(GAME, 60, 20)
    assert [one.begin(found, NOON, 3), other.begin(found, NOON + timedelta(seconds=1), 4)] == [True, False]
    [current] = other.rounds()
    assert current == Round(GAME, 60, 20, number=1, begun_at=NOON, left=3)
    other.note(current, 1)
    one.note(found, 9)  # of a round that is over
    assert WaitingListStore(database).rounds() == [replace(current, left=1)]
    PeopleStore(database).set_pairing(GAME, "daytime", False)
    assert one.rounds() == [replace(current, left=1, daytime=False)]
