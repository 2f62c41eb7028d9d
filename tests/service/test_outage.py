# SPDX-License-Identifier: GPL-3.0-or-later
"""However many loops find the database away, and however often: one line says so, and one that it is over."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from src.errors import BotError, DatabaseAway
from src.service.outage import AFTERMATH, REST, Outage

AWAY = DatabaseAway("Away.")
BEGINS = "sender 1: Away. Nothing is confirmed or sent meanwhile. Trying again."


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def outage(seconds: Seconds, caplog: pytest.LogCaptureFixture) -> Outage:
    caplog.set_level(logging.INFO)
    return Outage(seconds)


def test_many_loops_tell_of_one_outage_once(outage: Outage, seconds: Seconds, caplog: pytest.LogCaptureFixture) -> None:
    outage.over()
    for number in range(36):
        outage.found(f"sender {number + 1}", AWAY)
    outage.hopeless(BotError("The folder is gone."))
    outage.hopeless(BotError("The folder is gone."))
    seconds.now = 30
    outage.over()
    outage.over()
    assert caplog.messages == [BEGINS, "The folder is gone.", "The database works again, after 30 s."]


def test_who_finds_out_late_is_not_told_of_as_another_outage_and_a_new_one_is(
    outage: Outage, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        outage.found("sender 1", AWAY)
        seconds.now += 10
        outage.over()
        seconds.now += AFTERMATH / 2
        outage.found("sender 2", AWAY)
        seconds.now += AFTERMATH
    assert caplog.messages == [BEGINS, "The database works again, after 10 s."] * 2


def test_after_a_start_that_failed_the_loops_rest_a_little(outage: Outage, seconds: Seconds) -> None:
    assert outage.may_revive()
    outage.hopeless(BotError("The folder is gone."))
    seconds.now += REST / 2
    assert not outage.may_revive()
    seconds.now += REST / 2
    assert outage.may_revive()
