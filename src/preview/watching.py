# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees when an author saves a file, and has all files checked and shown then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from src.preview.drafts import Stamps
from src.service.failures import described

SECONDS_BETWEEN_LOOKS = 0.15

log = logging.getLogger(__name__)


class FileWatch:
    """Looks at the stamps of files again and again; `refresh` is called when one is another than before."""

    def __init__(self, stamps: Callable[[], Stamps], refresh: Callable[[], object]) -> None:
        self._stamps = stamps
        self._refresh = refresh
        self._known = stamps()

    def one_pass(self) -> bool:
        """Look once; return whether something was new."""
        found = self._stamps()
        if found == self._known:
            return False
        self._known = found
        self._refresh()
        return True

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set."""
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            try:
                self.one_pass()
            except Exception as error:  # noqa: BLE001  # an author goes on writing, whatever happened to one version
                log.error("The changed files could not be shown: %s", described(error))


@contextmanager
def watching(watch: FileWatch) -> Iterator[None]:
    """Look at the files, in a thread, for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=watch.run, args=(stop,), name="files", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)
