# SPDX-License-Identifier: GPL-3.0-or-later
"""What is over, filed away: finished dialogues in `game_history`, what people typed or pressed in `message_history`.

A turn puts both into the participant's own document, in its one write. There only the newest stay: a document that
grows for years makes every press dearer, and MongoDB ends it at 16 MB. The older ones are moved here, an entry a
document, with the same keys and `participant` beside them. Filing may break off at any point and be done again: an
entry has the same `_id` each time, and it leaves the participant's document after it has arrived here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import bson
from pymongo import ReadPreference, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from src.identities import Pseudonym
from src.store.database import Database
from src.store.digests import DIGESTS, note_filed
from src.store.documents import RUNS_KEPT, TEXTS_KEPT
from src.store.reading import Document, number_of

FILED = (RUNS_KEPT, TEXTS_KEPT)
"""The names of the collections, the same as those of the lists."""

PARTICIPANT = "participant"
RUN_ID = "run"
MOST_RUNS = 4
MOST_TEXTS = 60
ENOUGH = {RUNS_KEPT: MOST_RUNS, TEXTS_KEPT: MOST_TEXTS}
"""With so many finished dialogues, or texts, in a participant's document all of them are filed."""

MOST_ATTEMPTS = 3


def finished_runs() -> list[Document]:
    """Return stages for an aggregation on `clients`: one document for each finished dialogue, wherever it lies.

    Each has the seed's keys and `participant`; `_id` is the dialogue's own.
    """
    own = {"$mergeObjects": [f"${RUNS_KEPT}", {PARTICIPANT: "$_id"}]}
    filed: list[Document] = [{"$set": {"_id": {"$ifNull": [f"${RUN_ID}", "$_id"]}}}, {"$unset": RUN_ID}]
    once = {"_id": {PARTICIPANT: f"${PARTICIPANT}", RUN_ID: "$_id"}, RUN_ID: {"$first": "$$ROOT"}}
    return [
        {"$project": {RUNS_KEPT: 1}},
        {"$unwind": f"${RUNS_KEPT}"},
        {"$replaceRoot": {"newRoot": own}},
        {"$unionWith": {"coll": RUNS_KEPT, "pipeline": filed}},
        # While a dialogue is being filed it stands in both places.
        {"$group": once},
        {"$replaceRoot": {"newRoot": f"${RUN_ID}"}},
    ]


def runs_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return a participant's finished dialogues, oldest first. Raises DatabaseAway."""
    runs = _all_of(database, who, RUNS_KEPT)
    return sorted((_as_it_was(one) for one in runs), key=lambda one: number_of(one.get("end_time"), 0.0))


def runs_of_several(
    database: Database, people: Sequence[Document], session: ClientSession | None = None
) -> dict[str, list[Document]]:
    """Return the finished dialogues of participants by pseudonym, each once and always in the same order, oldest first.

    They are as they are filed: `_id` is that of the filed document, `run` the dialogue's own. `people` are their
    documents, read just before: what is filed in between is then found twice, and never missed.
    Raises DatabaseAway.
    """
    wanted = {PARTICIPANT: {"$in": [one["_id"] for one in people]}}
    entries: dict[str, dict[str, Document]] = {one["_id"]: {} for one in people}
    with database.answering():
        filed = preferably_elsewhere(database.database[RUNS_KEPT], session)
        for entry in filed.find(wanted, session=session):
            entries[entry[PARTICIPANT]][entry["_id"]] = entry
    for one in people:
        own = one.get(RUNS_KEPT)
        for entry in _documents(one["_id"], own if isinstance(own, list) else []):
            entries[one["_id"]].setdefault(entry["_id"], entry)
    return {who: sorted(found.values(), key=_age) for who, found in entries.items()}


def preferably_elsewhere(collection: Collection[Document], session: ClientSession | None) -> Collection[Document]:
    """Let a snapshot be read from a secondary, if there is one."""
    return collection.with_options(read_preference=ReadPreference.SECONDARY_PREFERRED) if session else collection


def _age(run: Document) -> tuple[float, float, str]:
    return number_of(run.get("start_time"), 0.0), number_of(run.get("end_time"), 0.0), str(run["_id"])


