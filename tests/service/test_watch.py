# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop that hangs ends the process; one that waits for good reason does not."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

import pytest

from src.errors import DatabaseAway, TryLater
from src.paths import ROOT
from src.service.frame import Frame
from src.service.watch import EXIT_CODE_OF_HUNG, LOOK_EVERY, Watch


class Watched:
    """A watch with a clock that is moved by hand; `over` is how often it would have ended the process."""

    def __init__(self) -> None:
        self.time = 0.0
        self.over = 0
        self.watch = Watch(lambda: self.time, self.end)

    def end(self) -> None:
        self.over += 1

    def let_pass(self, seconds: float) -> None:
        """Let time pass, and the watch look as it always does."""
        end = self.time + seconds
        while self.time < end:
            self.time += LOOK_EVERY
            self.watch.one_pass()


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_loop_that_beats_may_go_on_for_ever(watched: Watched) -> None:
    watched.watch.enter("sender 1", 10)
    for _ in range(100):
        watched.let_pass(9)
        watched.watch.beat()
    assert watched.over == 0


def test_a_loop_that_does_not_beat_ends_the_process_with_a_line_that_says_where_it_is(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.watch.enter("sender 1", 10)
    watched.let_pass(12)
    assert watched.over > 0
    assert caplog.records[0].levelno == logging.CRITICAL
    assert "sender 1 has not moved for 11 s, at watch.py" in caplog.messages[0]


def test_a_wait_that_was_announced_is_no_hanging(watched: Watched) -> None:
    watched.watch.enter("message loop", 10)
    watched.watch.beat(25)
    watched.let_pass(34)
    assert watched.over == 0
    watched.let_pass(3)
    assert watched.over > 0


def test_a_loop_that_has_ended_is_not_missed(watched: Watched) -> None:
    watched.watch.enter("sender 1", 10)
    watched.watch.leave()
    watched.watch.leave()
    watched.watch.beat()
    watched.let_pass(60)
    assert watched.over == 0


def test_who_was_stopped_as_a_whole_does_not_blame_its_loops(watched: Watched) -> None:
    watched.watch.enter("sender 1", 10)
    watched.time += 3600
    watched.watch.one_pass()
    watched.let_pass(9)
    assert watched.over == 0
    watched.let_pass(3)
    assert watched.over > 0


def test_while_the_database_is_away_nobody_hangs(watched: Watched) -> None:
    hanging = threading.Event()
    entered = threading.Event()

    def queue_for_the_database() -> None:
        watched.watch.enter("sender 1", 10)
        entered.set()
        hanging.wait(20)

    thread = threading.Thread(target=queue_for_the_database)
    thread.start()
    entered.wait(20)
    frame = Frame("lease", PassedOver(), lambda: None, watched.watch)
    for _ in range(20):
        frame.pause_after(DatabaseAway("away"))
        watched.let_pass(9)
    assert watched.over == 0
    hanging.set()
    thread.join(20)


def test_a_pause_that_telegram_asks_for_is_no_hanging(watched: Watched) -> None:
    watched.watch.enter("message loop", 10)
    Frame("message loop", PassedOver(), lambda: None, watched.watch).pause_after(TryLater("pause", seconds=3600))
    watched.let_pass(3600)
    assert watched.over == 0


class PassedOver(threading.Event):
    """A stop whose waiting takes no time."""

    def wait(self, timeout: float | None = None) -> bool:
        return False


HANGS = """
import logging, sys, threading
sys.path.insert(0, sys.argv[1])
from src.service.frame import Frame
from src.service.watch import Watch
logging.basicConfig()
watch, stop = Watch(), threading.Event()
never = threading.Lock()
never.acquire()
def hang():
    never.acquire()
threading.Thread(target=Frame("sender 3", stop, lambda: None, watch).run, args=(hang, 0.0, 2.0)).start()
watch.run(stop)
"""


def test_a_loop_that_really_hangs_ends_a_real_process_soon_after_its_bound() -> None:
    done = subprocess.run([sys.executable, "-c", HANGS, str(ROOT)], capture_output=True, text=True, timeout=20)
    assert done.returncode == EXIT_CODE_OF_HUNG
    assert done.stderr.count("\n") == 1
    assert "sender 3 has not moved" in done.stderr
    assert "hang" in done.stderr
