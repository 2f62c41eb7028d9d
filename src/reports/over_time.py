# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of the weekly mail's pictures. People come one by one and are forgotten again: only numbers stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from src.reports.described import Description
from src.reports.numbers import OTHER, UNTOLD
from src.reports.ways import WEEK, Way

QUARTER = 900
"""Seconds; every time zone is a multiple of it away from UTC."""

Bands = tuple[int | str, int | str]
"""Two rows of two columns of the Sankey chart that stand side by side."""


@dataclass(frozen=True)
class Cohort:
    """Who came in a week: how many, and how many of them answered something in their n-th week with us or later."""

    people: int
    stayed: tuple[int, ...]


@dataclass(frozen=True)
class OverTime:
    """`joined`: by table and row, how many came on which day. `cohorts`: by the Monday of the week of entry.
    `hours`: answers by weekday (Monday 0) and hour, in the study's time zone, given by `answering` people.
    `flows`: by the number of the left column, how many people stand in two neighbouring rows, of those `told` people
    who told everything that the chart asks; `untold` did not.
    """

    joined: Mapping[tuple[str, int | str], Mapping[date, int]]
    cohorts: Mapping[date, Cohort]
    hours: Mapping[tuple[int, int], int]
    answering: int
    flows: Mapping[int, Mapping[Bands, int]]
    told: int
    untold: int


class CountingOverTime:
    """Takes people one by one. `now` is in the study's time zone."""

    def __init__(self, description: Description, now: datetime, zone: ZoneInfo) -> None:
        self._description = description
        self._columns = description.columns()
        self._now, self._zone = now, zone
        self._joined: dict[tuple[str, int | str], Counter[date]] = defaultdict(Counter)
        self._weeks: dict[date, Counter[int]] = defaultdict(Counter)
        self._quarters: Counter[int] = Counter()
        self._flows: dict[int, Counter[Bands]] = defaultdict(Counter)
        self._told = self._untold = self._answering = 0

    def add(self, way: Way) -> None:
        """Count one participant."""
        runs = [run for run in (*way.person.runs, way.person.open, way.person.kept) if run is not None]
        for run in runs:
            begin = int(run.start)
            self._quarters.update([(begin + answer) // QUARTER for answer in run.answers])
        self._answering += any(run.answers for run in runs)
        if way.agreed:
            self._add_flows(way)
            if way.joined is not None:
                self._add_joined(way, way.joined)

    def _add_joined(self, way: Way, joined: float) -> None:
        day = datetime.fromtimestamp(joined, self._zone).date()
        for table in self._description.tables:
            if table.over_time:
                row = table.row_of(way.person.values) if table.field else None
                self._joined[table.id, self._place(way, table.field, row)][day] += 1
        last = max(way.latest.values(), default=0.0)
        self._weeks[day - timedelta(days=day.weekday())][int((last - joined) // WEEK) if last >= joined else -1] += 1

    def _place(self, way: Way, field: str, row: int | None) -> int | str:
        if row is not None:
            return row
        return OTHER if field in way.person.values else UNTOLD

    def _add_flows(self, way: Way) -> None:
        rows = [self._place(way, column.field, column.row_of(way.person.values)) for column in self._columns]
        if not rows or UNTOLD in rows:
            self._untold += bool(rows)
            return
        self._told += 1
        for number, (left, right) in enumerate(pairwise(rows)):
            self._flows[number][left, right] += 1

    def numbers(self) -> OverTime:
        """Return what was counted so far."""
        return OverTime(
            joined={place: dict(days) for place, days in self._joined.items()},
            cohorts={week: self._cohort(week, last) for week, last in sorted(self._weeks.items())},
            hours=self._hours(),
            answering=self._answering,
            flows={number: dict(flows) for number, flows in self._flows.items()},
            told=self._told,
            untold=self._untold,
        )

    def _cohort(self, week: date, last: Counter[int]) -> Cohort:
        """Return who stayed; the n-th week is told once it has begun for those who came on that Monday."""
        age = (self._now.date() - week).days // 7
        return Cohort(last.total(), tuple(sum(last[n] for n in last if n >= number) for number in range(age + 1)))

    def _hours(self) -> dict[tuple[int, int], int]:
        found: Counter[tuple[int, int]] = Counter()
        for quarter, answers in self._quarters.items():
            moment = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(self._zone)
            found[moment.weekday(), moment.hour] += answers
        return dict(found)
