# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred people, sixty days, seven kinds of habits: every history is explained by the rules, event by event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from src.paths import DIALOGUES, SEQUENCE
from tests.fakes.ports import FakeClock
from tests.fakes.world import RULES, World, our_study
from tests.service.chronicle import Done, Sent, SimulatedStudy
from tests.service.explained import Explained, Unexplained
from tests.service.habits import LANGUAGES, Kind
from tests.service.places import OwnClock
from tests.service.script_of_study import Script
from tests.service.standing import Standing
from tests.service.stored import promised, stored

PEOPLE = 200
DAYS = 60
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""The clock of Madrid is changed on the 29th of that month."""

SOON = timedelta(minutes=5)
MOST_SPOILT = 6

EXCUSED = 0.02
"""So many changes nobody can notice at most: after somebody has changed their hours, a dialogue may come some time
later.
"""

SCRIPT = Script.from_files(DIALOGUES, SEQUENCE)


@pytest.fixture(scope="module")
def played() -> SimulatedStudy:
    """Return the study at its end."""
    rules = replace(RULES, reminder_hours=24.0, pause_scale=0.0)
    study = SimulatedStudy(World(our_study(rules), FakeClock(BEGIN)))
    study.enrol(PEOPLE)
    study.lasts(DAYS)
    return study


@pytest.fixture(scope="module")
def explained(played: SimulatedStudy) -> dict[int, Explained]:
    """Return everybody's chronicle, explained to its end."""
    return {number: explanation_of(played, number, events) for number, events in played.chronicle.items()}


def explanation_of(played: SimulatedStudy, number: int, chronicle: Sequence[Done | Sent]) -> Explained:
    """Explain one person's chronicle, or another one. Raises Unexplained."""
    clock = OwnClock(RULES.timezone)
    one = Explained(number, Standing(played.people[number].language, SCRIPT, clock))
    for event in chronicle:
        one.explain(event)
    one.passes(played.world.clock.now())
    return one


def test_everything_that_happened_is_explained_and_nothing_else_is_stored(
    played: SimulatedStudy, explained: dict[int, Explained]
) -> None:
    for number, one in explained.items():
        if played.chronicle[number]:
            assert stored(played.world, number) == promised(one), f"person {number}"


def test_the_study_had_all_that_can_happen(played: SimulatedStudy, explained: dict[int, Explained]) -> None:
    assert {(each.kind, each.language) for each in played.people.values()} >= {
        (kind, language) for kind in Kind for language in LANGUAGES
    }
    ends = Counter((each.whole, each.why) for one in explained.values() for each in one.one.ended)
    wanted = {(True, None), (False, None), *((False, why) for why in ("paused", "unreachable", "interrupted"))}
    assert set(ends) >= wanted, ends
    assert {one.one.status for one in explained.values()} >= {"start", "active", "paused", "left"}
    assert {one.absence() for one in explained.values()} == {"", "silent", "paused", "unreachable", "left"}
    assert sum(len(one.one.done) >= len(SCRIPT.sequence) for one in explained.values()) > PEOPLE / 4
    assert sum(isinstance(each, Sent) and each.message_id is None for each in events_of(played)) > 5


def events_of(played: SimulatedStudy) -> list[Done | Sent]:
    """Return all events of all people."""
    return [each for one in played.chronicle.values() for each in one]


def without_a_message(chronicle: list[Done | Sent], place: int) -> list[Done | Sent]:
    return chronicle[:place] + chronicle[place + 1 :]


def with_a_message_twice(chronicle: list[Done | Sent], place: int) -> list[Done | Sent]:
    return [*chronicle[:place], chronicle[place], *chronicle[place:]]


def with_a_message_too_soon(chronicle: list[Done | Sent], place: int) -> list[Done | Sent]:
    return [*chronicle[:place], replace(chronicle[place], at=chronicle[place].at - SOON), *chronicle[place + 1 :]]


def with_a_message_late(chronicle: list[Done | Sent], place: int) -> list[Done | Sent]:
    return [*chronicle[:place], replace(chronicle[place], at=chronicle[place].at + SOON), *chronicle[place + 1 :]]


@pytest.mark.parametrize(
    "spoilt", [without_a_message, with_a_message_twice, with_a_message_too_soon, with_a_message_late]
)
def test_a_chronicle_in_which_anything_is_different_is_not_explained(
    played: SimulatedStudy, spoilt: Callable[[list[Done | Sent], int], list[Done | Sent]]
) -> None:
    tried = [
        is_explained(played, number, spoilt(chronicle, place))
        for number, chronicle in played.chronicle.items()
        for place in by_itself(chronicle)[:MOST_SPOILT]
    ]
    assert len(tried) > PEOPLE
    assert sum(tried) <= EXCUSED * len(tried)


def by_itself(chronicle: list[Done | Sent]) -> list[int]:
    """Return the places of messages that came without anything that the person did just before."""
    return [
        place
        for place, (before, each) in enumerate(pairwise(chronicle), start=1)
        if isinstance(each, Sent) and each.at - before.at > 2 * SOON
    ]


def is_explained(played: SimulatedStudy, number: int, chronicle: list[Done | Sent]) -> bool:
    """Tell whether the checker finds nothing odd."""
    try:
        explanation_of(played, number, chronicle)
    except Unexplained:
        return False
    return True
