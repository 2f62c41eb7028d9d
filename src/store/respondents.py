# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that participants answered, one person after the other, read so that the bot does not feel it.

Where the server offers it, all is read from one snapshot, from a secondary if there is one. Where not (the embedded
database, a server alone), people are read one by one with pauses between: their own documents, a few at once, shortly
before their finished dialogues. What is read of one person is then of about one moment, what is finished in between is
told once, and others may answer meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pymongo.client_session import ClientSession
from pymongo.errors import ConfigurationError, OperationFailure

from src.engine.state import GivenAnswer, Participant
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import RUN, participant_from
from src.store.histories import RUN_ID, preferably_elsewhere, runs_of_several
from src.store.reading import Document, mapping_of, text_of
from src.store.roster import batches
from src.store.runs import answers_in
from src.store.times import EPOCH, from_unix

_TOGETHER = 50
"""So many people are read at once from a snapshot. Without one, finished dialogues are read of one person at a time."""

_DOCUMENTS_TOGETHER = 8
"""So many people's own documents are read at once without a snapshot."""

_FOR_OTHERS = 0.6
"""After one reading the others have the database for as long as it took, times this."""

_LONGEST_PAUSE = 0.02
_KEPT = "kept_game"


class Progress(StrEnum):
    """How far a dialogue has come. Interrupted: its place is kept; left: it was ended before its end."""

    FINISHED = "finished"
    LEFT = "left"
    RUNNING = "running"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class AnsweredRun:
    """A dialogue that somebody had, or has, with their answers in the order given. Revision "": not known."""

    dialogue: str
    revision: str
    started_at: datetime
    progress: Progress
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True)
class Respondent:
    """A participant and all their dialogues, oldest first."""

    participant: Participant
    runs: tuple[AnsweredRun, ...]


@dataclass(frozen=True)
class View:
    """A way to read: `session` holds the snapshot, None where there is none."""

    database: Database
    session: ClientSession | None

    @property
    def is_snapshot(self) -> bool:
        """Tell whether everything that is read is of one moment."""
        return self.session is not None


@contextmanager
def gentle_view(database: Database) -> Iterator[View]:
    """Read from one snapshot if the server keeps one. Raises DatabaseAway."""
    with database.answering():
        session = database.database.client.start_session(snapshot=True)
    try:
        yield View(database, session if _is_kept(database, session) else None)
    finally:
        session.end_session()


def respondents(view: View, ids: Sequence[Pseudonym], default_language: str) -> Iterator[Respondent]:
    """Yield these participants in the order of their ids; who is gone meanwhile is left out. Raises DatabaseAway."""
    at_once, runs_at_once = (_TOGETHER, _TOGETHER) if view.is_snapshot else (_DOCUMENTS_TOGETHER, 1)
    turns = _Turns(0.0 if view.is_snapshot else _FOR_OTHERS)
    for some in batches(ids, at_once):
        with turns.reading():
            documents = _documents(view, some)
        for people in batches(documents, runs_at_once):
            with turns.reading():
                finished = runs_of_several(view.database, people, view.session)
            for document in people:
                yield _respondent(document, finished[document["_id"]], default_language)


class _Turns:
    """Leaves the database to the others after each reading: for as long as it took, times `share`."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._next_at = 0.0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Stand around one reading. What the last one brought has been worked on meanwhile; often that is enough."""
        time.sleep(max(self._next_at - time.monotonic(), 0.0))
        begin = time.monotonic()
        yield
        end = time.monotonic()
        self._next_at = end + min((end - begin) * self._share, _LONGEST_PAUSE)


def _is_kept(database: Database, session: ClientSession) -> bool:
    """Write something, and look whether the snapshot stays as it was: some servers only say that they have one."""
    note = {"_id": "health"}
    with database.answering():
        try:
            before = database.bot.find_one(note, session=session)
            database.bot.update_one(note, {"$inc": {"checks": 1}}, upsert=True)
            return database.bot.find_one(note, session=session) == before
        except (OperationFailure, ConfigurationError):
            return False  # a server alone has none


def _documents(view: View, some: Sequence[Pseudonym]) -> list[Document]:
    with view.database.answering():
        clients = preferably_elsewhere(view.database.clients, view.session)
        found = list(clients.find({"_id": {"$in": list(some)}}, session=view.session))
    return sorted(found, key=lambda one: str(one["_id"]))


def _respondent(document: Document, finished: Sequence[Document], default_language: str) -> Respondent:
    participant = participant_from(document, default_language)
    runs = [_answered(one, participant.id, _how_ended(one)) for one in finished]
    over = {one[RUN_ID] for one in finished if RUN_ID in one}
    for key, progress in ((RUN, Progress.RUNNING), (_KEPT, Progress.INTERRUPTED)):
        # One that ended, and was filed, after the document was read is known as finished.
        if mapping_of(document.get(key)).get("_id") not in over:
            runs.append(_answered(document.get(key), participant.id, progress))
    known = [run for run in runs if run is not None]
    return Respondent(participant, tuple(sorted(known, key=lambda run: run.started_at)))


def _how_ended(run: Document) -> Progress:
    return Progress.FINISHED if run.get("ended") is True else Progress.LEFT


def _answered(found: object, player: Pseudonym, progress: Progress) -> AnsweredRun | None:
    """Read a dialogue's document; None if it does not say which dialogue it is."""
    if not isinstance(found, dict) or not isinstance(found.get("gameId"), str):
        return None
    started_at = from_unix(found.get("start_time")) or EPOCH
    answers = answers_in(found, player, started_at)
    return AnsweredRun(found["gameId"], text_of(found.get("revision"), ""), started_at, progress, answers)
