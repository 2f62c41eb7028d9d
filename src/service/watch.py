# SPDX-License-Identifier: GPL-3.0-or-later
"""The watch over the loops: one that hangs ends the process, so that whoever watches the process starts it anew."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
ASLEEP = 5.0
"""Who looks so many seconds later than planned was stopped, or its machine was: nobody could beat meanwhile."""

EXIT_CODE_OF_HUNG = 70
FRAMES_SHOWN = 6


@dataclass
class Loop:
    """One loop: it may do without a beat until `deadline`, which each beat sets `bound` seconds ahead."""

    name: str
    bound: float
    deadline: float


def end_process() -> None:
    """End the process at once; threads that hang cannot be asked."""
    os._exit(EXIT_CODE_OF_HUNG)


class Watch:
    """Knows the loops by their threads. `clock` gives seconds that only grow; `end` is called when one hangs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, end: Callable[[], None] = end_process) -> None:
        self._clock = clock
        self._end = end
        self._loops: dict[int, Loop] = {}
        self._looked = clock()

    def enter(self, name: str, bound: float) -> None:
        """Watch over this thread from now on: it beats at least every `bound` seconds."""
        self._loops[threading.get_ident()] = Loop(name, bound, self._clock() + bound)

    def leave(self) -> None:
        """Watch over this thread no longer."""
        self._loops.pop(threading.get_ident(), None)

    def beat(self, extra: float = 0.0) -> None:
        """Say that this thread goes on, and may now wait `extra` seconds on purpose. Threads that are no loops may
        say so too.
        """
        loop = self._loops.get(threading.get_ident())
        if loop is not None:
            loop.deadline = self._clock() + loop.bound + extra

    def excuse(self, extra: float = 0.0) -> None:
        """Let every loop wait: while the database is away they queue for it, which is no hanging."""
        now = self._clock()
        for loop in list(self._loops.values()):
            loop.deadline = max(loop.deadline, now + loop.bound + extra)

    def one_pass(self) -> None:
        """Look at every loop, and end the process if one hangs."""
        now = self._clock()
        late = now - self._looked - LOOK_EVERY
        self._looked = now
        if late > ASLEEP:
            self.excuse()
            return
        for thread, loop in list(self._loops.items()):
            if now > loop.deadline:
                log.critical(
                    "The %s has not moved for %.0f s, at %s; the process ends, to be started again.",
                    loop.name,
                    now - loop.deadline + loop.bound,
                    place_of(thread),
                )
                self._end()
                return

    def run(self, over: threading.Event) -> None:
        """Look again and again until `over` is set."""
        self._looked = self._clock()
        while not over.wait(LOOK_EVERY):
            self.one_pass()


def place_of(thread: int) -> str:
    """Return where a thread is, innermost line first; never what it has in hand."""
    frame = sys._current_frames().get(thread)
    places: list[str] = []
    while frame is not None and len(places) < FRAMES_SHOWN:
        places.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(places) or "no place"
