# SPDX-License-Identifier: GPL-3.0-or-later
"""Small things that are done beside everything else, and that nobody misses should the process end before them."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from src.service.failures import described

log = logging.getLogger(__name__)

MOST_WAITING = 10_000


class Background:
    """A few threads that never hold the process back. What there is no room for is dropped."""

    def __init__(self, threads: int, name: str) -> None:
        """Start the threads at once; they live as long as the process."""
        self._waiting: queue.Queue[Callable[[], object]] = queue.Queue(MOST_WAITING)
        for number in range(threads):
            threading.Thread(target=self._run, name=f"{name} {number + 1}", daemon=True).start()

    def submit(self, action: Callable[[], object]) -> None:
        """Have something done soon."""
        try:
            self._waiting.put_nowait(action)
        except queue.Full:
            log.warning("Too much waits to be done beside; something was dropped.")

    def _run(self) -> None:
        while True:
            action = self._waiting.get()
            try:
                action()
            except Exception as error:  # noqa: BLE001  # the next one must have its turn
                log.error("Something beside failed: %s", described(error))
