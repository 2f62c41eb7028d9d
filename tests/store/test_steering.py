# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries at the password outlast restarts and end after an hour; traffic and settings are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from src.identities import Pseudonym
from src.store.database import Database
from src.store.steering import PeopleStore, TryStore, note_traffic, pairing_of

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
SOMEBODY = Pseudonym("a" * 32)


def test_five_tries_lock_for_an_hour_also_over_a_restart(database: Database) -> None:
    assert [TryStore(database).count(SOMEBODY, NOW) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not TryStore(database).count(SOMEBODY, NOW + timedelta(minutes=59))
    assert TryStore(database).count(Pseudonym("b" * 32), NOW)
    assert TryStore(database).count(SOMEBODY, NOW + timedelta(minutes=60))


def test_sent_messages_are_counted_by_hour_and_day(database: Database) -> None:
    for hours, sent in ((30, 1000), (5, 20), (0, 3)):
        note_traffic(database, sent, NOW - timedelta(hours=hours))
    assert PeopleStore(database).traffic(NOW) == (3, 23)


def test_settings_of_a_dialogue_for_two_are_kept_one_by_one(database: Database) -> None:
    PeopleStore(database).set_pairing("duet", "pct", 30)
    PeopleStore(database).set_pairing("solo", "pct", 10)
    PeopleStore(database).set_pairing("duet", "daytime", True)
    assert pairing_of(database, "duet") == {"pct": 30, "daytime": True}
