# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered about a participant between two events. Nothing here is changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from src.identities import Pseudonym

if TYPE_CHECKING:
    from src.engine.effects import Outgoing, Send


class Status(IntEnum):
    """Where a participant stands; the numbers are those of the database."""

    START = 0
    ACTIVE = 1
    DOWN = 2
    OUT = 3


class Absence(StrEnum):
    """Why nothing is heard of somebody: four different things, stored under these names."""

    NONE = ""
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    LEFT = "left"
    SILENT = "silent"


class Outcome(StrEnum):
    """What became of a mass send for one participant."""

    QUEUED = "queued"
    SENT = "sent"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Receipt:
    """The mark that a mass send leaves: nobody gets the same `job` twice."""

    job: str
    outcome: Outcome


@dataclass(frozen=True)
class GivenAnswer:
    """One answer, in the order given. `message` is the dialogue's message that asked; times are in UTC."""

    message: str
    name: str
    value: str
    typed: bool
    asked_at: datetime | None
    answered_at: datetime


@dataclass(frozen=True)
class Pair:
    """What a player of a dialogue for two knows of the other one; each of both has it in the own document.

    `id` is the same on both sides, `role` is the place in `initial_messages`. `game` is the dialogue for two: while
    `invites`, the running dialogue only asks whether the person would like to play it.
    `deadline`: without a move of either player the dialogue is over then. `told` counts the news sent to the partner.
    `answers` are the partner's, in their order; `triggered` are messages that the partner sent and that wait for us.
    `compared`: the open comparison has been answered here, and waits for the partner.
    `partner_over`: no more news come.
    """

    id: str
    partner: Pseudonym
    role: int
    game: str
    deadline: datetime
    invites: bool = False
    told: int = 0
    answers: tuple[GivenAnswer, ...] = ()
    triggered: tuple[str, ...] = ()
    compared: bool = False
    partner_over: bool = False

    def answer_texts(self) -> dict[str, str]:
        """Return the latest value of each of the partner's answers by its name."""
        return {answer.name: answer.value for answer in self.answers}


@dataclass(frozen=True)
class Run:
    """A dialogue in progress, pinned to the revision that it began with.

    `at` is the message that asks (or waits) now, `question` its Telegram message id once it has been delivered;
    copies of it, sent when a crash hid the first delivery from us, have ids between `question_after` and that.
    `pair` is there in a dialogue for two.
    `actions` are to be carried out at the end; `sent_at` tells when each message reached Telegram.
    `over`: nothing more is asked; the dialogue ends once its last messages have been sent.
    `remind_at`: the open question is brought again then; `reminded` counts how often, `reminded_at` is the last time.
    """

    id: str
    dialogue: str
    revision: str
    started_at: datetime
    at: str
    question: int | None = None
    question_after: int = 0
    answers: tuple[GivenAnswer, ...] = ()
    actions: tuple[str, ...] = ()
    over: bool = False
    remind_at: datetime | None = None
    reminded: int = 0
    reminded_at: datetime | None = None
    sent_at: Mapping[str, datetime] = field(default_factory=dict)
    pair: Pair | None = None

    def answer_texts(self) -> dict[str, str]:
        """Return the latest value of each answer by its name; a partner's where the person gave none of that name."""
        return self.partner_texts() | {answer.name: answer.value for answer in self.answers}

    def partner_texts(self) -> dict[str, str]:
        """Return the latest value of each answer of the partner by its name; nothing where there is no partner."""
        return self.pair.answer_texts() if self.pair else {}


@dataclass(frozen=True)
class Kept:
    """A dialogue that was interrupted at `since`, and why. `unsent`: what of it had not reached the person yet."""

    run: Run
    since: datetime
    why: str
    unsent: tuple[Send, ...] = ()


@dataclass(frozen=True)
class Participant:
    """One participant. Times are in UTC, `rhythm` is in seconds, `timeshift` in seconds east of the study's clock.

    `dialogue_at`: the next dialogue of the sequence comes not before this time.
    `outbox_at`: the first entry of the outbox is due then.
    `held_until`: Telegram asked us to send nothing to this person before.
    `next_at`: when anything has to be done without an event from outside; None: nothing. The scheduler asks for this.
    `reachable`: false once Telegram refused a message for good (blocked), until the person is heard of again.
    `kept`: the dialogue whose place is kept while they pause or cannot be reached.
    `absence`: whether they pause, cannot be reached, have left or are silent, `absent_since` when that began. Somebody
    who blocked the bot stays unreachable in this sense until they come back, also when they may be written to.
    `erasing`: the person wants every trace erased; that happens as soon as the last message is out.
    `fields`: what dialogues saved under names of their own.
    `admin`: the person has said the password, and commands are taken from them.
    `receipts`: the last mass sends that reached this person, or were meant to.
    `invited_at`: when the person was last asked to play a dialogue for two.
    `waits_for`: the dialogue for two whose turn has come; `waits_from`: not before may the person be asked.
    `recent_news`: ids of news from partners already handled, so that one delivered twice changes nothing.
    `recent_updates`: ids of Telegram updates already handled, so that one delivered twice changes nothing.
    """

    id: Pseudonym
    language: str
    status: Status = Status.START
    freq: str = "24"
    rhythm: float = 24 * 3600.0
    part_of_day: str = "TD"
    timeshift: int = 0
    points: float = 0.0
    done: tuple[str, ...] = ()
    run: Run | None = None
    kept: Kept | None = None
    absence: Absence = Absence.NONE
    absent_since: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    story_ended_at: datetime | None = None
    dialogue_at: datetime | None = None
    outbox: tuple[Outgoing, ...] = ()
    outbox_at: datetime | None = None
    held_until: datetime | None = None
    next_at: datetime | None = None
    heard_at: datetime | None = None
    reachable: bool = True
    erasing: bool = False
    admin: bool = False
    receipts: tuple[Receipt, ...] = ()
    last_message_id: int = 0
    invited_at: datetime | None = None
    waits_for: str | None = None
    waits_from: datetime | None = None
    recent_news: tuple[str, ...] = ()
    recent_updates: tuple[int, ...] = ()
    version: int = 0

    def runs(self) -> tuple[Run, ...]:
        """Return the dialogue in progress, and the one whose place is kept."""
        return tuple(run for run in (self.run, self.kept.run if self.kept else None) if run is not None)
