# SPDX-License-Identifier: GPL-3.0-or-later
"""getUpdates: confirming, waiting, forgetting, and two bots that poll at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from src.simulator.bot_api import LocalBotApi
from src.simulator.refusals import NotPossible
from tests.simulator.client import TOKEN, Bot, HandClock


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def test_updates_come_again_until_they_are_confirmed(api: LocalBotApi, bot: Bot, ann: int) -> None:
    api.write(ann, "one")
    api.write(ann, "two")
    first = bot.say("getUpdates")
    assert bot.say("getUpdates") == first
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert texts(bot.say("getUpdates", offset=first[1]["update_id"])) == ["two"]
    assert texts(bot.say("getUpdates")) == ["two"]


def test_a_limit_cuts_the_answer_and_loses_nothing(api: LocalBotApi, bot: Bot, ann: int) -> None:
    for number in range(120):
        api.write(ann, str(number))
    assert len(bot.say("getUpdates")) == 100
    assert texts(bot.say("getUpdates", limit=2)) == ["0", "1"]
    assert api.pending_updates() == 120


def test_a_negative_offset_drops_all_but_the_last(api: LocalBotApi, bot: Bot, ann: int) -> None:
    for word in ("one", "two", "three"):
        api.write(ann, word)
    assert texts(bot.say("getUpdates", offset=-1)) == ["three"]
    assert api.pending_updates() == 1


def test_an_offset_far_in_the_future_confirms_nothing(api: LocalBotApi, bot: Bot, ann: int) -> None:
    api.write(ann, "one")
    assert texts(bot.say("getUpdates", offset=2_000_000_000)) == ["one"]


def test_a_long_poll_answers_as_soon_as_somebody_writes(api: LocalBotApi, bot: Bot, ann: int) -> None:
    threading.Timer(0.2, api.write, (ann, "hello")).start()
    began = time.monotonic()
    assert texts(bot.say("getUpdates", timeout=20)) == ["hello"]
    assert 0.1 < time.monotonic() - began < 3


def test_a_long_poll_ends_empty_when_the_time_is_over(bot: Bot, ann: int) -> None:
    began = time.monotonic()
    assert bot.say("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - began < 3


def test_the_older_of_two_polls_is_sent_away(api: LocalBotApi, bot: Bot, ann: int) -> None:
    with ThreadPoolExecutor() as pool:
        older = pool.submit(bot.refusal, "getUpdates", timeout=20)
        while not api.requests("getUpdates")[3:]:
            time.sleep(0.01)
        time.sleep(0.1)
        newer = pool.submit(bot.say, "getUpdates", timeout=20)
        assert older.result(5) == (
            "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        api.write(ann, "hello")
        assert texts(newer.result(5)) == ["hello"]


def test_with_a_webhook_nobody_can_poll(bot: Bot) -> None:
    bot.say("setWebhook", url="https://example.org/hook")
    assert bot.refusal("getUpdates").startswith("409 Conflict: can't use getUpdates method while webhook is active")
    bot.say("deleteWebhook")
    assert bot.say("getUpdates") == []


def test_deleting_the_webhook_drops_updates_only_on_demand(api: LocalBotApi, bot: Bot, ann: int) -> None:
    api.write(ann, "hello")
    bot.say("deleteWebhook")
    assert bot.say("getWebhookInfo")["pending_update_count"] == 1
    bot.say("deleteWebhook", drop_pending_updates="True")
    assert bot.say("getWebhookInfo")["pending_update_count"] == 0


def test_a_press_is_forgotten_after_150_seconds_and_a_message_after_a_day(
    api: LocalBotApi, bot: Bot, ann: int, clock: HandClock
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    sent = bot.say("sendMessage", chat_id=ann, text="Ready?", reply_markup=keyboard)
    api.press(ann, sent["message_id"], "yes")
    api.write(ann, "hello")
    clock.now += 151
    assert [set(update) - {"update_id"} for update in bot.say("getUpdates")] == [{"message"}]
    clock.now += 86_400
    assert bot.say("getUpdates") == []
    assert api.pending_updates() == 0


def test_allowed_updates_are_remembered(api: LocalBotApi, bot: Bot, ann: int) -> None:
    bot.say("getUpdates", allowed_updates=["callback_query"])
    assert api.push_update("message", {}) is None
    bot.say("getUpdates")
    assert api.push_update("message", {}) is None
    bot.say("getUpdates", allowed_updates=[])
    assert api.push_update("message", {}) is not None
    assert api.push_update("chat_member", {}) is None


def test_update_ids_can_jump_downwards_when_none_waits(api: LocalBotApi, bot: Bot, ann: int) -> None:
    api.continue_update_ids_from(200)
    api.write(ann, "after a week")
    assert bot.say("getUpdates", offset=100_000_500)[0]["update_id"] == 200
    with pytest.raises(NotPossible):
        api.continue_update_ids_from(300)


def test_blocking_and_unblocking_is_told_once_each(api: LocalBotApi, bot: Bot, ann: int) -> None:
    api.block(ann)
    api.block(ann)
    api.unblock(ann)
    states = [update["my_chat_member"]["new_chat_member"]["status"] for update in bot.say("getUpdates")]
    assert states == ["kicked", "member"]


def test_a_bot_that_asks_the_same_at_once_is_slowed_down() -> None:
    api = LocalBotApi(TOKEN)
    api.start()
    try:
        bot = Bot(api)
        ann = api.add_person("Ann")
        api.write(ann, "one")
        api.write(ann, "two")
        assert len(bot.say("getUpdates")) == 2
        assert len(bot.say("getUpdates")) == 1
    finally:
        api.stop()