def texts_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return what a participant typed or pressed, as it was kept, oldest first. Raises DatabaseAway."""
    texts = _all_of(database, who, TEXTS_KEPT)
    shown = ({"time": one.get("time"), "text": one.get("text")} for one in texts)
    return sorted(shown, key=lambda one: number_of(one["time"], 0.0))


def erase_history(database: Database, who: Pseudonym) -> None:
    """Take away everything that is filed of a participant; nothing happens if there is nothing. Raises DatabaseAway."""
    with database.answering():
        for name in FILED:
            database.database[name].delete_many({PARTICIPANT: who})
        database.database[DIGESTS].delete_many({"_id": who})


def file_away(database: Database, who: Pseudonym) -> bool:
    """Move what is over out of a participant's document, when there is enough of it; return whether that was done.

    If somebody writes to the document at the same time it is tried again, and then left for the next time. Raises
    DatabaseAway.
    """
    for _ in range(MOST_ATTEMPTS):
        with database.answering():
            found = database.clients.find_one({"_id": who}, {RUNS_KEPT: 1, TEXTS_KEPT: 1, "version": 1})
        lists = {name: found[name] for name in FILED if isinstance(found.get(name), list)} if found else {}
        if found is None or all(len(lists.get(name, ())) < enough for name, enough in ENOUGH.items()):
            return False
        if _moved(database, found, lists):
            return True
    return False


def file_entries(database: Database, who: Pseudonym, lists: Mapping[str, Sequence[object]]) -> None:
    """File these entries of the two histories; those that are filed already stay as they are. Raises DatabaseAway."""
    with database.answering():
        for name, entries in lists.items():
            _insert(database, name, _documents(who, entries))
        if runs := lists.get(RUNS_KEPT):
            note_filed(database, who, _name_of_filing(who, runs), runs)


def _moved(database: Database, found: Document, lists: Mapping[str, Sequence[object]]) -> bool:
    """Move these lists out of the document that was found; return whether nobody else was faster."""
    who = Pseudonym(found["_id"])
    file_entries(database, who, lists)
    with database.answering():
        emptied = {"$set": {name: [] for name in lists}, "$inc": {"version": 1}}
        moved = database.clients.update_one({"_id": who, "version": found["version"]}, emptied).modified_count == 1
        is_gone = not moved and database.clients.find_one({"_id": who}, {"_id": 1}) is None
    if is_gone:
        # Erased while we were filing: nothing of them may stay.
        erase_history(database, who)
    return moved


def _all_of(database: Database, who: Pseudonym, name: str) -> list[Document]:
    """Return a participant's entries, those that are filed first, each once.

    The document is read first: what is moved in between is then found twice, and never missed.
    """
    with database.answering():
        document = database.clients.find_one({"_id": who}, {name: 1}) or {}
        entries = document.get(name)
        own = _documents(who, entries if isinstance(entries, list) else [])
        filed = {one["_id"]: one for one in database.database[name].find({PARTICIPANT: who})}
    return list((filed | {one["_id"]: one for one in own if one["_id"] not in filed}).values())


def _documents(who: Pseudonym, entries: Iterable[object]) -> list[Document]:
    """Return entries as they are filed. The `_id` is made from what an entry holds, so that it is the same each time.

    Two players of one dialogue may share its id, and entries of an older program have none, so that is not enough.
    """
    seen: Counter[str] = Counter()
    documents = []
    for entry in entries:
        kept = dict(entry) if isinstance(entry, Mapping) else {"text": str(entry)}
        digest = hashlib.sha256(bson.encode(kept)).hexdigest()[:24]
        name = f"{who}/{digest}/{seen[digest]}"
        seen[digest] += 1
        own = {RUN_ID: kept.pop("_id")} if "_id" in kept else {}
        documents.append({**kept, **own, "_id": name, PARTICIPANT: who})
    return documents


def _name_of_filing(who: Pseudonym, entries: Sequence[object]) -> str:
    """Return the name that a filing of these entries has each time, also when more have come behind them."""
    (first,) = _documents(who, entries[:1])
    return str(first["_id"]).partition("/")[2].replace("/", "-")


def _insert(database: Database, name: str, documents: Iterable[Document]) -> None:
    filed = [UpdateOne({"_id": one.pop("_id")}, {"$setOnInsert": one}, upsert=True) for one in documents]
    if filed:
        database.database[name].bulk_write(filed, ordered=False)


def _as_it_was(run: Document) -> Document:
    kept = {key: value for key, value in run.items() if key not in (RUN_ID, PARTICIPANT, "_id")}
    return kept | ({"_id": run[RUN_ID]} if RUN_ID in run else {})
