# SPDX-License-Identifier: GPL-3.0-or-later
"""Typing: shows that the bot is writing, while the pause before somebody's next message runs."""

from __future__ import annotations

import logging
from datetime import timedelta

from src.engine.effects import RemoveButtons
from src.engine.state import Participant
from src.errors import BotError
from src.service.agenda import Agenda
from src.service.ports import Clock, Pseudonyms, Telegram

log = logging.getLogger(__name__)


class Typist:
    """Shows "is writing …" while the pause before somebody's next message runs."""

    EVERY = timedelta(seconds=4.5)
    LONGEST = timedelta(seconds=20)

    def __init__(self, telegram: Telegram, pseudonyms: Pseudonyms, agenda: Agenda, clock: Clock) -> None:
        self.telegram = telegram
        self.pseudonyms = pseudonyms
        self.messages = agenda
        self.clock = clock
        self.agenda = Agenda(clock.now)

    def wake(self, participant: Participant) -> None:
        """Show it to somebody who is there, in the last seconds of a pause that is long enough to notice."""
        due = participant.outbox_at
        if not participant.outbox or due is None or isinstance(participant.outbox[0].what, RemoveButtons):
            return
        if participant.held_until is not None and participant.held_until >= due:
            return
        begin = max(self.clock.now(), due - self.LONGEST)
        if due - begin > timedelta(seconds=0.7):
            self.agenda.put(participant.id, begin, urgent=True)

    def one_pass(self, wait: float = 1.0) -> bool:
        """Show it to one participant; False if nobody was due for `wait` seconds."""
        who = self.agenda.take(wait)
        if who is None:
            return False
        due = self.messages.due_of(who)
        now = self.clock.now()
        try:
            to = self.pseudonyms.telegram_id(who) if due is not None and due > now else None
            if to is not None and due is not None:
                self.telegram.show_typing(to)
                if due - now > self.EVERY:
                    self.agenda.put(who, now + self.EVERY, urgent=True)
        except BotError as error:
            log.info("Typing could not be shown: %s", error)
        finally:
            self.agenda.done(who)
        return True
