# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions that have been delivered, and the database does not know it yet.

Most people who are there answer at once, and then the delivery and the answer make one write. So the note waits a
moment, and longer while more answers wait at Telegram than it hands out at a time: this one may be among them. Should
the process die in that time the question stands there twice, as after any crash between Telegram's "ok" and our write;
before a stop all notes are written. Whoever has a note is not written to until it is in the database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from src.engine.events import Delivered, Event
from src.engine.state import Participant
from src.identities import Pseudonym

SECONDS_TO_WAIT = 1.0
SECONDS_IN_A_CROWD = 15.0

MOST_AT_ONCE = 50
"""So many notes are due together: nobody who answers shall wait behind a crowd that does not."""


@dataclass(frozen=True)
class Note:
    """What was delivered to somebody; `known` is how they were before that, as the database still has it."""

    events: tuple[Event, ...]
    known: Participant


class Notes:
    """What was delivered to whom, for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[Pseudonym, tuple[float, Note]] = {}
        self._in_hand: set[Pseudonym] = set()
        self._unnoted: set[tuple[Pseudonym, str]] = set()
        self._patience = SECONDS_TO_WAIT
        self._closed = threading.Event()

    def put(self, who: Pseudonym, note: Note) -> None:
        """Keep what was delivered for a moment."""
        with self._changed:
            self._waiting[who] = (self._clock(), note)
            self._changed.notify_all()

    def expect(self, *, crowd: bool) -> None:
        """Hear whether more answers wait at Telegram than we have been given."""
        with self._changed:
            self._patience = SECONDS_IN_A_CROWD if crowd else SECONDS_TO_WAIT

    def holds(self, who: Pseudonym) -> bool:
        """Tell whether something that was delivered to this person is not in the database yet."""
        with self._changed:
            return who in self._waiting or who in self._in_hand

    def due(self, timeout: float) -> list[Pseudonym]:
        """Wait, `timeout` seconds at most, until somebody's note has waited long enough; return those, oldest first."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed.is_set(), timeout)
            oldest = min((since for since, _ in self._waiting.values()), default=None)
            rest = oldest + self._patience - self._clock() if oldest is not None else 0.0
        self._closed.wait(min(max(rest, 0.0), timeout))
        with self._changed:
            enough = self._clock() - self._patience
            return [who for who, (since, _) in self._waiting.items() if since <= enough][:MOST_AT_ONCE]

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
    def taken(self, people: Collection[Pseudonym]) -> Iterator[Mapping[Pseudonym, Note]]:
        """Give the notes of these people away to be written; after an error they are here again."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand.isdisjoint(people), SECONDS_TO_WAIT)
            taken = {who: self._waiting.pop(who) for who in people if who in self._waiting and who not in self._in_hand}
            self._in_hand |= taken.keys()
        try:
            yield {who: note for who, (_, note) in taken.items()}
        except BaseException:
            with self._changed:
                self._waiting = taken | self._waiting
            raise
        finally:
            with self._changed:
                self._in_hand -= taken.keys()
                self._changed.notify_all()
