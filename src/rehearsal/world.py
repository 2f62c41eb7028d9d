# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the service in a rehearsal: a clock that jumps, participants in memory, and people's phones."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from src.engine.effects import OwnData, RemoveButtons, Send, Sendable
from src.engine.state import Participant
from src.engine.study import Rules, Study
from src.errors import CannotReach
from src.frozen import replace
from src.identities import Pseudonym, TelegramId
from src.service.ports import MadeFile, Saving, Update


@dataclass
class JumpingClock:
    """A clock that shows what it is told to."""

    time: datetime

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self.time

    def seconds(self) -> float:
        """Return the time as seconds, for what measures durations."""
        return self.time.timestamp()


@dataclass
class Memory:
    """The participants' states. `saved` is told of each saving. Those who are due are found by a heap, not by a look
    at all.
    """

    saved: Callable[[Saving], None]
    people: dict[Pseudonym, Participant] = field(default_factory=dict)
    planned: list[tuple[datetime, Pseudonym]] = field(default_factory=list)
    ripe: dict[Pseudonym, datetime] = field(default_factory=dict)

    def load(self, ids: Collection[Pseudonym]) -> dict[Pseudonym, Participant]:
        """Return those that exist."""
        return {who: self.people[who] for who in ids if who in self.people}

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        """Keep each saving: nobody else is there who could be faster."""
        for each in savings:
            after = each.after
            self.people[after.id] = after
            self.ripe.pop(after.id, None)
            if after.next_at is not None:
                heapq.heappush(self.planned, (after.next_at, after.id))
            self.saved(each)
        return frozenset()

    def erase(self, who: Pseudonym) -> None:
        """Forget somebody."""
        self.people.pop(who, None)
        self.ripe.pop(who, None)

    def due(self, before: datetime, limit: int) -> list[tuple[Pseudonym, datetime]]:  # noqa: ARG002
        """Return who has become due and is not held by anybody yet, see `ripen`; at most `limit`."""
        return sorted(self.ripe.items(), key=lambda each: (each[1], each[0]))[:limit]

    def ripen(self, now: datetime, is_held: Callable[[Pseudonym], bool]) -> bool:
        """Look who has become due by now; tell whether there is anybody whom the agenda does not hold."""
        while (moment := self.next_due()) is not None and moment <= now:
            _, who = heapq.heappop(self.planned)
            if not is_held(who):
                self.ripe[who] = moment
        return bool(self.ripe)

    def next_due(self) -> datetime | None:
        """Return when somebody is due next, of those who are not ripe; None: nobody ever."""
        while self.planned:
            moment, who = self.planned[0]
            known = self.people.get(who)
            if known is not None and known.next_at == moment:
                return moment
            heapq.heappop(self.planned)  # it was planned anew since
        return None

    def put_aside(self, until: datetime, is_held: Callable[[Pseudonym], bool]) -> None:
        """Look again later at those whom the scheduler could do nothing for: nobody may hold a rehearsal up."""
        for who in self.ripe:
            if not is_held(who):
                self.people[who] = replace(self.people[who], next_at=until)
                heapq.heappush(self.planned, (until, who))
        self.ripe.clear()


class Names:
    """Pseudonyms that are the Telegram ids in another form: nobody is hidden here, since nobody is real."""

    def of(self, telegram_ids: Collection[TelegramId]) -> Mapping[TelegramId, Pseudonym]:
        """Return the pseudonym of each person."""
        return {each: Pseudonym(f"{each:032x}") for each in telegram_ids}

    def enter(self, people: Mapping[TelegramId, Pseudonym]) -> None:
        """Do nothing: the names can be worked out."""

    def telegram_id(self, pseudonym: Pseudonym) -> TelegramId | None:
        """Return whom to write to."""
        return TelegramId(int(pseudonym, 16))

    def forget(self, pseudonym: Pseudonym) -> None:
        """Do nothing: the person may come back."""


@dataclass
class FixedStudy:
    """The study, which nobody changes during a rehearsal."""

    study: Study

    def current(self, rules: Rules, revisions: Collection[str] = ()) -> Study:  # noqa: ARG002
        """Return it."""
        return self.study


@dataclass
class ForgottenNumbers:
    """Updates of people who were erased."""

    numbers: set[int] = field(default_factory=set)

    def add(self, updates: Sequence[int]) -> None:
        """Note them."""
        self.numbers.update(updates)

    def __contains__(self, update: object) -> bool:
        """Tell whether an update was handled once."""
        return update in self.numbers


@dataclass
class Phones:
    """Telegram's side: takes what is sent and hands it on to `arrived(person, what, message id)`."""

    arrived: Callable[[TelegramId, Sendable, int | None], None]
    blocked: set[TelegramId] = field(default_factory=set)
    refused: int = 0
    messages: int = 0

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        """Take a message. Raises CannotReach for somebody who has blocked the bot."""
        if to in self.blocked:
            self.refused += 1
            raise CannotReach("The person has blocked the bot.")
        is_new = isinstance(what, Send | OwnData)
        self.messages += is_new
        message_id = self.messages if is_new else None
        self.arrived(to, what, message_id)
        return message_id

    def send_made(self, to: TelegramId, file: MadeFile) -> int:
        """Take a file that was made for this person."""
        return self.send(to, Send(file.caption)) or 0

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:  # noqa: ARG002
        """Return nothing: what people do is handed over directly."""
        return ()

    def answer_press(self, query_id: str, text: str | None) -> None:
        """Do nothing."""

    def show_typing(self, to: TelegramId) -> None:
        """Do nothing."""


def buttons_removed(what: Sendable) -> int | None:
    """Return the message whose buttons this takes away."""
    return what.message_id if isinstance(what, RemoveButtons) else None
