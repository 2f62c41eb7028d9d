# SPDX-License-Identifier: GPL-3.0-or-later
"""What SIGTERM and SIGINT mean: before the bot runs they end the start, then they stop it cleanly."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

log = logging.getLogger(__name__)


class StopPolling(BaseException):
    """Raised by the signal handler in the main thread: breaks the long poll off at once. No error, hence no
    Exception.
    """


@dataclass
class Signals:
    """`stop` asks the running bot to stop; None while there is none."""

    stop: Callable[[], None] | None = None

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """React to a signal, in the main thread."""
        if self.stop is None:
            raise StopPolling
        self.stop()


@contextmanager
def stop_signals() -> Iterator[Signals]:
    """Let SIGTERM and SIGINT stop the bot, and nothing else happen to it."""
    signals = Signals()
    numbers = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants it ignored; a closed terminal is a stop
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, signals.handle) for number in numbers}
    try:
        yield signals
    except StopPolling:
        log.info("Stopped before the bot was running.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
