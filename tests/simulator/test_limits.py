# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram's limits: held on demand, counted, and measured in any window; faults that a test orders."""

from __future__ import annotations

import json
import time

import pytest
import urllib3

from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.simulator.calls import Call
from src.simulator.pace import Limits, Pace, Violations, most_in_a_window
from src.simulator.refusals import Refusal
from src.simulator.request_log import RequestRecord
from tests.simulator.client import Bot, HandClock


def paced(**limits: float) -> tuple[Pace, HandClock]:
    clock = HandClock()
    pace = Pace(clock)
    pace.set_limits(Limits(**limits))  # type: ignore[arg-type]
    return pace, clock


def send(pace: Pace, chat: int = 1, method: str = "sendMessage", **parameters: str) -> int:
    """Return the seconds that the bot is asked to wait; 0: the message goes."""
    try:
        pace.check(Call(method, {"chat_id": str(chat), **parameters}))
    except Refusal as refusal:
        return refusal.parameters["retry_after"]
    return 0


def test_without_limits_everything_goes() -> None:
    pace = Pace(HandClock())
    assert {send(pace) for _ in range(1000)} == {0}
    assert pace.violations() == Violations()


def test_a_chat_may_have_a_short_burst_and_then_one_message_a_second() -> None:
    pace, clock = paced(burst=3)
    assert [send(pace) for _ in range(3)] == [0, 0, 0]
    for _ in range(10):
        clock.now += 1.0
        assert send(pace) == 0
    assert send(pace) == 1
    assert send(pace, chat=2) == 0
    assert pace.violations() == Violations(in_a_chat=1)


def test_who_does_not_wait_as_told_is_refused_again_and_it_is_counted() -> None:
    pace, clock = paced(burst=1, penalty=5)
    assert [send(pace), send(pace)] == [0, 5]
    clock.now += 3
    assert send(pace) == 2
    clock.now += 2
    assert send(pace) == 0
    assert pace.violations() == Violations(in_a_chat=1, too_early=1)


def test_no_second_has_more_than_the_overall_limit_over_all_chats() -> None:
    pace, clock = paced(overall=30)
    assert [send(pace, chat) for chat in range(31)] == [0] * 30 + [1]
    clock.now += 0.99
    assert send(pace, 40) == 1
    clock.now += 0.02
    assert send(pace, 50) == 0
    assert pace.violations() == Violations(overall=2)


def test_edits_and_the_parts_of_an_album_count_and_answers_to_presses_and_typing_do_not() -> None:
    pace, _ = paced(burst=4)
    album = json.dumps([{}, {}, {}])
    assert send(pace, method="sendMediaGroup", media=album) == 0
    assert send(pace, method="editMessageReplyMarkup") == 0
    for method in ("answerCallbackQuery", "sendChatAction", "getUpdates"):
        assert send(pace, method=method) == 0
    assert send(pace, method="editMessageText") == 1


def test_new_limits_count_anew() -> None:
    pace, _ = paced(burst=1)
    send(pace)
    send(pace)
    pace.set_limits(Limits(burst=1))
    assert send(pace) == 0
    assert pace.violations() == Violations()


def test_the_meter_finds_the_fullest_window() -> None:
    times = [0.0, 0.5, 0.9, 0.99, 1.0, 3.0]
    records = [RequestRecord("sendMessage", 1, at, 1) for at in times]
    assert most_in_a_window(records, 1.0) == 4
    assert most_in_a_window(records, 0.2) == 3
    assert most_in_a_window([], 1.0) == 0


def test_over_http_the_wait_is_told_in_body_and_header_and_nothing_arrives(
    api: LocalBotApi, bot: Bot, ann: int
) -> None:
    api.set_limits(Limits(burst=2, penalty=7))
    since = time.monotonic()
    assert [bot.ask("sendMessage", chat_id=ann, text=text).status for text in "ab"] == [200, 200]
    answer = bot.ask("sendMessage", chat_id=ann, text="c")
    assert (answer.status, answer.headers["Retry-After"], answer.body["parameters"]) == (429, "7", {"retry_after": 7})
    assert [message.plain for message in api.chat(ann)] == ["/start", "a", "b"]
    assert api.violations() == Violations(in_a_chat=1)
    assert api.most_messages(since=since) == api.most_messages(chat_id=ann) == 3
    assert api.most_messages(chat_id=ann + 1) == 0
    api.set_limits(None)
    bot.say("sendMessage", chat_id=ann, text="d")


def test_a_fault_is_ordered_for_a_method_a_chat_and_a_number_of_times(api: LocalBotApi, bot: Bot, ann: int) -> None:
    bea = api.add_person("Bea")
    api.write(bea, "/start")
    order = api.faults.add(faults.internal_error(), ("sendMessage",), (ann,), times=2)
    assert bot.ask("sendMessage", chat_id=bea, text="a").status == 200
    assert bot.ask("sendChatAction", chat_id=ann, action="typing").status == 200
    assert [bot.ask("sendMessage", chat_id=ann, text="a").status for _ in range(3)] == [500, 500, 200]
    assert order.happened == 2


def test_an_order_can_be_cancelled_and_all_of_them_cleared(api: LocalBotApi, bot: Bot) -> None:
    order = api.faults.add(faults.server_error(503))
    api.faults.add(faults.other_poller(), ("getUpdates",))
    assert bot.ask("getMe").status == 503
    api.faults.cancel(order)
    assert bot.ask("getMe").status == 200
    assert bot.refusal("getUpdates").startswith("409 Conflict: terminated by other getUpdates request")
    api.set_faults(None)
    assert bot.say("getUpdates", offset=-1) == []


@pytest.mark.parametrize(("fault", "messages"), [(faults.never_answered(), 2), (faults.never_heard(), 1)])
def test_silence_may_mean_that_the_message_is_there(
    api: LocalBotApi, bot: Bot, ann: int, fault: faults.Fault, messages: int
) -> None:
    api.faults.add(fault, ("sendMessage",))
    silent = urllib3.PoolManager(retries=False, timeout=0.3)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        silent.request("POST", bot.address("sendMessage"), fields={"chat_id": str(ann), "text": "a"})
    assert len(api.chat(ann)) == messages
    silent.clear()


def test_a_front_server_may_ask_for_a_pause_in_the_header_alone(api: LocalBotApi, bot: Bot) -> None:
    api.faults.add(faults.flood_wait_in_the_header(9))
    answer = bot.ask("getMe")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "9")
    assert answer.body.startswith("<html>")


def test_an_answer_can_be_anything_at_all(api: LocalBotApi, bot: Bot) -> None:
    api.faults.add(faults.odd_answer(b"[]"))
    assert bot.ask("getMe").body == []


def test_an_update_without_a_kind_or_of_a_kind_that_nobody_asked_for_can_be_queued(
    api: LocalBotApi, bot: Bot, ann: int
) -> None:
    bot.say("getUpdates", allowed_updates=["message"])
    number = api.push_update("", {}, unasked=True)
    assert api.push_update("poll", {}) is None
    api.push_update("poll", {"id": "1"}, unasked=True)
    assert bot.say("getUpdates") == [{"update_id": number}, {"update_id": (number or 0) + 1, "poll": {"id": "1"}}]
