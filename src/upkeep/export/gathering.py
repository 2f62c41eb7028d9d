# SPDX-License-Identifier: GPL-3.0-or-later
"""All answers, read from the database once and kept in a file, so that every table shows the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO, NamedTuple

from src.engine.state import Participant, Status
from src.store.reading import number_of
from src.store.respondents import AnsweredRun, Respondent
from src.store.times import EPOCH
from src.upkeep.export.discretion import NOTHING, Discretion, Groups
from src.upkeep.export.questions import Catalogue, Kind, Question

_MILLISECOND = timedelta(milliseconds=1)
NOT_ASKED_TO = "not consented"
BEING_ERASED = "being erased"
PLAIN_TRAITS = ("status", "language", "freq", "rhythm", "horari_relats", "timeshift_in_seconds")
"""What is told of every participant beside what dialogues save."""


class Place(NamedTuple):
    """Where an answer was given; message "" and revision "" where an older program did not keep them."""

    dialogue: str
    revision: str
    message: str
    variable: str


class Answer(NamedTuple):
    """An answer as it is kept: `place` is the number of its place, times are milliseconds since 1970.

    `order` counts within one run of the dialogue, `repeat` the runs of this dialogue, both from 1.
    """

    place: int
    value: str | None
    kind: str
    asked_at: int | None
    answered_at: int
    order: int
    repeat: int
    progress: str


class Person(NamedTuple):
    """A participant as kept: traits by name (what dialogues saved too), and what all their answers are in short.

    `first_at` and `last_at` are milliseconds since 1970; `kept_answers` are the answers as they stand in the file.
    """

    pseudonym: str
    traits: dict[str, str]
    points: float
    done: int
    answer_count: int
    first_at: int | None
    last_at: int | None
    kept_answers: str

    def answers(self) -> list[Answer]:
        """Return all answers in their order."""
        return [Answer(*each) for each in json.loads(self.kept_answers)]


@dataclass
class Gathered:
    """Everything that tables are made of. `strangers`: columns of whole numbers in which something else was found."""

    catalogue: Catalogue
    discretion: Discretion
    file: IO[str]
    places: list[Place] = field(default_factory=list)
    numbers: dict[Place, int] = field(default_factory=dict)
    kinds: dict[tuple[int, str], Kind] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    presence: Groups = field(default_factory=Groups)
    strangers: set[object] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    people: int = 0
    answers: int = 0
    newest: int = 0

    def question(self, place: int, value: str) -> Question | None:
        """Return the question that this answer belongs to, or None if no revision has such a one."""
        return self.catalogue.asked(*self.places[place], value)

    def place_of(self, place: Place) -> int:
        """Return the number of a place."""
        number = self.numbers.get(place)
        if number is None:
            number = self.numbers[place] = len(self.places)
            self.places.append(place)
        return number

    def kind(self, place: int, value: str) -> Kind:
        """Tell what an answer is. What can be pressed is asked for again and again, and so remembered."""
        kind = self.kinds.get((place, value))
        if kind is None:
            question = self.question(place, value)
            kind = question.kind(value) if question else Kind.TEXT
            if kind is Kind.CHOICE:
                self.kinds[place, value] = kind
        if kind is Kind.TEXT:
            self.strangers.add((self.places[place].dialogue, self.places[place].variable))
        return kind

    def __iter__(self) -> Iterator[Person]:
        """Read everybody again, in the same order."""
        self.file.seek(0)
        for line in self.file:
            head, _, kept_answers = line.partition("\t")
            yield Person._make([*json.loads(head), kept_answers])


def gathered(people: Iterable[Respondent], catalogue: Catalogue, discretion: Discretion, file: IO[str]) -> Gathered:
    """Read everybody who may be told of into this file. Raises OSError, and whatever reading raises."""
    found = Gathered(catalogue, discretion, file)
    for one in people:
        reason = _why_not(one.participant)
        if reason is not None:
            found.left_out[reason] += 1
            continue
        head, answers = _person(found, one)
        # Within JSON a tab is never written as such.
        file.write(f"{_written(head)}\t{_written(answers)}\n")
        found.people += 1
        found.answers += len(answers)
    return found


def _why_not(participant: Participant) -> str | None:
    """Say why somebody may not be told of: without consent nothing is research; who wants to be erased is not there."""
    if participant.erasing:
        return BEING_ERASED
    return NOT_ASKED_TO if participant.status is Status.START else None


def _person(found: Gathered, one: Respondent) -> tuple[tuple[object, ...], list[Answer]]:
    """Return what is kept of somebody: the beginning of a Person, and the answers."""
    traits = _traits(found, one.participant)
    repeats: Counter[str] = Counter()
    answers: list[Answer] = []
    for run in one.runs:
        repeats[run.dialogue] += 1
        answers += _answers(found, run, repeats[run.dialogue])
    _note_groups(found, traits, answers)
    times = [each.answered_at for each in answers]
    found.newest = max(found.newest, *times, 0)
    points, done = number_of(one.participant.points, 0.0), len(one.participant.done)
    summary = (len(answers), min(times, default=None), max(times, default=None))
    return (one.participant.id, traits, points, done, *summary), answers


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _traits(found: Gathered, participant: Participant) -> dict[str, str]:
    """Return what is told of a participant: of the fields only those that a dialogue of some revision saves."""
    traits = {
        "status": str(int(participant.status)),
        "language": participant.language,
        "freq": participant.freq,
        "rhythm": str(participant.rhythm),
        "horari_relats": participant.part_of_day,
        "timeshift_in_seconds": str(participant.timeshift),
    }
    for name, questions in found.catalogue.by_save.items():
        value = participant.fields.get(name)
        if value is None or name in traits:
            continue
        kinds = {question.kind(value) for question in questions}
        if kinds == {Kind.TEXT}:
            found.strangers.add(name)
            if not found.discretion.tells_free_text:
                continue
        traits[name] = value
    return traits


def _answers(found: Gathered, run: AnsweredRun, repeat: int) -> Iterator[Answer]:
    for order, given in enumerate(run.answers, start=1):
        place = found.place_of(Place(run.dialogue, run.revision, given.message, given.name))
        kind = found.kind(place, given.value)
        asked_at = _milliseconds(given.asked_at) if given.asked_at else None
        told = kind is not Kind.TEXT or found.discretion.tells_free_text
        value = given.value if told else None
        yield Answer(place, value, kind, asked_at, _milliseconds(given.answered_at), order, repeat, run.progress)


def _note_groups(found: Gathered, traits: dict[str, str], answers: list[Answer]) -> None:
    """Count who has what in common with whom, if groups must be large enough."""
    if not found.discretion.smallest_group:
        return
    for name in dict.fromkeys((*PLAIN_TRAITS, *found.catalogue.by_save)):
        found.groups.add(name, traits.get(name, NOTHING), found.people)
    for place, said in {(found.places[each.place], each.value) for each in answers}:
        found.presence.add((place.dialogue, place.message, place.variable), "", found.people)
        found.groups.add((place.dialogue, place.variable), said or NOTHING, found.people)


def _milliseconds(time: datetime) -> int:
    return (time - EPOCH) // _MILLISECOND
