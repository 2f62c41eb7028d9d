# SPDX-License-Identifier: GPL-3.0-or-later
"""Savings of several threads, written together: one round trip and one flush to disk for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from src.errors import DatabaseAway, NotKept
from src.identities import Pseudonym
from src.service.ports import Saving

MOST_AT_ONCE = 200
"""So many savings make one write; more wait for the next."""

WRITERS = 2
"""So many writes are under way at once: while the database flushes one to disk it works on the other."""


@dataclass(frozen=True)
class Written:
    """What became of a write: who was changed by somebody else meanwhile, and whose document is refused for good."""

    overtaken: frozenset[Pseudonym] = frozenset()
    refused: frozenset[Pseudonym] = frozenset()

    def of(self, savings: Sequence[Saving]) -> Written:
        """Return the part that concerns these savings."""
        own = {saving.before.id for saving in savings}
        return Written(self.overtaken & own, self.refused & own)


Write = Callable[[Sequence[Saving]], Written]


@dataclass
class _Ticket:
    """The savings of one caller, whom they concern, and what became of them."""

    savings: Sequence[Saving]
    people: frozenset[Pseudonym]
    written: Written | None = None
    error: Exception | None = None

    def is_settled(self) -> bool:
        """Tell whether the write that it was part of is over."""
        return self.written is not None or self.error is not None


class GroupCommit:
    """Whoever comes while as many writes are under way as may be waits; the next write then takes all who wait.

    Nobody is in two writes at once: the second would write upon the first before that has seen what became of it.
    """

    def __init__(self, write: Write, writers: int = WRITERS) -> None:
        """Join the savings for `write`, which several threads may call at once."""
        self._write = write
        self._free = writers
        self._waiting: list[_Ticket] = []
        self._in_writing: set[Pseudonym] = set()
        self._changed = threading.Condition()

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        """Return who of these was overtaken; raise NotKept for those whom the database refuses.

        An error of the joint write reaches all who had a part in it.
        """
        ticket = _Ticket(savings, frozenset(saving.before.id for saving in savings))
        with self._changed:
            self._waiting.append(ticket)
        while tickets := self._to_write(ticket):
            try:
                self._write_together(tickets)
            finally:
                with self._changed:
                    self._free += 1
                    self._in_writing.difference_update(*(each.people for each in tickets))
                    self._changed.notify_all()
        if ticket.error is not None:
            raise ticket.error
        own = ticket.written or Written()
        if own.refused:
            raise NotKept(own.refused, own.overtaken)
        return own.overtaken

    def _to_write(self, ticket: _Ticket) -> list[_Ticket]:
        """Wait until it is this caller's turn to write; return what. Nothing: theirs has been written by another."""
        with self._changed:
            while not ticket.is_settled():
                if self._free > 0 and self._is_waiting(ticket) and (tickets := self._take()):
                    self._free -= 1
                    return tickets
                self._changed.wait()
            return []

    def _is_waiting(self, ticket: _Ticket) -> bool:
        return any(each is ticket for each in self._waiting)

    def _write_together(self, tickets: Sequence[_Ticket]) -> None:
        try:
            written = self._write([saving for ticket in tickets for saving in ticket.savings])
        except Exception as error:  # noqa: BLE001  # every caller gets it, and decides
            self._fail(tickets, error)
        except BaseException:
            self._fail(tickets, DatabaseAway("The write was broken off."))
            raise
        else:
            for ticket in tickets:
                ticket.written = written.of(ticket.savings)

    @staticmethod
    def _fail(tickets: Sequence[_Ticket], error: Exception) -> None:
        for ticket in tickets:
            ticket.error = error

    def _take(self) -> list[_Ticket]:
        """Take callers in their order; one whose participant is in a write already waits for a later one, and so does
        whoever came behind them with the same participant.
        """
        taken: list[_Ticket] = []
        left: list[_Ticket] = []
        ids: set[Pseudonym] = set()
        not_now = set(self._in_writing)
        for ticket in self._waiting:
            is_too_much = bool(taken) and len(ids) + len(ticket.people) > MOST_AT_ONCE
            if is_too_much or ticket.people & not_now:
                left.append(ticket)
            else:
                taken.append(ticket)
                ids |= ticket.people
            not_now |= ticket.people
        self._waiting = left
        self._in_writing |= ids
        return taken
