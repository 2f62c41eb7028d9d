# SPDX-License-Identifier: GPL-3.0-or-later
"""Finished dialogues and kept texts, wherever they lie: the newest in the participant's document, older ones filed in
collections of their own.
"""

from __future__ import annotations

from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import RUNS_KEPT, TEXTS_KEPT
from src.store.reading import Document, documents_of


def finished_runs() -> list[Document]:
    """Return the stages of an aggregation on `clients` that gives one document for each finished dialogue of all."""
    entry = {"$mergeObjects": [f"${RUNS_KEPT}", {"participant": "$_id"}]}
    return [{"$unwind": f"${RUNS_KEPT}"}, {"$replaceRoot": {"newRoot": entry}}, {"$unionWith": {"coll": RUNS_KEPT}}]


def runs_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return somebody's finished dialogues, oldest first. Raises DatabaseAway."""
    return _filed_and_kept(database, who, RUNS_KEPT, "end_time")


def texts_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return the texts of somebody that are kept, oldest first. Raises DatabaseAway."""
    return _filed_and_kept(database, who, TEXTS_KEPT, "time")


def erase_history(database: Database, who: Pseudonym) -> None:
    """Take away all filed entries of somebody. Raises DatabaseAway."""
    with database.answering():
        for name in (RUNS_KEPT, TEXTS_KEPT):
            database.database[name].delete_many({"participant": who})


def _filed_and_kept(database: Database, who: Pseudonym, name: str, by: str) -> list[Document]:
    with database.answering():
        filed = list(database.database[name].find({"participant": who}).sort(by, 1))
        found = database.clients.find_one({"_id": who}, {name: 1})
    return [*filed, *map(dict, documents_of((found or {}).get(name)))]
