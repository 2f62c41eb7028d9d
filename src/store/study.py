# SPDX-License-Identifier: GPL-3.0-or-later
"""The study in the database: one small document says which dialogues there are, in which revision and order.

An upload writes the dialogues first and then changes that one document, which MongoDB does as a whole or not at all:
nobody ever sees half of a study. `gamesInfo` holds a copy in the seed's form, for people and old scripts to read.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pymongo import DeleteMany, ReplaceOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from src.dialogues.model import Dialogue
from src.dialogues.names import normal
from src.dialogues.parse import revision_of
from src.engine.study import Rules, Study
from src.errors import BotError
from src.store.database import Database
from src.store.reading import Document, documents_of, texts_of
from src.store.revisions import ParsedRevisions, id_of, keep, sources
from src.store.takeover import plan_idle

_STUDY = "study"
_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_TO_PLANS = (0.0, 10.0)
_TRIES = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Contents:
    """What the one document says: the revision of each dialogue by its id, and the sequence. Version 0: not there."""

    revisions: Mapping[str, str] = field(default_factory=dict)
    sequence: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class Uploaded:
    """What an upload changed: ids of dialogues, and how many participants for whom nothing was planned go on now."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    going_on: int = 0


class Overtaken(BotError):
    """Other uploads were faster again and again; nothing has been changed."""


