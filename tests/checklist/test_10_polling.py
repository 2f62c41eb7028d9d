# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 2 to 4, 10, 11 and 14: what comes in is heard once and in order, however Telegram answers."""

from __future__ import annotations

import time
from itertools import cycle, pairwise
from pathlib import Path

import pytest

from src.simulator import faults
from src.simulator.calls import Call
from src.simulator.faults import Fault
from tests.checklist.playground import ASK, TEN
from tests.checklist.stage import Stage, project_on_stage
from tests.end_to_end.project import Project, running_bot, wait_until

TROUBLES = (
    faults.internal_error(),
    faults.server_error(502),
    faults.request_lost(),
    faults.answer_truncated(),
    faults.odd_answer(b"null"),
    faults.odd_answer(b"\xff\xfe"),
)


def history(stage: Stage, person: int) -> list[str]:
    """Return what somebody who takes part has written beside the dialogues, as the bot has kept it."""
    return [kept["text"] for kept in stage.document(person)["message_history"]]


def test_02_an_update_that_comes_again_after_it_was_handled_changes_nothing(own_stage: Stage) -> None:
    stage = own_stage
    person, writer = stage.newcomer(), *stage.agreed(1)
    stage.confirmed()
    before = len(history(stage, writer))
    stage.telegram.faults.add(faults.request_lost(), ("getUpdates",))
    with_one_poll = stage.telegram.write(writer, "heard")
    stage.telegram.wait_for(writer, lambda chat: chat[-1].message_id > with_one_poll.message_id)
    stage.telegram.write(writer, "not heard yet")
    stage.press(person, "ten")
    assert stage.telegram.pending_updates() == 3
    stage.bot.kill()
    stage.telegram.set_faults(None)
    stage.start_again()
    stage.confirmed()
    stage.wait_for(person, ASK, times=2)
    assert [text for text in stage.texts(person) if text in TEN] == list(TEN)
    assert history(stage, writer)[before:] == ["heard", "not heard yet"]


def test_03_after_a_jump_of_the_update_ids_downwards_both_are_handled(stage: Stage) -> None:
    person = stage.newcomer()
    for first in (5_000, 200):
        stage.confirmed()
        stage.telegram.continue_update_ids_from(first)
        stage.is_answered_in_time(person, seconds=5)
    stage.confirmed()
    assert sum("/freq" in text for text in stage.texts(person)) == 2


def test_04_in_twenty_chats_at_once_everything_is_heard_and_answered_in_order(stage: Stage) -> None:
    writers = stage.agreed(20)
    people = stage.newcomers(20)
    for person in people:
        stage.press(person, "ten")
    for number in range(30):
        for person in writers:
            stage.telegram.write(person, f"text {number}")
    for person in people:
        stage.wait_for(person, ASK, times=2)
    stage.confirmed()
    assert all([text for text in stage.texts(person) if text in TEN] == list(TEN) for person in people)
    assert all(history(stage, person)[-30:] == [f"text {number}" for number in range(30)] for person in writers)


def test_10_while_polling_fails_the_gaps_grow_and_it_recovers_within_one(stage: Stage) -> None:
    person = stage.newcomer()
    stage.confirmed()
    trouble = cycle(TROUBLES)

    def polls_fail(call: Call) -> Fault | None:
        return next(trouble) if call.method == "getUpdates" else None

    since = time.monotonic()
    stage.telegram.set_faults(polls_fail)
    stage.telegram.write(person, "this ends the poll that is open")
    time.sleep(5)
    times = [record.at for record in stage.telegram.requests("getUpdates") if record.at > since]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert 3 <= len(times) <= 5
    assert all(later > 1.1 * earlier for earlier, later in pairwise(gaps)), gaps
    assert all(abs(gap - round(gap)) > 0.001 for gap in gaps), "there is no jitter"
    stage.telegram.set_faults(None)
    stage.is_answered_in_time(person, seconds=2.5 * max(gaps) + 1)
    assert stage.bot.said().count("message loop: ") <= 6


def polls_after(stage: Stage, moment: float) -> list[float]:
    """Return when the bot asked for updates after a moment."""
    return [record.at for record in stage.telegram.requests("getUpdates") if record.at > moment]


@pytest.mark.parametrize("fault", [faults.flood_wait(3), faults.flood_wait_in_the_header(3)])
def test_11_after_429_nothing_is_asked_of_getupdates_before_the_time_is_over(stage: Stage, fault: Fault) -> None:
    # Fault: src/telegram_bot.py translated: a 429 without JSON (a front server's page) has its seconds in the header
    # Retry-After alone, which is not read: error.response.headers of telepot's BadHTTPResponse has it.
    person = stage.newcomer()
    stage.confirmed()
    order = stage.telegram.faults.add(fault, ("getUpdates",), times=1)
    stage.telegram.write(person, "/help")
    wait_until(lambda: order.happened == 1, "nobody asks for updates")
    refused = stage.telegram.requests("getUpdates")[-1].at
    wait_until(lambda: bool(polls_after(stage, refused)), "it asks no more", seconds=8)
    assert polls_after(stage, refused)[0] - refused >= 2.95
    stage.is_answered_in_time(person)


@pytest.mark.parametrize("fault", [faults.flood_wait(3), faults.flood_wait_in_the_header(3)])
def test_11_after_429_nothing_goes_to_that_chat_before_the_time_is_over(stage: Stage, fault: Fault) -> None:
    # Fault: the same as above, for a 429 without JSON.
    person, other = stage.newcomers(2)
    order = stage.telegram.faults.add(fault, ("sendMessage",), (person,), times=1)
    stage.press(person, "ten")
    wait_until(lambda: order.happened == 1, "nothing is sent")
    refused = stage.telegram.requests("sendMessage", person)[-1].at
    stage.telegram.write(person, "/help")
    stage.is_answered_in_time(other)
    stage.wait_for(person, ASK, times=2)
    later = [each for each in stage.telegram.requests(None, person) if each.at > refused]
    assert all(each.at - refused >= 2.95 for each in later if each.messages)
    assert [text for text in stage.texts(person) if text in TEN] == list(TEN)


def test_14_an_idle_bot_waits_in_one_long_poll(stage: Stage) -> None:
    stage.watch()
    stage.newcomer()
    stage.confirmed()
    before = stage.telegram.request_counts()["getUpdates"]
    time.sleep(6)
    assert stage.telegram.request_counts()["getUpdates"] - before <= 1
    assert {call.number("timeout") for call in stage.watched("getUpdates")} <= set(range(20, 51))


def shorten(project: Project, file: str, line: str, instead: str) -> None:
    """Write another number into the copy's source: nobody waits half a minute here."""
    path = project.root / file
    source = path.read_text("utf-8")
    assert line in source, f"{file} has no {line}"
    path.write_text(source.replace(line, instead), "utf-8")


def test_14_a_telegram_that_falls_silent_is_asked_again(template: Project, tmp_path: Path) -> None:
    with project_on_stage(template, tmp_path) as (project, telegram):
        shorten(project, "src/service/message_loop.py", "LONG_POLL = 25", "LONG_POLL = 2")
        shorten(project, "src/telegram_bot.py", "ANSWER_TIMEOUT = 10", "ANSWER_TIMEOUT = 2")
        with running_bot(project) as bot:
            stage = Stage(project, telegram, bot)
            person = stage.newcomer()
            silent = telegram.faults.add(faults.never_heard(), ("getUpdates",), times=1)
            wait_until(lambda: silent.happened == 1, "nobody asks for updates")
            stage.is_answered_in_time(person, seconds=2 + 2 + 3)
