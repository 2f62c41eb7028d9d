# SPDX-License-Identifier: GPL-3.0-or-later
"""When a new dialogue may be sent: quiet hours, parts of the day, the person's own clock, both clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from src.dialogues.model import Dialogue
from src.engine.state import Participant, Status
from src.engine.study import Rules
from src.engine.timing import allowed_from, is_quiet, own_clock, timeshift_of
from src.identities import Pseudonym
from tests.engine.samples import PERSON, answers, at, dialogue, na, played, run_of, wa, with_person
from tests.fakes.world import RULES, World

SUMMER = datetime(2026, 3, 29, 1, tzinfo=UTC)
"""Madrid's clock jumps from 02:00 to 03:00."""
WINTER = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""Madrid's clock goes back from 03:00 to 02:00."""


def person(part_of_day: str = "TD", shift: timedelta = timedelta(0)) -> Participant:
    seconds = int(shift.total_seconds())
    return Participant(Pseudonym("a"), "en", status=Status.ACTIVE, part_of_day=part_of_day, timeshift=seconds)


def allowed(due: datetime, who: Participant | None = None, rules: Rules = RULES, *, is_story: bool = True) -> datetime:
    return allowed_from(due, who or person(), rules, is_story=is_story)


@pytest.mark.parametrize(
    ("due", "sent"),
    [
        (at(11), at(11)),
        (at(19, 59), at(19, 59)),
        (at(20), at(6, day=5)),
        (at(23, 30), at(6, day=5)),
        (at(5, 59), at(6)),
        (at(6), at(6)),
    ],
)
def test_nothing_new_is_sent_between_nine_in_the_evening_and_seven_in_the_morning(
    due: datetime, sent: datetime
) -> None:
    assert allowed(due) == sent


def test_quiet_hours_may_lie_within_one_day() -> None:
    siesta = replace(RULES, quiet_from=time(13), quiet_until=time(17))
    assert [allowed(at(hour), rules=siesta) for hour in (11, 12, 15, 16)] == [at(11), at(16), at(16), at(16)]


def test_equal_ends_mean_no_quiet_hours() -> None:
    for end in (time(0), time(7), time(21)):
        never = replace(RULES, quiet_from=end, quiet_until=end)
        assert [allowed(at(hour), rules=never) for hour in range(24)] == [at(hour) for hour in range(24)]


def test_quiet_hours_are_those_of_the_persons_own_clock() -> None:
    far_east = person(shift=timedelta(hours=9, minutes=45))
    assert allowed(at(11), far_east) == at(20, 15)
    far_west = person(shift=timedelta(hours=-9))
    assert allowed(at(8), far_west) == at(15)
    assert allowed(at(23), far_west) == at(23)


@pytest.mark.parametrize(
    ("part", "due", "sent"),
    [
        ("Ma", at(7), at(7)),
        ("Ma", at(11), at(6, day=5)),
        ("MD", at(7), at(11)),
        ("MD", at(15), at(11, day=5)),
        ("Ta", at(7), at(15)),
        ("Ta", at(22), at(15, day=5)),
        ("TD", at(7), at(7)),
        ("anything", at(7), at(7)),
    ],
)
def test_stories_move_into_the_part_of_the_day_that_was_chosen(part: str, due: datetime, sent: datetime) -> None:
    assert allowed(due, person(part)) == sent


def test_other_dialogues_do_not_wait_for_the_part_of_the_day() -> None:
    assert allowed(at(7), person("Ta"), is_story=False) == at(7)
    assert allowed(at(22), person("Ta"), is_story=False) == at(6, day=5)


def test_a_part_of_the_day_that_is_wholly_quiet_gives_way() -> None:
    night_shift = replace(RULES, quiet_from=time(6), quiet_until=time(14))
    assert allowed(at(3), person("Ma"), night_shift) == at(3)
    assert allowed(at(8), person("Ma"), night_shift) == at(13)


def test_a_part_of_the_day_whose_beginning_is_quiet_begins_when_the_quiet_ends() -> None:
    late_riser = replace(RULES, quiet_until=time(8))
    assert allowed(at(14), person("Ma"), late_riser) == at(7, day=5)


def test_developers_do_not_wait() -> None:
    assert allowed(at(23), person("Ma"), replace(RULES, developer=True)) == at(23)


def test_the_change_to_summer_time_keeps_seven_o_clock() -> None:
    assert allowed(SUMMER - timedelta(hours=3)) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert allowed(SUMMER - timedelta(hours=27)) == datetime(2026, 3, 28, 6, tzinfo=UTC)


def test_the_change_to_winter_time_keeps_seven_o_clock() -> None:
    assert allowed(WINTER - timedelta(hours=3)) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert allowed(WINTER - timedelta(hours=27)) == datetime(2026, 10, 24, 5, tzinfo=UTC)


def test_an_hour_that_the_change_skips_does_not_keep_anybody_waiting_for_a_day() -> None:
    early = replace(RULES, quiet_from=time(22), quiet_until=time(2, 30))
    assert allowed(SUMMER - timedelta(hours=1), rules=early) == SUMMER + timedelta(minutes=30)


