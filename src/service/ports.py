# SPDX-License-Identifier: GPL-3.0-or-later
"""The outside world, on one page. Adapters keep these promises; tests put fakes in their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from src.dialogues.model import FileKind
from src.engine.effects import ForTelegram, KeepRun, KeepText
from src.engine.events import FromTelegram
from src.engine.state import Participant
from src.engine.study import Rules, Study
from src.identities import Pseudonym, TelegramId


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the time in UTC, with its zone."""
        ...


@dataclass(frozen=True)
class Update:
    """One update of Telegram. `sender` and `event` are None for what does not concern a one-to-one bot."""

    id: int
    sender: TelegramId | None = None
    language: str | None = None
    event: FromTelegram | None = None


@dataclass(frozen=True)
class MadeFile:
    """A file that is made in memory for one person and sent once; `caption` is Telegram's HTML."""

    name: str
    content: bytes
    caption: str


class Telegram(Protocol):
    """Telegram's Bot API. Raises CannotReach, TryLater, Refused or NotAllowed; nothing else."""

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:
        """Return what has arrived from `offset` on, waiting up to `wait` seconds; an offset confirms all below it."""
        ...

    def send(self, to: TelegramId, what: ForTelegram) -> int | None:
        """Send a message and return its message id; an edit gives None. Raises DatabaseAway too, with nothing sent."""
        ...

    def send_made(self, to: TelegramId, file: MadeFile) -> int:
        """Send a file that lies on no disk; return the message id."""
        ...

    def answer_press(self, query_id: str, text: str | None) -> None:
        """Stop the progress bar on a button. Never raises: there is nothing to be done about it."""
        ...

    def show_typing(self, to: TelegramId) -> None:
        """Show that the bot is writing, for some five seconds. Never raises."""
        ...


class FileIds(Protocol):
    """What Telegram calls the files that this bot has uploaded, by kind and SHA-256. Raises DatabaseAway."""

    def of(self, kind: FileKind, digest: str) -> str | None:
        """Return the id with which the file can be sent again; None if it has to be uploaded."""
        ...

    def keep(self, kind: FileKind, digest: str, file_id: str) -> None:
        """Keep the id, for other threads and the next start."""
        ...

    def forget(self, kind: FileKind, digest: str, file_id: str) -> None:
        """Forget this id, which Telegram refuses; another one that is kept by now stays."""
        ...


@dataclass(frozen=True)
class Saving:
    """What one turn changes in the database: all of it in one update of one document.

    `before` is the participant as loaded (its version is the condition), `after` the new state with version + 1.
    """

    before: Participant
    after: Participant
    runs: tuple[KeepRun, ...] = ()
    texts: tuple[KeepText, ...] = ()


class Participants(Protocol):
    """The participants' documents. Raises DatabaseAway; `save` raises NotKept too."""

    def load(self, ids: Collection[Pseudonym]) -> dict[Pseudonym, Participant]:
        """Return those that exist, without their histories."""
        ...

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        """Write each saving if its document still has the version it was loaded with; a version of 0 is a new document.

        Return those that were NOT written because somebody else was faster. At most one saving per participant.
        """
        ...

    def erase(self, who: Pseudonym) -> None:
        """Take the participant's document away; nothing happens if there is none."""
        ...

    def due(self, before: datetime, limit: int) -> list[tuple[Pseudonym, datetime]]:
        """Return participants whose `next_at` is not later than `before`, with that time; at most `limit`."""
        ...


class Pseudonyms(Protocol):
    """Who is who. Raises DatabaseAway."""

    def of(self, telegram_ids: Collection[TelegramId]) -> Mapping[TelegramId, Pseudonym]:
        """Return the pseudonym of each person, also of people who are not entered."""
        ...

    def enter(self, people: Mapping[TelegramId, Pseudonym]) -> None:
        """Note durably who these new people are, before anything else of them is kept."""
        ...

    def telegram_id(self, pseudonym: Pseudonym) -> TelegramId | None:
        """Return whom to write to; None when the identity has been deleted."""
        ...

    def forget(self, pseudonym: Pseudonym) -> None:
        """Take away who this is; nothing happens if nobody knows."""
        ...


class Forgotten(Protocol):
    """The numbers of updates from people who have been erased. Raises DatabaseAway."""

    def add(self, updates: Sequence[int]) -> None:
        """Note them durably; to be called before the person is erased."""
        ...

    def __contains__(self, update: object) -> bool:
        """Tell whether an update was handled once, of somebody who has been erased since."""
        ...


class Studies(Protocol):
    """The study in the database. Raises DatabaseAway."""

    def current(self, rules: Rules, revisions: Collection[str] = ()) -> Study:
        """Return the newest study, with these older revisions of dialogues too. Cheap when nothing has changed."""
        ...
