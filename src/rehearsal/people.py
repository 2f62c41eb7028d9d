# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthetic people: they see what stands in their chat, and answer, wait, pause or go as their kind does.

What they do depends on the seed, on who they are and on what they see, never on when the machine got round to it: so
a rehearsal and a real bot that talk with the same people hear the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from src.engine.commands import COMMANDS, Wish
from src.rehearsal.chance import Dice
from src.rehearsal.habits import Habits, Kind

AGREEMENTS = frozenset({"welcome", "unsubscribe", "forgetme"})
"""Dialogues in which the first button means that one agrees."""

PAUSE, RESUME, LEAVE = (
    tuple(word for each in COMMANDS if each.wish is wish for word in each.words)
    for wish in (Wish.PAUSE, Wish.RESUME, Wish.LEAVE)
)
START = "/start"
SETTINGS = tuple(f"/{word}" for each in COMMANDS if each.wish is Wish.SETTING for word in each.slashed)


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


@dataclass(frozen=True)
class Shown:
    """A message as it stands in a chat. `name` says which question it is; `buttons` are values with their labels."""

    name: str
    dialogue: str
    buttons: tuple[tuple[str, str], ...]
    asks: bool


@dataclass
class Person:
    """One person with their phone. `ahead` is their clock against the study's; `plans` are what they do unasked."""

    number: int
    dice: Dice
    kind: Kind
    habits: Habits
    language: str
    zone: ZoneInfo
    ahead: timedelta
    comes_at: datetime
    plans: list[tuple[datetime, str]] = field(default_factory=list)
    question: tuple[int, Shown] | None = None
    answer_at: datetime | None = None
    asked: Counter[str] = field(default_factory=Counter)
    deeds: int = 0
    blocked: bool = False
    away: bool = False
    silent: bool = False

    @property
    def next_at(self) -> datetime | None:
        """Return when this person does something next, if nothing happens before; None: never."""
        if self.silent:
            return None
        both = [each for each in (self.answer_at, self.plans[0][0] if self.plans else None) if each is not None]
        return min(both, default=None)

    def own_clock(self, now: datetime) -> datetime:
        """Return what this person's clock shows, without a time zone."""
        return now.astimezone(self.zone).replace(tzinfo=None) + self.ahead

    def sees(self, what: Shown, message_id: int, now: datetime) -> None:
        """Read a message; a question makes them think about it."""
        if not what.asks or self.blocked:
            return
        self.asked[what.name] += 1
        self.question = (message_id, what)
        self.answer_at = None
        if not self.away:
            self.thinks(now)

    def loses(self, message_id: int) -> None:
        """See that the buttons of a message are gone."""
        if self.question is not None and self.question[0] == message_id:
            self.question, self.answer_at = None, None

    def thinks(self, now: datetime) -> None:
        """Decide when to answer the question, if ever."""
        assert self.question is not None
        which = self.which()
        if self.dice.happens(self.kind.falls_silent, "silent", *which):
            self.silent = True
            return
        least, most = self.kind.answers_after
        wait = self.dice.time_between(least, most, "thinks", *which)
        if self.dice.happens(self.kind.puts_off, "puts off", *which):
            first, last = self.kind.later_hours
            wait = self.dice.time_between(3600 * first, 3600 * last, "later", *which)
        self.answer_at = self.when_awake(now + wait, *which)

    def which(self) -> tuple[object, ...]:
        """Return what names the open question for the dice: the same question asked again is another one."""
        assert self.question is not None
        name = self.question[1].name
        return name, self.asked[name]

    def when_awake(self, moment: datetime, *what: object) -> datetime:
        """Return the moment, or one soon after they look at their phone again."""
        clock, (from_, until) = self.own_clock(moment), self.kind.awake
        if from_ <= clock.time() < until:
            return moment
        day = clock.date() if clock.time() < from_ else clock.date() + timedelta(days=1)
        shown = datetime.combine(day, from_) + timedelta(seconds=round(3600 * self.dice.share("awake", *what)))
        return max((shown - self.ahead).replace(tzinfo=self.zone).astimezone(UTC), moment)

    def acts(self, now: datetime) -> Iterator[Act]:
        """Do what is to be done by now, one thing after the other."""
        while (due := self.next_at) is not None and due <= now:
            is_planned = bool(self.plans) and self.plans[0][0] == due
            act = self.does(self.plans.pop(0)[1], now) if is_planned else self.answers(now)
            if act is not None:
                yield act

    def does(self, deed: str, now: datetime) -> Act | None:
        """Do something that nobody asked for."""
        self.deeds += 1
        if deed == "come":
            return Act(Deed.TEXT, START)
        if deed in ("back", "word"):
            return self.comes_back(now)
        if self.away:
            return None
        return DOES[deed](self, now)

    def pauses(self, now: datetime) -> Act:
        """Need a rest."""
        self.goes_away(now)
        return Act(Deed.TEXT, self.dice.among(PAUSE, "word", self.deeds))

    def blocks(self, now: datetime) -> Act:
        """Block the bot."""
        self.goes_away(now)
        self.blocked = True
        told = self.dice.happens(self.habits.told_of_blocks, "told", self.deeds)
        return Act(Deed.BLOCK if told else Deed.BLOCK_UNTOLD)

    def leaves(self, _now: datetime) -> Act:
        """Ask to leave; the bot asks whether they mean it."""
        return Act(Deed.TEXT, self.dice.among(LEAVE, "word", self.deeds))

    def changes_a_setting(self, _now: datetime) -> Act:
        """Look at one of the settings."""
        return Act(Deed.TEXT, self.dice.among(SETTINGS, "setting", self.deeds))

    def chats(self, _now: datetime) -> Act:
        """Write something that the bot does not understand."""
        return Act(Deed.TEXT, self.dice.among(self.habits.chatter, "chatter", self.deeds))

    def goes_away(self, now: datetime) -> None:
        """Think of no question any more, and plan to be back."""
        self.away, self.answer_at = True, None
        least, most = self.kind.comes_back_days
        wait = self.dice.time_between(86400 * least, 86400 * most, "away", self.deeds)
        self.plan(self.when_awake(now + wait, "back", self.deeds), "back")

    def comes_back(self, now: datetime) -> Act:
        """Let the bot write again, then say so; a question that stands there is thought about again."""
        if self.blocked:
            self.blocked = False
            self.plan(now + timedelta(seconds=round(5 + 120 * self.dice.share("unblocks", self.deeds))), "word")
            return Act(Deed.UNBLOCK)
        self.away = False
        self.question = None
        return Act(Deed.TEXT, self.dice.among((*RESUME, START), "resume", self.deeds))

    def answers(self, now: datetime) -> Act | None:
        """Press a button, write what stands on it, or write what is asked for."""
        self.answer_at = None
        if self.question is None or self.away:
            return None
        (message_id, what), which = self.question, self.which()
        self.question = None
        if not what.buttons:
            return Act(Deed.TEXT, self.typed(now, which))
        value, label = self.chosen(what, which)
        if self.dice.happens(self.kind.writes, "writes", *which):
            return Act(Deed.TEXT, label)
        return Act(Deed.PRESS, value, message_id)

    def chosen(self, what: Shown, which: Sequence[object]) -> tuple[str, str]:
        """Choose a button: where it is about agreeing the first one mostly, else any."""
        if what.dialogue not in AGREEMENTS or len(what.buttons) < 2:
            return self.dice.among(what.buttons, "chooses", *which)
        if self.dice.happens(self.kind.agrees, "agrees", *which):
            return what.buttons[0]
        return self.dice.among(what.buttons[1:], "chooses", *which)

    def typed(self, now: datetime, which: Sequence[object]) -> str:
        """Write what their clock shows, or something else."""
        if self.dice.happens(0.5, "clock", *which):
            return self.own_clock(now).strftime("%H:%M")
        return self.dice.among(self.habits.typed, "types", *which)

    def plan(self, moment: datetime, deed: str) -> None:
        """Plan something, in order of time."""
        self.plans.append((moment, deed))
        self.plans.sort()


DOES: Mapping[str, Callable[[Person, datetime], Act]] = {
    "pause": Person.pauses,
    "block": Person.blocks,
    "leave": Person.leaves,
    "setting": Person.changes_a_setting,
    "chat": Person.chats,
}
