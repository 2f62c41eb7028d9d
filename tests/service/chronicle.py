# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated study: people with their habits, the real engine and service, and a chronicle of all that happened."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from src.engine.effects import Send, Sendable
from src.engine.events import BlockedBot, ButtonPressed, FromTelegram, TextTyped, UnblockedBot
from src.identities import TelegramId
from tests.fakes.world import World
from tests.service.habits import LANGUAGES, Act, Deed, Kind, Person, days


@dataclass(frozen=True)
class Done:
    """A person did something."""

    at: datetime
    act: Act


@dataclass(frozen=True)
class Sent:
    """Telegram took a message for the person; `message_id` None: it refused, since the person had blocked the bot."""

    at: datetime
    what: Sendable
    message_id: int | None


@dataclass
class SimulatedStudy:
    """Everything, and who did what when. `beside` is done whenever the bot works."""

    world: World
    people: dict[int, Person] = field(default_factory=dict)
    chronicle: dict[int, list[Done | Sent]] = field(default_factory=dict)
    seen: int = 0
    refused: int = 0
    beside: Callable[[], object] = lambda: None

    def enrol(self, how_many: int) -> None:
        """Let people hear of the study, one after the other in its first five days."""
        begin = self.world.clock.now()
        kinds = list(Kind)
        for number in range(1, how_many + 1):
            chance = random.Random(number)
            kind = kinds[number % len(kinds)]
            shift = timedelta(minutes=15 * chance.choice((0, 0, 0, 4, -20, 22, 37, -44)))
            person = Person(number, kind, chance.choice(LANGUAGES), shift, chance, begin + days(chance, 0, 5))
            person.deaf_after = chance.randint(0, 45) if kind is Kind.SILENT else None
            self.people[number], self.chronicle[number] = person, []

    def lasts(self, how_many: float) -> None:
        """Let the days pass."""
        end = self.world.clock.now() + timedelta(days=how_many)
        while (moment := self.next_moment()) <= end:
            self.world.clock.time = max(moment, self.world.clock.now())
            self.bot_works()
            for person in list(self.who_acts()):
                self.does(person, person.acts(self.world.clock.now(), self.world.study.rules.timezone))
                self.bot_works()
        self.world.clock.time = end

    def next_moment(self) -> datetime:
        """Return when somebody, or the bot, does something next."""
        plans = [person.plan for person in self.people.values() if person.plan is not None]
        due = [each["next_at"] for each in self.world.participants.documents.values() if each.get("next_at")]
        return min([*plans, *due], default=datetime.max.replace(tzinfo=self.world.clock.now().tzinfo))

    def who_acts(self) -> Iterator[Person]:
        """Yield the people whose plan it is to do something now."""
        for person in self.people.values():
            if person.plan is not None and person.plan <= self.world.clock.now():
                yield person

    def does(self, person: Person, act: Act) -> None:
        """Let a person do something; a press goes to the message, a text into the chat."""
        self.chronicle[person.number].append(Done(self.world.clock.now(), act))
        telegram = self.world.telegram
        if act.deed in (Deed.BLOCK, Deed.BLOCK_UNTOLD):
            telegram.blocked.add(TelegramId(person.number))
        if act.deed is Deed.UNBLOCK:
            telegram.blocked.discard(TelegramId(person.number))
        event = self.event_of(act)
        if event is not None:
            self.world.happens(person.number, event, person.language)

    def event_of(self, act: Act) -> FromTelegram | None:
        """Return what Telegram tells of it."""
        number = next(self.world.numbers)
        match act.deed:
            case Deed.TEXT:
                return TextTyped(number, act.text)
            case Deed.PRESS:
                return ButtonPressed(number, f"q{number}", act.message_id, act.text)
            case Deed.BLOCK:
                return BlockedBot(number)
            case Deed.UNBLOCK:
                return UnblockedBot(number)
        return None

    def bot_works(self) -> None:
        """Let the bot do what is due, and show people what it sent."""
        self.beside()
        self.world.work()
        now, telegram = self.world.clock.now(), self.world.telegram
        new, refused = telegram.sent[self.seen :], telegram.refused[self.refused :]
        self.seen, self.refused = len(telegram.sent), len(telegram.refused)
        for each in new:
            if isinstance(each.what, Send) and each.message_id is not None:
                self.chronicle[each.to].append(Sent(now, each.what, each.message_id))
                self.people[each.to].sees(each.what, each.message_id, now)
        for to, what in refused:
            self.chronicle[to].append(Sent(now, what, None))
