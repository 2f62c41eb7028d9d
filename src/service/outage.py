# SPDX-License-Identifier: GPL-3.0-or-later
"""An outage of the database as all loops see it together: told once when it begins, and once when it is over."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from src.errors import BotError

log = logging.getLogger(__name__)

AFTERMATH = 5.0
"""Seconds after an outage in which a loop may still find out about it: its question was on the way."""

REST = 2.0
"""Seconds after a start of the database that failed in which no loop tries another: all of them would, one by one."""


class Outage:
    """Told by every loop that finds the database away, and by the one that asks it every other second and gets an
    answer. `clock` gives seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._ended = -AFTERMATH
        self._said_hopeless = False
        self._hopeless_at = -REST

    def found(self, who: str, trouble: BotError) -> None:
        """Take note that a loop has found the database away; the first one is told of."""
        with self._lock:
            if self._since is not None or self._clock() - self._ended < AFTERMATH:
                return
            self._since = self._clock()
            self._said_hopeless = False
        log.warning("%s: %s Nothing is confirmed or sent meanwhile. Trying again.", who, trouble)

    def may_revive(self) -> bool:
        """Tell whether it is time to start the database again, after a start that failed."""
        with self._lock:
            return self._clock() - self._hopeless_at >= REST

    def hopeless(self, trouble: BotError) -> None:
        """Take note that the database cannot be started again now; once in an outage that is told."""
        with self._lock:
            self._hopeless_at = self._clock()
            if self._said_hopeless:
                return
            self._said_hopeless = True
        log.warning("%s", trouble)

    def over(self) -> None:
        """Take note that the database answers."""
        with self._lock:
            if self._since is None:
                return
            lasted, self._since, self._ended = self._clock() - self._since, None, self._clock()
        log.info("The database works again, after %.0f s.", lasted)
