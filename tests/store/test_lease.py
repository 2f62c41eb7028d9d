# SPDX-License-Identifier: GPL-3.0-or-later
"""One bot runs on a database at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from src.errors import BotError
from src.store.database import Database
from src.store.lease import LASTS, Lease
from tests.store.people import NOON


def test_the_second_bot_is_refused_with_a_line_that_says_who_runs(database: Database) -> None:
    Lease(database).take(NOON)
    with pytest.raises(BotError, match=f"process {os.getpid()} on .*since 2026-03-01 12:00:00 UTC.*stop it first"):
        Lease(database).take(NOON)


def test_what_was_released_is_free(database: Database) -> None:
    first, second = Lease(database), Lease(database)
    first.take(NOON)
    second.release()
    with pytest.raises(BotError):
        second.take(NOON)
    first.release()
    second.take(NOON)
    assert not first.renew(NOON)
    first.release()
    assert second.renew(NOON)


def test_who_does_not_renew_loses_it_when_somebody_else_comes(database: Database) -> None:
    first, second = Lease(database), Lease(database)
    first.take(NOON)
    assert first.renew(NOON + timedelta(seconds=10))
    with pytest.raises(BotError):
        second.take(NOON + timedelta(seconds=16))
    second.take(NOON + timedelta(seconds=10) + LASTS)
    assert not first.renew(NOON)


def test_it_can_be_taken_again_by_whoever_has_it(database: Database) -> None:
    lease = Lease(database)
    lease.take(NOON)
    lease.take(NOON + timedelta(seconds=1))
    assert lease.renew(NOON)


def test_a_killed_bot_of_this_machine_is_no_obstacle(database: Database) -> None:
    Lease(database).take(NOON)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    database.bot.update_one({"_id": "lease"}, {"$set": {"pid": gone.pid}})
    Lease(database).take(NOON)


def test_a_bot_of_another_machine_cannot_be_seen_and_so_is_believed(database: Database) -> None:
    Lease(database).take(NOON)
    database.bot.update_one({"_id": "lease"}, {"$set": {"pid": 1, "started": 1, "machine": "another"}})
    with pytest.raises(BotError):
        Lease(database).take(NOON)


@pytest.mark.parametrize("expired", [False, True])
def test_of_many_at_once_one_gets_it(database: Database, expired: bool) -> None:
    if expired:
        Lease(database).take(NOON - timedelta(hours=1))

    def try_it(lease: Lease) -> bool:
        try:
            lease.take(NOON)
        except BotError:
            return False
        return True

    leases = [Lease(database) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, leases)) == 1
    assert sum(lease.renew(NOON) for lease in leases) == 1
