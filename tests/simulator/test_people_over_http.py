# SPDX-License-Identifier: GPL-3.0-or-later
"""The people's side over HTTP, as the chat page and other processes use it, and who is kept out."""

import asyncio
from typing import Any

import aiohttp
import pytest

from src.simulator.bot_api import LocalBotApi
from src.simulator.people_side import OTHER_KINDS
from tests.simulator.client import HTTP, Answer, Bot, picture, read

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}


def post(api: LocalBotApi, path: str, body: object, **headers: str) -> Answer:
    return read(HTTP.request("POST", f"{api.url}{path}", json=body, headers=headers))


def get(api: LocalBotApi, path: str, **headers: str) -> Answer:
    return read(HTTP.request("GET", f"{api.url}{path}", headers=headers))


def test_a_person_comes_writes_and_presses(api: LocalBotApi, bot: Bot) -> None:
    added = post(api, "/people", {"name": "Núria", "language_code": "ca"})
    assert added.status == 201
    nuria = added.body["id"]
    assert post(api, f"/people/{nuria}/messages", {"text": "/start"}).body["plain"] == "/start"
    sent = bot.say("sendMessage", chat_id=nuria, text="<b>Ready?</b>", parse_mode="HTML", reply_markup=YES)
    seen = get(api, f"/people/{nuria}/messages").body["messages"][-1]
    assert (seen["plain"], seen["entities"]) == ("Ready?", [{"type": "bold", "offset": 0, "length": 6}])
    assert seen["buttons"] == [[{"label": "Yes", "data": "yes"}]]
    press = {"message_id": sent["message_id"], "data": "yes"}
    assert post(api, f"/people/{nuria}/presses", press).body["query_id"]
    assert post(api, f"/people/{nuria}/presses", press | {"data": "no"}).status == 400
    assert post(api, f"/people/{nuria}/block", {}).body["blocked"] is True
    assert post(api, f"/people/{nuria}/messages", {"text": "a"}).status == 400
    assert post(api, f"/people/{nuria}/unblock", {}).body["blocked"] is False
    assert [person["name"] for person in get(api, "/people").body["people"]] == ["Núria"]


def test_a_long_chat_comes_in_pieces(api: LocalBotApi, ann: int) -> None:
    for number in range(250):
        api.write(ann, str(number))
    last = get(api, f"/people/{ann}/messages").body
    assert (len(last["messages"]), last["messages"][-1]["plain"], last["more"]) == (200, "249", True)
    before = last["messages"][0]["message_id"]
    rest = get(api, f"/people/{ann}/messages?before={before}").body
    assert (len(rest["messages"]), rest["more"]) == (51, False)


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_anything_can_be_sent(api: LocalBotApi, bot: Bot, ann: int, kind: str) -> None:
    assert post(api, f"/people/{ann}/others", {"kind": kind}).status == 200
    assert OTHER_KINDS[kind].keys() <= bot.say("getUpdates")[-1]["message"].keys()


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_pages_of_other_sites_are_kept_out(api: LocalBotApi, headers: dict[str, str]) -> None:
    assert get(api, "/people", **headers).status == 403
    assert get(api, "/events", **headers).status == 403
    assert post(api, "/people", {"name": "Eve"}, **headers).status == 403
    assert api.people() == []


def test_a_plain_form_is_not_taken(api: LocalBotApi) -> None:
    answer = read(HTTP.request("POST", f"{api.url}/people", fields={"name": "Eve"}))
    assert answer.status == 400
    assert api.people() == []


def test_the_page_and_its_parts_are_there_and_strict(api: LocalBotApi) -> None:
    for path in ("/", "/chat.js", "/events.js", "/net.js", "/screen.js", "/view.js", "/chat.css"):
        answer = get(api, path)
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert get(api, "/bot_api.py").status == 404


def test_pictures_are_shown_and_unknown_files_are_saved(api: LocalBotApi, bot: Bot, ann: int) -> None:
    bot.say("sendPhoto", {"photo": ("a.png", picture(5, 5))}, chat_id=ann)
    bot.say("sendDocument", {"document": ("a.html", b"<script>")}, chat_id=ann)
    photo, page = (message["file"] for message in get(api, f"/people/{ann}/messages").body["messages"][1:])
    response = HTTP.request("GET", api.url + photo)
    assert (response.data, response.headers["Content-Type"]) == (picture(5, 5), "image/png")
    saved = HTTP.request("GET", api.url + page)
    assert saved.headers["Content-Disposition"] == "attachment"
    assert saved.headers["Content-Type"] == "application/octet-stream"


async def events_of(api: LocalBotApi, bot: Bot, ann: int) -> list[dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{api.url}/events") as socket:
        assert await socket.receive_json(timeout=5) == {"kind": "hello"}
        await asyncio.to_thread(bot.say, "sendChatAction", chat_id=ann, action="typing")
        sent = await asyncio.to_thread(bot.say, "sendMessage", chat_id=ann, text="a", reply_markup=YES)
        query = api.press(ann, sent["message_id"], "yes")
        await asyncio.to_thread(bot.say, "answerCallbackQuery", callback_query_id=query, text="ok")
        await asyncio.to_thread(bot.say, "deleteMessage", chat_id=ann, message_id=sent["message_id"])
        return [await socket.receive_json(timeout=5) for _ in range(4)]


def test_live_events_tell_what_happens_in_order(api: LocalBotApi, bot: Bot, ann: int) -> None:
    events = asyncio.run(events_of(api, bot, ann))
    assert [event["kind"] for event in events] == ["typing", "message", "answer", "deleted"]
    assert {event["chat_id"] for event in events} == {ann}
    numbers = [event["sequence"] for event in events]
    assert numbers == sorted(numbers)
    assert events[2]["body"]["text"] == "ok"
