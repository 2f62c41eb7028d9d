# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialogues by the hash of their content: each one that was ever uploaded, as text, and never changed again."""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from src.dialogues.model import Dialogue
from src.dialogues.names import normal
from src.dialogues.parse import MalformedDialogue, parse_dialogue, revision_of
from src.store.database import Database
from src.store.reading import Document
from src.store.times import EPOCH, from_date

_PARSED_KEPT = 500
_ABSENT_KEPT = 2_000

log = logging.getLogger(__name__)


def id_of(document: Mapping[str, Any]) -> str:
    """Return a dialogue's id in Unicode's form NFC, in which all names are compared."""
    return normal(str(document["_id"]))


def keep(database: Database, documents: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, str]:
    """Write the revisions that are not there yet, and return the revision of each dialogue by its id."""
    revisions = {id_of(document): (revision_of(document), document) for document in documents}
    writes = [
        UpdateOne(
            {"_id": revision},
            {"$setOnInsert": {"dialogue": dialogue, "source": _source(document), "uploaded_at": now}},
            upsert=True,
        )
        for dialogue, (revision, document) in revisions.items()
    ]
    if writes:
        with database.answering():
            database.revisions.bulk_write(writes, ordered=False)
    return {dialogue: revision for dialogue, (revision, _) in revisions.items()}


def sources(database: Database, revisions: Collection[str]) -> dict[str, Document]:
    """Return the documents of these revisions, as far as they are there."""
    if not revisions:
        return {}
    with database.answering():
        found = list(database.revisions.find({"_id": {"$in": list(revisions)}}, {"source": 1}))
    return {one["_id"]: json.loads(one["source"]) for one in found}


def all_dialogues(database: Database) -> list[Dialogue]:
    """Return every revision that was ever uploaded, oldest first; one that cannot be read any more is left out."""
    with database.answering():
        found = list(database.revisions.find({}, {"source": 1, "uploaded_at": 1}))
    found.sort(key=lambda one: (from_date(one.get("uploaded_at")) or EPOCH, one["_id"]))
    parsed = (_parsed(one["_id"], json.loads(one["source"])) for one in found)
    return [dialogue for dialogue in parsed if dialogue is not None]


class ParsedRevisions:
    """Dialogues that have been read already, the last used ones; those in vain too, so that each is logged once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._parsed: OrderedDict[str, Dialogue] = OrderedDict()
        self._absent: set[str] = set()

    def get(self, wanted: Collection[str]) -> dict[str, Dialogue]:
        """Return the dialogues of these revisions; one that is missing or cannot be read is left out."""
        with self._lock:
            unknown = [one for one in wanted if one not in self._parsed and one not in self._absent]
            if unknown:
                self._fetch(unknown)
            found = {one: self._parsed[one] for one in wanted if one in self._parsed}
            for revision in found:
                self._parsed.move_to_end(revision)
            while len(self._parsed) > _PARSED_KEPT:
                self._parsed.popitem(last=False)
            return found

    def look_again(self) -> None:
        """Forget what was missing: after an upload it may be there."""
        with self._lock:
            self._absent.clear()

    def _fetch(self, unknown: Collection[str]) -> None:
        found = sources(self._database, unknown)
        for revision in unknown:
            dialogue = _parsed(revision, found.get(revision))
            if dialogue is not None:
                self._parsed[revision] = dialogue
            elif len(self._absent) < _ABSENT_KEPT:
                self._absent.add(revision)


def _parsed(revision: str, document: Document | None) -> Dialogue | None:
    if document is None:
        log.warning("The dialogue revision %s is not in the database.", revision)
        return None
    try:
        return parse_dialogue(document)
    except MalformedDialogue as error:
        log.warning("The dialogue revision %s cannot be used: %s", revision, error)
        return None


def _source(document: Mapping[str, Any]) -> str:
    """Return the document as JSON, in the order of its author; what only MongoDB knows becomes a text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)
