# SPDX-License-Identifier: GPL-3.0-or-later
"""What each kind of update means to a one-to-one bot; whatever arrives, nothing raises."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from src.engine.events import BlockedBot, ButtonPressed, Edited, OtherContent, TextTyped, UnblockedBot
from src.identities import TelegramId
from src.service.ports import Update
from src.simulator.people_side import OTHER_KINDS
from src.telegram_updates import ALLOWED_UPDATES, update_from

Json = dict[str, Any]

ANN: Json = {"id": 77, "is_bot": False, "first_name": "Ann", "language_code": "ca"}
CHAT: Json = {"id": 77, "type": "private", "first_name": "Ann"}
BOT: Json = {"id": 4242, "is_bot": True, "first_name": "Bot"}
GROUP: Json = {"id": -100, "type": "supergroup", "title": "Friends"}
QUERY: Json = {"id": "q1", "from": ANN, "chat_instance": "1", "data": "yes"}


def message(**parts: Any) -> Json:
    return {"message_id": 5, "date": 1_700_000_000, "chat": CHAT, "from": ANN, **parts}


def membership(status: str, **parts: Any) -> Json:
    change = {"user": BOT, "status": status}
    return {"chat": CHAT, "from": ANN, "date": 1, "old_chat_member": {}, "new_chat_member": change, **parts}


def read(kind: str, payload: Any) -> Update:
    update = update_from({"update_id": 9, kind: payload})
    assert update is not None
    return update


def from_ann(event: Any) -> Update:
    return Update(9, TelegramId(77), "ca", event)


NOTHING = Update(9)
TEXT = message(text="hello")
PRESS = {**QUERY, "message": message(**{"from": BOT, "text": "Ready?"})}

MEANINGS = {
    "a text": ("message", TEXT, TextTyped(9, "hello", 5)),
    "a forwarded text": ("message", message(text="hi", forward_origin={"type": "user"}), OtherContent(9)),
    "a command": (
        "message",
        message(text="/start abc", entities=[{"type": "bot_command"}]),
        TextTyped(9, "/start abc", 5),
    ),
    "a text with a button's reply": ("message", message(text="a", reply_to_message=message()), TextTyped(9, "a", 5)),
    "a picture with a caption": ("message", message(photo=[], caption="look"), OtherContent(9)),
    "a part of an album": ("message", message(photo=[], media_group_id="1"), OtherContent(9)),
    "an edited text": ("edited_message", TEXT, Edited(9)),
    "an edited place": ("edited_message", message(location={}), Edited(9)),
    "a press": ("callback_query", PRESS, ButtonPressed(9, "q1", 5, "yes")),
    "a press on an inaccessible message": (
        "callback_query",
        {**QUERY, "message": {"message_id": 3, "date": 0, "chat": CHAT}},
        ButtonPressed(9, "q1", 3, "yes"),
    ),
    "a press without a message": ("callback_query", QUERY, ButtonPressed(9, "q1", None, "yes")),
    "a press with message null": ("callback_query", {**QUERY, "message": None}, ButtonPressed(9, "q1", None, "yes")),
    "a press of a game": (
        "callback_query",
        {"id": "q1", "from": ANN, "game_short_name": "g"},
        ButtonPressed(9, "q1", None, ""),
    ),
    "a block": ("my_chat_member", membership("kicked"), BlockedBot(9)),
    "a deleted chat": ("my_chat_member", membership("left"), BlockedBot(9)),
    "an unblock": ("my_chat_member", membership("member"), UnblockedBot(9)),
}


@pytest.mark.parametrize(("kind", "payload", "event"), MEANINGS.values(), ids=MEANINGS)
def test_what_a_person_does_becomes_the_right_event(kind: str, payload: Json, event: Any) -> None:
    assert read(kind, payload) == from_ann(event)


@pytest.mark.parametrize("kind", [each for each in OTHER_KINDS if each != "auto_delete"])
def test_everything_that_is_no_text_is_other_content(kind: str) -> None:
    assert read("message", message(**OTHER_KINDS[kind])) == from_ann(OtherContent(9))


OF_NO_CONCERN = (
    *("channel_post", "edited_channel_post", "business_connection", "business_message", "edited_business_message"),
    *("deleted_business_messages", "guest_message", "message_reaction", "message_reaction_count", "inline_query"),
    *("chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer"),
    *("chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "a_kind_to_come"),
)


def test_all_kinds_of_updates_are_tried_here() -> None:
    assert len({*OF_NO_CONCERN, *ALLOWED_UPDATES}) == 26


@pytest.mark.parametrize("kind", OF_NO_CONCERN)
@pytest.mark.parametrize("payload", [TEXT, PRESS, {}])
def test_an_update_of_another_kind_comes_back_with_its_number_alone(kind: str, payload: Json) -> None:
    assert read(kind, payload) == NOTHING


def test_what_the_bot_asks_telegram_for_is_what_it_reads() -> None:
    assert set(ALLOWED_UPDATES) == {"message", "edited_message", "callback_query", "my_chat_member"}


@pytest.mark.parametrize("chat", [GROUP, {**GROUP, "type": "group"}, {**GROUP, "type": "channel"}])
def test_groups_and_channels_do_not_concern_the_bot(chat: Json) -> None:
    for kind in ("message", "edited_message"):
        assert read(kind, message(chat=chat, text="hello all")) == NOTHING
    assert read("callback_query", {**QUERY, "message": message(chat=chat)}) == NOTHING
    assert read("my_chat_member", membership("member", chat=chat)) == NOTHING


def test_other_bots_do_not_concern_the_bot() -> None:
    assert read("message", message(**{"from": BOT, "text": "beep"})) == NOTHING
    assert read("callback_query", {**PRESS, "from": BOT}) == NOTHING


SERVICE = (
    *("pinned_message", "message_auto_delete_timer_changed", "successful_payment", "write_access_allowed"),
    *("chat_background_set", "users_shared", "chat_shared", "proximity_alert_triggered"),
)
SERVICE_TOO = ("refunded_payment", "connected_website", "gift", "unique_gift", "forum_topic_created")


def test_what_telegram_writes_by_itself_is_nobodys_message() -> None:
    for written in SERVICE:
        assert read("message", message(**{written: {}})) == NOTHING


def test_also_the_newer_service_messages_of_a_private_chat_are_nobodys() -> None:
    assert [each for each in SERVICE_TOO if read("message", message(**{each: {}})) != NOTHING] == []


def test_the_language_is_that_of_the_app_if_it_says_one() -> None:
    assert read("message", message(text="a", **{"from": {**ANN, "language_code": "de-AT"}})).language == "de-AT"
    nameless = {"id": 77, "is_bot": False}
    assert read("message", message(text="a", **{"from": nameless})).language is None


def test_a_text_can_always_be_stored() -> None:
    # JSON can hold half of a surrogate pair; MongoDB cannot, and one such update would be fetched again for ever.
    for text in ("half \ud83d", "\udc00", "nul \x00", "whole 😀"):
        event = read("message", message(text=text)).event
        if isinstance(event, TextTyped):
            event.text.encode()


def broken(payload: Any) -> Iterator[Any]:
    """Yield the payload with each of its parts, on every level, missing or of another kind."""
    yield from (None, [], {}, "", "x", 7, -1, 1.5, True, float("inf"), float("nan"), [[]])
    if not isinstance(payload, dict):
        return
    for name, value in payload.items():
        rest = copy.deepcopy(payload)
        del rest[name]
        yield rest
        for worse in broken(value):
            yield {**payload, name: worse}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("message", TEXT), ("edited_message", TEXT), ("callback_query", PRESS), ("my_chat_member", membership("kicked"))],
)
def test_a_malformed_update_never_raises_and_keeps_its_number(kind: str, payload: Json) -> None:
    for odd in broken(payload):
        assert read(kind, odd).id == 9, odd


@pytest.mark.parametrize("sender", [None, "Ann", [], {}, {"id": None}])
def test_a_message_without_a_proper_sender_is_passed_over(sender: Any) -> None:
    assert read("message", message(text="hello", **{"from": sender})) == NOTHING


def test_an_update_with_nothing_in_it_keeps_its_number() -> None:
    assert update_from({"update_id": 9}) == NOTHING


def test_an_update_of_two_kinds_is_read_once() -> None:
    assert update_from({"update_id": 9, "poll": {}, "message": TEXT}) == from_ann(TextTyped(9, "hello", 5))
