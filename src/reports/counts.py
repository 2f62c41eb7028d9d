# SPDX-License-Identifier: GPL-3.0-or-later
"""All numbers of the daily mail. People come one by one and are forgotten again: only numbers stay."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median

from src.reports.described import Description
from src.reports.numbers import (
    ALL_CATEGORIES,
    CONSENTED,
    OTHER,
    REFUSED,
    STARTED,
    UNDECIDED,
    UNTOLD,
    Answered,
    Drop,
    Group,
    Numbers,
    Open,
    Place,
)
from src.reports.ways import DAY, WEEK, Loss, State, Tally, Way, loss_of, way_of
from src.store.counted import Counted
from src.store.digests import Ran

LATE = 300.0
"""Seconds; a message that is due longer waits in a slow queue."""


class Counting:
    """Takes people one by one. `categories`: the title of each dialogue by its id."""

    def __init__(self, description: Description, categories: Mapping[str, str], now: datetime) -> None:
        self._description = description
        self._categories = categories
        self._titles = (ALL_CATEGORIES, *sorted(set(categories.values())))
        self._now = now.timestamp()
        self._people = self._agreed = self._late = self._retried = 0
        self._states: Counter[State] = Counter()
        self._entry: Tally[str] = Tally(self._now)
        self._finished: Tally[str] = Tally(self._now)
        self._tables: Tally[Place] = Tally(self._now)
        self._balance: dict[Place, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._answered: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        self._open: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._languages: Counter[str] = Counter()
        self._frequencies: Counter[str] = Counter()
        self._reached: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._lost: Counter[tuple[str, Loss]] = Counter()
        self._seconds: dict[str, array[float]] = defaultdict(lambda: array("d"))

    def add(self, way: Way) -> None:
        """Count one participant."""
        self._people += 1
        self._states[way.state] += 1
        self._add_entry(way)
        self._add_runs(way)
        self._add_open(way)
        self._add_queue(way)
        if way.agreed:
            self._agreed += 1
            self._add_tables(way)
            self._add_answered(way)
            if way.state is not State.LEFT:
                self._languages[_language(way.person.language)] += 1
                self._frequencies[_hours(way.person.freq)] += 1

    def _add_entry(self, way: Way) -> None:
        entry = self._description.entry
        has_begun = entry.welcome in way.reached
        if not has_begun and not way.agreed:
            return
        begins = [run.start for run in _begun(way.person) if run.dialogue == entry.welcome and run.start]
        self._entry.add(STARTED, min(begins, default=None))
        decided = way.latest.get(entry.welcome)
        outcome = CONSENTED if way.agreed else REFUSED if decided is not None else UNDECIDED
        self._entry.add(outcome, decided if outcome != UNDECIDED else min(begins, default=None))
        for step in entry.steps:
            if step.dialogue in way.latest:
                ends = (run.end for run in way.person.runs if run.dialogue == step.dialogue and run.ended)
                self._entry.add(step.dialogue, min((end for end in ends if end), default=None))

    def _add_runs(self, way: Way) -> None:
        for dialogue, start, end, ended, *_ in way.person.runs:
            if ended:
                self._finished.add("", end)
                if start and end:
                    self._seconds[dialogue].append(end - start)
        self._reached.update(way.reached)
        self._done.update(way.latest.keys())
        loss = loss_of(way.person)
        self._lost.update((dialogue, loss) for dialogue in way.reached - way.latest.keys())

    def _add_open(self, way: Way) -> None:
        run = way.person.open
        if run is not None:
            counted = self._open[run.dialogue]
            counted[0] += 1
            counted[1] += run.start < self._now - DAY
            counted[2] += run.start < self._now - WEEK

    def _add_queue(self, way: Way) -> None:
        due = way.person.due
        self._late += due is not None and due.timestamp() < self._now - LATE
        self._retried += way.person.tries > 0

    def _add_tables(self, way: Way) -> None:
        told_at = _told_at(way, self._description.profile.dialogue)
        is_active = way.state in (State.ACTIVE, State.SILENT)
        for table in self._description.tables:
            rows: list[int | str] = [*table.rows_of(way.person.values)]
            if not rows and table.field:
                rows = [OTHER if table.field in way.person.values else UNTOLD]
            for row in rows:
                self._tables.add((table.id, row), told_at)
                if table.balance and isinstance(row, int):
                    group = self._balance[table.id, row]
                    group[0] += 1
                    group[1] += is_active
                    group[2] += len(way.latest)

    def _add_answered(self, way: Way) -> None:
        counted: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
        for dialogue, end in way.latest.items():
            spans = 1 if end < self._now - WEEK else 2 if end < self._now - DAY else 3
            title = self._categories.get(dialogue, "")
            for counter in counted[:spans]:
                counter[ALL_CATEGORIES] += 1
                counter[title] += 1
        for title in self._titles:
            for span, counter in enumerate(counted):
                self._answered[title, span][counter[title]] += 1

    def numbers(self) -> Numbers:
        """Return what was counted so far."""
        return Numbers(
            people=self._people,
            agreed=self._agreed,
            states={state: self._states[state] for state in State},
            entry={
                name: self._entry.spans(name)
                for name in (
                    *(STARTED, CONSENTED, REFUSED, UNDECIDED),
                    *(step.dialogue for step in self._description.entry.steps),
                )
            },
            finished=self._finished.spans(""),
            tables=self._tables.all(),
            balance={place: Group(*group) for place, group in self._balance.items()},
            answered={
                title: Answered(*(dict(self._answered[title, span]) for span in range(3))) for title in self._titles
            },
            open={dialogue: Open(*counted) for dialogue, counted in self._open.items()},
            languages=dict(self._languages),
            frequencies=dict(self._frequencies),
            drops={dialogue: self._drop(dialogue) for dialogue in self._reached},
            late=self._late,
            retried=self._retried,
        )

    def _drop(self, dialogue: str) -> Drop:
        return Drop(
            reached=self._reached[dialogue],
            answered=self._done[dialogue],
            median=median(seconds) if (seconds := self._seconds.get(dialogue)) else None,
            lost={loss: self._lost[dialogue, loss] for loss in Loss},
        )


def count(people: Iterable[Counted], description: Description, categories: Mapping[str, str], now: datetime) -> Numbers:
    """Count everybody at this time."""
    counting = Counting(description, categories, now)
    for person in people:
        counting.add(way_of(person))
    return counting.numbers()


def _begun(person: Counted) -> list[Ran]:
    return [run for run in (*person.runs, person.open, person.kept) if run is not None]


def _told_at(way: Way, profile: str) -> float | None:
    """Return when somebody told about themselves: at the last end of that dialogue, else when they began it."""
    if profile in way.latest:
        return way.latest[profile]
    return max((run.start for run in _begun(way.person) if run.dialogue == profile and run.start), default=None)


def _language(code: str) -> str:
    """Return the code of a language; anything else, which somebody may have typed, is told as another one."""
    return code if re.fullmatch(r"[a-z]{2,3}", code) else OTHER


def _hours(freq: str) -> str:
    """Return a frequency in whole hours; anything else, which somebody may have typed, is told as another one."""
    return freq if re.fullmatch(r"[1-9]\d{0,2}", freq) else OTHER
