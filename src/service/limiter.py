# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram's pace: so many messages a second over all chats, and about one a second in each."""

from __future__ import annotations

import heapq
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from src.identities import Pseudonym

CHAT_BURST = 3.0
"""So many messages may follow each other at once in one chat; then one a second. The official FAQ allows short
bursts.
"""

SAVED_UP = 0.1
"""Of so many seconds the messages may be made up for when nobody was ready to send them."""

WINDOW = 1.0
"""Telegram's second: within any of them not more messages than the limit may arrive there."""

LOOK_AGAIN = 0.01
"""Seconds, when all messages that the limit allows are on their way."""

AHEAD = 4
"""So many get their message ready before there is a place for it: what it takes to load somebody must cost no place.
More would keep those waiting who come later and are more urgent.
"""

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
        self._place_free = threading.Condition(self._lock)
        self._getting_ready = 0
        # A sender that comes late must not lower the rate. The limit in any second is kept by the places.
        self._all = Bucket(per_second, max(per_second * SAVED_UP, 1.0), clock()) if per_second else None
        # Who sent before us, until a kill or a take-over, may have used the last second up.
        self._places = [clock() + WINDOW] * max(int(per_second), 1)
        self._chats: OrderedDict[Pseudonym, Bucket] = OrderedDict()

    def next_token(self) -> float:
        """Take a token for one message to anybody and return 0, or return the seconds until there is one. Whoever has
        it either gives it back or sends, in `sending`.
        """
        if self._all is None:
            return 0.0
        with self._lock:
            wait = self._token_in(self._all)
            if wait > 0:
                return wait
            self._all.take()
            self._getting_ready += 1
            return 0.0

    def token_in(self) -> float:
        """Return the seconds until there is a token, 0 if there is one, and take none."""
        if self._all is None:
            return 0.0
        with self._lock:
            return max(self._token_in(self._all), 0.0)

    def give_back(self) -> None:
        """Give a token back that was not needed."""
        if self._all is not None:
            with self._lock:
                self._all.tokens = min(self._all.size, self._all.tokens + 1)
                # Whoever fails behind their sending gives a token back, too, that is used already.
                self._getting_ready = max(self._getting_ready - 1, 0)

    def _token_in(self, everything: Bucket) -> float:
        now = self._clock()
        if self._getting_ready >= AHEAD:
            return LOOK_AGAIN
        return max(everything.wait(now), 0.0 if self._getting_ready else self._place_in(now))

    def _place_in(self, now: float) -> float:
        return self._places[0] - now if self._places else LOOK_AGAIN

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Use a token that was taken: wait for a place, and stand around the sending of one message. After an error
        nothing was sent, and the token is still there to be given back.

        There are as many places as the limit allows messages a second. A message has arrived when its answer comes
        back; so a place that is free again a second after that makes sure of the limit in any second, however long or
        short the ways there and back are. It costs of the limit what a way takes of a second.
        """
        if self._all is None:
            yield
            return
        self._take_place()
        try:
            yield
        except BaseException:
            with self._place_free:
                self._getting_ready += 1
                self._free(self._clock())
            raise
        with self._place_free:
            self._free(self._clock() + WINDOW)

    def _take_place(self) -> None:
        with self._place_free:
            while (wait := self._place_in(self._clock())) > 0:
                self._place_free.wait(wait)
            heapq.heappop(self._places)
            self._getting_ready -= 1

    def _free(self, at: float) -> None:
        heapq.heappush(self._places, at)
        self._place_free.notify()

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
