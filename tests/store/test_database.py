# SPDX-License-Identifier: GPL-3.0-or-later
"""A database that does not answer is told in one line, soon, and without a secret."""

from __future__ import annotations

import logging
import socket
import time
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, OperationFailure, PyMongoError

from src.errors import BotError, DatabaseAway
from src.store.database import Database, open_database
from src.store.embedded import EmbeddedServer

_SECRET = "pa55-word"


def test_the_embedded_one_says_at_the_start_what_it_is_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), open_database("", "some", tmp_path / "db") as database:
        assert database.is_embedded
        assert database.healthy()
    assert sum("small studies" in line for line in caplog.messages) == 1


def test_nobody_at_the_address_is_told_soon_and_without_the_password(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        uri = f"mongodb://me:{_SECRET}@127.0.0.1:{nobody.getsockname()[1]}/"
        began = time.monotonic()
        with pytest.raises(DatabaseAway) as refusal:
            open_database(uri, "some", tmp_path / "db")
    assert time.monotonic() - began < 6
    line = str(refusal.value)
    assert "MONGODB_URI" in line
    assert "127.0.0.1" in line
    assert "\n" not in line
    assert _SECRET not in repr(refusal.getrepr())
    assert not (tmp_path / "db").exists()


def test_a_name_without_hosts_is_told_soon_and_without_the_password(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(DatabaseAway, match=r"cluster\.example\.invalid \(MONGODB_URI\)") as refusal:
        open_database(f"mongodb+srv://me:{_SECRET}@cluster.example.invalid/", "some", tmp_path / "db")
    assert time.monotonic() - began < 6
    assert _SECRET not in str(refusal.value)


def test_somebody_who_takes_the_call_and_says_nothing_is_told_soon(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(DatabaseAway):
            open_database(f"mongodb://127.0.0.1:{silent.getsockname()[1]}/", "some", tmp_path / "db")
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "uri",
    [
        f"mongodb://me:{_SECRET}",
        f"mongodb://me:{_SECRET}:x@host:1/",
        f"mongodb://me:{_SECRET}/more@host",
        f"mongodb://me:1?{_SECRET}@host",
        f"mongo://me:{_SECRET}@host/",
        f"mongodb://me:{_SECRET}@host:notaport/",
        f"mongodb://me:{_SECRET}@host/?w=x&{_SECRET}",
        f"mongodb://host/?no_such={_SECRET}",
        f"mongodb://host/?authMechanism={_SECRET}",
        f"mongodb://host/?tls={_SECRET}",
    ],
)
def test_a_wrong_address_is_told_without_a_part_of_the_password(tmp_path: Path, uri: str) -> None:
    with pytest.raises(BotError) as refusal:
        open_database(uri, "some", tmp_path / "db")
    assert "MONGODB_URI" in str(refusal.value)
    assert _SECRET not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_a_name_that_no_database_may_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="cannot be the name"):
        open_database("", "no/such name", tmp_path / "db")


def test_our_own_idea_of_a_safe_write_stands_whatever_the_address_says(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "db")
    with open_database(f"{server.uri}&w=0&journal=false&retryWrites=false", "some", tmp_path) as database:
        assert database.database.write_concern.document == {"w": "majority", "j": True}
        assert database.healthy()
    server.close()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AutoReconnect("text of a person"), DatabaseAway),
        (OperationFailure("text of a person", 18), BotError),
        (OperationFailure("text of a person", 2), BotError),
        (OperationFailure("text of a person", 1), DatabaseAway),
        (OperationFailure("text of a person", 14031), DatabaseAway),
        (BulkWriteError({"writeErrors": [{"code": 10334, "errmsg": "text of a person"}]}), BotError),
        (BulkWriteError({"writeErrors": [{"code": 14031, "errmsg": "text of a person"}]}), DatabaseAway),
        (BulkWriteError({"writeConcernErrors": [{"code": 64}]}), DatabaseAway),
    ],
)
def test_errors_are_translated_without_their_text(
    database: Database, error: PyMongoError, kind: type[BotError]
) -> None:
    with pytest.raises(BotError) as refusal, database.answering():
        raise error
    assert type(refusal.value) is kind
    assert "person" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_indexes_can_be_made_again(database: Database) -> None:
    database.make_indexes()
    assert set(database.clients.index_information()) == {"_id_", "next_at", "waits_for"}
    assert set(database.hashes.index_information()) == {"_id_", "Tele_id"}


def test_a_database_that_is_gone_is_not_healthy(tmp_path: Path) -> None:
    database = open_database("", "some", tmp_path / "db")
    database.close()
    database.close()
    assert not database.healthy()
