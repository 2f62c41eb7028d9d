# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 21 to 25: every press is answered once and at once, and only the open question counts it."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest

from src.simulator import faults
from src.simulator.messages import ChatMessage
from tests.checklist.playground import ASK
from tests.checklist.stage import Stage
from tests.end_to_end.project import wait_until

OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
)
SETTINGS = ("/lang", "/freq", "/world", "/dia", "/sociodem", "/forgetme", "/pause", "/unsubscribe")


def query(stage: Stage, person: int, data: str | None, message: dict[str, Any] | None) -> str:
    """Let Telegram tell of a press as no chat page makes it; return the query's id."""
    body = ({} if data is None else {"data": data}) | ({"message": message} if message else {})
    return stage.telegram.press_oddly(person, body)


def answered_once(stage: Stage, query_id: str) -> str:
    """Wait until a press is answered; return the words. It must come once and within a second."""
    wait_until(lambda: stage.pressed(query_id) is not None, "the press is not answered", seconds=5)
    assert (stage.pressed(query_id) or 0.0) < 1.0
    answers = [call.text("callback_query_id") for call in stage.watched("answerCallbackQuery")]
    assert answers.count(query_id) == 1
    return next(each.text for each in stage.telegram.presses() if each.query_id == query_id)


def message_of(stage: Stage, person: int) -> dict[str, Any]:
    """Return the message that asks, as Telegram gives it in a query."""
    newest = stage.newest(person)
    chat = {"id": person, "type": "private", "first_name": "Somebody"}
    return {"message_id": newest.message_id, "chat": chat, "date": newest.date, "text": newest.plain}


@pytest.mark.parametrize("value", ["again", "ten", "picture", "no_such_value", "", "x" * 64, "🙂" * 16])
def test_21_every_press_is_answered_once_within_a_second_whatever_its_data(stage: Stage, value: str) -> None:
    person = stage.newcomer()
    stage.watch()
    answered_once(stage, query(stage, person, value, message_of(stage, person)))


def test_21_a_press_without_data_is_answered_too(stage: Stage) -> None:
    person = stage.newcomer()
    stage.watch()
    answered_once(stage, query(stage, person, None, message_of(stage, person)))


def test_21_a_query_that_is_too_old_is_swallowed_and_the_answer_counts(stage: Stage) -> None:
    person = stage.newcomer()
    order = stage.telegram.faults.add(faults.refused(400, OLD_QUERY), ("answerCallbackQuery",))
    stage.press(person, "again")
    stage.wait_for(person, ASK, times=2)
    wait_until(lambda: order.happened == 1, "the press is not answered")
    stage.is_answered_in_time(person)


def test_21_a_press_is_answered_when_its_participant_cannot_be_handled(own_stage: Stage) -> None:
    stage = own_stage
    person = stage.newcomer()
    with stage.database() as database:
        spoiled = {"current_game": 5, "outbox": "none", "games_done": 7, "next_at": "soon", "updates": {"a": 1}}
        database.clients.update_one({"_id": stage.pseudonym(person)}, {"$set": spoiled})
    stage.watch()
    answered_once(stage, query(stage, person, "again", message_of(stage, person)))
    stage.telegram.set_faults(None)
    stage.is_answered_in_time(stage.newcomer())


def test_22_an_old_button_gets_a_polite_word_and_changes_nothing(stage: Stage) -> None:
    person = stage.newcomer()
    old = message_of(stage, person)
    stage.press(person, "again")
    stage.wait_for(person, ASK, times=2)
    stage.confirmed()
    stage.watch()
    assert answered_once(stage, query(stage, person, "ten", old))
    stage.is_answered_in_time(person)
    assert "Number 0" not in stage.texts(person)


@pytest.mark.parametrize("kind", ["missing", "inaccessible", "of another time"])
def test_22_a_press_on_a_message_that_is_gone_gets_a_polite_word(stage: Stage, kind: str) -> None:
    person = stage.newcomer()
    stage.confirmed()
    stage.watch()
    private = {"id": person, "type": "private", "first_name": "Somebody"}
    message = {"missing": None, "inaccessible": {"chat": private, "message_id": 2, "date": 0}}.get(
        kind, message_of(stage, person) | {"message_id": 1}
    )
    assert answered_once(stage, query(stage, person, "ten", message))
    stage.is_answered_in_time(person)
    assert "Number 0" not in stage.texts(person)


def test_22_after_a_restart_the_open_question_still_counts(own_stage: Stage) -> None:
    stage = own_stage
    person = stage.newcomer()
    stage.confirmed()
    stage.bot.kill()
    query_id = stage.press(person, "again")
    stage.start_again()
    stage.wait_for(person, ASK, times=2)
    wait_until(lambda: stage.pressed(query_id) is not None, "the press is not answered", seconds=5)


def test_23_a_double_tap_has_one_effect_and_two_answers(stage: Stage) -> None:
    person = stage.newcomer()
    asking = message_of(stage, person)
    stage.watch()
    taps = [query(stage, person, "again", asking) for _ in range(5)]
    for tap in taps:
        answered_once(stage, tap)
    stage.wait_for(person, ASK, times=2)
    stage.is_answered_in_time(person)
    assert stage.texts(person).count(ASK) == 2


@pytest.mark.parametrize(
    "refusal", [NOT_MODIFIED, "Bad Request: message to edit not found", "Bad Request: message can't be edited"]
)
def test_24_buttons_that_cannot_be_removed_hold_nothing_up(stage: Stage, refusal: str) -> None:
    person = stage.newcomer()
    order = stage.telegram.faults.add(faults.refused(400, refusal), ("editMessageReplyMarkup",), (person,))
    begin = time.monotonic()
    for times in range(2, 5):
        stage.press(person, "again", ASK)
        stage.wait_for(person, ASK, times=times)
    assert time.monotonic() - begin < 3
    wait_until(lambda: order.happened == 3, "buttons are removed more or less than once")
    stage.is_answered_in_time(person)
    assert order.happened == 3


def screens(stage: Stage, person: int, word: str) -> list[ChatMessage]:
    """Return the messages with buttons that follow a command."""
    before = len(stage.telegram.chat(person))
    stage.telegram.write(person, word)
    chat = stage.telegram.wait_for(person, lambda messages: any(each.from_bot for each in messages[before + 1 :]))
    return [message for message in chat[before:] if message.keyboard]


@pytest.mark.parametrize("language", ["ca", "es", "en", "de"])
def test_25_the_buttons_of_every_setting_keep_telegrams_limits_in_every_language(stage: Stage, language: str) -> None:
    # The local Bot API refuses data over 64 bytes, more than 100 buttons and more than 8 in a row. The dialogues of
    # the study itself are walked in four languages in tests/end_to_end/test_whole_sequence.py.
    seen: Counter[str] = Counter()
    for word in SETTINGS:
        person = stage.newcomer(language)
        stage.press(person, "end")
        stage.press(person, "read", "There is news")
        stage.wait_for(person, "Thanks.")
        seen[word] += len(screens(stage, person, word))
    assert set(seen) == set(SETTINGS)
    assert all(seen[word] for word in SETTINGS if word != "/pause")
    assert "Telegram refuses" not in stage.output()
