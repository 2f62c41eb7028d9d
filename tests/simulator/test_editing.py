# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing, deleting and answering presses."""

import pytest

from src.simulator.bot_api import LocalBotApi
from src.simulator.refusals import NotPossible
from tests.simulator.client import Bot, HandClock, picture

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def question(bot: Bot, ann: int) -> int:
    return int(bot.say("sendMessage", chat_id=ann, text="Ready?", reply_markup=YES)["message_id"])


def test_editing_the_text_without_a_keyboard_removes_it(
    api: LocalBotApi, bot: Bot, ann: int, question: int, clock: HandClock
) -> None:
    clock.now += 5
    edited = bot.say("editMessageText", chat_id=ann, message_id=question, text="Great.")
    assert "reply_markup" not in edited
    assert edited["edit_date"] == edited["date"] + 5
    assert (api.chat(ann)[-1].text, api.chat(ann)[-1].buttons) == ("Great.", ())


def test_the_same_again_is_not_modified(bot: Bot, ann: int, question: int) -> None:
    words = (
        "400 Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    same = bot.refusal("editMessageText", chat_id=ann, message_id=question, text="Ready?", reply_markup=YES)
    assert same == words
    bot.say("editMessageReplyMarkup", chat_id=ann, message_id=question)
    assert bot.refusal("editMessageReplyMarkup", chat_id=ann, message_id=question) == words


def test_what_cannot_be_edited(bot: Bot, ann: int) -> None:
    photo = bot.say("sendPhoto", {"photo": ("a.png", picture(9, 9))}, chat_id=ann)["message_id"]
    for message_id, words in (
        (99, "message to edit not found"),
        (1, "message can't be edited"),
        (photo, "there is no text in the message to edit"),
    ):
        refusal = bot.refusal("editMessageText", chat_id=ann, message_id=message_id, text="a")
        assert refusal == f"400 Bad Request: {words}"
    edited = bot.say("editMessageCaption", chat_id=ann, message_id=photo, caption="b")
    assert edited["caption"] == "b"


def test_deleting_works_for_48_hours(api: LocalBotApi, bot: Bot, ann: int, question: int, clock: HandClock) -> None:
    bot.say("deleteMessage", chat_id=ann, message_id=1)
    assert [message.message_id for message in api.chat(ann)] == [question]
    not_found = bot.refusal("deleteMessage", chat_id=ann, message_id=1)
    assert not_found == "400 Bad Request: message to delete not found"
    clock.now += 48 * 3600 + 1
    too_late = bot.refusal("deleteMessage", chat_id=ann, message_id=question)
    assert too_late == "400 Bad Request: message can't be deleted"


def test_a_press_reaches_the_bot_with_its_message(api: LocalBotApi, bot: Bot, ann: int, question: int) -> None:
    query_id = api.press(ann, question, "yes")
    query = bot.say("getUpdates")[-1]["callback_query"]
    assert (query["id"], query["data"]) == (query_id, "yes")
    assert query["from"] == {"id": ann, "is_bot": False, "first_name": "Ann", "language_code": "ca"}
    assert query["message"]["message_id"] == question
    assert query["message"]["reply_markup"] == YES


def test_a_button_that_is_not_there_cannot_be_pressed(api: LocalBotApi, bot: Bot, ann: int, question: int) -> None:
    bot.say("editMessageReplyMarkup", chat_id=ann, message_id=question)
    with pytest.raises(NotPossible):
        api.press(ann, question, "yes")


def test_a_press_is_answered_once_and_in_time(
    api: LocalBotApi, bot: Bot, ann: int, question: int, clock: HandClock
) -> None:
    first, second = (api.press(ann, question, "yes") for _ in range(2))
    bot.say("answerCallbackQuery", callback_query_id=first, text="Noted")
    assert bot.refusal("answerCallbackQuery", callback_query_id=first) == TOO_OLD
    assert bot.refusal("answerCallbackQuery", callback_query_id="17") == TOO_OLD
    clock.now += 61
    assert bot.refusal("answerCallbackQuery", callback_query_id=second) == TOO_OLD
    assert [press.text for press in api.presses()] == ["Noted", ""]
    assert [press.answered_at is None for press in api.presses()] == [False, True]
