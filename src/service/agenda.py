# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is to be written to next: due times in memory, people who are waiting first. The truth stays in the database."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from src.identities import Pseudonym


@dataclass(order=True)
class Appointment:
    """A participant's next sending; `number` tells the newest appointment from those it replaces."""

    due: datetime
    who: Pseudonym
    urgent: bool = field(default=False, compare=False)
    number: int = field(default=0, compare=False)


class Agenda:
    """A queue with due times, for several threads. Each participant stands in it at most once, or is in one
    worker's hands.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        door = threading.RLock()
        self._changed = threading.Condition(door)
        # Of its own, because many senders wait for the other one, and none of them for this.
        self._given_back = threading.Condition(door)
        self._later: list[Appointment] = []
        self._ready: list[tuple[bool, datetime, int, Appointment]] = []
        self._current: dict[Pseudonym, Appointment] = {}
        self._in_hand: dict[Pseudonym, Appointment | None] = {}
        self._count = 0
        self._closed = False

    def put(self, who: Pseudonym, due: datetime, *, urgent: bool) -> None:
        """Make an appointment, or bring it forward; while a worker has the participant in hand it waits until `done`.

        It is never put back: whoever looks too early looks again, but two threads may bring their news in any order.
        """
        with self._changed:
            earlier = self._in_hand.get(who) or self._current.get(who)
            if earlier is not None:
                if earlier.due <= due and earlier.urgent >= urgent:
                    return
                due, urgent = min(due, earlier.due), urgent or earlier.urgent
            self._count += 1
            appointment = Appointment(due, who, urgent, self._count)
            if who in self._in_hand:
                self._in_hand[who] = appointment
            else:
                self._enter(appointment)

    def wait(self, timeout: float) -> bool:
        """Wait until somebody is due, and leave them there; False after `timeout` or a close."""
        with self._changed:
            return self._wait(timeout)

    def take(self, timeout: float) -> Pseudonym | None:
        """Wait for somebody who is due, those who are waiting for an answer first; None after `timeout` or a close."""
        with self._changed:
            return self._hand_out(heapq.heappop(self._ready)[3]) if self._wait(timeout) else None

    def done(self, who: Pseudonym) -> None:
        """Give a participant back; an appointment made in the meantime counts from now on."""
        with self._changed:
            waiting = self._in_hand.pop(who, None)
            if waiting is not None:
                self._enter(waiting)
            self._given_back.notify_all()

    def wait_until_given_back(self, people: Collection[Pseudonym], timeout: float) -> None:
        """Wait until none of these people is in a worker's hands, or until `timeout`."""
        with self._given_back:
            self._given_back.wait_for(lambda: self._closed or not any(who in self._in_hand for who in people), timeout)

    def holds(self, who: Pseudonym) -> bool:
        """Tell whether this participant has an appointment, or is in hand."""
        with self._changed:
            return who in self._current or who in self._in_hand

    def holds_in_hand(self, who: Pseudonym) -> bool:
        """Tell whether a worker has this participant in hand."""
        with self._changed:
            return who in self._in_hand

    def due_of(self, who: Pseudonym) -> datetime | None:
        """Return when the participant's appointment is; None: they have none, or are in hand."""
        with self._changed:
            appointment = self._current.get(who)
            return appointment.due if appointment else None

    def next_due(self) -> datetime | None:
        """Return when the next appointment is, past ones included; None: there is none."""
        with self._changed:
            self._ripen()
            if self._ready:
                return self._ready[0][1]
            return self._later[0].due if self._later else None

    def sizes(self) -> tuple[int, int]:
        """Return how many have an appointment and how many are in hand."""
        with self._changed:
            return len(self._current), len(self._in_hand)

    def has_due(self, count: int) -> bool:
        """Tell whether at least so many are due and in nobody's hands yet."""
        with self._changed:
            self._ripen()
            return len(self._ready) >= count

    def look_again(self) -> None:
        """Let one of those who wait look at the clock again, since it has been moved; whoever serves somebody looks
        again by themselves.
        """
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """Let all who wait go home."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._given_back.notify_all()

    def _wait(self, timeout: float) -> bool:
        deadline = self._now().timestamp() + timeout
        while not self._closed:
            self._ripen()
            if self._ready:
                return True
            rest = deadline - self._now().timestamp()
            if rest <= 0:
                return False
            self._changed.wait(min(rest, self._until_next()))
        return False

    def _enter(self, appointment: Appointment) -> None:
        self._current[appointment.who] = appointment
        heapq.heappush(self._later, appointment)
        self._changed.notify()

    def _is_current(self, appointment: Appointment) -> bool:
        # An appointment that was moved stays in its heap until it comes up, and is then passed over.
        current = self._current.get(appointment.who)
        return current is not None and current.number == appointment.number

    def _ripen(self) -> None:
        now = self._now()
        while self._later and (self._later[0].due <= now or not self._is_current(self._later[0])):
            appointment = heapq.heappop(self._later)
            if self._is_current(appointment):
                heapq.heappush(self._ready, (not appointment.urgent, appointment.due, appointment.number, appointment))
        while self._ready and not self._is_current(self._ready[0][3]):
            heapq.heappop(self._ready)

    def _hand_out(self, appointment: Appointment) -> Pseudonym:
        del self._current[appointment.who]
        self._in_hand[appointment.who] = None
        return appointment.who

    def _until_next(self) -> float:
        if not self._later:
            return 60.0
        return max((self._later[0].due - self._now()).total_seconds(), 0.001)