class StudyStore:
    """The study; the port `Studies`, and the uploads. Used by many threads. Raises DatabaseAway."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._parsed = ParsedRevisions(database)
        self._lock = threading.Lock()
        self._look_at = 0.0
        self._contents = Contents()
        self._study: Study | None = None
        self._plan_at: list[float] = []

    def current(self, rules: Rules, revisions: Collection[str] = ()) -> Study:
        """Return the newest study, with these older revisions of dialogues too.

        The database is asked at most once a second whether anything changed, and only what changed is read.
        A revision that is missing is left out, and logged once.
        """
        with self._lock:
            if time.monotonic() >= self._look_at:
                self._look()
            if self._study is None or self._study.rules != rules:
                self._study = self._made(rules)
            study = self._study
        older = [revision for revision in revisions if revision and revision not in study.revisions]
        if not older:
            return study
        return replace(study, revisions={**study.revisions, **self._parsed.get(older)})

    def contents(self) -> Contents:
        """Return which dialogues and which sequence the database holds now; a study of the seed's is taken over."""
        return self._written_down() or self._adopted()

    def peek(self) -> Contents:
        """Return the same as `contents`, and write nothing: a study of the seed's is read, and not taken over yet."""
        written = self._written_down()
        if written is not None:
            return written
        documents, sequence = self._of_the_seed()
        return Contents({id_of(one): revision_of(one) for one in documents}, sequence)

    def documents(self) -> list[Document]:
        """Return all dialogues of the study as their authors wrote them."""
        return list(sources(self._database, list(self.contents().revisions.values())).values())

    def upload_dialogues(
        self, documents: Sequence[Mapping[str, Any]], now: datetime, replace_all: bool = False
    ) -> Uploaded:
        """Put these dialogues into the study, all or none; with `replace_all` the study then holds no others.

        Participants in the middle of a dialogue stay with the revision that they began. The documents have been
        checked before. Raises Overtaken.
        """
        new = keep(self._database, documents, now)
        before = self._change(lambda old: replace(old, revisions=new if replace_all else {**old.revisions, **new}))
        after = new if replace_all else {**before.revisions, **new}
        self._mirror()
        return Uploaded(
            added=tuple(one for one in after if one not in before.revisions),
            changed=tuple(one for one in after if before.revisions.get(one, after[one]) != after[one]),
            removed=tuple(one for one in before.revisions if one not in after),
            unchanged=tuple(one for one in after if before.revisions.get(one) == after[one]),
            going_on=plan_idle(self._database, now),
        )

    def upload_sequence(self, ids: Sequence[str], now: datetime | None = None) -> int:
        """Set the order of the dialogues; return how many participants for whom nothing was planned go on now."""
        self._change(lambda old: replace(old, sequence=tuple(normal(one) for one in ids)))
        return plan_idle(self._database, now or datetime.now(UTC))

    def _look(self) -> None:
        """See whether the study has another version than ours, and read it then.

        Whoever came to the end of the old one meanwhile is looked for: now, and once more when every turn that began
        with the old study must be over.
        """
        with self._database.answering():
            found = self._database.bot.find_one({"_id": _STUDY}, {"version": 1})
        if found is None or found["version"] != self._contents.version:
            is_news = self._contents.version != 0
            self._contents, self._study = self.contents(), None
            self._parsed.look_again()
            self._plan_at = [time.monotonic() + wait for wait in _SECONDS_TO_PLANS] if is_news else []
        self._look_at = time.monotonic() + _SECONDS_BETWEEN_LOOKS
        if self._plan_at and time.monotonic() >= self._plan_at[0]:
            plan_idle(self._database, datetime.now(UTC))
            self._plan_at.pop(0)

    def _made(self, rules: Rules) -> Study:
        parsed = self._parsed.get(tuple(self._contents.revisions.values()))
        dialogues: dict[str, Dialogue] = {
            dialogue: parsed[revision] for dialogue, revision in self._contents.revisions.items() if revision in parsed
        }
        return Study(dialogues, parsed, self._contents.sequence, rules)

    def _change(self, change: Callable[[Contents], Contents]) -> Contents:
        """Change the one document, if nobody else does at the same time; return what it held before."""
        for _ in range(_TRIES):
            before = self.contents()
            if self._written(before, change(before)):
                with self._lock:
                    self._look_at = 0.0
                return before
        raise Overtaken("Somebody else is uploading at the same time; nothing was changed. Please try again.")

    def _written(self, before: Contents, after: Contents) -> bool:
        """Write the document unless it has changed since `before`; true also if it says the same already."""
        if before.version and (dict(before.revisions), before.sequence) == (
            dict(after.revisions),
            after.sequence,
        ):
            return True
        document = {
            "dialogues": [{"id": one, "revision": revision} for one, revision in after.revisions.items()],
            "sequence": list(after.sequence),
            "version": before.version + 1,
        }
        with self._database.answering():
            if before.version == 0:
                return self._inserted(document)
            as_seen = {"_id": _STUDY, "version": before.version}
            return self._database.bot.update_one(as_seen, {"$set": document}).modified_count == 1

    def _inserted(self, document: Document) -> bool:
        try:
            self._database.bot.insert_one({"_id": _STUDY, **document})
        except DuplicateKeyError:
            return False
        return True

    def _written_down(self) -> Contents | None:
        with self._database.answering():
            found = self._database.bot.find_one({"_id": _STUDY})
        if found is None:
            return None
        revisions = {one["id"]: one["revision"] for one in documents_of(found.get("dialogues"))}
        return Contents(revisions, texts_of(found.get("sequence")), int(found["version"]))

    def _of_the_seed(self) -> tuple[list[Document], tuple[str, ...]]:
        with self._database.answering():
            documents = list(self._database.games.find())
            return documents, _sequence_of_the_seed(list(self._database.bot.find())) if documents else ()

    def _adopted(self) -> Contents:
        """Take over what lies in `gamesInfo`, if the seed project or an import by hand has put dialogues there."""
        documents, sequence = self._of_the_seed()
        if not documents:
            return Contents()
        found = Contents(keep(self._database, documents, datetime.now(UTC)), sequence)
        if not self._written(found, found):
            return self.contents()
        log.info("Took over %s dialogues that were in gamesInfo.", len(documents))
        return replace(found, version=1)

    def _mirror(self) -> None:
        """Make `gamesInfo` the same as the study. It is a copy to be read: an upload stands also without it."""
        for _ in range(_TRIES):
            contents = self.contents()
            self._copy(list(contents.revisions.values()))
            if self.contents().version == contents.version:
                return  # Else another upload was faster, and our older copy must not be the one that stays.

    def _copy(self, revisions: Collection[str]) -> None:
        documents = sources(self._database, revisions).values()
        writes: list[Any] = [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents]
        kept = [document["_id"] for document in documents]
        with self._database.answering():
            try:
                self._database.games.bulk_write([*writes, DeleteMany({"_id": {"$nin": kept}})], ordered=False)
            except BulkWriteError as error:
                refused = len((error.details or {}).get("writeErrors", ()))
                log.warning("%s dialogues could not be copied to gamesInfo; the study itself is complete.", refused)


def _sequence_of_the_seed(documents: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the longest list of texts in the collection `bot` under a key that sounds like the sequence."""
    likely = ("sequence", "relat", "games", "dialog", "names", "list")
    lists = (
        texts_of(value)
        for document in documents
        for key, value in document.items()
        if any(word in key.lower() for word in likely)
    )
    return tuple(normal(one) for one in max(lists, key=len, default=()))
