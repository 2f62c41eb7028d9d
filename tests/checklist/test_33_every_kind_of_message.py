# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 6, 32, 33, 36: whatever comes gets a defined answer, or none, and the next update is heard."""

from __future__ import annotations

from typing import Any

import pytest

from src.simulator.people_side import OTHER_KINDS
from tests.checklist.playground import ASK
from tests.checklist.stage import Stage

ALL_KINDS = (
    "message edited_message channel_post edited_channel_post business_connection business_message"
    " edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query"
    " chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer"
    " my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot guest_message"
    " a_kind_of_tomorrow"
).split()
GROUP = {"id": -100_123, "type": "supergroup", "title": "A group"}


def odd_payloads() -> list[Any]:
    """Return bodies that no kind of update should have."""
    private = {"chat": {"id": 5, "type": "private"}}
    return [{}, private, private | {"message_id": 1, "text": "hi"}, {"from": {"id": "x"}, "id": 1}, [], None, 5, "text"]


def test_06_unknown_and_malformed_updates_do_not_stop_the_next_one(stage: Stage) -> None:
    person = stage.newcomer()
    for kind in ALL_KINDS:
        for payload in odd_payloads():
            stage.telegram.push_update(kind, payload, unasked=True)
    stage.telegram.push_update("", {}, unasked=True)
    before = stage.telegram.request_counts()["getUpdates"]
    stage.is_answered_in_time(person, seconds=10)
    stage.confirmed()
    pages = len(ALL_KINDS) * len(odd_payloads()) // 100 + 1
    assert stage.telegram.request_counts()["getUpdates"] - before <= 3 * pages + 5


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("/start", ASK),
        ("/start " + "A-z_9" * 12 + "abcd", ASK),
        ("/start <b>&\"' \u200b🙂", ASK),
        ("/HELP", "/freq"),
        ("/help@playground_bot", "/freq"),
        ("/StArT@Playground_Bot payload", ASK),
        ("/cancel", "press"),
        ("/no_such_command", "press"),
        ("/", "press"),
    ],
)
def test_32_every_form_of_a_command_has_an_answer(stage: Stage, word: str, expected: str) -> None:
    person = stage.newcomer()
    before = len(stage.texts(person))
    stage.telegram.write(person, word)
    stage.telegram.wait_for(person, lambda chat: sum(each.from_bot for each in chat) > before)
    said = stage.newest(person).plain
    assert expected in said or (expected == "press" and said and said != ASK)


def test_32_start_twice_begins_nothing_anew(stage: Stage) -> None:
    person = stage.newcomer()
    for _ in range(2):
        stage.telegram.write(person, "/start")
    stage.is_answered_in_time(person, seconds=5)
    hellos = [text for text in stage.texts(person) if text.startswith("Hello")]
    assert len(hellos) == 1
    assert stage.texts(person).count(ASK) <= 3


@pytest.mark.parametrize("kind", sorted(set(OTHER_KINDS) - {"auto_delete"}))
def test_33_what_is_no_text_is_answered_kindly_and_changes_nothing(stage: Stage, kind: str) -> None:
    person = stage.newcomer()
    before = len(stage.texts(person))
    stage.telegram.send_other(person, kind)
    stage.telegram.wait_for(person, lambda chat: sum(each.from_bot for each in chat) == before + 1)
    stage.press(person, "again")
    stage.wait_for(person, ASK, times=2)


def test_33_an_album_gets_one_answer_and_not_ten(stage: Stage) -> None:
    person = stage.newcomer()
    before = len(stage.texts(person))
    for _ in range(10):
        stage.telegram.send_other(person, "photo")
    stage.is_answered_in_time(person, seconds=5)
    assert len(stage.texts(person)) - before <= 3


def test_33_an_edited_message_a_forward_and_a_service_message_do_no_harm(stage: Stage) -> None:
    person = stage.newcomer()
    written = stage.telegram.write(person, "something")
    stage.telegram.edit(person, written.message_id, "something else")
    stage.telegram.send_other(person, "auto_delete")
    chat = {"id": person, "type": "private", "first_name": "Somebody"}
    sender = {"id": person, "is_bot": False, "first_name": "Somebody"}
    origin = {"type": "hidden_user", "sender_user_name": "X", "date": 1}
    forward = {"message_id": 9, "from": sender, "chat": chat, "date": 1, "text": "again", "forward_origin": origin}
    stage.telegram.push_update("message", forward)
    stage.is_answered_in_time(person, seconds=5)
    stage.confirmed()


def test_36_groups_channels_and_other_bots_are_ignored(stage: Stage) -> None:
    person = stage.newcomer()
    somebody = {"id": person, "is_bot": False, "first_name": "Somebody"}
    robot = {"id": 77, "is_bot": True, "first_name": "Robot"}
    body = {"message_id": 7, "date": 1, "text": "/start"}
    before = len(stage.telegram.requests())
    for number in range(20):
        stage.telegram.push_update("message", body | {"chat": GROUP, "from": somebody})
        stage.telegram.push_update("message", body | {"chat": {"id": 77, "type": "private"}, "from": robot})
        stage.telegram.push_update("channel_post", body | {"chat": GROUP | {"type": "channel"}}, unasked=True)
        press = {"id": str(number), "from": somebody, "message": body | {"chat": GROUP}, "data": "again"}
        stage.telegram.push_update("callback_query", press)
    stage.is_answered_in_time(person, seconds=5)
    stage.confirmed()
    sent = {record.chat_id for record in stage.telegram.requests()[before:] if record.chat_id is not None}
    assert sent == {person}
    assert stage.texts(person).count(ASK) == 1
