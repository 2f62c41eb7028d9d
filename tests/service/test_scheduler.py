# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduler finds those who are due, and only those."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from src.errors import DatabaseAway
from src.identities import Pseudonym
from src.service.scheduler import BATCH, ENOUGH, REST
from tests.fakes.ports import NOON, FakeClock, FakeParticipants
from tests.fakes.world import World
from tests.service.stage import ANN, BEA, deliver, enrol, fails_at, small_study, to_be_sent, watched


def test_what_a_pass_costs_depends_on_who_is_due_not_on_who_is_enrolled() -> None:
    world, participants = watched(small_study("story"))
    for person in range(1, 2001):
        enrol(world, person, next_at=NOON + timedelta(minutes=person))
    world.clock.pass_by(minutes=3)
    world.scheduler.one_pass()
    assert participants.loads[0] == {world.who(person) for person in (1, 2, 3)}


def test_when_nobody_is_due_nobody_is_loaded() -> None:
    world, participants = watched(small_study("story"))
    enrol(world, ANN, next_at=NOON + timedelta(seconds=1))
    enrol(world, BEA)
    assert not world.scheduler.one_pass()
    assert (participants.loads, participants.batches) == ([], [])


def test_while_many_are_being_served_the_database_is_not_asked_for_more() -> None:
    world, participants = watched(small_study("story"))
    for person in range(1, BATCH + 50):
        to_be_sent(world, person, "Hello")
    participants.away = True
    assert not world.scheduler.one_pass()
    participants.away = False
    while world.agenda.has_due(ENOUGH):
        assert world.delivery.one_pass(world.conversation, wait=0.0)
    participants.away = True
    with pytest.raises(DatabaseAway):
        world.scheduler.one_pass()


@dataclass
class SlowlyLooking(FakeParticipants):
    """Takes a tenth of a second to say who is due."""

    clock: FakeClock = field(default_factory=FakeClock)
    looks: int = 0

    def due(self, before: datetime, limit: int) -> list[tuple[Pseudonym, datetime]]:
        self.looks += 1
        self.clock.pass_by(seconds=0.1)
        return super().due(before, limit)


def slowly_looking() -> tuple[World, SlowlyLooking]:
    participants = SlowlyLooking()
    return World(small_study(), clock=participants.clock, participants=participants), participants


# Fault: src/service/scheduler.py: there is no rest.
def test_a_look_that_found_nobody_new_is_followed_by_a_rest() -> None:
    world, participants = slowly_looking()
    world.scheduler.one_pass()
    world.clock.pass_by(seconds=0.1 * REST - 0.01)
    world.scheduler.one_pass()
    assert participants.looks == 1
    world.clock.pass_by(seconds=0.02)
    world.scheduler.one_pass()
    assert participants.looks == 2


def test_a_look_that_found_somebody_is_followed_by_the_next_at_once() -> None:
    world, participants = slowly_looking()
    for look in range(1, 4):
        enrol(world, look, next_at=NOON, dialogue_at=NOON)
        world.scheduler.one_pass()
        assert participants.looks == look


def test_a_clock_that_is_put_back_does_not_make_the_rest_longer() -> None:
    world, participants = slowly_looking()
    world.scheduler.one_pass()
    world.clock.pass_by(hours=-1)
    world.scheduler.one_pass()
    assert participants.looks == 2


def test_somebody_idle_gets_the_next_dialogue_when_their_time_has_come() -> None:
    world, participants = watched(small_study("story"))
    ann = enrol(world, ANN, next_at=NOON, dialogue_at=NOON)
    assert not world.scheduler.one_pass()
    run = world.participant(ANN).run
    assert run is not None
    assert run.dialogue == "story"
    assert participants.batches == [{ann.id}]
    assert world.agenda.holds(ann.id)


def test_somebody_for_whom_a_message_waits_is_handed_to_the_delivery_unchanged() -> None:
    world, participants = watched()
    ann = to_be_sent(world, ANN, "a letter")
    world.restart()
    world.scheduler.one_pass()
    assert world.agenda.due_of(ann.id) == NOON
    assert participants.batches == []


