# SPDX-License-Identifier: GPL-3.0-or-later
"""What is over, filed away: finished dialogues in `game_history`, what people typed or pressed in `message_history`.

A turn puts both into the participant's own document, in its one write. There only the newest stay: a document that
grows for years makes every press dearer, and MongoDB ends it at 16 MB. The older ones are moved here, an entry a
document, with the same keys and `participant` beside them. Filing may break off at any point and be done again: an
entry has the same `_id` each time, and it leaves the participant's document after it has arrived here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import UpdateOne

from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import RUNS_KEPT, TEXTS_KEPT
from src.store.reading import Document, documents_of

FILED = (RUNS_KEPT, TEXTS_KEPT)
"""The names of the collections, the same as those of the lists."""

PARTICIPANT = "participant"
RUN_ID = "run"
MOST_RUNS = 4
MOST_TEXTS = 60
"""With so many finished dialogues, or texts, in a participant's document all of them are filed."""


def finished_runs() -> list[Document]:
    """Return stages for an aggregation on `clients`: one document for each finished dialogue, wherever it lies.

    Each has the seed's keys and `participant`; `_id` is the dialogue's own.
    """
    own = {"$mergeObjects": [f"${RUNS_KEPT}", {PARTICIPANT: "$_id"}]}
    filed: list[Document] = [{"$set": {"_id": f"${RUN_ID}"}}, {"$unset": RUN_ID}]
    return [
        {"$project": {RUNS_KEPT: 1}},
        {"$unwind": f"${RUNS_KEPT}"},
        {"$replaceRoot": {"newRoot": own}},
        {"$unionWith": {"coll": RUNS_KEPT, "pipeline": filed}},
    ]


def runs_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return a participant's finished dialogues, oldest first. Raises DatabaseAway."""
    filed, own = _both(database, who, RUNS_KEPT)
    known = {one[RUN_ID]: {**one, "_id": one[RUN_ID]} for one in filed}
    runs = [*known.values(), *(one for one in own if str(one.get("_id")) not in known)]
    return sorted((_bare(one) for one in runs), key=lambda one: one.get("end_time") or 0)


def texts_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return what a participant typed or pressed, as it was kept, oldest first. Raises DatabaseAway."""
    filed, own = _both(database, who, TEXTS_KEPT)
    known = {one["_id"] for one in filed}
    texts = [*filed, *(one for one in own if _text_id(who, one) not in known)]
    return sorted(
        ({"time": one.get("time"), "text": one.get("text")} for one in texts), key=lambda one: one["time"] or 0
    )


def erase_history(database: Database, who: Pseudonym) -> None:
    """Take away everything that is filed of a participant; nothing happens if there is nothing. Raises DatabaseAway."""
    with database.answering():
        for name in FILED:
            database.database[name].delete_many({PARTICIPANT: who})


def file_away(database: Database, who: Pseudonym) -> bool:
    """Move what is over out of a participant's document, when there is enough of it; return whether that was done.

    If somebody writes to the document at the same time nothing leaves it, and the next time does it. Raises
    DatabaseAway.
    """
    with database.answering():
        found = database.clients.find_one({"_id": who}, {RUNS_KEPT: 1, TEXTS_KEPT: 1, "version": 1})
        if found is None:
            return False
        runs, texts = documents_of(found.get(RUNS_KEPT)), documents_of(found.get(TEXTS_KEPT))
        if len(runs) < MOST_RUNS and len(texts) < MOST_TEXTS:
            return False
        _insert(database, RUNS_KEPT, (_filed_run(who, one) for one in runs))
        _insert(database, TEXTS_KEPT, ({**one, "_id": _text_id(who, one), PARTICIPANT: who} for one in texts))
        emptied = {"$set": {RUNS_KEPT: [], TEXTS_KEPT: []}, "$inc": {"version": 1}}
        moved = database.clients.update_one({"_id": who, "version": found["version"]}, emptied).modified_count == 1
        is_gone = not moved and database.clients.find_one({"_id": who}, {"_id": 1}) is None
    if is_gone:
        # Erased while we were filing: nothing of them may stay.
        erase_history(database, who)
    return moved


def _both(database: Database, who: Pseudonym, name: str) -> tuple[list[Document], list[Mapping[str, Any]]]:
    """Return a participant's entries that are filed, and those in their document.

    The document is read first: what is moved in between is then found twice, and never missed.
    """
    with database.answering():
        document = database.clients.find_one({"_id": who}, {name: 1}) or {}
        return list(database.database[name].find({PARTICIPANT: who})), documents_of(document.get(name))


def _insert(database: Database, name: str, entries: Iterable[Document]) -> None:
    filed = [UpdateOne({"_id": one.pop("_id")}, {"$setOnInsert": one}, upsert=True) for one in entries]
    if filed:
        database.database[name].bulk_write(filed, ordered=False)


def _filed_run(who: Pseudonym, run: Mapping[str, Any]) -> Document:
    """Return a finished dialogue as it is filed. Two players of one dialogue may share its id, so it is not enough."""
    name = str(run.get("_id"))
    return {**run, "_id": f"{who}/{name}", RUN_ID: name, PARTICIPANT: who}


def _text_id(who: Pseudonym, text: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(str(text.get("text")).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{who}/{text.get('time')}/{digest}"


def _bare(run: Mapping[str, Any]) -> Document:
    return {key: value for key, value in run.items() if key not in (RUN_ID, PARTICIPANT)}
