# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduler: finds participants whose time has come and whom nobody woke."""

from __future__ import annotations

from datetime import timedelta

from src.engine.events import TimeArrived
from src.service.agenda import Agenda
from src.service.conversation import Conversation, Happened
from src.service.notes import Notes
from src.service.ports import Clock, Participants

BATCH = 200
"""So many participants are looked at in one pass."""

REST = 20
"""A look that found nobody new is followed by so many times its length without one."""

LONGEST_REST = timedelta(seconds=5)

ENOUGH = BATCH // 2
"""While so many are being served nobody is looked for: whoever came to it would be behind them."""


class Scheduler:
    """Asks the database who is due. What it costs depends on how many are due, never on how many are enrolled."""

    def __init__(
        self, participants: Participants, conversation: Conversation, agenda: Agenda, clock: Clock, notes: Notes
    ) -> None:
        self.participants = participants
        self.conversation = conversation
        self.agenda = agenda
        self.clock = clock
        self.notes = notes
        self.rests_until = clock.now()

    def one_pass(self, grace: timedelta = timedelta(0)) -> bool:
        """Hand those who have been due for longer than `grace` to the delivery, or to the engine when nothing is
        to be sent.

        Return True if there may be more. Raises DatabaseAway.
        """
        self.conversation.look_for_news()
        now = self.clock.now()
        # The clock may be put back: a rest is never longer than the longest.
        if self.agenda.has_due(ENOUGH) or timedelta(0) < self.rests_until - now <= LONGEST_REST:
            return False
        # Whoever has a note has been served, and is due only as far as the database knows.
        most = BATCH + len(self.notes.everybody())
        due = self.participants.due(now - grace, most)
        unwoken = [who for who, _ in due if not self.agenda.holds(who) and not self.notes.holds(who)]
        if not unwoken:
            looked_at = self.clock.now()
            self.rests_until = looked_at + min(REST * (looked_at - now), LONGEST_REST)
            return False
        loaded = self.participants.load(unwoken)
        idle = []
        for who, participant in loaded.items():
            if participant.next_at is None or participant.next_at > now:
                continue
            if participant.outbox:
                self.conversation.wake(participant)
            else:
                idle.append(Happened(who, (TimeArrived(),)))
        self.conversation.handle(idle)
        return len(due) == most
