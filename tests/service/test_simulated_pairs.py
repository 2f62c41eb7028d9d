# SPDX-License-Identifier: GPL-3.0-or-later
"""Sixty people of all habits who are paired in our own study: whatever they do, both sides agree and nobody waits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from src.engine.effects import Send
from src.service.admin_ports import Round
from src.service.pairing import Pairing
from tests.fakes.ports import FakeClock
from tests.fakes.waiting_list import FakeWaitingList
from tests.fakes.world import RULES, World, our_study
from tests.service.chronicle import Sent, SimulatedStudy

GAME = "together_alba"
INVITATION = "together_invitation"
PEOPLE = 60
DAYS = 28
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
LIMIT = timedelta(hours=24)

Runs = dict[str, dict[str, Mapping[str, Any]]]


@pytest.fixture(scope="module")
def played() -> SimulatedStudy:
    """Return the study at its end, and a day and a half later, in which nobody says anything any more."""
    world = World(our_study(replace(RULES, reminder_hours=24.0, pause_scale=0.0)), FakeClock(BEGIN))
    waiting = FakeWaitingList(world.participants, {GAME: Round(GAME, 6 * 3600, 40)})
    study = SimulatedStudy(world, beside=lambda: Pairing(waiting, world.conversation, world.clock).one_pass())
    study.enrol(PEOPLE)
    study.lasts(DAYS)
    study.beside = lambda: None
    world.goes_on(hours=36)
    return study


@pytest.fixture(scope="module")
def runs(played: SimulatedStudy) -> Runs:
    """Return the dialogues for two of the histories, by pair and player."""
    found: Runs = defaultdict(dict)
    for number in played.people:
        for run in played.world.history(number):
            if run["gameId"] == GAME:
                pair: Any = run["pair"]
                found[pair["id"]][played.world.who(number)] = run
    return found


def test_many_played_some_to_the_end_and_some_not(runs: Runs) -> None:
    ends = Counter(tuple(sorted(bool(run["ended"]) for run in pair.values())) for pair in runs.values())
    assert ends[True, True] > 5
    assert ends[False, False] > 2
    assert len({value for pair in runs.values() for run in pair.values() for value in run["answers"].values()}) == 9


def test_what_both_answered_agrees_on_both_sides(runs: Runs) -> None:
    for pair in runs.values():
        if len(pair) == 2 and all(run["ended"] for run in pair.values()):
            (one, own), (other, others) = pair.items()
            assert (own["pair"]["given"], others["pair"]["given"]) == (others["given"], own["given"])
            assert own["players"] == others["players"]
            assert set(own["players"]) == {one, other}


def test_nobody_plays_it_to_the_end_twice_and_points_count_once(played: SimulatedStudy, runs: Runs) -> None:
    whole = Counter(who for pair in runs.values() for who, run in pair.items() if run["ended"])
    assert set(whole.values()) == {1}
    for number in played.people:
        who = played.world.who(number)
        if who in played.world.participants.documents:
            found = played.world.participant(number)
            points = sum(float(played.world.study.dialogues[name].points[0]) for name in found.done)
            assert found.points == points
            assert (GAME in found.done) == (who in whole)


def test_a_day_and_a_half_later_nobody_waits_for_anybody(played: SimulatedStudy) -> None:
    for number in played.people:
        if played.world.who(number) in played.world.participants.documents:
            found = played.world.participant(number)
            assert all(run.pair is None for run in found.runs()), f"person {number} still waits"
            assert not found.outbox


def test_nobody_was_in_it_for_longer_than_the_moves_of_both_allow(runs: Runs) -> None:
    for pair in runs.values():
        moves = [each["answered_at"] for run in pair.values() for each in run["given"]]
        for run in pair.values():
            begun = datetime.fromtimestamp(run["start_time"], UTC)
            last = max([begun, *moves])
            assert datetime.fromtimestamp(run["end_time"], UTC) <= last + LIMIT + timedelta(hours=12)


def test_nobody_was_asked_more_than_once_a_week(played: SimulatedStudy) -> None:
    asked = 0
    invitation = played.world.study.dialogues[INVITATION].messages["ask"].text.by_language.values()
    for chronicle in played.chronicle.values():
        sent = [each for each in chronicle if isinstance(each, Sent) and isinstance(each.what, Send)]
        runs = {
            each.what.run: each.at
            for each in reversed(sent)
            if isinstance(each.what, Send) and each.what.text in invitation
        }
        times = sorted(runs.values())
        asked += len(times)
        assert all(later - earlier > timedelta(days=6, hours=12) for earlier, later in pairwise(times))
    assert asked > PEOPLE // 2
