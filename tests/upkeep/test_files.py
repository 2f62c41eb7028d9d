# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as they lie on the disk: whatever is wrong with one is told in words, and nothing hangs on it."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from src.dialogues.model import FileKind
from src.errors import BotError
from src.upkeep.study import LARGEST_FILE, files_missing, known_files, read_file, read_files, read_sequence

FORMS: tuple[Literal["NFC"], Literal["NFD"]] = ("NFC", "NFD")

BROKEN = {
    "cut off": (b'{"_id": "a",\n "title"', "no JSON: line 2, column 9"),
    "a comma too many": (b'{"a": 1,}', "no JSON: line 1, column 9"),
    "empty": (b"", "no JSON: line 1, column 1"),
    "Latin-1": ('{"_id": "señal"}'.encode("latin-1"), "no text in UTF-8"),
    "UTF-16": ('{"_id": "a"}'.encode("utf-16"), "no text in UTF-8"),
    "deeply nested": (b"[" * 200_000 + b"]" * 200_000, "nested too deeply"),
    "a number without end": (b'{"wait": ' + b"9" * 5000 + b"}", "too many digits"),
    "a number that the database cannot hold": (b'{"wait": 9223372036854775808}', "a whole number"),
    "a number that is none": (b'{"wait": NaN}', "NaN is no number"),
    "half a character": (b'{"title": "\\ud83d"}', "half a character"),
    "a key with a zero": (b'{"a\\u0000b": 1}', "a key in it"),
    "nested too deeply for the database": (b"[" * 150 + b"]" * 150, "levels deep"),
    "too big": (b" " * (LARGEST_FILE + 1), "more than 4 MB"),
}


@pytest.mark.parametrize(("content", "words"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_with_a_file_is_told_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    file = read_file(path)
    assert (file.name, file.document) == ("broken.json", None)
    assert words in (file.fault or "")


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    for name in ("nothing.json", "loop.json"):
        assert "cannot be read" in (read_file(tmp_path / name).fault or "")


def test_a_folder_a_pipe_and_a_device_are_told_of_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path / "folder.json", tmp_path / "pipe.json", Path("/dev/zero")):
        assert "no plain file" in (read_file(path).fault or "")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "marked.json"
    path.write_bytes(b'\xef\xbb\xbf{"_id": "marked"}')
    assert read_file(path).document == {"_id": "marked"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    path.write_text("{}")
    path.chmod(0)
    assert "cannot be read: Permission denied" in (read_file(path).fault or "")


def test_a_folder_means_all_its_dialogues_in_order(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", ".hidden.json", "notes.txt"):
        (tmp_path / name).write_text("{}")
    assert [each.name for each in read_files([tmp_path, tmp_path / "notes.txt"])] == ["a.json", "b.json", "notes.txt"]


def test_a_link_that_leads_out_of_the_folder_is_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "dialogues"
    folder.mkdir()
    (tmp_path / "secret.json").write_text('{"key": 1}')
    (folder / "a.json").symlink_to(tmp_path / "secret.json")
    [file] = read_files([folder])
    assert file.document is None
    assert "out of the folder" in (file.fault or "")


def test_paths_that_lead_nowhere_or_come_twice_are_told_of(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    file = tmp_path / "a.json"
    file.write_text("{}")
    files_missing([tmp_path])
    files_missing([file])
    wrong = (([empty], "no dialogue"), ([tmp_path / "b.json"], "does not exist"), ([tmp_path, file], "twice"))
    for paths, words in wrong:
        with pytest.raises(BotError, match=words):
            files_missing(paths)


def test_a_sequence_is_one_id_a_line(tmp_path: Path) -> None:
    path = tmp_path / "sequence.txt"
    path.write_bytes(b"\xef\xbb\xbf# the order\r\none\r\n\r\n  two \t# for now\n#three\nfour")
    assert read_sequence(path) == ["one", "two", "four"]
    path.write_text(unicodedata.normalize("NFD", "señal\n"), "utf-8")
    assert read_sequence(path) == [unicodedata.normalize("NFC", "señal")]
    path.write_text("# nothing yet\n")
    assert read_sequence(path) == []


def test_a_sequence_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "sequence.txt"
    with pytest.raises(BotError, match="cannot be read"):
        read_sequence(path)
    path.write_bytes(b"se\xf1al")
    with pytest.raises(BotError, match="no text in UTF-8"):
        read_sequence(path)
    with pytest.raises(BotError, match="no plain file"):
        read_sequence(tmp_path)


def test_pictures_and_documents_are_known_by_their_names_in_any_form(tmp_path: Path) -> None:
    (tmp_path / "img" / unicodedata.normalize("NFD", "mär")).mkdir(parents=True)
    (tmp_path / "img" / unicodedata.normalize("NFD", "mär/é.png")).touch()
    (tmp_path / unicodedata.normalize("NFD", "é.pdf")).touch()
    is_known = known_files(tmp_path)
    for form in FORMS:
        assert is_known(FileKind.PICTURE, unicodedata.normalize(form, "mär/é.png"))
        assert is_known(FileKind.DOCUMENT, unicodedata.normalize(form, "é.pdf"))
    assert not is_known(FileKind.PICTURE, "é.pdf")
    assert not is_known(FileKind.PICTURE, "mär")
    assert not is_known(FileKind.DOCUMENT, "É.pdf")


def test_links_that_lead_out_of_the_folder_do_not_count(tmp_path: Path) -> None:
    folder = tmp_path / "outgoing"
    (folder / "img").mkdir(parents=True)
    (tmp_path / "secret.pdf").touch()
    (folder / "here.pdf").touch()
    (folder / "out.pdf").symlink_to(tmp_path / "secret.pdf")
    (folder / "in.pdf").symlink_to(folder / "here.pdf")
    (folder / "gone.pdf").symlink_to(folder / "nothing.pdf")
    (folder / "up").symlink_to(tmp_path)
    is_known = known_files(folder)
    names = ("here.pdf", "in.pdf", "out.pdf", "gone.pdf", "up/secret.pdf", "../secret.pdf", "")
    assert [name for name in names if is_known(FileKind.DOCUMENT, name)] == ["here.pdf", "in.pdf"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert not known_files(tmp_path / "nothing")(FileKind.DOCUMENT, "a.pdf")
