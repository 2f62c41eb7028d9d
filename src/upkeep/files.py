# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a study as they lie on the disk: whatever is wrong with one is said in words, and nothing hangs on it."""

from __future__ import annotations

import json
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from src.dialogues.check import SourceFile
from src.dialogues.model import FileKind
from src.errors import BotError

LARGEST_FILE = 4_000_000
"""Bytes; a dialogue of this size is no dialogue (and MongoDB takes 16 MB at most)."""

DEEPEST = 90
"""Levels of objects and lists inside each other; MongoDB takes 100."""

BIGGEST_NUMBER = 2**63 - 1
"""MongoDB's whole numbers have 64 bits."""


class Unreadable(BotError):
    """A file cannot be used; the text is a half sentence for its fault."""


def read_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Read dialogues: each path is a file, or a folder whose *.json are all meant. What cannot be read is told of
    there.
    """
    return [read_file(file, folder) for path in paths for file, folder in _named_by(path)]


def files_missing(paths: Sequence[Path]) -> None:
    """Raise BotError if a path leads nowhere, if a folder holds no dialogue or cannot be read, or if the same file
    is named twice.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            there, is_folder = path.exists(), path.is_dir()
            named = [file for file, _ in _named_by(path)]
            if is_folder:
                os.listdir(path)  # noqa: PTH208 (glob finds nothing where it may not look)
        except OSError as error:
            raise BotError(f"{path} cannot be read: {error.strerror}.") from None
        if not there:
            raise BotError(f"{path} does not exist.")
        if not named:
            raise BotError(f"{path} holds no dialogue (*.json).")
        _not_twice(named, seen)


def _named_by(path: Path) -> list[tuple[Path, Path | None]]:
    """Return the files that a path means, each with the folder that it must not lead out of.

    Hidden files are what editors and macOS leave behind, and no dialogues.
    """
    if not path.is_dir():
        return [(path, None)]
    return [(file, path) for file in sorted(path.glob("*.json")) if not file.name.startswith(".")]


def _not_twice(files: Sequence[Path], seen: set[Path]) -> None:
    """Note the files in `seen`; raise BotError for one that is there already."""
    for file in files:
        place = Path(os.path.realpath(file.parent)) / file.name
        if place in seen:
            raise BotError(f"{file} is named twice. Name every file once.")
        seen.add(place)


def read_file(path: Path, folder: Path | None = None) -> SourceFile:
    """Read one dialogue; faults of the file come back inside, in words. With a `folder` it must lie in there."""
    try:
        if folder is not None and not leads_into(path, folder):
            raise Unreadable("it is a link that leads out of the folder")
        doubled: list[str] = []
        document = _document(content_of(path), doubled)
        return SourceFile(path.name, document, doubled=tuple(doubled))
    except Unreadable as unreadable:
        return SourceFile(path.name, fault=str(unreadable))


def content_of(path: Path) -> str:
    """Return the text of a plain file of at most LARGEST_FILE bytes; raise Unreadable for anything else.

    Of a bigger file nothing is read, and a pipe or a device is not waited for.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable("it is no plain file but a folder, a pipe or a device")
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            content = file.read(LARGEST_FILE + 1) if facts.st_size <= LARGEST_FILE else b""
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from None
    if max(len(content), facts.st_size) > LARGEST_FILE:
        raise Unreadable(f"the file has more than {LARGEST_FILE // 1_000_000} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("the file is no text in UTF-8") from None


def _document(text: str, doubled: list[str]) -> object:
    """Return what a JSON text holds, if the database can hold it too; raise Unreadable.

    Keys that stand twice in one object are added to `doubled`.
    """

    def one_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        counts = Counter(key for key, _ in pairs)
        doubled.extend(key for key, count in counts.items() if count > 1)
        return dict(pairs)

    try:
        document = json.loads(text, parse_constant=_no_number, object_pairs_hook=one_object)
    except json.JSONDecodeError as error:
        raise Unreadable(f"no JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise Unreadable("no JSON: it is nested too deeply") from None
    except ValueError:  # Python's own limit for the digits of a number
        raise Unreadable("a number in it has too many digits") from None
    _check_storable(document)
    return document


def _no_number(constant: str) -> NoReturn:
    raise Unreadable(f"no JSON: {constant} is no number there")


def _check_storable(document: object) -> None:
    """Raise Unreadable for what is good JSON and still has no place in MongoDB."""
    waiting: list[tuple[object, int]] = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise Unreadable(f"it is nested more than {DEEPEST} levels deep")
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, int) and abs(value) > BIGGEST_NUMBER:
            raise Unreadable("a whole number in it has more than 18 digits")
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, dict):
            if any("\0" in key for key in value):
                raise Unreadable(r"a key in it holds \u0000")
            waiting += [(part, depth + 1) for part in (*value, *value.values())]


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unreadable(r"a text in it holds half a character (such as \ud83d without its second half)") from None


def read_sequence(path: Path) -> list[str]:
    """Return the ids of a sequence file, one a line; blank lines, blanks at the ends and `#` comments do not count."""
    try:
        lines = content_of(path).splitlines()
    except Unreadable as unreadable:
        raise BotError(f"{path}: {unreadable}.") from None
    ids = (line.split("#", 1)[0].strip() for line in lines)
    return [unicodedata.normalize("NFC", each) for each in ids if each]


def known_files(outgoing: Path) -> Callable[[FileKind, str], bool]:
    """Return what tells whether a picture or document lies below its folder; its name is compared after NFC."""
    folders = {FileKind.PICTURE: outgoing / "img", FileKind.DOCUMENT: outgoing}
    there = {kind: names_below(folder) for kind, folder in folders.items()}
    return lambda kind, name: unicodedata.normalize("NFC", name) in there[kind]


def names_below(folder: Path) -> frozenset[str]:
    """Return the files below a folder by their relative names; links that lead out of it do not count."""
    inside = (each for each in folder.rglob("*") if os.path.isfile(each) and leads_into(each, folder))  # noqa: PTH113
    return frozenset(unicodedata.normalize("NFC", each.relative_to(folder).as_posix()) for each in inside)


def leads_into(path: Path, folder: Path) -> bool:
    """Tell whether a file lies below a folder after all links have been followed."""
    # Not Path.resolve and Path.is_file: they raise for a circle of links and for folders that nobody may enter.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
