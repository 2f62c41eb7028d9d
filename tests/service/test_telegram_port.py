# SPDX-License-Identifier: GPL-3.0-or-later
"""The Telegram port keeps its promise whatever goes wrong: four errors of ours and no others, and never the token."""

from __future__ import annotations

import json
import logging
import math
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from src.engine.effects import ButtonShown, Send
from src.errors import BotError, CannotReach, NotAllowed, Refused, TryLater
from src.identities import TelegramId
from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.simulator.faults import Fault
from src.simulator.refusals import Refusal, conflict
from src.telegram_bot import TelegramBot
from tests.service.local_telegram import (
    HELLO,
    PICTURE,
    SECRET,
    TOKEN,
    failing,
    local_api,
    outgoing_folder,
    somebody,
)


@pytest.fixture
def api() -> Iterator[LocalBotApi]:
    with local_api() as api:
        yield api


@pytest.fixture
def bot(api: LocalBotApi, tmp_path: Path) -> TelegramBot:
    return TelegramBot(TOKEN, outgoing_folder(tmp_path), url=api.url)


@pytest.fixture
def ann(api: LocalBotApi) -> TelegramId:
    return somebody(api)


LATER: dict[str, tuple[Fault, float | None, bool]] = {
    "flood": (faults.flood_wait(17), 17.0, False),
    "flood without seconds": (Fault(refusal=Refusal(429, "Too Many Requests")), 60.0, False),
    "500 in JSON": (Fault(refusal=Refusal(500, "Internal Server Error: restart")), None, False),
    "500 in HTML": (faults.server_error(500), None, False),
    "502 in HTML": (faults.server_error(502), None, False),
    "504 in HTML": (faults.server_error(504), None, True),
    "request lost": (faults.request_lost(), None, True),
    "answer lost": (faults.answer_lost(), None, True),
    "answer truncated": (faults.answer_truncated(), None, True),
    "another poller": (Fault(refusal=conflict("terminated by other getUpdates request")), 5.0, False),
}


@pytest.mark.parametrize(("fault", "seconds", "uncertain"), LATER.values(), ids=LATER)
@pytest.mark.parametrize("what", [HELLO, Send("sea", file=PICTURE)], ids=["text", "picture"])
def test_what_may_go_better_later_is_told_apart(
    api: LocalBotApi,
    bot: TelegramBot,
    ann: TelegramId,
    fault: Fault,
    seconds: float | None,
    uncertain: bool,
    what: Send,
) -> None:
    failing(api, fault)
    with pytest.raises(TryLater) as trouble:
        bot.send(ann, what)
    assert (trouble.value.seconds, trouble.value.uncertain) == (seconds, uncertain)
    assert len([each for each in api.requests() if each.chat_id == ann]) == 1
    api.set_faults(None)
    assert bot.send(ann, what)


def test_a_server_that_does_not_listen_was_certainly_not_reached(api: LocalBotApi, bot: TelegramBot) -> None:
    api.stop()
    with pytest.raises(TryLater, match="TELEGRAM_API_URL") as trouble:
        bot.send(TelegramId(1), HELLO)
    assert not trouble.value.uncertain


def test_presses_and_typing_never_raise(api: LocalBotApi, bot: TelegramBot, ann: TelegramId) -> None:
    message_id = bot.send(ann, Send("Ready?", ((ButtonShown("yes", "Yes"),),)))
    query = api.press(ann, message_id or 0, "yes")
    bot.answer_press(query, "x" * 300)
    assert api.presses()[-1].text == "x" * 200
    bot.show_typing(ann)
    bot.answer_press("no-such-query", None)
    for fault, _, _ in LATER.values():
        failing(api, fault)
        bot.answer_press(query, None)
        bot.show_typing(ann)
    api.stop()
    bot.answer_press(query, None)
    bot.show_typing(ann)


def calls(bot: TelegramBot, ann: TelegramId) -> list[Callable[[], object]]:
    return [bot.who_am_i, bot.listen_by_polling, lambda: bot.updates(None, 0), lambda: bot.send(ann, HELLO)]


def test_a_wrong_token_is_not_allowed(api: LocalBotApi, tmp_path: Path, ann: TelegramId) -> None:
    for token in (f"424242:{SECRET}-wrong", "1:x"):
        for call in calls(TelegramBot(token, tmp_path, url=api.url), ann):
            with pytest.raises(NotAllowed):
                call()


