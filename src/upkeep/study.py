# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of dialogues and the sequence, on their way into the database: read, check, upload all or none."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from src.dialogues.check import Problem, SourceFile, check_dialogues, check_sequence, has_errors
from src.dialogues.model import REQUIRED_DIALOGUES, FileKind
from src.errors import BotError
from src.store.study import StudyStore, Uploaded

LARGEST_FILE = 4_000_000
"""Bytes; a dialogue of this size is no dialogue (and MongoDB takes 16 MB at most)."""


@dataclass(frozen=True)
class Demands:
    """What the checker has to know of the study: its languages, its categories, and where pictures and documents
    lie.
    """

    languages: Sequence[str]
    categories: Collection[str]
    outgoing: Path


def read_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Read dialogues: each path is a file, or a folder whose *.json are all meant. What cannot be read is told of
    there.
    """
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [read_file(path) for path in files]


def files_missing(paths: Sequence[Path]) -> None:
    """Raise BotError if a path leads nowhere, or a folder holds no dialogue or cannot be read."""
    for path in paths:
        try:
            empty = path.is_dir() and not any(each.suffix == ".json" for each in path.iterdir())
        except OSError as error:
            raise BotError(f"{path} cannot be read: {error.strerror}.") from None
        if empty:
            raise BotError(f"{path} holds no dialogue (*.json).")
        if not path.exists():
            raise BotError(f"{path} does not exist.")


def read_file(path: Path) -> SourceFile:
    """Read one dialogue; faults of the file come back inside, in words."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return SourceFile(path.name, fault=f"the file has more than {LARGEST_FILE // 1_000_000} MB")
        return SourceFile(path.name, json.loads(path.read_text("utf-8")))
    except OSError as error:
        return SourceFile(path.name, fault=f"the file cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return SourceFile(path.name, fault="the file is no text in UTF-8")
    except json.JSONDecodeError as error:
        return SourceFile(path.name, fault=f"no JSON: line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        return SourceFile(path.name, fault="no JSON: it is nested too deeply")


def read_sequence(path: Path) -> list[str]:
    """Return the ids of a sequence file, one a line; blank lines, blanks at the ends and `#` comments do not count."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise BotError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BotError(f"{path} is no text in UTF-8. Save it as UTF-8.") from None
    ids = (line.split("#", 1)[0].strip() for line in lines)
    return [unicodedata.normalize("NFC", each) for each in ids if each]


def known_files(outgoing: Path) -> Callable[[FileKind, str], bool]:
    """Return what tells whether a picture or document lies below its folder; its name is compared after NFC."""
    folders = {FileKind.PICTURE: outgoing / "img", FileKind.DOCUMENT: outgoing}
    there = {kind: names_below(folder) for kind, folder in folders.items()}
    return lambda kind, name: unicodedata.normalize("NFC", name) in there[kind]


def names_below(folder: Path) -> frozenset[str]:
    """Return the files below a folder by their relative names; links that lead out of it do not count."""
    root = folder.resolve()
    inside = (each for each in folder.rglob("*") if each.is_file() and each.resolve().is_relative_to(root))
    return frozenset(unicodedata.normalize("NFC", each.relative_to(folder).as_posix()) for each in inside)


def check_files(files: Sequence[SourceFile], demands: Demands, store: StudyStore | None = None) -> list[Problem]:
    """Return all problems of the files; with a `store`, dialogues that are in the database count as known."""
    contents = store.contents() if store else None
    return check_dialogues(
        files,
        languages=demands.languages,
        known_files=known_files(demands.outgoing),
        categories=demands.categories,
        sequence=contents.sequence if contents else (),
        known_dialogues=tuple(contents.revisions) if contents else (),
    )


def upload_files(
    files: Sequence[SourceFile], demands: Demands, store: StudyStore, now: datetime, *, replace_all: bool
) -> tuple[list[Problem], Uploaded | None]:
    """Check the files and upload all of them, or none if one has an error; return the problems and what changed.

    `replace_all`: dialogues that are not among the files go out of the study. One that the bot needs may not.
    """
    problems = check_files(files, demands, store)
    if has_errors(problems):
        return problems, None
    documents: list[dict[str, Any]] = [each.document for each in files if isinstance(each.document, dict)]
    if replace_all:
        there = {unicodedata.normalize("NFC", str(each["_id"])) for each in documents}
        missing = [name for name in REQUIRED_DIALOGUES if name not in there]
        if missing:
            raise BotError(f"The bot needs these dialogues, and they are not among the files: {', '.join(missing)}.")
    return problems, store.upload_dialogues(documents, now, replace_all)


def upload_sequence(path: Path, store: StudyStore, now: datetime) -> tuple[list[Problem], int | None]:
    """Check and upload a sequence file; return the problems and how many participants go on by it, None with an
    error.
    """
    ids = read_sequence(path)
    problems = check_sequence(ids, list(store.contents().revisions), file=path.name)
    if not ids:
        raise BotError(f"{path} names no dialogue. Write one id a line.")
    if has_errors(problems):
        return problems, None
    return problems, store.upload_sequence(ids, now)
