# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 15, 16 and 35: Telegram's limits are never passed, and whoever waits for an answer goes first."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from src.simulator.pace import Limits, Violations
from tests.checklist.crowd import enrol
from tests.checklist.machine import memory_of
from tests.checklist.playground import ASK, NEWS, TEN
from tests.checklist.stage import REAL_LIMIT, Stage, stage_of
from tests.end_to_end.project import Project, wait_until

BURST = 4
"""The bot allows itself a burst of 3; one more for what the way here squeezes together. Telegram publishes none."""


@pytest.fixture(scope="module")
def limited_bot(template: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage_of(template, tmp_path_factory.mktemp("limited"), REAL_LIMIT) as stage:
        yield stage


@pytest.fixture
def limited(limited_bot: Stage) -> Iterator[Stage]:
    """Return a bot that holds Telegram's limits."""
    yield limited_bot
    limited_bot.telegram.set_limits(None)


def overtaken(stage: Stage, people: list[int]) -> tuple[list[int], list[int]]:
    """Let these people press, one after the other; return how many messages of others went out before each press was
    answered, and before each had the next question. At the limit thirty of them are a second, and on a machine that is
    busy with other tests they still are.
    """
    answered, asked = [], []
    for person in people:
        times = stage.texts(person).count(ASK)
        begin = time.monotonic()
        query = stage.press(person, "again")
        stage.wait_for(person, ASK, times=times + 1, seconds=10)
        asked.append(sent_to_others(stage, person, begin, time.monotonic()))
        wait_until(lambda query=query: stage.pressed(query) is not None, "a press is not answered")  # type: ignore[misc]
        answered.append(sent_to_others(stage, person, begin, begin + (stage.pressed(query) or 0.0)))
    return answered, asked


def sent_to_others(stage: Stage, person: int, begin: float, end: float) -> int:
    sent = stage.telegram.requests("sendMessage")
    return sum(begin < each.at < end and each.chat_id != person for each in sent)


def test_15_no_window_is_exceeded_by_a_broadcast_to_300_and_ten_messages_to_one(limited: Stage) -> None:
    # Fault: src/service/limiter.py sending: a place is free again as soon as its message is sent, so that the least
    # jitter on the way puts 31 into a second.
    person, *typists = limited.newcomers(6)
    time.sleep(3.5)
    limited.telegram.set_limits(Limits(burst=BURST))
    begin = time.monotonic()
    people = enrol(limited, 300)
    limited.press(person, "ten")
    pressed = time.monotonic()
    queries = [limited.press(each, "again") for each in typists]
    for each in people:
        limited.wait_for(each, NEWS)
    limited.wait_for(person, ASK, times=2)
    assert limited.telegram.violations() == Violations()
    assert limited.telegram.most_messages(since=begin) <= 30
    # Twelve messages in one chat, ten numbers, the buttons and the question: a burst, then one a second.
    assert limited.telegram.most_messages(1.0, person, begin) <= BURST
    assert limited.telegram.most_messages(5.0, person, begin) <= BURST + 5
    assert [text for text in limited.texts(person) if text in TEN] == list(TEN)
    for typist, query in zip(typists, queries, strict=True):
        assert sent_to_others(limited, typist, pressed, pressed + (limited.pressed(query) or 99.0)) < 30


def test_15_the_limit_is_used_up_while_there_is_a_backlog(limited: Stage) -> None:
    # On a machine that is busy with other tests; tests/benchmarks asks for 97 %.
    begin = time.monotonic()
    people = enrol(limited, 240)
    for each in people:
        limited.wait_for(each, NEWS)
    times = sorted(each.at for each in limited.telegram.requests("sendMessage") if each.at > begin)
    assert len(times) == len(people)
    assert (len(times) - 1) / (times[-1] - times[0]) >= 0.6 * 30


def test_16_during_a_broadcast_to_1500_a_press_is_answered_within_a_second(limited: Stage) -> None:
    people = limited.newcomers(20)
    time.sleep(3.5)
    crowd = enrol(limited, 1500)
    wait_until(lambda: any(limited.texts(each) for each in crowd), "the broadcast does not begin")
    answered, asked = overtaken(limited, people)
    assert not all(limited.texts(each) for each in crowd), "the broadcast is over already"
    # Who had to wait their turn would see hundreds go first; measured, also on a busy machine: 3 at most.
    assert max(answered) < 30, answered
    assert max(asked) < 30, asked


def test_35_a_flood_from_one_chat_is_bounded_in_answers_and_memory_and_others_are_served(stage: Stage) -> None:
    flooder, other = stage.newcomers(2)
    before, memory = len(stage.texts(flooder)), memory_of(stage.bot.process.pid)
    for number in range(200):
        stage.telegram.write(flooder, f"flood {number}")
    stage.is_answered_in_time(other)
    stage.confirmed()
    stage.is_answered_in_time(flooder)
    assert len(stage.texts(flooder)) - before <= 20
    assert memory_of(stage.bot.process.pid) - memory < 20_000_000
