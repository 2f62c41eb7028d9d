# SPDX-License-Identifier: GPL-3.0-or-later
"""Seven kinds of people, and what each of them does next. They see what stands in their chat, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from src.engine.effects import Send

HOUR = timedelta(hours=1)
LANGUAGES = ("ca", "es", "en", "de")

PAUSE = {"ca": "pausar", "es": "Pausar", "en": "/pause", "de": "pausieren"}
RESUME = {"ca": "reprendre", "es": "REANUDAR", "en": "resume", "de": "/fortsetzen"}
LEAVE = {"ca": "baixa", "es": "baja", "en": "/unsubscribe", "de": "Abmelden"}
SETTINGS = ("/freq", "/lang", "/world", "/dia", "/sociodem")
CHATTER = ("hm", "qui ets?", "bin müde", "no sé", "?", "12 monkeys", "/help", "/what")
TYPED = ("Girona", "12", "3", "17:30", "99:99", "NO", "no lo sé")


class Kind(StrEnum):
    """What people are like."""

    EAGER = "eager"
    SLOW = "slow"
    PAUSES = "pauses"
    BLOCKS = "blocks"
    LEAVES = "leaves and returns"
    TYPES = "types instead of pressing"
    SILENT = "silent"


class Deed(StrEnum):
    """What people can do in a chat."""

    TEXT = "text"
    PRESS = "press"
    BLOCK = "block"
    BLOCK_UNTOLD = "block, and Telegram does not tell"
    UNBLOCK = "unblock"


@dataclass(frozen=True)
class Act:
    """Something a person does: a text, or the value of a button of `message_id`."""

    deed: Deed
    text: str = ""
    message_id: int | None = None


@dataclass
class Person:
    """One person with their phone. `absent` is what they write when they come back; `plan` when they do something."""

    number: int
    kind: Kind
    language: str
    shift: timedelta
    chance: random.Random
    plan: datetime | None
    question: tuple[int, Send] | None = None
    old: list[tuple[int, Send]] = field(default_factory=list)
    absent: str | None = None
    blocked: bool = False
    deaf_after: int | None = None
    answered: int = 0

    def sees(self, what: Send, message_id: int, now: datetime) -> None:
        """Read a message; a question makes them think about it."""
        if not what.asks:
            return
        if self.question is not None:
            self.old.append(self.question)
        self.question = (message_id, what)
        if self.is_deaf():
            self.plan = None
        elif self.absent is None:
            soon = now + THINKS[self.kind](self.chance)
            self.plan = min(soon, self.plan) if self.plan is not None else soon

    def is_deaf(self) -> bool:
        """Tell whether this person has fallen silent for good."""
        return self.deaf_after is not None and self.answered >= self.deaf_after

    def acts(self, now: datetime, zone: ZoneInfo) -> Act:
        """Do something, and plan the next thing that nobody has to ask for."""
        self.plan = None
        if self.blocked:
            return self.unblocks(now)
        if self.absent is not None:
            word, self.absent = self.absent, None
            return Act(Deed.TEXT, word)
        mood = self.chance.random()
        odd = ODD.get(self.kind)
        if odd is not None and mood < 0.1 and self.answered > 7:
            return odd(self, now)
        if self.question is None:
            return self.idles(now)
        return self.reacts(now, zone, mood)

    def idles(self, now: datetime) -> Act:
        """Write something while nothing is asked."""
        self.plan = now + days(self.chance, 2, 15 if self.kind is not Kind.LEAVES else 40)
        if self.answered == 0 or (self.kind is Kind.LEAVES and self.chance.random() < 0.5):
            return Act(Deed.TEXT, "/start")
        return Act(Deed.TEXT, self.chance.choice((*SETTINGS, *SETTINGS, *CHATTER, "/start")))

    def reacts(self, now: datetime, zone: ZoneInfo, mood: float) -> Act:
        """Answer the question, or do one of the other things that people do."""
        assert self.question is not None
        message_id, what = self.question
        if mood > 0.97:
            self.plan = now + HOUR
            return Act(Deed.TEXT, self.chance.choice((*CHATTER, "/start", "/freq", RESUME[self.language])))
        if mood > 0.95 and self.old:
            old_id, old = self.chance.choice(self.old)
            values = [button.value for row in old.buttons for button in row]
            if values:
                self.plan = now + HOUR
                return Act(Deed.PRESS, self.chance.choice(values), old_id)
        return self.answers(now, zone, message_id, what)

    def answers(self, now: datetime, zone: ZoneInfo, message_id: int, what: Send) -> Act:
        """Press a button, write what stands on it, or write what is asked for."""
        self.answered += 1
        shown = [button for row in what.buttons for button in row]
        self.old.append((message_id, what))
        self.question = None
        self.plan = now + days(self.chance, 2, 15)
        if not shown:
            return Act(Deed.TEXT, self.typed(now, zone))
        button = self.chance.choice(shown)
        if {each.value for each in shown} in ({"yes", "ask", "no"}, {"yes", "break", "no"}):
            # Most people agree to take part, and most who ask to leave do want to.
            button = shown[0] if self.chance.random() < 0.7 else button
        if self.kind is Kind.TYPES and self.chance.random() < 0.8:
            return Act(Deed.TEXT, button.label.upper() if self.chance.random() < 0.3 else button.label)
        return Act(Deed.PRESS, button.value, message_id)

    def typed(self, now: datetime, zone: ZoneInfo) -> str:
        """Write what their clock shows, or something else."""
        if self.chance.random() < 0.5:
            return (now.astimezone(zone).replace(tzinfo=None) + self.shift).strftime("%H:%M")
        return self.chance.choice(TYPED)

    def pauses(self, now: datetime) -> Act:
        """Need a rest, and come back later."""
        self.comes_back(now, self.chance.choice((RESUME[self.language], "/start")))
        return Act(Deed.TEXT, PAUSE[self.language])

    def blocks(self, now: datetime) -> Act:
        """Block the bot; mostly they come back."""
        self.blocked = True
        self.comes_back(now, "")
        return Act(self.chance.choice((Deed.BLOCK, Deed.BLOCK_UNTOLD)))

    def unblocks(self, now: datetime) -> Act:
        """Let the bot write again, and say so soon."""
        self.blocked = False
        self.absent = self.chance.choice((RESUME[self.language], "/start"))
        self.plan = now + days(self.chance, 0.01, 1.2)
        return Act(Deed.UNBLOCK)

    def leaves(self, now: datetime) -> Act:
        """Ask to leave; what they answer to the question then is left to chance."""
        self.question = None
        self.plan = now + days(self.chance, 2, 20)
        return Act(Deed.TEXT, LEAVE[self.language])

    def comes_back(self, now: datetime, word: str) -> None:
        """Plan to be back after some days, sooner or later than a week."""
        self.question = None
        self.absent = word
        self.plan = now + days(self.chance, 0.1, 12)


ODD: Mapping[Kind, Callable[[Person, datetime], Act]] = {
    Kind.PAUSES: Person.pauses,
    Kind.BLOCKS: Person.blocks,
    Kind.LEAVES: Person.leaves,
}


def days(chance: random.Random, least: float, most: float) -> timedelta:
    """Return some days, in whole seconds."""
    return timedelta(seconds=round(chance.uniform(least, most) * 86400))


def soon(chance: random.Random) -> timedelta:
    return timedelta(seconds=chance.randint(5, 1800))


def some_time(chance: random.Random) -> timedelta:
    """Hours, rarely more than a week."""
    return timedelta(
        minutes=chance.choice((chance.randint(30, 600), chance.randint(600, 3000), chance.randint(30, 14000)))
    )


THINKS: Mapping[Kind, Callable[[random.Random], timedelta]] = {
    **dict.fromkeys(Kind, soon),
    Kind.SLOW: some_time,
}