def test_the_token_is_in_no_error_and_no_line_of_ours(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    for fault in [*(each for each, _, _ in LATER.values()), None]:
        if fault is None:
            api.stop()
        else:
            failing(api, fault)
        for call in calls(bot, ann):
            try:
                call()
            except BotError as error:
                told += [repr(error), *traceback.format_exception(error)]
        bot.answer_press("q", None)
        bot.show_typing(ann)
    told += [each.getMessage() for each in caplog.records if each.name.startswith("src.")]
    assert len(told) > 50
    assert not [line for line in told if SECRET in line]


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[str]:
    """Run a server that answers everything with this body, and return its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


ODD_ANSWERS = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "no UTF-8": b"\xff\xfe{}",
    "an empty object": b"{}",
    "not ok and no more": b'{"ok":false}',
    "a refusal without a code": b'{"ok":false,"error_code":null,"description":null}',
    "a refusal with an odd code": b'{"ok":false,"error_code":"x","description":"odd"}',
    "ok and no result": b'{"ok":true}',
    "result null": b'{"ok":true,"result":null}',
    "result true": b'{"ok":true,"result":true}',
    "result a text": b'{"ok":true,"result":"x"}',
    "result a list of odd things": b'{"ok":true,"result":[1,null,"x",[]]}',
    "result an update without a number": b'{"ok":true,"result":[{}]}',
    "result with an odd number": b'{"ok":true,"result":[{"update_id":"x"}]}',
    "result a message with an odd number": b'{"ok":true,"result":{"message_id":"x"}}',
}


def outcome(call: Callable[[], object]) -> type[BaseException] | None:
    """Return what a call raises, None if nothing."""
    try:
        call()
    except Exception as error:  # noqa: BLE001
        return type(error)
    return None


CALLS: dict[str, Callable[[TelegramBot], object]] = {
    "who_am_i": TelegramBot.who_am_i,
    "updates": lambda bot: bot.updates(None, 0),
    "send": lambda bot: bot.send(TelegramId(1), HELLO),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_odd_answer_gives_an_error_of_ours_or_none(call: Callable[[TelegramBot], object], tmp_path: Path) -> None:
    # ports.py: raises CannotReach, TryLater, Refused or NotAllowed; nothing else. telegram.md 1.2, row 17.
    others: dict[str, type[BaseException] | None] = {}
    for name, body in ODD_ANSWERS.items():
        with answering(body) as url:
            bot = TelegramBot(TOKEN, tmp_path, url=url)
            others[name] = outcome(lambda bot=bot: call(bot))  # type: ignore[misc]
    ours = (None, CannotReach, TryLater, Refused)
    assert {name: error for name, error in others.items() if error not in ours} == {}


def test_an_odd_update_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    # telegram.md 5.6: the next update is still handled, there is no circle of fetching the same.
    chat = {"id": 7, "type": "private"}
    good = {"update_id": 5, "message": {"chat": chat, "from": {"id": 7}, "text": "hello"}}
    for odd in ({}, {"update_id": 4, "message": {**good["message"], "from": None}}, None):  # type: ignore[dict-item]
        body = json.dumps({"ok": True, "result": [odd, good]}).encode()
        with answering(body) as url:
            updates = TelegramBot(TOKEN, tmp_path, url=url).updates(None, 0)
        assert [each.sender for each in updates if each.id == 5] == [7]


def test_the_pause_that_a_429_asks_for_can_always_be_kept(tmp_path: Path) -> None:
    pauses: list[float] = []
    odd: tuple[object, ...] = (7, 7.5, "7", None, "x", [], {}, -5, "-1", math.inf, math.nan, 1e308)
    for given in odd:
        refusal = {"ok": False, "error_code": 429, "description": "Flood", "parameters": {"retry_after": given}}
        with answering(json.dumps(refusal).encode(), 429) as url, pytest.raises(TryLater) as trouble:
            TelegramBot(TOKEN, tmp_path, url=url).send(TelegramId(1), HELLO)
        pauses.append(trouble.value.seconds or 0.0)
    assert pauses[:3] == [7.0, 7.5, 7.0]
    assert [each for each in pauses if not 0 <= each <= 30 * 86_400] == []


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirection_is_not_followed(status: int, tmp_path: Path) -> None:
    with answering(b"", status) as url, pytest.raises(TryLater):
        TelegramBot(TOKEN, tmp_path, url=url).send(TelegramId(1), HELLO)
