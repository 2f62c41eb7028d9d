# SPDX-License-Identifier: GPL-3.0-or-later
"""All documents of a database, one after the other as BSON; and back into a database that is empty.

Participants come first and whatever they point to later: somebody who joins, or a dialogue that is uploaded, while we
read is then there at most once too much, and never missing. Each document is as one turn left it. The study comes
last, so that no bot starts on a database that is only half there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any

from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection

from src.errors import BotError
from src.store.database import Database

Record = tuple[str, bytes]
"""The name of a collection, and a document of it as BSON."""

_FIRST = ("clients",)
_LAST = ("dialogue_revisions", "hashes", "gamesInfo", "bot")
_OF_THIS_MACHINE = ("lease", "health", "restoring")
"""Documents of `bot` that say who runs here now."""
_BATCH = 50
_BYTES_TOGETHER = 4_000_000
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument, tz_aware=True)


class NotEmpty(BotError):
    """There is something in the database already; nothing has been changed."""


def records(database: Database, *, without_hashes: bool = False) -> Iterator[Record]:
    """Yield every document of the database, read in small batches. Raises DatabaseAway."""
    for name in _names(database):
        if name == "hashes" and without_hashes:
            continue
        wanted = {"_id": {"$nin": list(_OF_THIS_MACHINE)}} if name == "bot" else {}
        with database.answering():
            for document in _raw(database, name).find(wanted, batch_size=_BATCH).sort("_id", 1):
                yield name, bytes(document.raw)


def fill(database: Database, all_records: Iterator[Record]) -> dict[str, int]:
    """Write the documents into an empty database; return how many of each collection.

    What an earlier call left that was cut short is taken away first; what this one leaves when it fails, too.
    Raises NotEmpty, DatabaseAway, and whatever the records raise.
    """
    with database.answering():
        if database.bot.find_one({"_id": "restoring"}) is not None:
            _clear(database)
        _must_be_empty(database)
        database.bot.insert_one({"_id": "restoring"})
    try:
        return _written(database, all_records)
    except BaseException:
        with suppress(BotError), database.answering():
            _clear(database)
        raise


def _written(database: Database, all_records: Iterator[Record]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, group in groupby(all_records, key=lambda record: record[0]):
        for batch in _batches(content for _, content in group):
            with database.answering():
                _raw(database, name).insert_many([RawBSONDocument(one, _RAW) for one in batch])
            counts[name] = counts.get(name, 0) + len(batch)
    database.make_indexes()
    with database.answering():
        database.bot.delete_one({"_id": "restoring"})
    return counts


def _batches(contents: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for one in contents:
        batch.append(one)
        size += len(one)
        if len(batch) >= _BATCH or size > _BYTES_TOGETHER:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _names(database: Database) -> list[str]:
    with database.answering():
        names = {one for one in database.database.list_collection_names() if not one.startswith("system.")}
    between = sorted(names.difference(_FIRST, _LAST))
    return [one for one in (*_FIRST, *between, *_LAST) if one in names]


def _must_be_empty(database: Database) -> None:
    for name in _names(database):
        wanted = {"_id": {"$nin": list(_OF_THIS_MACHINE)}} if name == "bot" else {}
        if database.database[name].find_one(wanted, {"_id": 1}) is not None:
            raise NotEmpty(
                f"Nothing was restored: the collection {name} of the database {database.database.name} holds data "
                "already. Restore into an empty one: choose another name with --database."
            )


def _clear(database: Database) -> None:
    """Take away what a restoring has written; the note that there is something to clear goes last."""
    for name in _names(database):
        if name != "bot":
            database.database[name].delete_many({})
    database.bot.delete_many({"_id": {"$nin": ["lease", "health", "restoring"]}})
    database.bot.delete_one({"_id": "restoring"})


def _raw(database: Database, name: str) -> Collection[Any]:
    return database.database.get_collection(name, codec_options=_RAW)
