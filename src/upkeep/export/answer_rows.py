# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of answers: a row for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from src.upkeep.export.discretion import RARE
from src.upkeep.export.gathering import Answer
from src.upkeep.export.masking import Masked
from src.upkeep.export.tables import PSEUDONYM, Cell, Column, Labels, Table, Type, free_name


def answers_table(told: Masked) -> Table:
    """Return one row for each answer."""
    shown = _Shown(told)

    def rows() -> Iterator[Sequence[Cell]]:
        for person in told.gathered:
            for answer in told.answers(person):
                asked, answered = answer.asked_at, answer.answered_at
                took = None if asked is None else (answered - asked) / 1000
                what, why = shown.what(answer)
                yield (
                    *(person.pseudonym, *what, asked, answered, took),
                    *(answer.order, answer.repeat, answer.progress, why),
                )

    return Table("answers", _columns_of_answers(told.gathered.catalogue.languages), rows)


class _Shown:
    """Finds what a row says of place, kind, value and labels; of what can be pressed each but once."""

    def __init__(self, told: Masked) -> None:
        self._told = told
        self._known: dict[tuple[int, str | None], tuple[Sequence[Cell], str | None]] = {}
        self._no_labels: Sequence[Cell] = (None,) * len(told.gathered.catalogue.languages)

    def what(self, answer: Answer) -> tuple[Sequence[Cell], str | None]:
        """Return the cells, and why there is no value."""
        known = self._known.get((answer.place, answer.value))
        if known is not None:
            return known
        value, why = self._told.value(answer)
        labels = self._labels(answer.place, value)
        kind = None if why == RARE else answer.kind
        cells = (*self._told.gathered.places[answer.place], kind, value, *(labels or self._no_labels))
        if labels:
            self._known[answer.place, answer.value] = cells, why
        return cells, why

    def _labels(self, place: int, value: str | None) -> Labels | None:
        question = None if value is None else self._told.gathered.question(place, value)
        return None if question is None or value is None else question.label(value)


def _columns_of_answers(languages: Sequence[str]) -> list[Column]:
    labels = [
        Column(free_name(f"label_{language}", ()), Type.CATEGORY, f"the button's label in {language}")
        for language in languages
    ]
    return [
        PSEUDONYM,
        Column("dialogue", Type.CATEGORY, "the dialogue's id"),
        Column("revision", Type.CATEGORY, "the revision of the dialogue that was played, as in the codebook"),
        Column("message", Type.CATEGORY, "the message that asked"),
        Column("variable", Type.CATEGORY, "the answer's name"),
        Column("kind", Type.CATEGORY, "choice, number, time or text (free text); nothing where the value is rare"),
        Column("value", Type.TEXT, "what was answered"),
        *labels,
        Column("asked_at", Type.TIME, "when the question arrived (UTC)"),
        Column("answered_at", Type.TIME, "when it was answered (UTC)"),
        Column("seconds", Type.NUMBER, "seconds from question to answer"),
        Column("order", Type.INTEGER, "place of the answer in this run of the dialogue, from 1"),
        Column("repeat", Type.INTEGER, "which run of this dialogue by this participant, from 1"),
        Column("progress", Type.CATEGORY, "finished, left (ended before its end), running or interrupted"),
        Column("left_out", Type.CATEGORY, "why there is no value: free text or rare"),
    ]
