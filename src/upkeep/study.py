# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialogues and their sequence on their way into the database: check, upload all or none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from src.dialogues.check import (
    Problem,
    Severity,
    SourceFile,
    check_dialogues,
    check_sequence,
    has_errors,
    missing_required,
)
from src.dialogues.names import id_of_file
from src.errors import BotError, DatabaseAway
from src.store.study import Contents, Overtaken, StudyStore, Uploaded
from src.upkeep.files import (
    LARGEST_FILE,
    files_missing,
    known_files,
    names_below,
    read_file,
    read_files,
    read_sequence,
)

__all__ = (
    "LARGEST_FILE",
    "Demands",
    "check_files",
    "check_sequence_of",
    "documents_of",
    "files_missing",
    "known_files",
    "missing_dialogues",
    "names_below",
    "read_file",
    "read_files",
    "read_sequence",
    "upload_checked",
    "upload_files",
    "upload_sequence",
)

HALFWAY = "The study is as it was, or wholly the new one; the same command again makes sure that it is the new one."


@dataclass(frozen=True)
class Demands:
    """What the checker has to know of the study: its languages, its categories, and where pictures and documents
    lie.
    """

    languages: Sequence[str]
    categories: Collection[str]
    outgoing: Path


def check_files(files: Sequence[SourceFile], demands: Demands, store: StudyStore | None = None) -> list[Problem]:
    """Return all problems of the files; with a `store`, dialogues that are in the database count as known.

    Nothing is written. What the database holds makes warnings only, never an error.
    """
    contents = store.peek() if store else Contents()
    return check_dialogues(
        files,
        languages=demands.languages,
        known_files=known_files(demands.outgoing),
        categories=demands.categories,
        sequence=contents.sequence,
        known_dialogues=tuple(contents.revisions),
    )


def check_sequence_of(contents: Contents, after: Collection[str]) -> list[Problem]:
    """Return a warning for each dialogue of the database's sequence that is not among those `after` the upload."""
    return check_dialogues(
        (),
        languages=(),
        known_files=lambda _kind, _name: True,
        categories=(),
        sequence=contents.sequence,
        known_dialogues=after,
    )


def missing_dialogues(files: Sequence[SourceFile]) -> list[Problem]:
    """Return an error for each dialogue that the bot needs and that is not among the files of a whole study."""
    what = "the bot needs this dialogue, and it is not among the files"
    mend = "Add it, or upload single files instead of the folder"
    return [Problem(Severity.ERROR, f"{name}.json", None, None, what, mend) for name in _missing_in(files)]


def _missing_in(files: Sequence[SourceFile]) -> tuple[str, ...]:
    """Return the dialogues that the bot needs and the files lack. A file that cannot be read counts by its name."""
    broken = [id_of_file(each.name) for each in files if not isinstance(each.document, dict)]
    return missing_required([*broken, *(str(each.get("_id")) for each in documents_of(files))])


def documents_of(files: Sequence[SourceFile]) -> list[dict[str, Any]]:
    """Return the JSON objects that could be read."""
    return [each.document for each in files if isinstance(each.document, dict)]


def upload_files(
    files: Sequence[SourceFile], demands: Demands, store: StudyStore, now: datetime, *, replace_all: bool
) -> tuple[list[Problem], Uploaded | None]:
    """Check the files and upload all of them, or none if one has an error; return the problems and what changed.

    `replace_all`: dialogues that are not among the files go out of the study. One that the bot needs may not.
    """
    problems = check_files(files, demands, store)
    if has_errors(problems):
        return problems, None
    missing = _missing_in(files) if replace_all else ()
    if missing:
        raise BotError(f"The bot needs these dialogues, and they are not among the files: {', '.join(missing)}.")
    return problems, upload_checked(files, store, now, replace_all=replace_all)


def upload_checked(files: Sequence[SourceFile], store: StudyStore, now: datetime, *, replace_all: bool) -> Uploaded:
    """Upload files that have no errors, all or none; return what changed. Raises BotError.

    What it costs: every dialogue whose content was never uploaded before is kept as a revision, as compact JSON:
    some kilobytes each, 80 kB for a study of fifteen in four languages. The same content again costs nothing. Old
    revisions are kept: who is in the middle of one finishes it, and analysts can see what was asked. A hundred
    uploads that change three dialogues each are some 2 MB.
    """
    with _saying_what_is_left():
        return store.upload_dialogues(documents_of(files), now, replace_all)


def upload_sequence(path: Path, store: StudyStore, now: datetime) -> tuple[list[Problem], int | None]:
    """Check and upload a sequence file; return the problems and how many participants go on by it, None with an
    error.
    """
    ids = read_sequence(path)
    if not ids:
        raise BotError(f"{path} names no dialogue. Write one id a line.")
    problems = check_sequence(ids, list(store.peek().revisions), file=path.name)
    if has_errors(problems):
        return problems, None
    with _saying_what_is_left():
        return problems, store.upload_sequence(ids, now)


@contextmanager
def _saying_what_is_left() -> Iterator[None]:
    """Add to an error of the database in the middle of an upload what it has left behind."""
    try:
        yield
    except Overtaken:
        raise
    except DatabaseAway as away:
        raise DatabaseAway(f"{away} {HALFWAY}") from None
    except BotError as refused:
        raise BotError(f"{refused} {HALFWAY}") from None
