# SPDX-License-Identifier: GPL-3.0-or-later
"""The message loop: what Telegram brings goes through the engine into the database, and only then is it confirmed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from src.frozen import replace
from src.identities import Pseudonym
from src.service.agenda import Agenda
from src.service.conversation import Conversation, Happened
from src.service.notes import Note, Notes
from src.service.ports import Pseudonyms, Telegram, Update
from src.service.side_by_side import side_by_side

log = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds that Telegram may hold a question for updates open (its own limit is 50)."""

MOST_UPDATES = 100
"""Telegram hands out so many at a time; then more may wait there."""

PORTION = 8
"""So many people's events are written together. While one portion is written the one before is being answered."""

HANDS = 3
"""So many portions are in hand at once: while the database writes one the next is being thought about."""

PATIENCE = 0.3
"""Seconds for noting a delivery; longer than that nobody else shall wait."""


class MessageLoop:
    """Asks Telegram for updates. An update is confirmed by asking for the next ones, so never before its turn is
    saved.
    """

    def __init__(
        self, telegram: Telegram, pseudonyms: Pseudonyms, conversation: Conversation, agenda: Agenda, notes: Notes
    ) -> None:
        self.telegram = telegram
        self.pseudonyms = pseudonyms
        self.conversation = conversation
        self.agenda = agenda
        self.notes = notes
        self.offset: int | None = None
        self.confirmed: int | None = None

    def one_pass(self, wait: int = LONG_POLL) -> bool:
        """Fetch what is there and carry it out; return True if there was anything."""
        return self.handle(self.fetch(wait))

    def fetch(self, wait: int = LONG_POLL) -> Sequence[Update]:
        """Return what has arrived and is not confirmed. Raises what Telegram raises."""
        self.confirmed = self.offset
        updates = self.telegram.updates(self.offset, wait)
        self.notes.expect(crowd=len(updates) >= MOST_UPDATES)
        return updates

    def handle(self, updates: Sequence[Update]) -> bool:
        """Carry updates out and move the offset; return True if there were any.

        Raises DatabaseAway; the same updates are then fetched again the next time.
        """
        if not updates:
            return False
        happened = self.by_person(updates)
        # Whoever answers while their question is just being sent is heard when we have noted where it stands.
        answering = {each.who for each in happened if self.agenda.holds_in_hand(each.who)}
        self.carry_out([each for each in happened if each.who not in answering])
        if answering:
            self.agenda.wait_until_given_back(answering, PATIENCE)
            self.carry_out([each for each in happened if each.who in answering])
        self.offset = updates[-1].id + 1
        return True

    def carry_out(self, happened: Sequence[Happened]) -> None:
        """Carry out what people did, behind what was delivered to them just before."""
        portions = [happened[begin : begin + PORTION] for begin in range(0, len(happened), PORTION)]
        side_by_side(HANDS, [partial(self.carry_out_together, portion) for portion in portions])

    def carry_out_together(self, portion: Sequence[Happened]) -> None:
        """Carry out what some people did, in one write."""
        with self.notes.taken({each.who for each in portion}) as noted:
            whole = [behind(noted.get(each.who), each) for each in portion]
            for who in self.conversation.handle(whole):
                if who in noted:
                    self.notes.refused(who, noted[who].events)

    def confirm(self) -> None:
        """Tell Telegram what has been handled, without waiting for more; the last thing before a stop.

        What the last question said already is not said again: Telegram would make us wait three seconds for that.
        """
        if self.offset != self.confirmed:
            self.telegram.updates(self.offset, 0)

    def by_person(self, updates: Sequence[Update]) -> list[Happened]:
        """Gather the events of each person, in order."""
        meant = [each for each in updates if each.sender is not None and each.event is not None]
        senders = {each.sender for each in meant if each.sender is not None}
        names = self.pseudonyms.of(senders) if senders else {}
        gathered: dict[Pseudonym, Happened] = {}
        for each in meant:
            assert each.sender is not None  # `meant` says so
            assert each.event is not None
            who = names[each.sender]
            earlier = gathered[who].events if who in gathered else ()
            gathered[who] = Happened(who, (*earlier, each.event), each.language, each.sender)
        return list(gathered.values())


def behind(note: Note | None, happened: Happened) -> Happened:
    """Put what somebody did behind what was delivered to them just before."""
    if note is None:
        return happened
    return replace(happened, events=(*note.events, *happened.events), known=note.known)
