# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on demand, and the server's own life: taken ports, stops and starts."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from src.errors import BotError
from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.simulator.faults import Fault
from tests.simulator.client import TOKEN, Bot


def only_sends(api: LocalBotApi, fault: Fault) -> None:
    api.set_faults(lambda call: fault if call.method == "sendMessage" else None)


def test_a_flood_wait_is_told_in_body_and_header(api: LocalBotApi, bot: Bot, ann: int) -> None:
    only_sends(api, faults.flood_wait(7))
    answer = bot.ask("sendMessage", chat_id=ann, text="a")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert answer.body["parameters"] == {"retry_after": 7}
    assert answer.description == "Too Many Requests: retry after 7"
    assert len(api.chat(ann)) == 1
    assert bot.say("getMe")


def test_a_server_error_is_a_page_in_html(api: LocalBotApi, bot: Bot, ann: int) -> None:
    only_sends(api, faults.server_error(502))
    answer = bot.ask("sendMessage", chat_id=ann, text="a")
    assert answer.status == 502
    assert answer.body.startswith("<html>")
    assert "502 Bad Gateway" in answer.body


@pytest.mark.parametrize(
    ("fault", "messages"),
    [(faults.answer_lost(), 2), (faults.answer_truncated(), 2), (faults.request_lost(), 1)],
)
def test_a_lost_answer_may_have_been_carried_out(
    api: LocalBotApi, bot: Bot, ann: int, fault: Fault, messages: int
) -> None:
    only_sends(api, fault)
    with pytest.raises(urllib3.exceptions.HTTPError):
        bot.ask("sendMessage", chat_id=ann, text="a")
    assert len(api.chat(ann)) == messages
    api.set_faults(None)
    bot.say("sendMessage", chat_id=ann, text="b")


def test_a_slow_answer_comes_late_but_is_carried_out_at_once(api: LocalBotApi, bot: Bot, ann: int) -> None:
    only_sends(api, faults.slow_answer(0.3))
    began = time.monotonic()
    bot.say("sendMessage", chat_id=ann, text="a")
    assert time.monotonic() - began > 0.25
    only_sends(api, faults.slow(0.3))
    began = time.monotonic()
    bot.say("sendMessage", chat_id=ann, text="b")
    assert time.monotonic() - began > 0.25


def test_a_taken_port_is_said_in_one_line(api: LocalBotApi) -> None:
    port = int(api.url.rpartition(":")[2])
    with pytest.raises(BotError, match=f"cannot listen on 127.0.0.1:{port}"):
        LocalBotApi(TOKEN, port=port).start()


def test_after_a_stop_the_same_port_opens_again(api: LocalBotApi, bot: Bot, ann: int) -> None:
    address = api.url
    began = time.monotonic()
    api.stop()
    assert time.monotonic() - began < 2
    with pytest.raises(urllib3.exceptions.HTTPError):
        bot.ask("getMe")
    api.write(ann, "while it was away")
    api.start()
    assert api.url == address
    assert bot.say("getUpdates")[0]["message"]["text"] == "while it was away"


def test_requests_are_counted_with_their_times(api: LocalBotApi, bot: Bot, ann: int) -> None:
    for text in ("a", "b"):
        bot.say("sendMessage", chat_id=ann, text=text)
    bot.refusal("sendMessage", chat_id=99, text="a")
    first, second = api.requests("sendMessage", ann)
    assert first.at < second.at
    assert api.request_counts()["sendMessage"] == 3


def test_a_stop_does_not_wait_for_a_long_poll(api: LocalBotApi, bot: Bot, ann: int) -> None:
    before = len(api.requests("getUpdates"))
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(bot.ask, "getUpdates", timeout=50)
        while len(api.requests("getUpdates")) == before:
            time.sleep(0.01)
        began = time.monotonic()
        api.stop()
        assert time.monotonic() - began < 2
        assert isinstance(poll.exception(5), urllib3.exceptions.HTTPError)
