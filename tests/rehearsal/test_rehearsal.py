# SPDX-License-Identifier: GPL-3.0-or-later
"""A rehearsal: the same seed gives the same bytes on any number of processes, and what it counts is what happened."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from src.engine.effects import Sendable
from src.identities import TelegramId
from src.paths import DIALOGUES, HABITS, SEQUENCE, SETTINGS
from src.rehearsal.figures import Figures, figures_of
from src.rehearsal.habits import MassSend, load_habits
from src.rehearsal.lane import Happening, Lane
from src.rehearsal.ledger import Ledger
from src.rehearsal.plan import Plan
from src.rehearsal.report import write_report
from src.rehearsal.run import rehearse
from src.rehearse import study_of
from src.settings import load_settings
from tests.rehearsal.small import small_plan, written_study

PEOPLE = 40
DAYS = 15
LIMITED = {"MESSAGES_PER_SECOND": "2", "LANGUAGES": "en", "DEFAULT_LANGUAGE": "en"}
NOON = MassSend(day=6, at=time(12), characters=100)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_study(tmp_path_factory.mktemp("rehearsed") / "study")


@pytest.fixture(scope="module")
def plan(study: Path) -> Plan:
    """Return a rehearsal in two lanes, with a mass send, at a limit of two messages a second."""
    small = replace(small_plan(study, PEOPLE, DAYS, settings=LIMITED), largest_lane=20)
    return replace(small, habits=replace(small.habits, mass_sends=(NOON,)))


class Watched:
    """All lanes of a rehearsal, with everything that happened and everything that was sent."""

    def __init__(self, plan: Plan) -> None:
        self.happened: list[Happening] = []
        self.sent: list[tuple[datetime, TelegramId]] = []
        self.ledger = Ledger(plan.days)
        for number in range(plan.lanes):
            lane = Lane(plan, number, self.happened.append)
            self.listen(lane)
            self.ledger.add(lane.run())
        self.figures: Figures = figures_of(plan, self.ledger)

    def listen(self, lane: Lane) -> None:
        inner = lane.phones.arrived

        def arrived(to: TelegramId, what: Sendable, message_id: int | None) -> None:
            self.sent.append((lane.clock.now(), to))
            inner(to, what, message_id)

        lane.phones.arrived = arrived


@pytest.fixture(scope="module")
def watched(plan: Plan) -> Watched:
    return Watched(plan)


def bytes_of(plan: Plan, processes: int, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    return {file.name: file.read_bytes() for file in write_report(plan, rehearse(plan, processes), folder)}


def test_the_same_seed_gives_the_same_bytes_on_one_process_and_on_two(plan: Plan, tmp_path: Path) -> None:
    assert plan.lanes == 2
    one, two = (bytes_of(plan, processes, tmp_path / str(processes)) for processes in (1, 2))
    assert one == two
    assert set(one) == {"rehearsal.html", "rehearsal.csv"}


def test_another_seed_gives_another_study(plan: Plan, watched: Watched) -> None:
    other = replace(plan, seed=8, participants=20)
    assert figures_of(other, rehearse(other, 1)).by_hour != watched.figures.by_hour


def test_who_the_people_are_does_not_depend_on_how_many_there_are(study: Path) -> None:
    few, many = (small_plan(study, people, 5) for people in (3, 30))
    chats = [Watched(each).happened for each in (few, many)]
    assert [each for each in chats[0] if each.person == 3] == [each for each in chats[1] if each.person == 3]


def test_all_lanes_together_never_send_more_than_the_limit(plan: Plan, watched: Watched) -> None:
    times = sorted(at for at, _ in watched.sent)
    second = timedelta(seconds=1)
    fullest = max(sum(1 for each in times[at : at + 9] if each < begin + second) for at, begin in enumerate(times))
    assert fullest == plan.per_second


def test_a_mass_send_goes_to_everybody_who_takes_part_and_takes_its_time(plan: Plan, watched: Watched) -> None:
    (peak,) = watched.figures.peaks
    assert peak.started == datetime(2026, 4, 2, 10, tzinfo=UTC)
    assert PEOPLE / 3 < peak.sent <= PEOPLE
    assert peak.seconds >= peak.sent / plan.per_second - 1
    assert sum(peak.minutes) >= peak.sent


def test_messages_by_hour_day_and_person_are_those_that_were_sent(plan: Plan, watched: Watched) -> None:
    figures = watched.figures
    daily: dict[int, int] = defaultdict(int)
    for at, _ in watched.sent:
        daily[(at - plan.begin).days] += 1
    assert figures.messages == len(watched.sent)
    assert list(figures.by_day) == [daily[day] for day in range(DAYS)]
    assert sum(figures.by_hour) == figures.messages
    shown = sum(1 for each in watched.happened if each.said is None)
    acts = sum(1 for each in watched.happened if each.said is not None)
    assert sum(sum(each.daily) for each in watched.ledger.journeys.values()) == shown
    assert figures.acts == acts


def test_everybody_stands_somewhere_after_each_week_and_at_the_end(watched: Watched) -> None:
    assert [sum(week.values()) for week in watched.figures.places] == [PEOPLE] * 3
    last = watched.figures.places[-1]
    assert len(watched.figures.finished) >= last["finished"] > PEOPLE / 4
    assert last["left"] + last["not agreed"] + last["silent"] > 0


def test_dialogues_began_and_ended_as_they_were_seen(watched: Watched) -> None:
    first = {"welcome": "welcome/hello", "fact": "fact/ask", "hour": "hour/ask"}
    people = {name: {each.person for each in watched.happened if each.name == text} for name, text in first.items()}
    for trip in watched.figures.trips:
        if trip.dialogue in first:
            assert len(people[trip.dialogue]) <= trip.begun
            assert trip.ended <= trip.begun
    trips = {trip.dialogue: trip for trip in watched.figures.trips}
    assert trips["welcome"].unreached == ()
    assert trips["fact"].begun == len(people["fact"])


def test_a_dialogue_that_nobody_reaches_is_named(study: Path) -> None:
    plan = small_plan(study, 5, 1)
    figures = figures_of(plan, rehearse(plan, 1))
    trips = {trip.dialogue: trip for trip in figures.trips}
    assert trips["second"].begun == 0
    assert trips["second"].unreached == ("ask", "end")


def test_the_longest_text_at_one_go_ends_with_the_first_question(watched: Watched) -> None:
    walls = dict(watched.figures.walls)
    both = walls["welcome, hello"]
    assert (both.messages, both.characters) == (2, len("welcome/hello") + len("welcome/agree"))
    # Behind the consent the story begins at once: both together are what a person has to read.
    over = walls["welcome, good"]
    assert (over.messages, over.last) == (3, "story, ask")


def test_messages_in_the_night_come_to_people_who_are_there_or_whose_clock_is_not_known(watched: Watched) -> None:
    assert watched.figures.night["there"] > 0
    assert watched.figures.night["clock not known"] > 0
    assert watched.figures.mornings > 0


def test_without_quiet_hours_nothing_comes_in_the_night(study: Path) -> None:
    plan = small_plan(study, 20, 5)
    awake = replace(plan.study.rules, quiet_from=time(0), quiet_until=time(0))
    figures = figures_of(plan, rehearse(replace(plan, study=replace(plan.study, rules=awake)), 1))
    assert sum(figures.night.values()) + figures.mornings == 0


@pytest.mark.parametrize(
    ("participants", "per_second", "lanes"),
    [
        (0, 30, 1),
        (1, 30, 1),
        (500, 30, 1),
        (501, 30, 2),
        (5000, 30, 10),
        (3500, 30, 10),
        (99_999, 30, 30),
        (5000, 0, 10),
    ],
)
def test_the_number_of_lanes_shares_the_limit_out_in_whole_messages(
    plan: Plan, participants: int, per_second: float, lanes: int
) -> None:
    asked = replace(plan, participants=participants, per_second=per_second, largest_lane=500)
    assert asked.lanes == lanes
    assert sorted(each for lane in range(lanes) for each in asked.people_of(lane)) == list(range(1, participants + 1))


def test_people_find_a_partner_for_a_dialogue_for_two() -> None:
    ours = study_of(load_settings({}, SETTINGS), DIALOGUES, SEQUENCE)
    asked = Plan(ours, load_habits(HABITS, "eager"), participants=20, days=28, seed=7)
    for_two = {name for name in ours.sequence if ours.dialogues[name].is_for_two}
    figures = figures_of(asked, rehearse(asked, 1))
    trips = [trip for trip in figures.trips if trip.dialogue in for_two]
    assert trips
    assert all(trip.begun >= 2 for trip in trips)
    assert any(trip.ended >= 2 for trip in trips)
    assert figures.warnings == []
