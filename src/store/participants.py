# SPDX-License-Identifier: GPL-3.0-or-later
"""Participants in the collection `clients`: loaded without their histories, saved by one update each.

Who wrote a document? Each write leaves a random mark in it. A server that dies may have carried out a write without
having said so; the client then asks again, and finds the version moved on: by itself, or by somebody faster? The
version alone cannot tell, the mark can, as long as nobody has written on top; where somebody has, the turn is taken
once more from fresh state, and an event that is in the document already changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bson.int64 import Int64
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from src.engine.state import Participant
from src.identities import Pseudonym
from src.service.ports import Saving
from src.store.database import Database
from src.store.documents import (
    NOT_LOADED,
    RUNS_KEPT,
    TEXTS_KEPT,
    WRITER,
    changes,
    new_document,
    participant_from,
    text_document,
)
from src.store.group_commit import GroupCommit, Written
from src.store.reading import Document
from src.store.runs import history_document
from src.store.takeover import adopt
from src.store.times import from_date

_DUPLICATE = 11000
_REFUSED = (10334, 17419, 17420, 17280, 2, 28, 16837)
"""MongoDB's codes for a document over 16 MB, before and after an update, and for one whose fields have another kind."""


class ParticipantStore:
    """The participants' documents; the port `Participants`. Used by many threads. Raises DatabaseAway."""

    def __init__(self, database: Database, default_language: str = "ca") -> None:
        self._database = database
        self._default_language = default_language
        self._group = GroupCommit(self._save_together)

    def load(self, ids: Collection[Pseudonym]) -> dict[Pseudonym, Participant]:
        """Return those that exist, without their histories."""
        if not ids:
            return {}
        found = self._found(ids)
        # A participant of the seed project that came in while we run, by a restored backup for example.
        without_version = [document["_id"] for document in found if "version" not in document]
        if without_version:
            adopt(self._database, without_version)
            found = self._found(ids)
        participants = (participant_from(document, self._default_language) for document in found)
        return {participant.id: participant for participant in participants}

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        """Write each saving whose document still has the version it was loaded with; version 0 is a new document.

        Return the participants whom somebody else was faster with; theirs were not written, or in rare cases written
        and built upon. Like after DatabaseAway: load again, and decide anew. What is there already changes nothing.
        """
        return self._group.save(savings) if savings else frozenset()

    def _save_together(self, savings: Sequence[Saving]) -> Written:
        marks = {saving.before.id: Int64(secrets.randbits(63)) for saving in savings}
        with self._database.answering():
            done, too_big = self._write([_update(saving, marks[saving.before.id]) for saving in savings])
            if done == len(savings):
                return Written()
            refused = frozenset(savings[place].before.id for place in too_big)
            versions = {saving.before.id: saving.before.version for saving in savings}
            return Written(self._lost(versions, marks, done) - refused, refused)

    def erase(self, who: Pseudonym) -> None:
        """Take the participant's document away, with all histories; nothing happens if there is none."""
        with self._database.answering():
            self._database.clients.delete_one({"_id": who})

    def due(self, before: datetime, limit: int) -> list[tuple[Pseudonym, datetime]]:
        """Return participants whose `next_at` is not later than `before`, with that time; at most `limit`.

        The index gives them in order; no sort is asked for, because the embedded server would sort all that match.
        """
        with self._database.answering():
            found = list(self._database.clients.find({"next_at": {"$lte": before}}, {"next_at": 1}).limit(limit))
        times = ((Pseudonym(document["_id"]), from_date(document["next_at"])) for document in found)
        return [(pseudonym, time) for pseudonym, time in times if time is not None]

    def _found(self, ids: Collection[Pseudonym]) -> list[Document]:
        with self._database.answering():
            return list(self._database.clients.find({"_id": {"$in": list(ids)}}, NOT_LOADED))

    def _write(self, updates: Sequence[UpdateOne]) -> tuple[int, list[int]]:
        """Send all updates at once, with one flush for all.

        Return how many are known to have been written, and the places of those whose document refuses it for good: it
        would get too big, or somebody has made something odd of it.
        """
        try:
            result = self._database.clients.bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            details: Mapping[str, Any] = error.details or {}
            errors = [one for one in details.get("writeErrors", ()) if one.get("code") != _DUPLICATE]
            refused = [int(one["index"]) for one in errors if one.get("code") in _REFUSED]
            if len(refused) < len(errors) or details.get("writeConcernErrors"):
                raise
            return int(details["nModified"]) + int(details["nUpserted"]), refused
        return result.modified_count + result.upserted_count, []

    def _lost(
        self, versions: Mapping[Pseudonym, int], marks: Mapping[Pseudonym, int], written: int
    ) -> frozenset[Pseudonym]:
        """Return the participants whose documents were not written by us.

        Those with our mark were. One without it may have been, and then by somebody else on top; so many of them were
        as we know to have written more documents than carry our mark. Unless that is all of them nobody can tell which.
        """
        found = self._database.clients.find({"_id": {"$in": list(marks)}}, {WRITER: 1, "version": 1})
        last = {one["_id"]: one for one in found}
        without_mark = frozenset(who for who, mark in marks.items() if last.get(who, {}).get(WRITER) != mark)
        built_upon = frozenset(
            who for who in without_mark if who not in last or last[who].get("version", 0) > versions[who] + 1
        )
        more = written - (len(marks) - len(without_mark))
        return without_mark - built_upon if more == len(built_upon) else without_mark


def _update(saving: Saving, mark: int) -> UpdateOne:
    """Return the one update that does all of a saving, or nothing."""
    who = saving.before.id
    runs = [history_document(kept, who) for kept in saving.runs]
    texts = [text_document(kept) for kept in saving.texts]
    if saving.before.version == 0:
        document = new_document(saving.after) | {RUNS_KEPT: runs, TEXTS_KEPT: texts, WRITER: mark}
        del document["_id"]
        return UpdateOne({"_id": who}, {"$setOnInsert": document}, upsert=True)
    changed, removed = changes(saving.before, saving.after)
    update: Document = {"$set": changed | {WRITER: mark}}
    pushed: Document = {RUNS_KEPT: {"$each": runs}} if runs else {}
    pushed |= {TEXTS_KEPT: {"$each": texts}} if texts else {}
    if pushed:
        update["$push"] = pushed
    if removed:
        update["$unset"] = removed
    return UpdateOne({"_id": who, "version": saving.before.version}, update)
