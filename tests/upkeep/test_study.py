# SPDX-License-Identifier: GPL-3.0-or-later
"""An upload of dialogues, or of their sequence, is done wholly or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from src.dialogues.check import SourceFile, has_errors
from src.dialogues.model import REQUIRED_DIALOGUES
from src.errors import BotError
from src.store.database import Database
from src.store.study import StudyStore
from src.upkeep.study import Demands, read_file, upload_files, upload_sequence
from tests.dialogues.samples import CATEGORIES, LANGUAGES, document, in_all, message
from tests.fakes.ports import NOON


def demands(outgoing: Path) -> Demands:
    return Demands(LANGUAGES, CATEGORIES, outgoing)


def dialogue(name: str, text: str = "Hello", **more: Any) -> SourceFile:
    return SourceFile(f"{name}.json", document({"m": message(text=in_all(text))}, _id=name, **more))


def all_required(*more: SourceFile) -> list[SourceFile]:
    return [*(dialogue(name, title="user_settings") for name in REQUIRED_DIALOGUES), *more]


def upload(store: StudyStore, files: Sequence[SourceFile], folder: Path, *, replace_all: bool) -> bool:
    """Upload the files and tell whether that was done."""
    problems, uploaded = upload_files(files, demands(folder), store, NOON, replace_all=replace_all)
    assert has_errors(problems) == (uploaded is None)
    return uploaded is not None


def test_good_files_go_into_the_database_and_the_sequence_after_them(database: Database, tmp_path: Path) -> None:
    store = StudyStore(database)
    assert upload(store, all_required(dialogue("one"), dialogue("two")), tmp_path, replace_all=True)
    path = tmp_path / "sequence.txt"
    path.write_text("two\none\n")
    assert upload_sequence(path, store, NOON) == ([], 0)
    assert set(store.contents().revisions) == {*REQUIRED_DIALOGUES, "one", "two"}
    assert store.contents().sequence == ("two", "one")


@pytest.mark.parametrize("replace_all", [True, False])
def test_one_file_with_an_error_keeps_all_of_them_out(database: Database, tmp_path: Path, replace_all: bool) -> None:
    store = StudyStore(database)
    upload(store, all_required(dialogue("one")), tmp_path, replace_all=True)
    before = store.contents()
    (tmp_path / "cut.json").write_text('{"_id": ')
    for bad in (read_file(tmp_path / "cut.json"), dialogue("bad", "<b>open"), SourceFile("list.json", [])):
        assert not upload(store, all_required(dialogue("new"), bad), tmp_path, replace_all=replace_all)
    assert store.contents() == before


def test_one_more_dialogue_leaves_the_others_where_they_are(database: Database, tmp_path: Path) -> None:
    store = StudyStore(database)
    upload(store, all_required(dialogue("one")), tmp_path, replace_all=True)
    assert upload(store, [dialogue("two")], tmp_path, replace_all=False)
    assert {"one", "two", "welcome"} <= set(store.contents().revisions)
    assert upload(store, all_required(dialogue("two")), tmp_path, replace_all=True)
    assert set(store.contents().revisions) == {*REQUIRED_DIALOGUES, "two"}


def test_the_study_cannot_lose_a_dialogue_that_the_bot_needs(database: Database, tmp_path: Path) -> None:
    store = StudyStore(database)
    upload(store, all_required(), tmp_path, replace_all=True)
    before = store.contents()
    without = [each for each in all_required(dialogue("new")) if each.name != "pause.json"]
    with pytest.raises(BotError, match="pause"):
        upload_files(without, demands(tmp_path), store, NOON, replace_all=True)
    assert store.contents() == before


def test_a_sequence_with_an_error_changes_nothing(database: Database, tmp_path: Path) -> None:
    store = StudyStore(database)
    upload(store, all_required(dialogue("one")), tmp_path, replace_all=True)
    path = tmp_path / "sequence.txt"
    path.write_text("one")
    upload_sequence(path, store, NOON)
    for wrong in ("one\nnothing", "one\none"):
        path.write_text(wrong)
        problems, going_on = upload_sequence(path, store, NOON)
        assert has_errors(problems)
        assert going_on is None
    path.write_text("# nobody")
    with pytest.raises(BotError, match="names no dialogue"):
        upload_sequence(path, store, NOON)
    assert store.contents().sequence == ("one",)


@pytest.mark.parametrize("odd", ["half \\ud83d", "nul \\u0000", "null"])
def test_a_text_that_the_database_cannot_hold_is_an_error_and_no_crash(
    database: Database, tmp_path: Path, odd: str
) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(dialogue("odd").document).replace("Hello", odd))
    store = StudyStore(database)
    problems, uploaded = upload_files([read_file(path)], demands(tmp_path), store, NOON, replace_all=False)
    assert has_errors(problems) or uploaded is not None
