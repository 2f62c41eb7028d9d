# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids under which Telegram knows uploaded files outlast the process, and belong to one bot, kind and content."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from src.dialogues.model import FileKind
from src.service.ports import FileIds
from src.store import file_ids
from src.store.database import Database
from src.store.file_ids import FileIdStore

PICTURE, DOCUMENT = FileKind.PICTURE, FileKind.DOCUMENT


@pytest.fixture
def ids(database: Database) -> FileIds:
    return FileIdStore(database, "7")


def test_an_id_is_known_after_a_restart(ids: FileIds, database: Database) -> None:
    assert ids.of(PICTURE, "abc") is None
    ids.keep(PICTURE, "abc", "one")
    for each in (ids, FileIdStore(database, "7")):
        assert each.of(PICTURE, "abc") == "one"
    assert list(database.database["files"].find()) == [{"_id": "7:img:abc", "file_id": "one"}]


def test_an_id_belongs_to_one_bot_one_kind_and_one_content(ids: FileIds, database: Database) -> None:
    ids.keep(PICTURE, "abc", "one")
    assert ids.of(DOCUMENT, "abc") is None
    assert ids.of(PICTURE, "abd") is None
    assert FileIdStore(database, "8").of(PICTURE, "abc") is None


def test_a_refused_id_is_forgotten_for_good(ids: FileIds, database: Database) -> None:
    ids.keep(PICTURE, "abc", "one")
    for _ in range(2):
        ids.forget(PICTURE, "abc", "one")
    for each in (ids, FileIdStore(database, "7")):
        assert each.of(PICTURE, "abc") is None


def test_a_newer_id_outlasts_the_refusal_of_an_older_one(ids: FileIds, database: Database) -> None:
    ids.keep(PICTURE, "abc", "one")
    ids.keep(PICTURE, "abc", "two")
    ids.forget(PICTURE, "abc", "one")
    for each in (ids, FileIdStore(database, "7")):
        assert each.of(PICTURE, "abc") == "two"


def test_many_threads_may_keep_an_id_of_the_same_file_at_once(database: Database) -> None:
    stores = [FileIdStore(database, "7") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: stores[number].keep(PICTURE, "abc", f"id {number}"), range(8)))
    assert database.database["files"].count_documents({}) == 1
    assert FileIdStore(database, "7").of(PICTURE, "abc") in {f"id {number}" for number in range(8)}


@pytest.mark.parametrize("odd", [{}, {"file_id": None}, {"file_id": 5}, {"file_id": ""}])
def test_an_odd_document_is_no_id(ids: FileIds, database: Database, odd: dict[str, object]) -> None:
    database.database["files"].insert_one({"_id": "7:img:abc", **odd})
    assert ids.of(PICTURE, "abc") is None
    ids.keep(PICTURE, "abc", "one")
    assert FileIdStore(database, "7").of(PICTURE, "abc") == "one"


def test_few_are_remembered_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_ids, "_REMEMBERED", 3)
    ids = FileIdStore(database, "7")
    for number in range(10):
        ids.keep(PICTURE, str(number), f"id {number}")
    assert [ids.of(PICTURE, str(number)) for number in range(10)] == [f"id {number}" for number in range(10)]
    assert len(ids._known) == 3
