# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 5, 17 to 20, 27, 29 and 30: what happens to a message that Telegram does not take at once."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from src.simulator import faults
from src.simulator.faults import Fault
from tests.checklist.playground import ASK, LONG_PAUSE, PICTURE, TEN
from tests.checklist.stage import ALL_PAUSES, Stage, stage_of
from tests.end_to_end.project import Project, wait_until

SENDS = ("sendMessage", "sendPhoto", "sendDocument")
ODD_TEXTS = (
    "<b>&\"'</b> <script> &amp; &lt;",
    "\u200bzero\u200dwidth\u2060",
    "\u202eright to left שלום مرحبا\u202c",
    "🙂👩‍👩‍👧‍👦𝔘𝔫𝔦",
    "</b></i><a href=",
    "{word} {0} %s $word",
    "a\x00b\x1fc",
    "`_*[]()~>#+-=|.!\\",
)


def test_05_a_slow_chat_does_not_hold_up_another(stage: Stage) -> None:
    slow, quick = stage.newcomers(2)
    stage.telegram.faults.add(faults.slow(3), (), (slow,))
    stage.telegram.faults.add(faults.slow(3), ("answerCallbackQuery",))
    stage.press(slow, "ten")
    for _ in range(3):
        stage.is_answered_in_time(quick)
    assert "Number 0" not in stage.texts(slow)
    stage.telegram.set_faults(None)
    stage.wait_for(slow, TEN[-1], seconds=10)


def test_05_as_many_slow_chats_as_there_are_senders_do_not_hold_up_another(stage: Stage) -> None:
    quick, *slow = stage.newcomers(25)
    stage.telegram.faults.add(faults.slow(2.5), (), tuple(slow))
    for person in slow:
        stage.press(person, "again")
    # Fault: src/service/daemon.py SENDERS = 12: twelve answers that hang (each for 10 s at most) block all chats.
    stage.is_answered_in_time(quick)
    stage.telegram.set_faults(None)
    for person in slow:
        stage.wait_for(person, ASK, times=2)


@pytest.mark.parametrize("fault", [faults.answer_lost(), faults.answer_truncated()])
def test_17_a_message_whose_answer_was_lost_comes_twice_at_most_and_the_question_counts(
    stage: Stage, fault: Fault
) -> None:
    person = stage.newcomer()
    stage.telegram.faults.add(fault, SENDS, (person,))
    stage.press(person, "again")
    stage.wait_for(person, ASK, times=2)
    wait_until(lambda: stage.texts(person).count(ASK) == 3, "the question is not sent once more")
    stage.telegram.set_faults(None)
    stage.press(person, "ten")
    stage.wait_for(person, ASK, times=4)
    assert stage.texts(person).count(ASK) == 4
    assert [text for text in stage.texts(person) if text in TEN] == list(TEN)


def test_17_a_message_that_never_reached_telegram_is_tried_until_it_does(own_stage: Stage) -> None:
    stage = own_stage
    person = stage.newcomer()
    stage.confirmed()
    # The press is heard, then nobody listens any more.
    order = stage.telegram.faults.add(faults.slow(0.5), ("sendMessage",))
    stage.press(person, "ten")
    wait_until(lambda: order.happened == 1, "nothing is sent")
    stage.telegram.stop()
    time.sleep(4)
    stage.telegram.set_faults(None)
    stage.telegram.start()
    stage.wait_for(person, ASK, times=2, seconds=25)
    said = [text for text in stage.texts(person) if text in TEN]
    assert list(dict.fromkeys(said)) == list(TEN)
    assert len(said) <= len(TEN) + 1


def test_17_what_is_sent_while_every_connection_breaks_is_not_lost(stage: Stage) -> None:
    # A question may stand there more often than twice, but it must be there.
    person = stage.newcomer()
    stage.confirmed()
    outage = stage.telegram.faults.add(faults.request_lost(), SENDS, (person,))
    stage.press(person, "again")
    wait_until(lambda: outage.happened >= 1, "nothing is sent")
    stage.telegram.faults.add(faults.request_lost())
    time.sleep(5)
    stage.telegram.set_faults(None)
    stage.wait_for(person, ASK, times=2, seconds=20)
    assert stage.texts(person).count(ASK) <= 3


@pytest.mark.parametrize("fault", [faults.server_error(502), faults.internal_error()])
def test_18_a_message_goes_once_telegram_is_well_again_and_the_order_is_kept(stage: Stage, fault: Fault) -> None:
    person = stage.newcomer()
    order = stage.telegram.faults.add(fault, SENDS, (person,), times=3)
    stage.press(person, "ten")
    stage.wait_for(person, ASK, times=2, seconds=20)
    assert order.happened == 3
    assert [text for text in stage.texts(person) if text in TEN] == list(TEN)


def test_18_the_pauses_between_attempts_grow_and_the_outbox_survives_a_restart(own_stage: Stage) -> None:
    stage = own_stage
    person = stage.newcomer()
    stage.telegram.faults.add(faults.flood_wait(1), SENDS, (person,))
    stage.press(person, "ten")
    stage.confirmed()
    stage.bot.kill()
    stage.telegram.set_faults(None)
    stage.start_again()
    stage.wait_for(person, ASK, times=2)
    assert [text for text in stage.texts(person) if text in TEN] == list(TEN)


