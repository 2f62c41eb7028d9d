# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is to be written to next: by due time, people who wait for an answer first, each in one hand at a time."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from src.identities import Pseudonym
from src.service.agenda import Agenda
from tests.fakes.ports import NOON, FakeClock
from tests.service.stage import WallClock

ANNA, BERTA, CARLA = Pseudonym("anna"), Pseudonym("berta"), Pseudonym("carla")
SOON = timedelta(seconds=5)


def empty() -> tuple[Agenda, FakeClock]:
    clock = FakeClock()
    return Agenda(clock.now), clock


def all_due(agenda: Agenda) -> list[Pseudonym]:
    """Take everybody who is due now, in order."""
    return list(iter(lambda: agenda.take(0.0), None))


def test_whoever_is_due_first_comes_first() -> None:
    agenda, clock = empty()
    for who, seconds in ((CARLA, 3), (ANNA, 1), (BERTA, 2)):
        agenda.put(who, NOON + timedelta(seconds=seconds), urgent=False)
    clock.pass_by(seconds=10)
    assert all_due(agenda) == [ANNA, BERTA, CARLA]


def test_nobody_comes_before_their_time() -> None:
    agenda, clock = empty()
    agenda.put(ANNA, NOON + SOON, urgent=True)
    assert agenda.take(0.0) is None
    clock.pass_by(seconds=4.999)
    assert agenda.take(0.0) is None
    clock.pass_by(seconds=0.001)
    assert agenda.take(0.0) == ANNA


def test_of_those_who_are_due_people_who_wait_for_an_answer_come_first() -> None:
    agenda, clock = empty()
    agenda.put(ANNA, NOON, urgent=False)
    agenda.put(BERTA, NOON + timedelta(seconds=1), urgent=False)
    agenda.put(CARLA, NOON + timedelta(seconds=2), urgent=True)
    clock.pass_by(seconds=2)
    assert all_due(agenda) == [CARLA, ANNA, BERTA]


def test_an_urgent_one_overtakes_those_who_have_been_ready_for_long() -> None:
    agenda, _ = empty()
    for number in range(1000):
        agenda.put(Pseudonym(f"{number}"), NOON - timedelta(hours=1), urgent=False)
    assert agenda.take(0.0) == Pseudonym("0")
    agenda.put(ANNA, NOON, urgent=True)
    assert agenda.take(0.0) == ANNA


def test_an_appointment_can_be_brought_forward_and_never_put_back() -> None:
    agenda, clock = empty()
    agenda.put(ANNA, NOON + SOON, urgent=False)
    agenda.put(ANNA, NOON + 2 * SOON, urgent=False)
    agenda.put(BERTA, NOON + 2 * SOON, urgent=False)
    agenda.put(BERTA, NOON, urgent=False)
    assert all_due(agenda) == [BERTA]
    clock.pass_by(seconds=5)
    assert all_due(agenda) == [ANNA]
    agenda.done(BERTA)
    clock.pass_by(seconds=5)
    assert agenda.take(0.0) is None


def test_who_becomes_urgent_overtakes_those_who_were_there_before() -> None:
    agenda, _ = empty()
    agenda.put(ANNA, NOON, urgent=False)
    agenda.put(BERTA, NOON, urgent=False)
    agenda.put(BERTA, NOON + SOON, urgent=True)
    assert agenda.take(0.0) == BERTA


def test_whoever_is_in_hand_is_given_to_nobody_else_until_they_are_given_back() -> None:
    agenda, _ = empty()
    agenda.put(ANNA, NOON, urgent=False)
    assert agenda.take(0.0) == ANNA
    agenda.put(ANNA, NOON, urgent=True)
    assert agenda.take(0.0) is None
    agenda.done(ANNA)
    assert agenda.take(0.0) == ANNA


def test_of_several_appointments_made_while_in_hand_the_earliest_counts() -> None:
    agenda, clock = empty()
    agenda.put(ANNA, NOON, urgent=False)
    agenda.take(0.0)
    agenda.put(ANNA, NOON + 2 * SOON, urgent=False)
    agenda.put(ANNA, NOON + SOON, urgent=False)
    agenda.done(ANNA)
    assert agenda.take(0.0) is None
    clock.pass_by(seconds=5)
    assert agenda.take(0.0) == ANNA


