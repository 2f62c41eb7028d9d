# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload script: what it shows, and that whatever goes wrong leaves the study as it was, or wholly new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src.store.database import Database
from src.store.documents import new_document
from src.store.study import Contents, StudyStore
from tests.end_to_end.project import copy_of_project
from tests.store.people import ANNA, NOON, person, run
from tests.upkeep.uploading import (
    SEQUENCE,
    everything,
    folder_of,
    in_database,
    upload,
    whole_study,
)

UNCHANGED = "Nothing was uploaded; the database is as it was.\n"


@pytest.fixture
def before(database: Database) -> Contents:
    """Put a study into the database that uploads of the test change, or not."""
    return in_database(database, whole_study("first", ["story"]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with another study."""
    return folder_of(whole_study("second", ["new_story"]), tmp_path / "study")


def contents(database: Database) -> Contents:
    return StudyStore(database).contents()


def names(database: Database) -> set[str]:
    return set(contents(database).revisions)


def somebody_inside(database: Database, name: str) -> None:
    """Let somebody be in the middle of a dialogue."""
    revision = contents(database).revisions[name]
    participant = person().__class__(**{**vars(person()), "run": run(dialogue=name, revision=revision)})
    database.clients.insert_one(new_document(participant))


def test_what_changes_for_whom_is_said_before_the_upload_takes_effect(
    database: Database, before: Contents, folder: Path
) -> None:
    StudyStore(database).upload_sequence(["story"], NOON)
    somebody_inside(database, "story")
    told = upload(database, folder)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[:2] == [
        "warning: sequence.txt: there is no dialogue 'story'. Mend the name, or add its file.",
        "9 files: 0 errors, 1 warnings.",
    ]
    assert "  de  9 of 9  100 %" in lines
    assert lines.index("  new:      new_story          not in the sequence") < lines.index("Uploaded.")
    inside = "1 person is inside now and finishes the version that they began"
    assert f"  removed:  story              number 1 of the sequence  {inside}" in lines
    assert ANNA not in told.stdout
    assert names(database) == {*before.revisions, "new_story"} - {"story"}


def test_a_check_shows_the_same_and_writes_nothing(database: Database, before: Contents, folder: Path) -> None:
    there = everything(database)
    told = upload(database, "--check", folder)
    assert "  removed:  story" in told.stdout
    assert "Uploaded" not in told.stdout
    assert (told.returncode, everything(database)) == (0, there)


def test_a_check_needs_no_database_and_starts_none(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    told = project.script("data/gamesInfo/update_mongoDB_games.py", "--check")
    assert told.stdout.splitlines()[-1] == ("What changes for whom is not shown: the embedded database is not running.")
    assert (told.returncode, told.stderr) == (0, "")
    assert not list((project.root / "data").glob("db*"))
    project.environment["MONGODB_URI"] = "mongodb://anna:hush@"
    told = project.script("data/gamesInfo/update_mongoDB_games.py", "--check")
    assert told.stdout.splitlines()[-1].startswith("What changes for whom is not shown: MONGODB_URI is no address")
    assert (told.returncode, told.stderr) == (0, "")
    assert "hush" not in told.stdout


def test_without_an_argument_the_folder_of_the_script_is_the_study(database: Database) -> None:
    told = upload(database)
    assert (told.returncode, told.stderr) == (0, "")
    assert {"welcome", "unsubscribe"} < names(database)


def test_programs_get_one_object_on_stdout_and_nothing_else(database: Database, before: Contents, folder: Path) -> None:
    told = upload(database, "--json", folder)
    said = json.loads(told.stdout)
    assert (told.returncode, told.stderr, told.stdout.count("\n")) == (0, "", 1)
    assert (said["uploaded"], said["files"], said["problems"], said["database"]) == (True, 9, [], "asked")
    assert {"dialogue": "story", "change": "removed", "place": None, "finishing": 0, "unpinned": 0} in said["impact"][
        "dialogues"
    ]
    assert said["translation"]["es"] == {"translated": 9, "texts": 9, "per_cent": 100, "lacking": {}}
    assert said["reading_seconds"]["dialogues"]["welcome"] == {"shortest": 1.2, "longest": 1.2}


def test_programs_get_errors_as_objects_too(database: Database, before: Contents, tmp_path: Path) -> None:
    (tmp_path / "més.json").write_text("{")
    told = upload(database, "--json", tmp_path / "més.json")
    said = json.loads(told.stdout)
    assert (told.returncode, said["uploaded"], said["impact"]) == (1, False, None)
    problem = said["problems"][0]
    assert (problem["severity"], problem["file"], problem["language"]) == ("error", "més.json", None)
    assert problem["what"].startswith("no JSON: line 1, column 2")
    told = upload(database, "--json", tmp_path / "nothing")
    assert json.loads(told.stdout) == {"error": f"{tmp_path / 'nothing'} does not exist."}
    assert (told.returncode, told.stderr) == (1, "")
    assert contents(database) == before


def test_a_sequence_is_told_and_uploaded(database: Database, before: Contents, tmp_path: Path) -> None:
    file = tmp_path / "order.txt"
    file.write_text("story\n", "utf-8-sig")
    told = upload(database, file, script=SEQUENCE)
    assert told.stdout == "What changes:\n  new in it: story\nThe sequence of order.txt is uploaded.\n"
    assert contents(database).sequence == ("story",)
