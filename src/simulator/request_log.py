# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests came when, so that tests can look at rates and gaps."""

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass

KEPT = 200_000


@dataclass(frozen=True)
class RequestRecord:
    """One request: the method as Telegram writes it, the chat it names, and `time.monotonic()` at arrival.

    `messages` tells as how many messages it counts against Telegram's limits, see pace.py.
    """

    method: str
    chat_id: int | None
    at: float
    messages: int = 0


class RequestLog:
    """The last two hundred thousand requests, and how many there were of each method since the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: deque[RequestRecord] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter()

    def note(self, method: str, chat_id: int | None, messages: int = 0) -> None:
        """Note a request that has just arrived."""
        with self._lock:
            self._records.append(RequestRecord(method, chat_id, time.monotonic(), messages))
            self._counts[method] += 1

    def records(self, method: str | None = None, chat_id: int | None = None) -> list[RequestRecord]:
        """Return the requests in the order of arrival, all or those of one method or chat."""
        with self._lock:
            records = list(self._records)
        return [record for record in records if method in (None, record.method) and chat_id in (None, record.chat_id)]

    def counts(self) -> dict[str, int]:
        """Return how many requests of each method there were."""
        with self._lock:
            return dict(self._counts)
