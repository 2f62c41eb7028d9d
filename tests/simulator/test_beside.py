# SPDX-License-Identifier: GPL-3.0-or-later
"""What another program adds to the chat page, and posts that come twice because an answer was lost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from src.errors import BotError
from src.simulator.beside import Beside
from src.simulator.bodies import REMEMBERED, Once
from src.simulator.bot_api import LocalBotApi
from tests.simulator.client import HTTP, TOKEN, Answer, Bot, read


def refused(_asked: object) -> dict[str, object]:
    raise BotError("Not today.")


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[LocalBotApi]:
    (tmp_path / "panel.js").write_text("export const begin = () => {};", "utf-8")
    (tmp_path / "secret.toml").write_text("a = 1", "utf-8")
    api = LocalBotApi(TOKEN, beside=Beside(tmp_path, {"twice": lambda asked: {"n": 2 * asked["n"]}, "not": refused}))
    api.start()
    yield api
    api.stop()


def post(api: LocalBotApi, path: str, body: object, **headers: str) -> Answer:
    return read(HTTP.request("POST", f"{api.url}{path}", json=body, headers=headers))


def get(api: LocalBotApi, path: str) -> Answer:
    return read(HTTP.request("GET", f"{api.url}{path}"))


def test_files_are_handed_out_and_questions_answered_under_the_same_rules_as_all_else(beside: LocalBotApi) -> None:
    answer = get(beside, "/beside/panel.js")
    assert (answer.status, answer.headers["Content-Type"].rpartition("/")[2]) == (200, "javascript")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert [get(beside, f"/beside/{name}").status for name in ("secret.toml", "..%2Fbeside.py")] == [404, 404]
    assert post(beside, "/beside/twice", {"n": 21}).body == {"n": 42}
    assert post(beside, "/beside/else", {}).status == 404
    assert post(beside, "/beside/twice", {"n": 1}, Origin="http://evil.example").status == 403
    refusal = post(beside, "/beside/not", {})
    assert (refusal.status, refusal.body) == (400, {"error": "Not today."})
    assert get(beside, "/people").body["panel"] is True


def test_without_such_a_program_there_is_nothing(api: LocalBotApi) -> None:
    assert get(api, "/beside/panel.js").status == 404
    assert get(api, "/people").body["panel"] is False


def test_the_same_post_with_the_same_key_does_its_work_once(api: LocalBotApi, bot: Bot, ann: int) -> None:
    first = post(api, f"/people/{ann}/messages", {"text": "Once.", "key": "k1"})
    again = post(api, f"/people/{ann}/messages", {"text": "Once.", "key": "k1"})
    other = post(api, f"/people/{ann}/messages", {"text": "Once.", "key": "k2"})
    assert (first.status, again.body) == (200, first.body)
    assert other.body["message_id"] != first.body["message_id"]
    assert [each["message"]["text"] for each in bot.say("getUpdates")] == ["Once.", "Once."]


def test_what_was_refused_may_be_tried_again_and_old_keys_are_forgotten() -> None:
    once, made = Once(), list[int]()

    def make(number: int) -> dict[str, object]:
        made.append(number)
        return {"n": number}

    with pytest.raises(BotError):
        once.answer("key", lambda: refused({}))
    for number in range(REMEMBERED + 1):
        once.answer(f"key {number}", partial(make, number))
    assert once.answer("key 1", lambda: {"n": -1}) == {"n": 1}
    assert once.answer("key 0", lambda: {"n": -1}) == {"n": -1}
    assert len(made) == REMEMBERED + 1
