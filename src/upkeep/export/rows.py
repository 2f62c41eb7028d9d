# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of an export: one row for each answer and one for each participant, or all in one row for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from src.engine.stored_names import value_in
from src.upkeep.export.discretion import FREE_TEXT, NOTHING, RARE, Discretion
from src.upkeep.export.gathering import PLAIN_TRAITS, Answer, Gathered, Person
from src.upkeep.export.questions import Question, column_type, labels_of
from src.upkeep.export.tables import Cell, Column, Labels, Table, Type, cell_of, free_name

ANSWERS, PARTICIPANTS = "answers", "participants"
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
_PSEUDONYM = Column("pseudonym", Type.TEXT, "the participant, under a name that leads to nobody")
Named = TypeVar("Named", bound=Hashable)
Key = tuple[str, str]
"""A dialogue and the name of an answer."""


@dataclass(frozen=True)
class Masked:
    """Says what of the gathered may be shown: rare values and answers that few have given are left out."""

    gathered: Gathered
    rare: Mapping[Hashable, frozenset[str]] = field(default_factory=dict)
    too_few: Mapping[Hashable, frozenset[str]] = field(default_factory=dict)

    def trait(self, person: Person, name: str) -> str | None:
        """Return what is told of a participant's trait."""
        value = person.traits.get(name)
        return None if value in self.rare.get(name, ()) else value

    def answers(self, person: Person) -> list[Answer]:
        """Return the answers that are told, in their order; the numbers of those in one run have no gaps."""
        if not self.too_few:
            return person.answers()
        orders: dict[tuple[str, int, str], int] = {}
        told = []
        for each in person.answers():
            place = self.gathered.places[each.place]
            if (place.dialogue, place.message, place.variable) in self.too_few:
                continue
            run = (place.dialogue, each.repeat, each.progress)
            orders[run] = orders.get(run, 0) + 1
            told.append(each._replace(order=orders[run]))
        return told

    def value(self, answer: Answer) -> tuple[str | None, str | None]:
        """Return what is told of the value of an answer, and if nothing, why."""
        place = self.gathered.places[answer.place]
        if (answer.value or NOTHING) in self.rare.get((place.dialogue, place.variable), ()):
            return None, RARE
        return answer.value, FREE_TEXT if answer.value is None else None


def tell(told: Masked) -> Counter[str]:
    """Count what the tables tell and leave out."""
    counted = Counter(participants=told.gathered.people, answers=told.gathered.answers)
    if told.gathered.discretion == Discretion():
        return counted
    counted["answers"] = 0
    for person in told.gathered:
        shown = told.answers(person)
        counted["answers"] += len(shown)
        counted.update(f"values left out: {why}" for each in shown if (why := told.value(each)[1]))
    if left_out := told.gathered.answers - counted["answers"]:
        counted["answers left out: small groups"] = left_out
    return counted


def masked(gathered: Gathered) -> Masked:
    """Decide what is left out, now that everybody is known."""
    smallest = gathered.discretion.smallest_group
    if not smallest:
        return Masked(gathered)
    return Masked(gathered, gathered.groups.rare(smallest), gathered.presence.rare(smallest))


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

    return Table(ANSWERS, _columns_of_answers(told.gathered.catalogue.languages), rows)


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
        _PSEUDONYM,
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


def participants_table(told: Masked, *, wide: bool) -> Table:
    """Return one row for each participant; `wide`: with the newest answer to everything that was asked."""
    names: list[str] = [_PSEUDONYM.name, *(column.name for column in _COUNTS)]
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

    return Table(PARTICIPANTS, [_PSEUDONYM, *traits.values(), *_COUNTS, *answers.values()], rows)


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
