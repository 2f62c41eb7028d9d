# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bot would have written into its log as a warning or an error: counted, without saying whom it was about."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

PSEUDONYM = re.compile(r"\b[0-9a-f]{32}\b:? ?")
SERVICE = "src.service"


class Counting(logging.Handler):
    """Counts what is logged."""

    def __init__(self, counts: Counter[str]) -> None:
        super().__init__(logging.WARNING)
        self.counts = counts

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line."""
        self.counts[PSEUDONYM.sub("", record.getMessage())] += 1


@contextmanager
def warnings_counted(counts: Counter[str]) -> Iterator[None]:
    """Count the service's warnings for as long as the block lasts, and show them nowhere."""
    log, handler = logging.getLogger(SERVICE), Counting(counts)
    passed_on, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = passed_on