def test_18_attempts_come_less_and_less_often(stage: Stage) -> None:
    person = stage.newcomer()
    since = len(stage.telegram.requests("sendMessage", person))
    stage.telegram.faults.add(faults.odd_answer(b"<html>"), SENDS, (person,))
    stage.telegram.faults.add(faults.server_error(503), SENDS, (person,))
    stage.press(person, "again")
    time.sleep(5)
    times = [record.at for record in stage.telegram.requests("sendMessage", person)[since:]]
    assert len(times) <= 5
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap > 0.5 for gap in gaps)
    stage.telegram.set_faults(None)
    stage.is_answered_in_time(person, seconds=10)


def unreachable_in(stage: Stage, person: int) -> bool:
    return stage.document(person)["reachable"] is False


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_19_who_cannot_be_written_to_is_left_alone_and_the_others_are_not(
    stage: Stage, code: int, description: str
) -> None:
    gone, other = stage.newcomers(2)
    order = stage.telegram.faults.add(faults.refused(code, description), SENDS, (gone,))
    stage.press(gone, "ten")
    wait_until(lambda: order.happened == 1, "nothing is tried")
    stage.is_answered_in_time(other)
    wait_until(lambda: unreachable_in(stage, gone), "the chat is not marked")
    assert stage.document(gone)["outbox"] == []
    time.sleep(2)
    assert order.happened == 1
    stage.telegram.set_faults(None)
    stage.is_answered_in_time(gone)


def test_20_who_blocks_the_bot_is_marked_without_a_sending_and_any_message_brings_them_back(stage: Stage) -> None:
    person, other = stage.newcomers(2)
    stage.watch()
    stage.telegram.block(person)
    wait_until(lambda: unreachable_in(stage, person), "the chat is not marked")
    stage.is_answered_in_time(other)
    assert not [call for _, call in stage.calls if call.chat_id == person]
    stage.telegram.unblock(person)
    wait_until(lambda: not unreachable_in(stage, person), "who unblocks the bot is not active again")
    stage.is_answered_in_time(person)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_27_whatever_people_write_is_shown_to_them_as_they_wrote_it(stage: Stage, text: str) -> None:
    person = stage.newcomer()
    stage.press(person, "write")
    stage.wait_for(person, "Write something.")
    stage.confirmed()
    wait_until(lambda: stage.document(person)["outbox"] == [], "the question is not out")
    stage.telegram.write(person, text)
    echoed = stage.wait_for(person, "You wrote")
    kept = {ord(letter): None for letter in "\x00\x1f"}
    assert echoed.plain.translate(kept) == f"You wrote: {text}".translate(kept)
    assert "does not accept the HTML" not in stage.output()


def test_27_a_text_that_telegram_cannot_parse_goes_once_without_its_html(stage: Stage) -> None:
    person = stage.newcomer()
    wrong = faults.refused(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3")
    stage.watch()
    order = stage.telegram.faults.add(wrong, SENDS, (person,), times=1)
    stage.press(person, "rich")
    stage.wait_for(person, "Rich & short")
    assert order.happened == 1
    sent = [call for call in stage.watched("sendMessage") if "Rich" in call.text("text")]
    assert [call.text("parse_mode") for call in sent] == ["HTML", ""]
    assert "<b>" not in sent[1].text("text")


@pytest.mark.parametrize(
    "fault",
    [faults.refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), faults.server_error(413)],
)
def test_29_of_a_picture_that_telegram_refuses_the_text_arrives(stage: Stage, fault: Fault) -> None:
    person = stage.newcomer()
    stage.telegram.faults.add(fault, ("sendPhoto",), (person,))
    stage.press(person, "picture")
    stage.wait_for(person, PICTURE)
    stage.wait_for(person, ASK, times=2)


def test_30_typing_is_shown_every_few_seconds_while_a_pause_runs_and_its_failure_is_nothing(
    template: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with stage_of(template, tmp_path_factory.mktemp("typing"), ALL_PAUSES) as stage:
        person = stage.newcomer()
        stage.telegram.faults.add(faults.server_error(502), ("sendChatAction",), times=1)
        stage.press(person, "wait")
        stage.wait_for(person, "Wait.")
        begin = time.monotonic()
        stage.wait_for(person, "You have waited.")
        assert LONG_PAUSE - 1 < time.monotonic() - begin < LONG_PAUSE + 2
        shown = [record.at - begin for record in stage.telegram.requests("sendChatAction", person)]
        during = [at for at in shown if 0 < at < LONG_PAUSE]
        assert during[0] < 1.5
        assert all(3 <= later - earlier <= 5 for earlier, later in pairwise(during))
        assert len(during) >= 2
        stage.wait_for(person, ASK, times=2)
        stopped = len(stage.telegram.requests("sendChatAction", person))
        time.sleep(2)
        assert len(stage.telegram.requests("sendChatAction", person)) == stopped
