# SPDX-License-Identifier: GPL-3.0-or-later
"""What admins' commands need of the world, beside the ports of everyday work. All of them raise DatabaseAway."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from src.engine.state import Outcome, Status
from src.identities import Pseudonym


class JobState(StrEnum):
    """Where a mass send is."""

    SHOWN = "shown"
    RUNNING = "running"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True)
class Job:
    """A mass send. `game` is the dialogue of a /global, `texts` are what a /broadcast says in each language.

    `after`: everybody up to this pseudonym has had their turn in this round; `waiting` of them are to be asked again,
    at `again_at`. `message_id` is the admin's message that shows the progress.
    """

    id: int
    by: Pseudonym
    state: JobState
    made_at: datetime
    game: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    after: str = ""
    waiting: int = 0
    again_at: datetime | None = None
    message_id: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return the job's name in receipts."""
        return str(self.id)

    @property
    def name(self) -> str:
        """Return the command that it came from, without any text."""
        return f"/global {self.game}" if self.game else "/broadcast"


class Jobs(Protocol):
    """The mass sends in the database."""

    def new(self, by: Pseudonym, game: str, texts: Mapping[str, str], now: datetime) -> Job:
        """Note a mass send that is to be shown first."""
        ...

    def get(self, number: int) -> Job | None:
        """Return one; None if there is none of this number."""
        ...

    def newest(self, limit: int) -> list[Job]:
        """Return the newest ones, newest first."""
        ...

    def running(self) -> Job | None:
        """Return the oldest that is running or to be cancelled."""
        ...

    def move(self, job: Job, state: JobState, **changed: object) -> bool:
        """Change the state, and more, if it is still that of `job`; tell whether that was so."""
        ...

    def note(self, job: Job, **changed: object) -> None:
        """Note how far a mass send has come."""
        ...


@dataclass(frozen=True)
class Group:
    """Participants who are alike in this. `done` and `busy`: have done the dialogue asked about, are in one now."""

    people: int
    status: Status
    language: str
    reachable: bool
    done: bool
    busy: bool


class Recipients(Protocol):
    """Whom mass sends reach."""

    def groups(self, game: str = "") -> list[Group]:
        """Count everybody."""
        ...

    def next(self, job: Job, after: str, limit: int) -> list[Pseudonym]:
        """Return the next people to whom the job has not come, in the order of their pseudonyms."""
        ...

    def outcomes(self, job: Job, people: Collection[Pseudonym]) -> dict[Pseudonym, Outcome | None]:
        """Return the receipts of those who exist; None: they have none."""
        ...

    def queued(self, job: Job) -> set[Pseudonym]:
        """Return those in whose outbox the job's message lies."""
        ...

    def tally(self, job: Job) -> dict[str, int]:
        """Count the receipts by outcome."""
        ...


@dataclass(frozen=True)
class Waiting:
    """How much there is to do: due now, longest due since, open questions, the oldest since."""

    due: int = 0
    due_since: datetime | None = None
    questions: int = 0
    question_since: datetime | None = None


class People(Protocol):
    """What admins look up."""

    def waiting(self, now: datetime) -> Waiting:
        """Tell how much there is to do."""
        ...

    def starting_with(self, prefix: str) -> list[Pseudonym]:
        """Return at most two participants whose pseudonym begins so."""
        ...

    def in_dialogues(self, after: str, limit: int) -> list[Pseudonym]:
        """Return people with a running dialogue, in the order of their pseudonyms."""
        ...

    def healthy(self) -> bool:
        """Tell whether the database really reads and writes."""
        ...

    def traffic(self, now: datetime) -> tuple[int, int]:
        """Return how many messages were sent in the last hour and in the last day."""
        ...

    def set_pairing(self, game: str, name: str, value: int | bool) -> Mapping[str, int | bool]:
        """Keep a setting of a dialogue for two; return all of its settings."""
        ...


@dataclass(frozen=True)
class Round:
    """The pairing for one dialogue for two: every `interval` seconds, `percent` of those who wait for it, `daytime`:
    by day alone. `number` and `begun_at` are those of the latest round; `left`: so many pairs of it are to be made yet.
    """

    game: str
    interval: int = 0
    percent: int = 0
    daytime: bool = True
    number: int = 0
    begun_at: datetime | None = None
    left: int = 0


class WaitingList(Protocol):
    """Who waits for a partner, and how far the pairing has come."""

    def rounds(self) -> list[Round]:
        """Return the pairings that admins have set up."""
        ...

    def people(self, game: str) -> int:
        """Count those who wait for this dialogue."""
        ...

    def next(self, game: str, now: datetime, after: int, limit: int) -> list[Pseudonym]:
        """Return those who wait and may be asked now: at most `limit`, but for the first `after`."""
        ...

    def begin(self, before: Round, begun_at: datetime, left: int) -> bool:
        """Begin the next round, if it is still the turn of that; tell whether that was so."""
        ...

    def note(self, current: Round, left: int) -> None:
        """Note how many pairs are to be made yet."""
        ...


class Tries(Protocol):
    """Tries at the password, which outlast restarts."""

    def count(self, who: Pseudonym, now: datetime) -> bool:
        """Count a try before it is judged; False: there were too many, and this one does not count."""
        ...

    def forget(self, who: Pseudonym) -> None:
        """Forget the tries of somebody who knew the password."""
        ...


class Audit(Protocol):
    """The audit log."""

    def __call__(self, who: str, what: str, result: Mapping[str, object], now: datetime) -> None:
        """Add an entry."""
        ...
