# SPDX-License-Identifier: GPL-3.0-or-later
"""One lane: a share of the people, and the real service between them and the engine, on a clock that jumps."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from src.engine.effects import Send, Sendable
from src.engine.events import BlockedBot, ButtonPressed, FromTelegram, TextTyped, UnblockedBot
from src.engine.state import Participant
from src.identities import Pseudonym, TelegramId
from src.rehearsal.ledger import Ledger
from src.rehearsal.mass import Broadcasts
from src.rehearsal.newcomers import person_of
from src.rehearsal.observer import Observer
from src.rehearsal.pairs import Pairings
from src.rehearsal.people import Act, Deed, Person, Shown
from src.rehearsal.plan import Plan
from src.rehearsal.warned import warnings_counted
from src.rehearsal.world import FixedStudy, ForgottenNumbers, JumpingClock, Memory, Names, Phones, buttons_removed
from src.service.agenda import Agenda
from src.service.conversation import Conversation
from src.service.delivery import Delivery
from src.service.limiter import Limiter
from src.service.message_loop import MessageLoop
from src.service.notes import Notes
from src.service.ports import Update
from src.service.scheduler import Scheduler

LOOK_AGAIN = timedelta(minutes=1)
DAY = timedelta(days=1)
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Happening:
    """Something that happened to a person. `said` is None for a message that came; `name` is that of the message, or of
    the question that was answered; "" for what belongs to no dialogue.
    """

    at: datetime
    person: int
    name: str
    said: str | None = None


class Lane:
    """The people of one lane and the bot that they talk with. `told` hears of everything that happens."""

    def __init__(self, plan: Plan, number: int, told: Callable[[Happening], None] | None = None) -> None:
        self.plan = plan
        self.told = told
        self.clock = JumpingClock(plan.begin)
        self.observer = Observer(plan)
        self.memory = Memory(self.observer.saves)
        self.phones = Phones(self.arrived)
        self.updates = 0
        self.week = 0
        rules = plan.study.rules
        self.people = {
            TelegramId(each): person_of(each, plan.seed, plan.habits, rules.languages, rules.timezone, plan.days)
            for each in plan.people_of(number)
        }
        self.plans: list[tuple[datetime, int]] = []
        for person in self.people.values():
            self.observer.enters(person)
            self.planned(person)
        self.put_together()

    def put_together(self) -> None:
        """Connect the parts of the service, as a start of the bot does."""
        names, clock, rules = Names(), self.clock, self.plan.study.rules
        self.agenda = Agenda(clock.now)
        self.notes = Notes(clock.seconds)
        self.limiter = Limiter(self.plan.per_second / self.plan.lanes, clock.seconds)
        self.delivery = Delivery(self.phones, names, self.limiter, self.agenda, clock, self.notes)
        self.conversation = Conversation(
            self.memory,
            FixedStudy(self.plan.study),
            rules,
            clock,
            self.delivery.wake,
            lambda _press: None,
            self.memory.erase,
            names.enter,
            lambda _who: None,
            ForgottenNumbers(),
        )
        self.messages = MessageLoop(self.phones, names, self.conversation, self.agenda, self.notes)
        self.scheduler = Scheduler(self.memory, self.conversation, self.agenda, clock, self.notes)
        self.broadcasts = Broadcasts(
            self.plan, self.memory, self.conversation, self.delivery, clock, self.observer.sending
        )

        pairs = self.plan.habits.pairs
        self.pairings = Pairings(self.plan.study, pairs, self.memory, self.conversation, clock)

    def run(self, progress: Callable[[int], None] = lambda _day: None) -> Ledger:
        """Rehearse all days; `progress` hears of each day that is over."""
        with warnings_counted(self.observer.ledger.warnings):
            self.last_all_days(progress)
        self.observer.ledger.refused = self.phones.refused
        return self.observer.ledger

    def last_all_days(self, progress: Callable[[int], None]) -> None:
        """Jump from moment to moment until the end."""
        day, midnight, end = 0, self.plan.begin + DAY, self.plan.end
        while True:
            moment = self.next_moment()
            while moment >= midnight and day < self.plan.days:
                day, midnight = day + 1, midnight + DAY
                self.day_ends(day)
                progress(day)
            if moment >= end:
                return
            self.clock.time = max(moment, self.clock.time)
            self.people_act()
            self.broadcasts.work()
            self.pairings.work()
            self.bot_works()

    def day_ends(self, day: int) -> None:
        """Look where everybody stands, when a week is over or the last day."""
        if day % 7 and day != self.plan.days:
            return
        self.week += 1
        for person, each in self.people.items():
            self.observer.ends_a_week(self.week, each, self.memory.people.get(name_of(person)))

    def next_moment(self) -> datetime:
        """Return when somebody, or the bot, does something next."""
        moments = [each.next_due() for each in (self.memory, self.broadcasts, self.pairings)]
        moments.append(self.plans[0][0] if self.plans else None)
        due = self.agenda.next_due()
        if due is not None:
            wait = self.limiter.token_in() if due <= self.clock.time else 0.0
            moments.append(max(due, self.clock.time + timedelta(microseconds=-(-wait * 1e6 // 1))))
        return min((each for each in moments if each is not None), default=FAR)

    def planned(self, person: Person) -> None:
        """Remember when somebody does something next."""
        if person.next_at is not None:
            heapq.heappush(self.plans, (person.next_at, person.number))

    def people_act(self) -> None:
        """Let everybody do what they do now."""
        now = self.clock.time
        while self.plans and self.plans[0][0] <= now:
            _, number = heapq.heappop(self.plans)
            person = self.people[TelegramId(number)]
            for act in person.acts(now):
                self.happens(person, act)
            self.planned(person)

    def happens(self, person: Person, act: Act) -> None:
        """Let Telegram bring what a person did to the bot."""
        self.observer.acts(person, self.clock.time)
        if self.told is not None:
            self.told(Happening(self.clock.time, person.number, "", act.text or act.deed.value))
        to = TelegramId(person.number)
        if act.deed in (Deed.BLOCK, Deed.BLOCK_UNTOLD):
            self.phones.blocked.add(to)
        if act.deed is Deed.UNBLOCK:
            self.phones.blocked.discard(to)
        self.updates += 1
        event = event_of(act, self.updates)
        if event is not None:
            self.messages.handle([Update(self.updates, to, person.language, event)])

    def bot_works(self) -> None:
        """Let the bot do what is due now, as far as Telegram's limit lets it."""
        now = self.clock.time
        if self.memory.ripen(now, self.agenda.holds):
            self.scheduler.one_pass()
            self.memory.put_aside(now + LOOK_AGAIN, self.agenda.holds)
        while self.agenda.wait(0.0) and self.limiter.token_in() == 0.0:
            self.delivery.one_pass(self.conversation, 0.0)
            waiting = self.notes.everybody()
            if waiting:
                self.delivery.write_notes(self.conversation, waiting)

    def arrived(self, to: TelegramId, what: Sendable, message_id: int | None) -> None:
        """Show a person what the bot sent."""
        now, person = self.clock.time, self.people[to]
        participant = self.memory.people.get(name_of(to))
        self.observer.arrives(person, participant, what, now)
        gone = buttons_removed(what)
        if gone is not None:
            person.loses(gone)
        if not isinstance(what, Send):
            return
        shown = shown_of(what, participant)
        if self.told is not None:
            self.told(Happening(now, person.number, shown.name))
        if message_id is not None and shown.asks:
            person.sees(shown, message_id, now)
            self.planned(person)


def name_of(person: TelegramId) -> Pseudonym:
    """Return the pseudonym of somebody in a rehearsal."""
    return Pseudonym(f"{person:032x}")


def shown_of(what: Send, participant: Participant | None) -> Shown:
    """Return what a person sees of a message."""
    run = participant.run if participant is not None else None
    dialogue = run.dialogue if run is not None and run.id == what.run else ""
    buttons = tuple((each.value, each.label) for row in what.buttons for each in row)
    return Shown(f"{dialogue}/{what.message}" if dialogue else "", dialogue, buttons, what.asks)


def event_of(act: Act, number: int) -> FromTelegram | None:
    """Return what Telegram tells of something that a person did; None: it tells nothing."""
    match act.deed:
        case Deed.TEXT:
            return TextTyped(number, act.text, number)
        case Deed.PRESS:
            return ButtonPressed(number, f"q{number}", act.message_id, act.text)
        case Deed.BLOCK:
            return BlockedBot(number)
        case Deed.UNBLOCK:
            return UnblockedBot(number)
    return None
