# SPDX-License-Identifier: GPL-3.0-or-later
"""The histories of participants: finished dialogues and kept texts, wherever they lie."""

from __future__ import annotations

from src.identities import Pseudonym
from src.store.database import Database
from src.store.reading import Document, documents_of


def finished_runs() -> list[Document]:
    """Return aggregation stages for `database.clients`: one document for each finished dialogue of all participants."""
    return [
        {"$unwind": "$game_history"},
        {"$replaceRoot": {"newRoot": {"$mergeObjects": ["$game_history", {"participant": "$_id"}]}}},
    ]


def runs_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return a participant's finished dialogues, oldest first."""
    return _list_of(database, who, "game_history")


def texts_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return a participant's kept texts, oldest first."""
    return _list_of(database, who, "message_history")


def erase_history(database: Database, who: Pseudonym) -> None:
    """Take away all filed entries of a participant."""
    with database.answering():
        for name in ("game_history", "message_history"):
            database.database[name].delete_many({"participant": who})


def _list_of(database: Database, who: Pseudonym, name: str) -> list[Document]:
    with database.answering():
        found = database.clients.find_one({"_id": who}, {name: 1}) or {}
    return [dict(each) for each in documents_of(found.get(name))]
