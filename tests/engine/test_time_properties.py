# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole weeks around both clock changes, in many zones: nothing comes at night or twice, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from tests.engine.days import ZONES, Days, changes_of, in_part, is_night, story
from tests.engine.samples import study
from tests.fakes.ports import FakeClock
from tests.fakes.world import World

STORIES = 5
REMINDER_HOURS = 24.0
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Person:
    """What somebody chose, and after how many hours they answer each story; None: never, they are silent."""

    shift: timedelta
    part: str
    rhythm_hours: float
    hours: tuple[float | None, ...]


PEOPLE = some.builds(
    Person,
    some.integers(-48, 48).map(lambda quarters: timedelta(minutes=15 * quarters)),
    some.sampled_from(("Ma", "MD", "Ta", "TD")),
    some.sampled_from((6.0, 12.0, 24.0, 48.0)),
    some.lists(
        some.one_of(some.integers(0, 14 * 60), some.integers(0, 400 * 60)), min_size=STORIES, max_size=STORIES
    ).map(lambda minutes: tuple(each / 60 for each in minutes)),
)
STARTS = some.sampled_from(ZONES).flatmap(
    lambda name: some.tuples(
        some.just(ZoneInfo(name)),
        some.builds(
            lambda change, minutes: change + timedelta(minutes=minutes),
            some.sampled_from(changes_of(ZoneInfo(name)) or [datetime(2026, 3, 29, 1, tzinfo=UTC)]),
            some.integers(-3 * 24 * 60, 24 * 60),
        ),
    )
)


def days_of(zone: ZoneInfo, start: datetime, people: Sequence[Person]) -> Days:
    """Return the world of these people, who have all agreed to take part at the start."""
    stories = [story(f"s{number}") for number in range(STORIES)]
    world = World(study(*stories, timezone=zone, reminder_hours=REMINDER_HOURS, pause_scale=0.0), FakeClock(start))

    def thinks(person: int, number: int) -> timedelta | None:
        hours = people[person - 1].hours[number]
        return None if hours is None else timedelta(minutes=round(60 * hours))

    days = Days(world, thinks)
    for number, each in enumerate(people, start=1):
        days.enrol(
            number,
            part_of_day=each.part,
            timeshift=int(each.shift.total_seconds()),
            rhythm=each.rhythm_hours * 3600,
        )
    return days


@settings(deadline=None, max_examples=120, derandomize=True)
@given(place=STARTS, person=PEOPLE)
def test_no_dialogue_comes_at_night_none_twice_none_is_lost_and_each_when_it_should(
    place: tuple[ZoneInfo, datetime], person: Person
) -> None:
    zone, start = place
    days = days_of(zone, start, [person])
    days.lasts(days=14 + STORIES * 20)
    begun = days.begun(1)
    assert [each.dialogue for each in begun] == [f"s{number}" for number in range(STORIES)]
    due = start
    for each in begun:
        assert not is_night(each.at, zone, person.shift)
        assert in_part(each.at, days.world.participant(1), zone)
        # Half a day of night, or a whole day until the part of the day that has just passed; a change may skip it.
        assert due <= each.at <= due + timedelta(hours=26)
        assert each.at == due or is_night(due, zone, person.shift) or not in_part(due, days.world.participant(1), zone)
        due = days.answered[1, each.dialogue] + timedelta(hours=person.rhythm_hours)
    assert [each["gameId"] for each in days.world.history(1)] == [each.dialogue for each in begun]


@settings(deadline=None, max_examples=120, derandomize=True)
@given(place=STARTS, person=PEOPLE)
def test_reminders_come_by_day_a_day_and_a_week_later_at_most_twice_and_none_after_an_answer(
    place: tuple[ZoneInfo, datetime], person: Person
) -> None:
    zone, start = place
    days = days_of(zone, start, [person])
    days.lasts(days=14 + STORIES * 20)
    reminders = list(days.reminders(1))
    asked = {each.dialogue: each.at for each in days.begun(1)}
    for name, at in asked.items():
        mine = [each.at for each in reminders if each.dialogue == name]
        waited = days.answered[1, name] - at
        assert len(mine) <= 2
        assert not any(is_night(moment, zone, person.shift) for moment in mine)
        assert not any(moment > days.answered[1, name] for moment in mine)
        for number, (moment, before) in enumerate(zip(mine, (at, *mine), strict=False)):
            wait = timedelta(hours=REMINDER_HOURS) if number == 0 else WEEK
            # A night is ten hours, and one more when the clock is put back; two in one zone of this list.
            assert before + wait <= moment <= before + wait + timedelta(hours=12)
            assert moment == before + wait or is_night(before + wait, zone, person.shift)
        if waited > timedelta(hours=REMINDER_HOURS + 12):
            assert mine
        if waited > WEEK + timedelta(hours=REMINDER_HOURS + 24):
            assert len(mine) == 2


CROWD = 40


@settings(deadline=None, max_examples=25, derandomize=True, phases=[Phase.generate])
@given(
    place=STARTS,
    person=PEOPLE,
    before=some.floats(0.0, 60.0),
    away=some.one_of(some.floats(1.0, 30.0), some.floats(1.0, 300.0)),
    silent=some.booleans(),
)
def test_after_a_downtime_nobody_gets_two_and_not_all_get_theirs_at_once(
    place: tuple[ZoneInfo, datetime], person: Person, before: float, away: float, silent: bool
) -> None:
    zone, start = place
    alike = Person(person.shift, person.part, person.rhythm_hours, (None,) * STORIES if silent else person.hours)
    days = days_of(zone, start, [alike] * CROWD)
    days.lasts(hours=before)
    known = len(days.written)
    overdue = [who for who, due in days.world.participants.due(end_of(days, away), 1000)]
    days.is_away(hours=away)
    back = days.world.clock.now()
    # Nobody presses anything meanwhile: what comes now comes by itself.
    days.plans.clear()
    days.answers_after = lambda person, number: None
    days.lasts(hours=40)
    news = days.written[known:]
    assert not any(is_night(each.at, zone, person.shift) for each in news)
    came = Counter(each.person for each in news if each.at < back + timedelta(hours=23))
    assert all(count == 1 for count in came.values())
    if overdue and not silent:
        assert {int(who, 16) for who in overdue} <= {each.person for each in news}
    late = [each for each in news if each.at < back + timedelta(hours=23)] if len(overdue) == CROWD else []
    assert_spread([each.at for each in late])


def end_of(days: Days, away: float) -> datetime:
    """Return until when something must have been due to be overdue after the downtime."""
    return days.world.clock.now() + timedelta(hours=away) - timedelta(minutes=10)


def assert_spread(moments: Sequence[datetime]) -> None:
    """Hold what comes after a downtime against the promise: within half an hour and more, not all in one minute."""
    if len(moments) < CROWD:
        return
    minutes = Counter(int(each.timestamp() // 60) for each in moments)
    assert max(minutes.values()) <= CROWD // 4
    assert max(moments) - min(moments) >= timedelta(minutes=15)
