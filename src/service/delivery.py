# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivery: takes participants from the agenda one at a time and sends the first entry of their outbox."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from datetime import timedelta

from src.engine.effects import Outgoing, RemoveButtons, Send
from src.engine.events import Delivered, Event, GivenUp, TimeArrived, Unreachable, WaitsForMorning
from src.engine.news import ToPartner
from src.engine.state import Participant
from src.engine.timing import would_wake
from src.errors import BotError, CannotReach, Refused, TryLater
from src.identities import Pseudonym, TelegramId
from src.service.agenda import Agenda
from src.service.conversation import Conversation, Happened
from src.service.failures import described
from src.service.limiter import Limiter
from src.service.notes import SECONDS_TO_WAIT, Note, Notes
from src.service.partners import hand_over
from src.service.ports import Clock, Pseudonyms, Telegram
from src.service.trying_again import not_now

log = logging.getLogger(__name__)

WAITING_FOR_US = timedelta(minutes=10)
"""Who was heard of so recently is waiting for an answer, and goes before everybody else."""

SOON = timedelta(seconds=60)
"""What is due sooner than this is kept in the agenda; the scheduler finds the rest in the database."""

SHORTEST_PAUSE = 0.2
LOOKED_AT_AGAIN = timedelta(hours=1)


class Delivery:
    """Sends what is due. Several threads call `one_pass`; a participant is in the hands of one of them at a time."""

    def __init__(
        self,
        telegram: Telegram,
        pseudonyms: Pseudonyms,
        limiter: Limiter,
        agenda: Agenda,
        clock: Clock,
        notes: Notes,
    ) -> None:
        self.telegram = telegram
        self.pseudonyms = pseudonyms
        self.limiter = limiter
        self.agenda = agenda
        self.clock = clock
        self.notes = notes
        self.stop = threading.Event()

    def wake(self, participant: Participant) -> None:
        """Put a participant on the agenda whose next sending, or next dialogue, is near."""
        if participant.next_at is not None and participant.next_at - self.clock.now() < SOON:
            self.agenda.put(participant.id, participant.next_at, urgent=self.is_waiting(participant))

    def is_waiting(self, participant: Participant) -> bool:
        """Tell whether the person is there and waits for us."""
        if participant.outbox and isinstance(participant.outbox[0].what, Send) and participant.outbox[0].what.job:
            return False  # a mass send goes behind everybody who waits, whoever it is for
        return participant.heard_at is not None and self.clock.now() - participant.heard_at < WAITING_FOR_US

    def one_pass(self, conversation: Conversation, wait: float = 1.0) -> bool:
        """Serve one participant who is due; False if there was none for `wait` seconds, or no token.

        The token comes first and the person second, so that those who wait for an answer overtake a mass send; and
        nobody holds a token while there is nothing to be sent.
        """
        if not self.agenda.wait(wait):
            return False
        pause = self.limiter.next_token()
        if pause > 0:
            self.stop.wait(min(pause, wait))
            return True
        who = self.agenda.take(0.0)
        if who is None:
            self.limiter.give_back()
            return True
        used = False
        try:
            used = self.serve(conversation, who)
        except BotError:
            raise
        except Exception as error:  # noqa: BLE001
            # One participant's trouble must not stop the others: they are looked at again in an hour, not at once.
            log.error("%s could not be served: %s", who, described(error))
            self.agenda.put(who, self.clock.now() + LOOKED_AT_AGAIN, urgent=False)
        finally:
            self.agenda.done(who)
            if not used:
                self.limiter.give_back()
        return True

    def serve(self, conversation: Conversation, who: Pseudonym) -> bool:
        """Send the first entry of the participant's outbox if it is due; return whether a message went out."""
        if self.notes.holds(who):
            self.agenda.put(who, self.clock.now() + timedelta(seconds=SECONDS_TO_WAIT), urgent=True)
            return False
        participant = conversation.participants.load([who]).get(who)
        if participant is None or participant.next_at is None:
            return False
        if participant.next_at > self.clock.now():
            self.wake(participant)
            return False
        if not participant.outbox:
            self.report(conversation, participant, TimeArrived())
            return False
        if isinstance(participant.outbox[0].what, ToPartner):
            # What the partner has been sent is noted first: the news may lead on from it.
            self.write_notes(conversation, [participant.outbox[0].what.to])
            self.report(conversation, participant, *hand_over(conversation, participant.outbox[0]))
            return False
        if would_wake(participant, self.clock.now(), conversation.rules):
            self.report(conversation, participant, WaitsForMorning(participant.outbox[0].id))
            return False
        if self.notes.will_never_hold(who, participant.outbox[0].id):
            self.agenda.put(who, self.clock.now() + LOOKED_AT_AGAIN, urgent=False)
            return False
        return self.send_to(conversation, participant)

    def send_to(self, conversation: Conversation, participant: Participant) -> bool:
        """Send to somebody for whom a message is due, if their chat may have one now; return whether one went out."""
        # Looked up before there is a place in Telegram's second: what that takes must cost none.
        to = self.pseudonyms.telegram_id(participant.id)
        if to is None:
            self.report(conversation, participant, Unreachable())
            return False
        too_soon = self.limiter.chat_wait(participant.id)
        if too_soon > 0:
            due = self.clock.now() + timedelta(seconds=too_soon)
            self.agenda.put(participant.id, due, urgent=self.is_waiting(participant))
            return False
        events = self.attempts(participant, to)
        if is_asked(participant, events):
            self.notes.put(participant.id, Note(tuple(events), participant))
        else:
            self.report(conversation, participant, *events)
        return True

    def note_pass(self, conversation: Conversation, wait: float = 1.0) -> bool:
        """Write down what was delivered and has waited long enough; False if there was nothing for `wait` seconds."""
        people = self.notes.due(wait)
        self.write_notes(conversation, people)
        return bool(people)

    def write_notes(self, conversation: Conversation, people: Collection[Pseudonym]) -> None:
        """Write down what was delivered to these people, in one write. Raises DatabaseAway."""
        with self.notes.taken(people) as noted:
            happened = [Happened(who, note.events, known=note.known) for who, note in noted.items()]
            for who in conversation.handle(happened):
                self.notes.refused(who, noted[who].events)

    def attempts(self, participant: Participant, to: TelegramId) -> list[Event]:
        """Try to send the first entry, and what may follow at once; return what became of each.

        Buttons that are removed are noted together with the message behind them: removing them twice does no harm, so a
        crash in between still repeats one message at most.
        """
        events: list[Event] = []
        for entry in participant.outbox:
            if isinstance(entry.what, ToPartner):
                break
            if events and not self.may_follow(participant, entry):
                break
            with self.limiter.sending():
                events.append(self.attempt(participant, to, entry))
            if not isinstance(entry.what, RemoveButtons) or not isinstance(events[-1], Delivered):
                break
        return events

    def may_follow(self, participant: Participant, entry: Outgoing) -> bool:
        """Tell whether an entry may be sent right behind another, and take its place in the limits then."""
        if entry.what.pause > 0 or self.limiter.next_token() > 0:
            return False
        if self.limiter.chat_wait(participant.id) > 0:
            self.limiter.give_back()
            return False
        return True

    def attempt(self, participant: Participant, to: TelegramId, entry: Outgoing) -> Event:
        """Try to send one entry; return what became of it."""
        assert not isinstance(entry.what, ToPartner)  # Telegram has no part in it: `serve` hands it over
        try:
            message_id = self.telegram.send(to, entry.what)
        except CannotReach:
            log.info("%s cannot be reached any more", participant.id)
            return Unreachable()
        except TryLater as trouble:
            return not_now(participant.id, entry, trouble)
        except Refused as refusal:
            if isinstance(entry.what, RemoveButtons):
                return Delivered(entry.id, None)
            return GivenUp(entry.id, str(refusal))
        has_buttons = isinstance(entry.what, Send) and bool(entry.what.buttons)
        return Delivered(entry.id, message_id, has_buttons, self.clock.now())

    def report(self, conversation: Conversation, participant: Participant, *events: Event) -> None:
        """Bring what happened into the database. While that takes nothing we wait: else it would be sent again.

        What can never be noted is remembered here, so that at least this process does not send it twice.
        """
        pause = SHORTEST_PAUSE
        known: Participant | None = participant
        while True:
            try:
                if conversation.handle([Happened(participant.id, events, known=known)]):
                    self.notes.refused(participant.id, events)
            except BotError as trouble:
                if self.stop.is_set():
                    raise
                if pause == SHORTEST_PAUSE:
                    log.warning("%s: what was sent cannot be noted yet: %s", participant.id, trouble)
                self.stop.wait(pause)
                known = None
                pause = min(2 * pause, 5.0)
            else:
                return


def is_asked(participant: Participant, events: Sequence[Event]) -> bool:
    """Tell whether all of the outbox is delivered and its last message asks: then an answer may follow at once."""
    last = participant.outbox[-1].what
    all_out = len(events) == len(participant.outbox) and all(isinstance(each, Delivered) for each in events)
    return all_out and isinstance(last, Send) and last.asks
