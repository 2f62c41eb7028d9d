# SPDX-License-Identifier: GPL-3.0-or-later
"""Participants who were in hand a moment ago: what was written or read just now need not be read again.

Nothing wrong is written by it: every write is conditional on the version, and whoever is overtaken is forgotten here
and read anew. But for a second a change by a script may go unnoticed, and a message that it took away still be sent.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from src.engine.state import Participant
from src.identities import Pseudonym
from src.service.ports import Participants, Saving

SECONDS_REMEMBERED = 1.0
MOST_REMEMBERED = 2_000


class RecentParticipants:
    """The port `Participants` before another one, with a short and bounded memory. For many threads."""

    def __init__(self, participants: Participants, clock: Callable[[], float] = time.monotonic) -> None:
        self._participants = participants
        self._clock = clock
        self._lock = threading.Lock()
        self._recent: OrderedDict[Pseudonym, tuple[Participant, float]] = OrderedDict()

    def load(self, ids: Collection[Pseudonym]) -> dict[Pseudonym, Participant]:
        """Return those that exist, without their histories."""
        with self._lock:
            fresh = self._clock() - SECONDS_REMEMBERED
            known = {who: self._recent[who][0] for who in ids if who in self._recent and self._recent[who][1] >= fresh}
        unknown = [who for who in ids if who not in known]
        if unknown:
            found = self._participants.load(unknown)
            self._remember(found.values())
            known |= found
        return known

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        """Write, and remember what was written; whatever is not surely written is forgotten."""
        self._forget([each.before.id for each in savings])
        refused = self._participants.save(savings)
        self._remember([each.after for each in savings if each.after.id not in refused])
        return refused

    def erase(self, who: Pseudonym) -> None:
        """Take the participant's document away, and forget them."""
        self._forget([who])
        self._participants.erase(who)
        self._forget([who])

    def due(self, before: datetime, limit: int) -> list[tuple[Pseudonym, datetime]]:
        """Return participants whose `next_at` is not later than `before`, with that time; at most `limit`."""
        return self._participants.due(before, limit)

    def _remember(self, people: Collection[Participant]) -> None:
        now = self._clock()
        with self._lock:
            for one in people:
                known = self._recent.get(one.id)
                if known is not None and known[0].version > one.version:
                    continue
                self._recent[one.id] = (one, now)
                self._recent.move_to_end(one.id)
            while len(self._recent) > MOST_REMEMBERED:
                self._recent.popitem(last=False)

    def _forget(self, people: Collection[Pseudonym]) -> None:
        with self._lock:
            for who in people:
                self._recent.pop(who, None)
