# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that there is to say about files before they are uploaded; how it is told stands in `report.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from src.dialogues.check import Problem, SourceFile, has_errors
from src.dialogues.model import Dialogue
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from src.store.database import Database
from src.store.revisions import id_of
from src.store.study import StudyStore
from src.upkeep.impact import Impact, impact_of_upload
from src.upkeep.reading_time import ReadingTime, reading_time
from src.upkeep.study import Demands, check_files, check_sequence_of, documents_of, missing_dialogues
from src.upkeep.translation import Translation, texts_in, translations


@dataclass(frozen=True)
class Review:
    """What a look at files has found. `texts` and `reading_times` are by dialogue; times are in the default language,
    and None where no way leads to the end. `impact` is None as long as the database has not been asked.
    """

    files: int
    problems: Sequence[Problem]
    language: str
    translations: Sequence[Translation]
    texts: Mapping[str, int]
    reading_times: Mapping[str, ReadingTime | None]
    impact: Impact | None = None

    @property
    def refused(self) -> bool:
        """Tell whether an error stands against the upload."""
        return has_errors(self.problems)


def review_files(
    files: Sequence[SourceFile],
    demands: Demands,
    language: str,
    reading_pause: Callable[[str], float],
    *,
    replace_all: bool,
) -> Review:
    """Look at files without a database; `replace_all`: they are the whole study.

    `reading_pause` gives the seconds to read a plain text, `language` is the study's default.
    """
    problems = check_files(files, demands)
    if replace_all:
        problems += missing_dialogues(files)
    dialogues = _dialogues_in(files)
    return Review(
        files=len(files),
        problems=problems,
        language=language,
        translations=translations(dialogues, demands.languages),
        texts={each.id: len(list(texts_in(each))) for each in dialogues},
        reading_times={each.id: reading_time(each, language, reading_pause) for each in dialogues},
    )


def with_impact(review: Review, files: Sequence[SourceFile], database: Database, *, replace_all: bool) -> Review:
    """Add what the upload would change in the database, also in its sequence. Nothing is written there."""
    documents = documents_of(files)
    contents = StudyStore(database).peek()
    after = {id_of(each) for each in documents} | (set() if replace_all else set(contents.revisions))
    return replace(
        review,
        problems=[*review.problems, *check_sequence_of(contents, after)],
        impact=impact_of_upload(documents, database, replace_all=replace_all),
    )


def _dialogues_in(files: Sequence[SourceFile]) -> list[Dialogue]:
    """Return the dialogues that can be read as a whole."""
    dialogues: list[Dialogue] = []
    for document in documents_of(files):
        try:
            dialogues.append(parse_dialogue(document))
        except MalformedDialogue:
            continue
    return dialogues