def test_whoever_is_on_the_agenda_already_is_skipped() -> None:
    world, participants = watched()
    to_be_sent(world, ANN, "a letter")
    world.scheduler.one_pass()
    assert participants.loads == []


def test_whoever_is_in_a_senders_hand_is_skipped() -> None:
    world, participants = watched()
    to_be_sent(world, ANN, "a letter")
    assert world.agenda.take(0.0) == world.who(ANN)
    world.scheduler.one_pass()
    assert participants.loads == []


def test_with_a_grace_only_those_who_are_overdue_are_looked_at() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "late", at=NOON - timedelta(minutes=2))
    to_be_sent(world, BEA, "just now")
    world.restart()
    world.scheduler.one_pass(grace=timedelta(minutes=1))
    assert [world.agenda.holds(world.who(each)) for each in (ANN, BEA)] == [True, False]


def test_more_than_a_batch_of_idle_people_takes_several_passes_at_once() -> None:
    world, participants = watched(small_study("story"))
    for person in range(1, 2 * BATCH + 51):
        enrol(world, person, next_at=NOON, dialogue_at=NOON)
    assert [world.scheduler.one_pass() for _ in range(3)] == [True, True, False]
    assert [len(each) for each in participants.batches] == [BATCH, BATCH, 50]


def test_more_than_a_batch_of_waiting_messages_all_go_out() -> None:
    world, _ = watched()
    for person in range(1, 2 * BATCH + 51):
        to_be_sent(world, person, f"for {person}")
    world.restart()
    assert world.work()
    assert len(world.telegram.sent) == 2 * BATCH + 50


def test_who_was_sent_everything_is_not_due_any_more() -> None:
    world, participants = watched()
    to_be_sent(world, ANN, "a letter")
    deliver(world)
    participants.loads.clear()
    world.clock.pass_by(hours=1)
    assert not world.scheduler.one_pass()
    assert participants.loads == []


def test_while_the_database_is_away_the_pass_says_so() -> None:
    world, participants = watched()
    participants.away = True
    with pytest.raises(DatabaseAway):
        world.scheduler.one_pass()


def broken_for(people: range) -> World:
    """Return a world in which the next dialogue of these people cannot be begun, for a fault of ours."""
    world, _ = watched(fails_at(small_study("story"), "This is story."))
    for person in people:
        enrol(world, person, next_at=NOON, dialogue_at=NOON)
    return world


def test_whoever_cannot_be_handled_is_looked_at_again_in_an_hour_not_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # style.md 11
    world = broken_for(range(1, 2))
    for _ in range(5):
        world.scheduler.one_pass()
        world.clock.pass_by(seconds=1)
    assert caplog.text.count("could not be handled") == 1


def test_people_who_cannot_be_handled_do_not_stop_the_others() -> None:
    # style.md 11
    world = broken_for(range(1, BATCH + 1))
    late = BATCH + 1
    to_be_sent(world, late, "a letter", at=NOON + timedelta(seconds=1))
    world.restart()
    world.clock.pass_by(seconds=2)
    for _ in range(5):
        world.scheduler.one_pass()
        world.clock.pass_by(seconds=1)
    assert world.agenda.holds(world.who(late))


def test_somebody_woken_last_by_an_older_state_is_still_served_in_time() -> None:
    # architecture.md: a turn wakes delivery at once. Two threads may save in one order and wake in the other.
    world, _ = watched()
    older = to_be_sent(world, ANN, "a letter", at=NOON + timedelta(seconds=30))
    newer = enrol(world, ANN, version=2, outbox=older.outbox, outbox_at=NOON, next_at=NOON)
    world.delivery.wake(newer)
    world.delivery.wake(older)
    world.scheduler.one_pass()
    deliver(world)
    assert world.telegram.said_to(ANN) == ["a letter"]
