# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of the weekly pictures against slow and obvious counts, through a real database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from src.reports.flows import flows_of
from src.reports.over_time import CountingOverTime, OverTime
from src.reports.ways import way_of
from src.store.counted import everybody
from src.store.database import Database
from tests.reports.crowd import NOW, Crowd, Maker, fill, whole_documents
from tests.reports.slow_counts import begun, done
from tests.reports.told import DESCRIPTION, ZONE, counted, people, wishes

Documents = list[dict[str, Any]]


def local(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC).astimezone(ZONE)


def joined(person: dict[str, Any]) -> float | None:
    return min((run["start_time"] for run in begun(person)), default=None)


def row_of(person: dict[str, Any], table: str) -> int | str:
    """Return in which row somebody stands; our tables have one value a row."""
    described = next(each for each in DESCRIPTION.tables if each.id == table)
    value = person.get(described.field)
    if not value:
        return "untold"
    return next((number for number, row in enumerate(described.rows) if [value] == list(row.values)), "other")


def agreed(documents: Documents) -> Documents:
    return [person for person in documents if person["status"] != 0]


def growth_of(documents: Documents) -> dict[tuple[str, int | str], dict[date, int]]:
    found: dict[tuple[str, int | str], Counter[date]] = {}
    for person in agreed(documents):
        for table in ("gender", "age", "experience"):
            begin = joined(person)
            if begin is not None:
                found.setdefault((table, row_of(person, table)), Counter())[local(begin).date()] += 1
    return {place: dict(days) for place, days in found.items()}


def cohorts_of(documents: Documents) -> dict[date, tuple[int, tuple[int, ...]]]:
    mondays: dict[date, Documents] = {}
    for person in agreed(documents):
        day = local(joined(person) or 0).date()
        mondays.setdefault(day - timedelta(days=day.weekday()), []).append(person)
    found = {}
    for monday, persons in mondays.items():
        weeks = (NOW.astimezone(ZONE).date() - monday).days // 7 + 1
        stayed = tuple(sum(answered_after(one, week) for one in persons) for week in range(weeks))
        found[monday] = (len(persons), stayed)
    return found


def answered_after(person: dict[str, Any], week: int) -> bool:
    """Tell whether somebody answered something so many whole weeks after they came, or later."""
    begin = joined(person) or 0
    ends = [run["end_time"] for run in person["game_history"] if run["ended"]]
    return any(end - begin >= week * 7 * 24 * 3600 for end in ends)


def hours_of(documents: Documents) -> dict[tuple[int, int], int]:
    times = [
        local(run["start_time"] + int(time - run["start_time"]))
        for person in documents
        for run in begun(person)
        for time in flat(run["timestamps_answers"])
    ]
    return dict(Counter((time.weekday(), time.hour) for time in times))


def flat(times: dict[str, Any]) -> list[float]:
    return [each for time in times.values() for each in (flat(time) if isinstance(time, dict) else [time])]


def flows_in(documents: Documents) -> dict[int, dict[tuple[int | str, int | str], int]]:
    rows = [[row_of(person, table) for table in ("gender", "age", "professional")] for person in agreed(documents)]
    told = [each for each in rows if "untold" not in each]
    found = {number: dict(Counter((each[number], each[number + 1]) for each in told)) for number in range(2)}
    return {number: flows for number, flows in found.items() if flows}


def read(database: Database) -> OverTime:
    counting = CountingOverTime(DESCRIPTION, NOW.astimezone(ZONE), ZONE)
    for person in everybody(database, DESCRIPTION.fields(), answers=True):
        counting.add(way_of(person))
    return counting.numbers()


@pytest.mark.parametrize("seed", range(3))
def test_what_pictures_show_is_what_a_slow_count_finds(database: Database, seed: int) -> None:
    fill(database, seed, Crowd(50, days=70.0, lost=4.0))
    documents, found = whole_documents(database), read(database)
    assert found.joined == growth_of(documents)
    assert {monday: (each.people, each.stayed) for monday, each in found.cohorts.items()} == cohorts_of(documents)
    assert found.hours == hours_of(documents)
    assert found.answering == sum(any(flat(run["timestamps_answers"]) for run in begun(one)) for one in documents)
    assert found.flows == flows_in(documents)
    assert found.told + found.untold == len(agreed(documents))
    assert all(done(person) for person in agreed(documents))


def test_the_hour_is_that_of_the_study_also_when_clocks_change(database: Database) -> None:
    maker = Maker(1, Crowd(1))
    person = maker.plain("a" * 32)
    for day in (28, 30):  # clocks go forward on 29 March 2026
        start = datetime(2026, 3, day, 10, 0, tzinfo=UTC)
        run = maker.run("a" * 32, "lang", start, start + timedelta(minutes=5), ended=True)
        person["game_history"].append(run | {"timestamps_answers": {"q": start.timestamp() + 60}, "revision": "r"})
    database.clients.insert_one(person)
    assert read(database).hours == {(5, 11): 1, (0, 12): 1}


def test_bands_of_a_few_people_are_left_out_and_the_others_rounded() -> None:
    found = counted(people(900))[1]
    told = {(number, left, right): n for number, flows in found.flows.items() for (left, right), n in flows.items()}
    flows = flows_of(found, wishes())
    drawn = {
        (flows.blocks[band.left].column, flows.blocks[band.left].row, flows.blocks[band.right].row): band.people
        for band in flows.bands
    }
    assert drawn
    assert set(drawn) == {place for place, n in told.items() if n >= 5}
    assert all(abs(drawn[place] - told[place]) <= 2 and drawn[place] % 5 == 0 for place in drawn)
    assert flows_of(found, wishes(smallest=10_000)).bands == ()
    assert {block.people > 0 for block in flows.blocks} == {True}
