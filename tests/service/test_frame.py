# SPDX-License-Identifier: GPL-3.0-or-later
"""What a loop does after trouble: go on, with growing pauses, and say so once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from src.errors import BotError, DatabaseAway, NotAllowed, TryLater
from src.service.frame import Frame

AWAY = TryLater("Telegram cannot be reached.")


class PausesNoted(threading.Event):
    """A stop that does not wait: it notes the pauses, and is set after `most` of them."""

    def __init__(self, most: int = 1000) -> None:
        super().__init__()
        self.most = most
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0.0)
        if len(self.pauses) >= self.most:
            self.set()
        return self.is_set()


@dataclass
class Revived:
    """Counts how often the database was to be brought back; `trouble` is what comes of it."""

    times: int = 0
    trouble: BotError | None = None

    def __call__(self) -> None:
        self.times += 1
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Passes:
    """Passes that end as they are told to: an error is raised, anything else returned; then False for ever."""

    ends: list[bool | Exception] = field(default_factory=list)
    done: int = 0

    def __call__(self) -> bool:
        self.done += 1
        end = self.ends.pop(0) if self.ends else False
        if isinstance(end, Exception):
            raise end
        return end


def framed(most: int = 1000, revive: Callable[[], None] = lambda: None) -> tuple[Frame, PausesNoted]:
    stop = PausesNoted(most)
    return Frame("message loop", stop, revive), stop


def test_the_pauses_after_trouble_grow_and_differ() -> None:
    frame, stop = framed()
    for _ in range(6):
        assert frame.guarded(Passes([AWAY]))
    plain = [1.0, 2.0, 4.0, 8.0, 16.0, 24.0]
    assert all(0.75 * each <= pause <= 1.25 * each for each, pause in zip(plain, stop.pauses, strict=True))
    shares = {round(pause / each, 6) for each, pause in zip(plain, stop.pauses, strict=True)}
    assert len(shares) > 1


def test_half_a_minute_of_trouble_costs_less_than_fifteen_attempts() -> None:
    # telegram.md 5.10
    frame, stop = framed()
    while sum(stop.pauses) < 30:
        frame.guarded(Passes([AWAY]))
    assert len(stop.pauses) < 15


def test_no_pause_that_nobody_asked_for_is_longer_than_half_a_minute() -> None:
    # telegram.md 5.10: recovery within one gap, at most 30 s.
    frame, stop = framed()
    for _ in range(100):
        frame.guarded(Passes([AWAY]))
    assert max(stop.pauses) <= 30


def test_a_pause_that_telegram_asks_for_is_kept() -> None:
    frame, stop = framed()
    frame.guarded(Passes([TryLater("flood", seconds=120.0)]))
    assert stop.pauses == [120.0]


def test_two_pollers_leave_each_other_time_and_are_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    # telegram.md 5.12
    frame, stop = framed()
    for _ in range(20):
        frame.guarded(Passes([TryLater("another program asks for updates", seconds=5.0)]))
    assert min(stop.pauses) >= 3
    assert stop.pauses[10] > stop.pauses[0]
    assert len([each for each in caplog.records if each.levelno >= logging.WARNING]) == 1


def test_trouble_is_told_of_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    frame, _ = framed()
    for _ in range(3):
        frame.guarded(Passes([AWAY]))
    for _ in range(3):
        frame.guarded(Passes([True]))
    lines = [(each.levelname, each.getMessage()) for each in caplog.records]
    assert lines == [
        ("WARNING", "message loop: Telegram cannot be reached. Trying again."),
        ("INFO", "message loop: works again, after 3 failed attempts"),
    ]


def test_after_a_recovery_the_pauses_begin_anew() -> None:
    frame, stop = framed()
    for _ in range(6):
        frame.guarded(Passes([AWAY]))
    frame.guarded(Passes([False]))
    frame.guarded(Passes([AWAY]))
    assert stop.pauses[-1] <= 1.25


def test_while_the_database_is_away_the_pauses_stay_short_and_it_is_brought_back() -> None:
    revive = Revived()
    frame, stop = framed(revive=revive)
    for _ in range(8):
        frame.guarded(Passes([DatabaseAway("away")]))
    assert max(stop.pauses) <= 2
    assert revive.times == 8


def test_other_trouble_does_not_touch_the_database() -> None:
    revive = Revived()
    frame, _ = framed(revive=revive)
    frame.guarded(Passes([AWAY]))
    assert revive.times == 0


def test_a_database_that_cannot_be_brought_back_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    frame, stop = framed(revive=Revived(trouble=BotError("the folder is gone")))
    assert frame.guarded(Passes([DatabaseAway("away")]))
    assert "the folder is gone" in caplog.text
    assert len(stop.pauses) == 1


def test_an_error_that_nobody_foresaw_is_survived_and_told_without_what_people_wrote(
    caplog: pytest.LogCaptureFixture,
) -> None:
    frame, stop = framed(most=3)
    passes = Passes([ValueError("my neighbour Berta"), True])
    frame.run(passes, idle=1.0)
    assert passes.done > 1
    assert "ValueError" in caplog.text
    assert "Berta" not in caplog.text
    assert len(stop.pauses) == 3


@pytest.mark.parametrize("unforeseen", [NotAllowed("wrong token")])
def test_a_refused_token_is_not_tried_again(unforeseen: NotAllowed, caplog: pytest.LogCaptureFixture) -> None:
    frame, stop = framed()
    with pytest.raises(NotAllowed):
        frame.guarded(Passes([unforeseen]))
    passes = Passes([True, unforeseen])
    frame.run(passes, idle=1.0)
    assert (passes.done, stop.pauses) == (2, [])
    assert "wrong token" in caplog.text


def test_a_loop_rests_only_when_there_is_nothing_to_do() -> None:
    frame, stop = framed(most=2)
    passes = Passes([True, True, True])
    frame.run(passes, idle=0.7)
    assert passes.done == 5
    assert stop.pauses == [0.7, 0.7]


def test_a_stop_ends_the_loop_also_between_two_passes_that_find_something() -> None:
    stop = threading.Event()
    passes = Passes([True] * 100)

    def one_pass() -> bool:
        if passes.done == 4:
            stop.set()
        return passes()

    Frame("sender", stop, lambda: None).run(one_pass, idle=10.0)
    assert passes.done == 5
