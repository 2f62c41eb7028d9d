# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of participants: a row for each, and if asked for, in it their newest answer to everything."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from src.engine.stored_names import value_in
from src.upkeep.export.discretion import RARE
from src.upkeep.export.gathering import PLAIN_TRAITS, Answer, Gathered, Person
from src.upkeep.export.masking import Masked
from src.upkeep.export.questions import Question, column_type, labels_of
from src.upkeep.export.tables import PSEUDONYM, Cell, Column, Labels, Table, Type, cell_of, free_name

_TRAITS: Mapping[str, tuple[Type, str]] = {
    "status": (Type.INTEGER, "whether they take part"),
    "language": (Type.CATEGORY, "their language"),
    "freq": (Type.NUMBER, "hours between two stories, as they chose"),
    "rhythm": (Type.NUMBER, "seconds between two stories"),
    "horari_relats": (Type.CATEGORY, "the part of the day in which stories come"),
    "timeshift_in_seconds": (Type.INTEGER, "difference of their clock to the study's"),
}
_COUNTS = (
    Column("points", Type.NUMBER, "points collected"),
    Column("dialogues_done", Type.INTEGER, "dialogues of the sequence that are done"),
    Column("answers", Type.INTEGER, "answers in this export"),
    Column("first_answer_at", Type.TIME, "time of the first of them (UTC)"),
    Column("last_answer_at", Type.TIME, "time of the last of them (UTC)"),
)
_STATUS = {"1": "active", "2": "paused or out of reach", "3": "left"}
Named = TypeVar("Named", bound=Hashable)
Key = tuple[str, str]
"""A dialogue and the name of an answer."""


def participants_table(told: Masked, *, wide: bool) -> Table:
    """Return one row for each participant; `wide`: with the newest answer to everything that was asked."""
    names: list[str] = [PSEUDONYM.name, *(column.name for column in _COUNTS)]
    traits = _named(names, _columns_of_traits(told.gathered))
    answers = _named(names, _columns_of_wide(told) if wide else {})

    def rows() -> Iterator[Sequence[Cell]]:
        for person in told.gathered:
            given = told.answers(person) if wide or told.too_few else None
            yield (
                person.pseudonym,
                *(cell_of(told.trait(person, name), column.type) for name, column in traits.items()),
                person.points,
                person.done,
                *_in_short(person, given),
                *(_newest(told, given, answers) if wide and given is not None else ()),
            )

    return Table("participants", [PSEUDONYM, *traits.values(), *_COUNTS, *answers.values()], rows)


def _in_short(person: Person, given: Sequence[Answer] | None) -> tuple[int, int | None, int | None]:
    """Return number and times of the answers that are told; None: of all."""
    if given is None:
        return person.answer_count, person.first_at, person.last_at
    times = [each.answered_at for each in given]
    return len(times), min(times, default=None), max(times, default=None)


def _newest(told: Masked, given: Sequence[Answer], columns: Mapping[Key, Column]) -> Iterator[Cell]:
    """Return the newest answer for each column; what is no number is passed over where numbers belong."""
    found: dict[Key, Cell] = {}
    for each in given:
        place = told.gathered.places[each.place]
        key = (place.dialogue, place.variable)
        value, why = told.value(each)
        cell = cell_of(value, columns[key].type)
        if cell is not None or why == RARE:
            found[key] = cell
    return (found.get(key) for key in columns)


def _columns_of_traits(gathered: Gathered) -> dict[str, Column]:
    columns = {}
    for name in PLAIN_TRAITS:
        kind, meaning = _TRAITS[name]
        columns[name] = Column(name, kind, meaning, _labels_of_trait(name, gathered.catalogue.languages))
    for name, questions in gathered.catalogue.by_save.items():
        if name not in columns:
            where = ", ".join(dict.fromkeys(one.dialogue for one in questions))
            columns[name] = _column(gathered, name, name, questions, f"saved by {where}")
    return columns


def _labels_of_trait(name: str, languages: Sequence[str]) -> dict[str, Labels]:
    if name == "status":
        return {value: (label,) * len(languages) for value, label in _STATUS.items()}
    values = ("Ma", "MD", "Ta", "TD") if name == "horari_relats" else ()
    return {value: tuple(value_in(language, name, value) for language in languages) for value in values}


def _columns_of_wide(told: Masked) -> dict[Key, Column]:
    """Return a column for everything that was ever asked, and for what was answered without a known question."""
    asked = told.gathered.catalogue.by_name
    others = {(place.dialogue, place.variable) for place in told.gathered.places}.difference(asked)
    keys: list[Key] = [*asked, *sorted(others)]
    return {key: _column(told.gathered, key, ".".join(key), asked.get(key, ()), _in_words(key)) for key in keys}


def _column(gathered: Gathered, key: object, name: str, questions: Sequence[Question], meaning: str) -> Column:
    kind = column_type(questions) if questions else Type.TEXT
    if kind is Type.INTEGER and key in gathered.strangers:
        kind = Type.CATEGORY
    return Column(name, kind, meaning, labels_of(questions))


def _named(taken: list[str], columns: Mapping[Named, Column]) -> dict[Named, Column]:
    """Give each column a name that is free; `taken` grows."""
    named = {}
    for key, column in columns.items():
        name = free_name(column.name, taken)
        taken.append(name)
        named[key] = replace(column, name=name)
    return named


def _in_words(key: Key) -> str:
    dialogue, variable = key
    return f"the newest answer {variable} in {dialogue}"
