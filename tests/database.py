# SPDX-License-Identifier: GPL-3.0-or-later
"""A database for tests: the embedded server as a process of its own, or a real one where TEST_MONGODB_URI is set.

A test folder that needs it says in its conftest.py: `from tests.database import database, database_server`.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymongo
import pytest

from src.identities import Pseudonym
from src.store.database import Database, open_database
from src.store.histories import runs_of, texts_of


def with_histories(database: Database, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a participant's document with all that is over, wherever it lies."""
    who = Pseudonym(document["_id"])
    return {**document, "game_history": runs_of(database, who), "message_history": texts_of(database, who)}


@dataclass(frozen=True)
class DatabaseServer:
    """Where tests find their server: `uri` as in MONGODB_URI, empty for the embedded one in `folder`."""

    uri: str
    folder: Path

    def open(self, name: str) -> Database:
        """Connect to the database of this name."""
        return open_database(self.uri, name, self.folder)


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseServer]:
    """Return one server for all tests of this process, kept running in between."""
    server = DatabaseServer(os.environ.get("TEST_MONGODB_URI", ""), tmp_path_factory.mktemp("server") / "db")
    with server.open("test_keeps_the_server"):
        yield server


@pytest.fixture
def database(database_server: DatabaseServer) -> Iterator[Database]:
    """Return an empty database with its indexes, gone after the test."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    with database_server.open(name) as opened:
        opened.make_indexes()
        yield opened
        with pymongo.timeout(10):
            opened.database.client.drop_database(name)
