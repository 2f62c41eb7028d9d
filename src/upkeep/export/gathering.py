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
from src.store.answers import AnsweredRun, Respondent
from src.store.reading import number_of
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
    """A participant as kept: traits by name (what dialogues saved too), and all answers in their order."""

    pseudonym: str
    traits: dict[str, str]
    points: float
    done: int
    answers: list[Answer]


@dataclass
class Gathered:
    """Everything that tables are made of. `strangers`: columns of whole numbers in which something else was found."""

    catalogue: Catalogue
    discretion: Discretion
    file: IO[str]
    places: list[Place] = field(default_factory=list)
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

    def __iter__(self) -> Iterator[Person]:
        """Read everybody again, in the same order."""
        self.file.seek(0)
        for line in self.file:
            pseudonym, traits, points, done, answers = json.loads(line)
            yield Person(pseudonym, traits, points, done, [Answer(*each) for each in answers])


def gathered(people: Iterable[Respondent], catalogue: Catalogue, discretion: Discretion, file: IO[str]) -> Gathered:
    """Read everybody who may be told of into this file. Raises OSError, and whatever reading raises."""
    found = Gathered(catalogue, discretion, file)
    places: dict[Place, int] = {}
    for one in people:
        reason = _why_not(one.participant)
        if reason is not None:
            found.left_out[reason] += 1
            continue
        person = _person(found, one, places)
        file.write(json.dumps(person, ensure_ascii=False, separators=(",", ":")) + "\n")
        found.people += 1
        found.answers += len(person.answers)
    return found


def _why_not(participant: Participant) -> str | None:
    """Say why somebody may not be told of: without consent nothing is research; who wants to be erased is not there."""
    if participant.erasing:
        return BEING_ERASED
    return NOT_ASKED_TO if participant.status is Status.START else None


def _person(found: Gathered, one: Respondent, places: dict[Place, int]) -> Person:
    traits = _traits(found, one.participant)
    repeats: Counter[str] = Counter()
    answers: list[Answer] = []
    for run in one.runs:
        repeats[run.dialogue] += 1
        answers += _answers(found, run, repeats[run.dialogue], places)
    _note_groups(found, traits, answers)
    points = number_of(one.participant.points, 0.0)
    return Person(one.participant.id, traits, points, len(one.participant.done), answers)


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


def _answers(found: Gathered, run: AnsweredRun, repeat: int, places: dict[Place, int]) -> Iterator[Answer]:
    for order, given in enumerate(run.answers, start=1):
        place = Place(run.dialogue, run.revision, given.message, given.name)
        number = places.get(place)
        if number is None:
            number = places[place] = len(found.places)
            found.places.append(place)
        question = found.question(number, given.value)
        kind = question.kind(given.value) if question else Kind.TEXT
        if kind is Kind.TEXT:
            found.strangers.add((run.dialogue, given.name))
        told = kind is not Kind.TEXT or found.discretion.tells_free_text
        answered_at = _milliseconds(given.answered_at)
        found.newest = max(found.newest, answered_at)
        asked_at = _milliseconds(given.asked_at) if given.asked_at else None
        yield Answer(number, given.value if told else None, kind, asked_at, answered_at, order, repeat, run.progress)


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
