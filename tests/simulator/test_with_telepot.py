# SPDX-License-Identifier: GPL-3.0-or-later
"""The library that the bot uses drives the local Bot API as it drives Telegram's."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import telepot
import telepot.api
import telepot.exception

from src.simulator.bot_api import LocalBotApi
from tests.simulator.client import TOKEN, picture


@pytest.fixture
def telepot_bot(api: LocalBotApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[telepot.Bot]:
    monkeypatch.setattr(telepot.api, "_methodurl", lambda req, **_: f"{api.url}/bot{req[0]}/{req[1]}")
    monkeypatch.setattr(telepot.api, "_fileurl", lambda req: f"{api.url}/file/bot{req[0]}/{req[1]}")
    # an upload opens a connection pool of its own and leaves it open; here all share one
    monkeypatch.setattr(telepot.api, "_which_pool", lambda req, **_: "default")
    yield telepot.Bot(TOKEN)
    telepot.api._pools["default"].clear()


def test_telepot_talks_with_a_person(api: LocalBotApi, telepot_bot: telepot.Bot) -> None:
    assert telepot_bot.getMe()["id"] == 4242
    ann = api.add_person("Ann", "ca")
    api.write(ann, "/start join")
    assert telepot_bot.getUpdates(timeout=1)[0]["message"]["text"] == "/start join"
    keyboard = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    sent = telepot_bot.sendMessage(ann, "<b>Готовы?</b> 😀", parse_mode="HTML", reply_markup=keyboard)
    query = api.press(ann, sent["message_id"], "yes")
    assert telepot_bot.answerCallbackQuery(query, text="ok") is True
    telepot_bot.editMessageReplyMarkup((ann, sent["message_id"]), reply_markup=None)
    telepot_bot.sendChatAction(ann, "typing")
    assert api.chat(ann)[-1].buttons == ()


def test_telepot_uploads_and_downloads(api: LocalBotApi, telepot_bot: telepot.Bot, tmp_path: Path) -> None:
    ann = api.add_person("Ann")
    api.write(ann, "/start")
    sent = telepot_bot.sendPhoto(ann, ("карта.png", io.BytesIO(picture(30, 20))), caption="map")
    telepot_bot.sendPhoto(ann, sent["photo"][-1]["file_id"])
    telepot_bot.sendDocument(ann, ('a "b".pdf', io.BytesIO(b"%PDF")))
    target = tmp_path / "photo.png"
    telepot_bot.download_file(sent["photo"][-1]["file_id"], str(target))
    assert target.read_bytes() == picture(30, 20)
    assert [message.photo or message.document for message in api.chat(ann)[1:]] == [
        "карта.png",
        "карта.png",
        'a "b".pdf',
    ]


def test_telepot_recognises_the_refusals(api: LocalBotApi, telepot_bot: telepot.Bot) -> None:
    ann = api.add_person("Ann")
    api.write(ann, "/start")
    api.block(ann)
    with pytest.raises(telepot.exception.BotWasBlockedError):
        telepot_bot.sendMessage(ann, "a")
    with pytest.raises(telepot.exception.UnauthorizedError):
        telepot.Bot("4242:wrong").getMe()
    with pytest.raises(telepot.exception.TelegramError, match="chat not found"):
        telepot_bot.sendMessage(1, "a")
