# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the database, whichever it is, and the one place where its errors become ours."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pymongo
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    InvalidName,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
    WTimeoutError,
)

from src.errors import BotError, DatabaseAway
from src.store.embedded import EmbeddedServer
from src.store.reading import Document

log = logging.getLogger(__name__)

_SECONDS_TO_ANSWER = 5
_OPTIONS: Mapping[str, Any] = {
    "w": "majority",
    "journal": True,
    "retryWrites": True,
    "tz_aware": True,
    "serverSelectionTimeoutMS": _SECONDS_TO_ANSWER * 1000,
    "connectTimeoutMS": _SECONDS_TO_ANSWER * 1000,
    "socketTimeoutMS": 20_000,
    "appname": "telegram-bot",
}
_NOT_ALLOWED = (13, 18)
"""MongoDB's codes for: not authorized, authentication failed."""
_CANNOT_NOW = (1, 14031)
"""MongoDB's codes for: something is wrong with the server itself, its disk is full. What was asked for is not to
blame.
"""
_HOSTS = re.compile(r"mongodb(?:\+srv)?://(?:[^/?#]*@)?(?P<hosts>[\w.,:\-\[\]%]+)(?:[/?]|$)")


class Database:
    """One database and its collections, for many threads. Every use stands in `with database.answering():`."""

    def __init__(self, client: MongoClient[Document], name: str, place: str, server: EmbeddedServer | None) -> None:
        self._client = client
        self._place = place
        self._server = server
        self.database = client[name]
        self.clients: Collection[Document] = self.database["clients"]
        self.hashes: Collection[Document] = self.database["hashes"]
        self.bot: Collection[Document] = self.database["bot"]
        self.games: Collection[Document] = self.database["gamesInfo"]
        self.revisions: Collection[Document] = self.database["dialogue_revisions"]

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_embedded(self) -> bool:
        """Tell whether the database is the embedded one."""
        return self._server is not None

    def close(self) -> None:
        """Close the connections; the embedded server ends with its last user. A second call does nothing."""
        self._client.close()
        if self._server is not None:
            self._server.close()

    def revive(self) -> None:
        """Start the embedded server again if it has died; a real server is not ours to start. Raises DatabaseAway."""
        if self._server is not None:
            self._server.revive()

    def make_indexes(self) -> None:
        """Make the collections' indexes; those that are there are left alone. Raises DatabaseAway."""
        with self.answering():
            # Sparse: documents without `next_at` have nothing planned, and are not in the index.
            self.clients.create_index("next_at", name="next_at", sparse=True)
            self.clients.create_index("waits_for", name="waits_for", sparse=True)
            self.hashes.create_index("Tele_id", name="Tele_id")
            for name in ("game_history", "message_history"):
                self.database[name].create_index("participant", name="participant")

    def healthy(self) -> bool:
        """Tell whether the database really reads and writes; with a full disk it still answers to a ping."""
        try:
            with self.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
                self.bot.update_one({"_id": "health"}, {"$inc": {"checks": 1}}, upsert=True)
                return self.bot.find_one({"_id": "health"}) is not None
        except BotError:
            return False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Turn every error of MongoDB into DatabaseAway (it may be asked again) or another BotError (it may not).

        The foreign error is not shown, also not as a cause: its text may hold a document, and so what people wrote.
        """
        try:
            yield
        except PyMongoError as error:
            raise _translated(error, self._place) from None


def open_database(uri: str, name: str, folder: Path) -> Database:
    """Connect to the server at `uri`, or, when that is empty, to the embedded one with its files in `folder`.

    Raises DatabaseAway when it does not answer within some five seconds, and BotError when it never will.
    """
    if uri:
        return _connected(uri, name, _place(uri), None)
    server = EmbeddedServer(folder)
    log.info("The database is the embedded one in %s: for trying out and for small studies.", folder)
    place = f"The embedded database in {folder}"
    try:
        try:
            return _connected(server.uri, name, place, server)
        except DatabaseAway:
            # It may have died just now, together with the bot that used it.
            server.revive()
            return _connected(server.uri, name, place, server)
    except BaseException:
        server.close()
        raise


def _client(uri: str) -> MongoClient[Document]:
    """Make the process's client. "Written" means: on the disks of most members of the replica set."""
    try:
        with warnings.catch_warnings():
            # What is wrong with an option is only warned about, and the option, such as tls, then left out.
            warnings.simplefilter("error", UserWarning)
            return MongoClient(uri, **_OPTIONS)
    except (PyMongoError, UserWarning, ValueError, TypeError) as error:
        if uri.startswith("mongodb+srv://") and type(error) is ConfigurationError:
            raise DatabaseAway(f"{_place(uri)}: its hosts cannot be looked up by this name (DNS).") from None
        # The foreign text may hold a part of the password.
        raise BotError(
            "MONGODB_URI is no address of a MongoDB server, or has an option that does not exist. Write it like "
            "mongodb://user:password@host:27017/ and special characters of the password like %40 for @."
        ) from None


def _connected(uri: str, name: str, place: str, server: EmbeddedServer | None) -> Database:
    """Return the database if it answers, else close the connections again."""
    client = _client(uri)
    try:
        database = Database(client, name, place, server)
        with database.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
            database.bot.find_one({"_id": "study"}, {"_id": 1})
    except InvalidName:
        client.close()
        raise BotError(f"{name!r} cannot be the name of a database.") from None
    except BaseException:
        client.close()
        raise
    return database


def _place(uri: str) -> str:
    """Return how messages name the server: the setting and the hosts, without user, password and options."""
    found = _HOSTS.match(uri)
    return f"The database at {found['hosts']} (MONGODB_URI)" if found else "The database of MONGODB_URI"


def _translated(error: PyMongoError, place: str) -> BotError:
    kind = type(error).__name__
    if isinstance(error, InvalidURI | ConfigurationError):
        return BotError(f"{place} cannot be used with these options or this name: {kind}.")
    if isinstance(error, BulkWriteError):
        return _bulk_translated(error.details or {}, place)
    if isinstance(error, OperationFailure) and error.code in _NOT_ALLOWED:
        return BotError(f"{place} refuses the user or the password; correct MONGODB_URI.")
    away = isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError | WriteConcernError)
    if away or error.timeout or error.has_error_label("RetryableWriteError"):
        return DatabaseAway(f"{place} does not answer: {kind}.")
    if isinstance(error, OperationFailure) and error.code in _CANNOT_NOW:
        return DatabaseAway(f"{place} cannot read or write now (code {error.code}); is its disk full?")
    code = f", code {error.code}" if isinstance(error, OperationFailure) else ""
    return BotError(f"{place} refuses what was asked for: {kind}{code}.")


def _bulk_translated(details: Mapping[str, Any], place: str) -> BotError:
    codes = sorted({str(one.get("code")) for one in details.get("writeErrors", ())})
    if not codes:
        return DatabaseAway(f"{place} could not make sure that a write will last.")
    if set(codes) & set(map(str, _CANNOT_NOW)):
        return DatabaseAway(f"{place} cannot write now (code {', '.join(codes)}); is its disk full?")
    return BotError(f"{place} refuses a write: code {', '.join(codes)}.")
