# SPDX-License-Identifier: GPL-3.0-or-later
"""One bot runs on a database at a time, whatever the clocks of their machines say."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import current_thread, main_thread
from time import sleep

import pytest

from src.errors import BotError, DatabaseAway
from src.store import lease as module
from src.store.database import Database
from src.store.lease import LASTS, MARGIN, Lease, LeaseHeld, leased
from tests.store.people import NOON

LASTING = LASTS.total_seconds()
CERTAIN = (LASTS - MARGIN).total_seconds()


@dataclass
class Time:
    """The time in a room with one clock: what people read, and seconds that only grow."""

    passed: float = 0.0
    wrong_by: timedelta = timedelta(0)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed) + self.wrong_by

    def clock(self) -> float:
        return self.passed


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def lease(database: Database, time: Time) -> Callable[[], Lease]:
    return lambda: Lease(database, time.now, time.clock)


def of_another_machine(database: Database) -> None:
    """Let the holder be a process that cannot be seen from here."""
    database.bot.update_one({"_id": "lease"}, {"$set": {"pid": 1, "started": 1, "machine": "another"}})


def is_refused(lease: Lease) -> bool:
    try:
        lease.take()
    except LeaseHeld:
        return True
    return False


def test_the_second_bot_is_refused_with_a_line_that_says_who_runs(lease: Callable[[], Lease]) -> None:
    lease().take()
    with pytest.raises(BotError, match=f"process {os.getpid()} on .*since 2026-03-01 12:00:00 UTC.*stop it first"):
        lease().take()


def test_what_was_released_is_free_at_once(lease: Callable[[], Lease]) -> None:
    first, second = lease(), lease()
    first.take()
    second.release()
    assert is_refused(second)
    first.release()
    assert not first.holds()
    second.take()
    assert not first.renew()
    first.release()
    assert second.renew()


def test_each_holder_has_a_higher_term_than_the_one_before(lease: Callable[[], Lease]) -> None:
    terms = []
    for holder in (lease(), lease(), lease()):
        holder.take()
        terms.append(holder.term)
        holder.release()
    assert terms == [1, 2, 3]


def test_who_waits_takes_over_when_nobody_renews_for_as_long_as_the_lease_lasts(
    lease: Callable[[], Lease], time: Time
) -> None:
    first, second = lease(), lease()
    first.take()
    assert is_refused(second)
    time.passed = LASTING - 1
    assert first.renew()
    time.passed = LASTING + 1
    assert is_refused(second)
    time.passed = 2 * LASTING
    assert is_refused(second)
    time.passed = 2 * LASTING + 1
    second.take()
    assert not first.renew()
    assert second.renew()


def test_the_old_holder_is_no_longer_certain_before_another_can_take_over(
    lease: Callable[[], Lease], time: Time
) -> None:
    first, second = lease(), lease()
    assert not first.holds()
    first.take()
    assert is_refused(second)
    time.passed = CERTAIN - 0.1
    assert first.holds()
    time.passed = CERTAIN
    assert not first.holds()
    assert is_refused(second)
    assert first.renew()
    assert first.holds()
    first.take()  # again, by whoever has it
    assert first.renew()


def test_certainty_counts_from_the_beginning_of_a_renewal_not_from_its_answer(database: Database, time: Time) -> None:
    ticks = iter([0.0, 1.0])
    first = Lease(database, time.now, lambda: next(ticks, CERTAIN + 0.5))
    first.take()  # began at 0
    assert first.renew()  # began at 1
    assert first.holds()  # at 10.5
    ticks = iter([CERTAIN + 1.0])
    assert not first.holds()


@pytest.mark.parametrize("minutes", [-300, -3, 3])
def test_a_clock_that_is_wrong_takes_nothing_from_a_holder_that_renews(
    database: Database, lease: Callable[[], Lease], time: Time, minutes: float
) -> None:
    first = lease()
    first.take()
    of_another_machine(database)  # more than LONG_OVER's difference forward is taken for an old lease
    elsewhere = Time(wrong_by=timedelta(minutes=minutes))
    second = Lease(database, elsewhere.now, elsewhere.clock)
    for _ in range(20):
        assert is_refused(second)
        elsewhere.passed += LASTING / 4
        time.passed += LASTING / 4
        assert first.renew()


def test_an_outage_of_the_database_counts_for_nobody(
    database: Database, lease: Callable[[], Lease], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = lease(), lease()
    first.take()
    assert is_refused(second)
    time.passed = LASTING + 1

    def away(_: object) -> None:
        raise DatabaseAway("away")

    with monkeypatch.context() as patch:
        patch.setattr(Lease, "_found", away)
        with pytest.raises(DatabaseAway):
            second.take()
    assert is_refused(second)
    assert first.renew()


def test_a_killed_bot_of_this_machine_is_no_obstacle(database: Database, lease: Callable[[], Lease]) -> None:
    lease().take()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    database.bot.update_one({"_id": "lease"}, {"$set": {"pid": gone.pid}})
    lease().take()


def test_a_bot_of_another_machine_cannot_be_seen_and_so_is_believed(
    database: Database, lease: Callable[[], Lease], time: Time
) -> None:
    lease().take()
    of_another_machine(database)
    second = lease()
    assert is_refused(second)
    assert not second.may_be_over()
    time.passed = LASTING
    assert second.may_be_over()


def test_a_lease_of_an_older_release_without_term_and_beat_can_be_taken(
    database: Database, lease: Callable[[], Lease], time: Time
) -> None:
    database.bot.insert_one({"_id": "lease", "holder": "somebody", "pid": 1, "until": time.now()})
    second = lease()
    assert is_refused(second)
    time.passed = LASTING
    second.take()
    assert second.term == 1


@pytest.mark.parametrize("expired", [False, True])
def test_of_many_at_once_one_gets_it(database: Database, time: Time, expired: bool) -> None:
    leases = [Lease(database, time.now, time.clock) for _ in range(8)]
    if expired:
        Lease(database, time.now, time.clock).take()
        of_another_machine(database)
        assert all(map(is_refused, leases))
        time.passed = LASTING
    with ThreadPoolExecutor(8) as pool:
        assert sum(not refused for refused in pool.map(is_refused, leases)) == 1
    assert sum(lease.renew() for lease in leases) == 1


def test_a_standby_says_once_that_it_waits(
    database: Database, time: Time, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = Lease(database, time.now, time.clock)
    first.take()
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        if current_thread() is not main_thread():
            sleep(seconds)  # the database's client looks after its connections
            return
        pauses.append(seconds)
        if len(pauses) == 4:
            first.release()

    monkeypatch.setattr("time.sleep", pause)
    with caplog.at_level(logging.INFO), leased(database, time.now, standby=True) as second:
        assert second.holds()
    assert len(pauses) == 4
    assert sum("Waiting" in line for line in caplog.messages) == 1
    assert not second.holds()


def test_the_clock_of_the_lease_goes_on_while_a_process_is_stopped() -> None:
    code = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[1]);"
        "from src.store.lease import seconds; begin = seconds();"
        "os.kill(os.getpid(), signal.SIGSTOP); print(seconds() - begin)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(module.__file__).rpartition("/src/")[0]], stdout=-1)
    os.waitpid(process.pid, os.WUNTRACED)
    sleep(0.5)
    process.send_signal(signal.SIGCONT)
    told, _ = process.communicate(timeout=20)
    assert float(told) >= 0.5
