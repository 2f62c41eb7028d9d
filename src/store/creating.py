# SPDX-License-Identifier: GPL-3.0-or-later
"""A database for a new study: its collections, indexes and the documents of `bot`."""

from __future__ import annotations

from contextlib import suppress

from pymongo.errors import CollectionInvalid

from src.store.database import Database
from src.store.histories import FILED

COLLECTIONS = ("bot", "clients", "gamesInfo", "hashes", "dialogue_revisions", *FILED)


def create_missing(database: Database) -> list[str]:
    """Make what is missing and return its names; what is there is not touched. Raises DatabaseAway."""
    with database.answering():
        there = set(database.database.list_collection_names())
        missing = [name for name in COLLECTIONS if name not in there]
        for name in missing:
            with suppress(CollectionInvalid):  # the bot was faster
                database.database.create_collection(name)
        indexes = _indexes(database)
    database.make_indexes()
    with database.answering():
        made = [f"collection {name}" for name in missing]
        made += [f"index {name}" for name in sorted(_indexes(database) - indexes)]
        health = database.bot.update_one({"_id": "health"}, {"$setOnInsert": {"checks": 0}}, upsert=True)
    return made + (["document health of bot"] if health.upserted_id is not None else [])


def _indexes(database: Database) -> set[str]:
    return {
        f"{collection.name}.{name}"
        for collection in (database.clients, database.hashes, *(database.database[name] for name in FILED))
        for name in collection.index_information()
    }
