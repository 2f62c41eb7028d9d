# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram's pace: so many messages a second over all chats, and about one a second in each."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable

from src.identities import Pseudonym

CHAT_BURST = 3.0
"""So many messages may follow each other at once in one chat; then one a second. The official FAQ allows short
bursts.
"""

SHARE_OF_THE_LIMIT = 0.975
"""Between taking a token and Telegram's clock lies a way of some milliseconds, longer or shorter each time."""

WINDOW = 1.05
"""Seconds within which no more messages than the limit are sent: Telegram's second, and the jitter of the way."""

REMEMBERED_CHATS = 10_000
"""A chat that has been quiet for a few seconds needs no remembering; this bounds the memory."""


class Bucket:
    """A token bucket: `rate` tokens a second, at most `size` saved up. Not for several threads by itself."""

    def __init__(self, rate: float, size: float, now: float) -> None:
        self.rate = rate
        self.size = size
        self.tokens = size
        self.at = now

    def wait(self, now: float) -> float:
        """Return the seconds until a token is there; 0: now."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate

    def take(self) -> None:
        """Take a token that `wait` said is there."""
        self.tokens -= 1


class Limiter:
    """Holds both limits. `clock` gives seconds that only grow. A rate of 0 means no limit at all."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self.per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        # A window of one second never holds more than the limit only if nothing is saved up beforehand.
        self._all = Bucket(per_second * SHARE_OF_THE_LIMIT, 1.0, clock()) if per_second else None
        self._sent: deque[float] = deque(maxlen=max(int(per_second), 1))
        self._chats: OrderedDict[Pseudonym, Bucket] = OrderedDict()

    def next_token(self) -> float:
        """Take a token for one message to anybody and return 0, or return the seconds until there is one."""
        if self._all is None:
            return 0.0
        with self._lock:
            wait = self._all.wait(self._clock())
            if wait == 0.0:
                self._all.take()
            return wait

    def give_back(self) -> None:
        """Give a token back that was not needed."""
        if self._all is not None:
            with self._lock:
                self._all.tokens = min(self._all.size, self._all.tokens + 1)

    def place_in_window(self) -> float:
        """Take the place of a message that is about to be sent; return the seconds to wait before it goes.

        Between the token and here lie reads of the database, longer or shorter: so what was evenly spaced may bunch.
        """
        if self._all is None:
            return 0.0
        with self._lock:
            now = self._clock()
            full = len(self._sent) == self._sent.maxlen
            place = max(now, self._sent[0] + WINDOW) if full else now
            self._sent.append(place)
            return place - now

    def chat_wait(self, who: Pseudonym) -> float:
        """Take a token of this chat and return 0, or return the seconds until it may have another message."""
        if self._all is None:
            return 0.0
        with self._lock:
            now = self._clock()
            bucket = self._chats.get(who) or Bucket(1.0, CHAT_BURST, now)
            self._chats[who] = bucket
            self._chats.move_to_end(who)
            if len(self._chats) > REMEMBERED_CHATS:
                self._chats.popitem(last=False)
            wait = bucket.wait(now)
            if wait == 0.0:
                bucket.take()
            return wait
