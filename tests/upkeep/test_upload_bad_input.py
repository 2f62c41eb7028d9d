# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is given to the upload scripts: one line for each fault, and the database stays as it was."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from src.errors import BotError
from src.store.database import Database
from src.store.study import Contents, StudyStore
from src.upkeep.files import files_missing, names_below, read_file, read_sequence
from tests.dialogues.samples import Json, document, message
from tests.end_to_end.project import copy_of_project
from tests.upkeep.uploading import (
    SEQUENCE,
    dialogue,
    everything,
    folder_of,
    in_database,
    upload,
    whole_study,
)

UNCHANGED = "Nothing was uploaded; the database is as it was.\n"


@pytest.fixture
def before(database: Database) -> Contents:
    """Put a study into the database that the test tries to change."""
    return in_database(database, whole_study("first", ["story"]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with another study."""
    return folder_of(whole_study("second", ["new_story"]), tmp_path / "study")


def contents(database: Database) -> Contents:
    return StudyStore(database).contents()


def two_hundred_megabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


def a_link_out(path: Path) -> None:
    outside = path.parent.parent / "outside.json"
    outside.write_text(json.dumps(dialogue("out")))
    path.symlink_to(outside)


def a_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def holding(document: Json) -> Callable[[Path], object]:
    return lambda path: path.write_text(json.dumps(document))


SPOILT: dict[str, Callable[[Path], object]] = {
    "no_json.json: no JSON: line 2, column 2: ": lambda path: path.write_text("{\n 'a'"),
    "latin.json: the file is no text in UTF-8.": lambda path: path.write_bytes(b'{"_id": "\xe9"}'),
    "big.json: the file has more than 4 MB.": two_hundred_megabytes,
    "out.json: it is a link that leads out of the folder.": a_link_out,
    "circle.json: the file cannot be read: ": lambda path: path.symlink_to(path),
    "nowhere.json: the file cannot be read: ": lambda path: path.symlink_to("gone"),
    "pipe.json: it is no plain file": os.mkfifo,
    "sock.json: it is no plain file": a_socket,
    "folder.json: it is no plain file": Path.mkdir,
    "half.json: a text in it holds half a character": holding(dialogue("half", "\ud83d")),
    "number.json: a whole number in it has more than 18 digits.": holding(dialogue("number", note=2**70)),
    "digits.json: a number in it has too many digits.": lambda path: path.write_text('{"a": ' + "1" * 5_000 + "}"),
    "nan.json: no JSON: NaN is no number": lambda path: path.write_text('{"a": NaN}'),
    r"key.json: a key in it holds \u0000.": holding({**dialogue("key"), "a\0": 1}),
    "pit.json: it is nested more than 90 levels deep.": lambda path: path.write_text("[" * 95 + "]" * 95),
    "hell.json: no JSON: it is nested too deeply.": lambda path: path.write_text("[" * 100_000 + "]" * 100_000),
    "list.json: the file holds no JSON object.": lambda path: path.write_text("[]"),
    "twin.json: `_id` is 'story', not the file's name.": holding(dialogue("story")),
    "pause.json: the bot needs this dialogue, and it is not among the files.": Path.unlink,
}
"""What an author is told, and what has been done to the file of that name."""


def test_every_file_that_is_no_dialogue_is_told_and_all_others_are_kept_out_with_it(
    database: Database, before: Contents, tmp_path: Path
) -> None:
    there = everything(database)
    folder = folder_of(whole_study("second"), tmp_path / "study")
    for said, spoil in SPOILT.items():
        spoil(folder / said.partition(":")[0])
    told = upload(database, folder)
    errors = [line.removeprefix("error: ") for line in told.stdout.splitlines() if line.startswith("error: ")]
    for said in SPOILT:
        assert len([line for line in errors if line.startswith(said)]) == 1, said
    assert len(errors) == len(SPOILT)
    assert told.stdout.endswith(UNCHANGED)
    assert (told.returncode, told.stderr) == (1, "")
    assert everything(database) == there


@contextmanager
def without_rights() -> Iterator[Path]:
    """Give a folder that this process may not look into, also where it belongs to root."""
    with TemporaryDirectory(dir="/tmp") as name:
        outer = Path(name)
        outer.chmod(0o755)
        folder = folder_of(whole_study(), outer / "study")
        folder.chmod(0o000)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65_534)
        try:
            yield folder
        finally:
            os.seteuid(user)
            folder.chmod(0o700)


def test_a_folder_that_may_not_be_read_is_one_line() -> None:
    with without_rights() as folder:
        for path in (folder, folder / "welcome.json"):
            with pytest.raises(BotError, match=r"cannot be read: Permission denied\.$"):
                files_missing([path])
        assert read_file(folder / "welcome.json").fault == "the file cannot be read: Permission denied"
        assert names_below(folder) == frozenset()


def test_a_device_is_no_dialogue(database: Database, before: Contents) -> None:
    told = upload(database, "/dev/zero")
    assert "error: zero: it is no plain file" in told.stdout
    assert (told.returncode, contents(database)) == (1, before)


def test_a_picture_that_is_a_link_out_of_its_folder_is_not_there(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    (project.root / "data/outgoing_files/img/leak.png").symlink_to("/etc/hostname")
    shows = document({"m": message(text="Look", vars=[{"type": "img", "file_name": "leak.png"}])})
    (tmp_path / "sample.json").write_text(json.dumps(shows))
    told = project.script("data/gamesInfo/update_mongoDB_games.py", str(tmp_path / "sample.json"))
    assert "error: sample.json, message 'm': the file data/outgoing_files/img/leak.png is missing." in told.stdout
    assert (told.returncode, told.stderr) == (1, "")


def test_what_cannot_be_named_is_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "._welcome.json").write_bytes(b"\0\5\x16\7")
    story = folder / "new_story.json"
    for named, said in (
        ([tmp_path / "empty"], "/empty holds no dialogue (*.json)."),
        ([tmp_path / "hidden"], "/hidden holds no dialogue (*.json)."),
        ([folder, tmp_path / "gone"], "/gone does not exist."),
        ([story, folder / ".." / "study" / "new_story.json"], "new_story.json is named twice. Name every file once."),
        ([folder, story], "new_story.json is named twice. Name every file once."),
    ):
        with pytest.raises(BotError) as told:
            files_missing(named)
        assert str(told.value).endswith(said)


def test_a_name_that_leads_nowhere_changes_nothing(database: Database, before: Contents, tmp_path: Path) -> None:
    told = upload(database, tmp_path / "gone")
    assert (told.stdout, told.stderr, told.returncode) == ("", f"{tmp_path}/gone does not exist.\n", 1)
    assert contents(database) == before


def test_a_file_name_that_is_no_text_is_told_all_the_same(database: Database, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"caf\xe9.json")
    file.write_text("{")
    told = upload(database, file)
    assert told.stdout.startswith(r"error: caf\udce9.json: no JSON")
    assert json.loads(upload(database, "--json", file).stdout)["problems"][0]["file"] == "caf\udce9.json"


def test_a_file_that_begins_with_a_mark_of_its_order_of_bytes_is_fine(database: Database, tmp_path: Path) -> None:
    (tmp_path / "story.json").write_text(json.dumps(dialogue("story")), "utf-8-sig")
    assert upload(database, tmp_path / "story.json").returncode == 0
    assert set(contents(database).revisions) == {"story"}


def test_a_sequence_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    pipe, latin = tmp_path / "pipe", tmp_path / "latin"
    os.mkfifo(pipe)
    latin.write_bytes(b"\xe9")
    two_hundred_megabytes(tmp_path / "big")
    for file, said in (
        (pipe, "it is no plain file but a folder, a pipe or a device"),
        (tmp_path, "it is no plain file but a folder, a pipe or a device"),
        (latin, "the file is no text in UTF-8"),
        (tmp_path / "big", "the file has more than 4 MB"),
        (tmp_path / "gone", "the file cannot be read: No such file or directory"),
    ):
        with pytest.raises(BotError) as told:
            read_sequence(file)
        assert str(told.value) == f"{file}: {said}."


def test_a_wrong_sequence_changes_nothing(database: Database, before: Contents, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("nothing\n")
    told = upload(database, tmp_path / "wrong", script=SEQUENCE)
    said = "error: wrong: there is no dialogue 'nothing'. Mend the name, or upload the dialogue.\n"
    assert (told.stdout, told.stderr, told.returncode) == (said + UNCHANGED, "", 1)
    told = upload(database, tmp_path / "gone", script=SEQUENCE)
    assert (told.stdout, told.returncode, told.stderr.count("\n")) == ("", 1, 1)
    assert contents(database) == before
