# SPDX-License-Identifier: GPL-3.0-or-later
"""One participant in a few facts, from which all counts are made; and counting by how long ago something happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from src.engine.state import Absence, Status
from src.store.counted import Counted

DAY = 24 * 3600.0
WEEK = 7 * DAY

Key = TypeVar("Key", bound=Hashable)


class State(StrEnum):
    """Where a participant stands, as the mails tell it. `SILENT` is a part of the active ones."""

    UNDECIDED = "undecided"
    ACTIVE = "active"
    SILENT = "silent"
    PAUSED = "paused"
    BLOCKED = "blocked"
    LEFT = "left"


def state_of(person: Counted) -> State:
    """Return where somebody stands."""
    if person.status is Status.OUT or person.absence is Absence.LEFT:
        return State.LEFT
    if person.status is Status.START:
        return State.UNDECIDED
    if person.absence is Absence.UNREACHABLE:
        return State.BLOCKED
    if person.status is Status.DOWN:
        return State.PAUSED
    return State.SILENT if person.absence is Absence.SILENT else State.ACTIVE


class Loss(StrEnum):
    """Why somebody who began a dialogue has not answered it to its end."""

    WAITING = "waiting"
    PAUSED = "paused"
    BLOCKED = "blocked"
    LEFT = "left"


def loss_of(person: Counted) -> Loss:
    """Return the reason that holds for somebody now."""
    if person.status is Status.OUT or person.absence is Absence.LEFT:
        return Loss.LEFT
    if person.absence is Absence.UNREACHABLE:
        return Loss.BLOCKED
    return Loss.PAUSED if person.status is Status.DOWN else Loss.WAITING


@dataclass(frozen=True)
class Way:
    """What somebody did: the dialogues that they began, and when they last answered each of them to its end.

    `joined` is when the first one began; None: not known. `agreed`: they have consented to take part.
    """

    person: Counted
    state: State
    agreed: bool
    reached: Set[str]
    latest: Mapping[str, float]
    joined: float | None


def way_of(person: Counted) -> Way:
    """Sum up one participant."""
    latest: dict[str, float] = {}
    for dialogue, _, end, ended, *_ in person.runs:
        if ended and latest.get(dialogue, -1.0) < (end or 0.0):
            latest[dialogue] = end or 0.0
    begun = [run for run in (*person.runs, person.open, person.kept) if run is not None]
    reached = {run.dialogue for run in begun}
    joined = min((run.start for run in begun if run.start), default=None)
    return Way(person, state_of(person), person.status is not Status.START, reached, latest, joined)


@dataclass(frozen=True)
class Spans:
    """How many: ever, within seven days, within 24 hours."""

    total: int = 0
    week: int = 0
    day: int = 0


class Tally(Generic[Key]):
    """Counts things by when they happened, seen from `now` (unix time)."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._counters: tuple[Counter[Key], Counter[Key], Counter[Key]] = (Counter(), Counter(), Counter())

    def add(self, key: Key, at: float | None) -> None:
        """Count one that happened at this time; None: nobody knows when."""
        ever, week, day = self._counters
        ever[key] += 1
        if at is not None and at >= self.now - WEEK:
            week[key] += 1
            if at >= self.now - DAY:
                day[key] += 1

    def spans(self, key: Key) -> Spans:
        """Return what was counted under a key."""
        return Spans(*(counter[key] for counter in self._counters))

    def all(self) -> dict[Key, Spans]:
        """Return everything that was counted."""
        return {key: self.spans(key) for key in self._counters[0]}
