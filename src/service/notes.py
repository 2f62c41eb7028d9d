# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions that have been delivered, and the database does not know it yet.

Most people who are there answer at once, and then the delivery and the answer make one write. So the note waits a
moment. Should the process die in that moment the question stands there twice, as after any crash between Telegram's
"ok" and our write; before a stop all notes are written. Whoever has a note is not written to until it is in the
database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from src.engine.events import Delivered, Event
from src.identities import Pseudonym

SECONDS_TO_WAIT = 1.0


class Notes:
    """What was delivered to whom, for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[Pseudonym, tuple[float, tuple[Event, ...]]] = {}
        self._in_hand: set[Pseudonym] = set()
        self._unnoted: set[tuple[Pseudonym, str]] = set()
        self._closed = threading.Event()

    def put(self, who: Pseudonym, events: tuple[Event, ...]) -> None:
        """Keep what was delivered for a moment."""
        with self._changed:
            _, earlier = self._waiting.get(who, (0.0, ()))
            self._waiting[who] = (self._clock() + SECONDS_TO_WAIT, (*earlier, *events))
            self._changed.notify_all()

    def holds(self, who: Pseudonym) -> bool:
        """Tell whether something that was delivered to this person is not in the database yet."""
        with self._changed:
            return who in self._waiting or who in self._in_hand

    def due(self, timeout: float) -> list[Pseudonym]:
        """Wait, `timeout` seconds at most, until somebody's note has waited long enough; return all of those."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed.is_set(), timeout)
            oldest = min((until for until, _ in self._waiting.values()), default=None)
        if oldest is None:
            return []
        self._closed.wait(min(max(oldest - self._clock(), 0.0), timeout))
        with self._changed:
            return [who for who, (until, _) in self._waiting.items() if until <= self._clock()]

    def close(self) -> None:
        """Let whoever waits go home."""
        with self._changed:
            self._closed.set()
            self._changed.notify_all()

    def everybody(self) -> list[Pseudonym]:
        """Return all who have a note."""
        with self._changed:
            return list(self._waiting)

    def refused(self, who: Pseudonym, events: Collection[Event]) -> None:
        """Remember deliveries that the database will never note, so that at least this process does not repeat them."""
        with self._changed:
            self._unnoted |= {(who, each.outgoing) for each in events if isinstance(each, Delivered)}

    def will_never_hold(self, who: Pseudonym, entry: str) -> bool:
        """Tell whether this entry of the outbox was delivered, and cannot be noted."""
        with self._changed:
            return (who, entry) in self._unnoted

    @contextmanager
    def taken(self, people: Collection[Pseudonym]) -> Iterator[Mapping[Pseudonym, tuple[Event, ...]]]:
        """Give the notes of these people away to be written; after an error they are here again."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand.isdisjoint(people), SECONDS_TO_WAIT)
            taken = {who: self._waiting.pop(who) for who in people if who in self._waiting and who not in self._in_hand}
            self._in_hand |= taken.keys()
        try:
            yield {who: events for who, (_, events) in taken.items()}
        except BaseException:
            with self._changed:
                self._waiting = taken | self._waiting
            raise
        finally:
            with self._changed:
                self._in_hand -= taken.keys()
                self._changed.notify_all()