def test_it_tells_who_is_on_it_when_and_how_many() -> None:
    agenda, _ = empty()
    agenda.put(ANNA, NOON, urgent=False)
    agenda.put(BERTA, NOON + SOON, urgent=False)
    agenda.take(0.0)
    assert [agenda.holds(who) for who in (ANNA, BERTA, CARLA)] == [True, True, False]
    assert [agenda.due_of(who) for who in (ANNA, BERTA, CARLA)] == [None, NOON + SOON, None]
    assert agenda.sizes() == (1, 1)
    agenda.done(ANNA)
    assert (agenda.holds(ANNA), agenda.sizes()) == (False, (1, 0))


def test_giving_back_somebody_who_is_not_in_hand_does_no_harm() -> None:
    agenda, _ = empty()
    agenda.done(ANNA)
    assert agenda.sizes() == (0, 0)


def test_a_close_sends_everybody_home_who_waits() -> None:
    agenda = Agenda(WallClock().now)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(agenda.take, 20.0) for _ in range(4)]
        agenda.close()
        assert [each.result(timeout=2) for each in waiting] == [None] * 4
    agenda.put(ANNA, NOON, urgent=True)
    assert agenda.take(5.0) is None


def test_somebody_new_wakes_a_worker_who_waits() -> None:
    clock = WallClock()
    agenda = Agenda(clock.now)
    agenda.put(BERTA, clock.now() + timedelta(hours=1), urgent=False)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(agenda.take, 20.0)
        agenda.put(ANNA, clock.now(), urgent=False)
        assert waiting.result(timeout=2) == ANNA


def test_a_worker_who_waits_gets_somebody_as_soon_as_they_are_due() -> None:
    clock = WallClock()
    agenda = Agenda(clock.now)
    due = clock.now() + timedelta(seconds=0.2)
    agenda.put(ANNA, due, urgent=False)
    assert agenda.take(5.0) == ANNA
    assert timedelta(0) <= clock.now() - due < timedelta(seconds=0.5)


def test_many_workers_never_have_the_same_person_in_hand() -> None:
    clock = WallClock()
    agenda = Agenda(clock.now)
    people = [Pseudonym(f"{number}") for number in range(20)]
    left = Counter(dict.fromkeys(people, 25))
    in_hand: set[Pseudonym] = set()
    lock, twice = threading.Lock(), []

    def work() -> None:
        while (who := agenda.take(0.3)) is not None:
            with lock:
                twice.extend([who] if who in in_hand else [])
                in_hand.add(who)
                left[who] -= 1
                more = left[who] > 0
            if more:
                agenda.put(who, clock.now(), urgent=False)
            with lock:
                in_hand.discard(who)
            agenda.done(who)

    for who in people:
        agenda.put(who, clock.now(), urgent=False)
    workers = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert twice == []
    assert set(left.values()) == {0}
    assert agenda.sizes() == (0, 0)


def test_the_next_appointment_is_told_whether_it_is_past_or_not() -> None:
    agenda, clock = empty()
    assert agenda.next_due() is None
    agenda.put(ANNA, NOON + SOON, urgent=False)
    agenda.put(ANNA, NOON + SOON / 5, urgent=False)  # brought forward: the first one does not count any more
    assert agenda.next_due() == NOON + SOON / 5
    clock.pass_by(seconds=30)
    assert agenda.next_due() == NOON + SOON / 5
    assert agenda.take(0.0) == ANNA
    assert agenda.next_due() is None


def test_whoever_waits_sees_that_the_clock_was_moved_when_told_to_look() -> None:
    agenda, clock = empty()
    agenda.put(ANNA, NOON + timedelta(hours=1), urgent=False)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(agenda.take, 7200.0)
        while not waiting.running():
            pass
        clock.pass_by(hours=1)
        agenda.look_again()
        assert waiting.result(timeout=30) == ANNA