def test_an_hour_that_comes_twice_does_not_keep_anybody_waiting_for_a_day() -> None:
    early = replace(RULES, quiet_from=time(22), quiet_until=time(2, 30))
    due = WINTER + timedelta(minutes=15)
    assert is_quiet(due, person(), early)
    assert allowed(due, rules=early) == WINTER + timedelta(minutes=30)


YEAR = some.integers(0, 365 * 86400 - 1).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
CHANGES = some.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    some.sampled_from((SUMMER, WINTER)),
    some.integers(-36 * 3600, 36 * 3600),
)
SHIFTS = some.integers(-48, 48).map(lambda quarters: timedelta(minutes=15 * quarters))
HOURS = some.integers(0, 23).map(time)
PARTS = some.sampled_from(("Ma", "MD", "Ta", "TD"))


@settings(deadline=None, max_examples=300)
@given(due=YEAR | CHANGES, shift=SHIFTS, part=PARTS, is_story=some.booleans())
@example(due=WINTER, shift=timedelta(hours=4, minutes=30), part="TD", is_story=True)
@example(due=SUMMER, shift=timedelta(hours=4, minutes=30), part="Ta", is_story=True)
@example(due=WINTER, shift=timedelta(hours=4, minutes=15), part="MD", is_story=True)
def test_a_new_dialogue_is_never_sent_in_quiet_hours_nor_too_soon_nor_much_too_late(
    due: datetime, shift: timedelta, part: str, is_story: bool
) -> None:
    who = person(part, shift)
    sent = allowed(due, who, is_story=is_story)
    assert not is_quiet(sent, who, RULES)
    assert time(7) <= own_clock(sent, who, RULES).time() < time(21)
    assert due <= sent <= due + timedelta(hours=26)
    assert allowed(sent, who, is_story=is_story) == sent


@settings(deadline=None, max_examples=300)
@given(due=YEAR | CHANGES, shift=SHIFTS, part=PARTS, quiet_from=HOURS, quiet_until=HOURS)
def test_whatever_the_quiet_hours_are_they_are_kept(
    due: datetime, shift: timedelta, part: str, quiet_from: time, quiet_until: time
) -> None:
    rules = replace(RULES, quiet_from=quiet_from, quiet_until=quiet_until)
    who = person(part, shift)
    sent = allowed(due, who, rules)
    assert not is_quiet(sent, who, rules)
    assert due <= sent <= due + timedelta(hours=54)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        (time(12, 0), 0.0),
        (time(12, 7), 0.0),
        (time(12, 8), 0.25),
        (time(11, 52), -0.25),
        (time(17, 30), 5.5),
        (time(23, 59), 12.0),
        (time(0, 10), -11.75),
        (time(5, 0), -7.0),
        (time(17, 46), 5.75),
    ],
)
def test_a_typed_time_gives_the_shift_to_the_studys_clock_in_quarters_of_an_hour(typed: time, hours: float) -> None:
    assert timeshift_of(typed, at(11), RULES) == hours * 3600


@given(typed=some.times(), now=YEAR)
def test_a_shift_is_at_most_twelve_hours_and_a_whole_number_of_quarters(typed: time, now: datetime) -> None:
    shift = timeshift_of(typed, now, RULES)
    assert -12 * 3600 <= shift <= 12 * 3600
    assert shift % 900 == 0
    clock = (now.astimezone(ZoneInfo("Europe/Madrid")) + timedelta(seconds=shift)).replace(tzinfo=None)
    apart = (clock - datetime.combine(clock.date(), time(typed.hour, typed.minute))).total_seconds() % 86400
    assert min(apart, 86400 - apart) <= 450


def test_world_sets_the_shift_from_the_time_that_was_typed_and_nothing_else_does() -> None:
    asked = wa("Time?", "time", kind="time", next="end", invalid="odd", answers={"NO": "end"}) | {"save": "hora"}
    odd = wa("Again?", "time", kind="time", next="end")
    one = dialogue({"ask": asked, "odd": odd, "end": na("End.")}, "world")
    for typed, shift in (("17:30", 19800), ("NO", 900), ("9.00", -10800)):
        world = asked_by_command(one)
        assert answers(world, typed) == ["End."]
        assert world.participant(PERSON).timeshift == shift
    world = asked_by_command(one)
    assert answers(world, "noonish") == ["Again?"]
    assert (world.participant(PERSON).timeshift, run_of(world).at, played(world)) == (900, "odd", [])
    other = with_person(replace(one, id="elsewhere"), person={"timeshift": 900})
    answers(other, "17:30")
    assert other.participant(PERSON).timeshift == 900
    assert other.participant(PERSON).fields == {"hora": "17:30"}


def asked_by_command(one: Dialogue) -> World:
    """Return a world in which /world has just been asked for."""
    world = with_person(one, sequence=(), person={"timeshift": 900})
    answers(world, "/world")
    return world
