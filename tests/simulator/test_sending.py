# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending: who can be reached, how long things may be, which keyboards and files are taken."""

from typing import Any

import pytest

from src.simulator.bot_api import LocalBotApi
from tests.simulator.client import HTTP, Bot, picture, read

LONG = "x" * 4096


def keyboard(*rows: list[str]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": data, "callback_data": data} for data in row] for row in rows]}


def test_a_message_comes_back_whole(api: LocalBotApi, bot: Bot, ann: int) -> None:
    sent = bot.say("sendMessage", chat_id=ann, text=" <b>Hòla</b> ", parse_mode="HTML", reply_markup=keyboard(["yes"]))
    assert sent["text"] == "Hòla"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert sent["from"]["id"] == 4242
    assert sent["chat"] == {"id": ann, "first_name": "Ann", "type": "private"}
    assert sent["reply_markup"] == keyboard(["yes"])
    message = api.chat(ann)[-1]
    assert (message.text, message.plain, message.from_bot) == (" <b>Hòla</b> ", "Hòla", True)
    assert message.buttons == ((("yes", "yes"),),)


@pytest.mark.parametrize("length", [1, 4096])
def test_a_text_may_have_4096_characters_after_parsing(bot: Bot, ann: int, length: int) -> None:
    bot.say("sendMessage", chat_id=ann, text=f"<b>{'😀' * length}</b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LONG + "x", "message is too long"),
        ("x" * 32_769, "text is too long"),
        ("", "message text is empty"),
        ("<b> </b>", "text must be non-empty"),
        ("<x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
    ],
)
def test_wrong_texts_are_refused(api: LocalBotApi, bot: Bot, ann: int, text: str, words: str) -> None:
    assert bot.refusal("sendMessage", chat_id=ann, text=text, parse_mode="HTML") == f"400 Bad Request: {words}"
    assert len(api.chat(ann)) == 1


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard(["x" * 65]), "BUTTON_DATA_INVALID"),
        (keyboard(["ж" * 33]), "BUTTON_DATA_INVALID"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}, "BUTTON_DATA_INVALID"),
        (keyboard(*[["a"]] * 101), "reply markup is too long"),
        (keyboard(["a"] * 9), "reply markup is too long"),
        (
            {"inline_keyboard": [[{"text": "a"}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ([], "object expected as reply markup"),
        ("{", "can't parse reply markup JSON object"),
    ],
)
def test_wrong_keyboards_are_refused(bot: Bot, ann: int, markup: object, words: str) -> None:
    refusal = bot.refusal("sendMessage", chat_id=ann, text="a", reply_markup=markup)
    assert refusal == f"400 Bad Request: {words}"


def test_64_bytes_and_100_buttons_are_fine(bot: Bot, ann: int) -> None:
    bot.say("sendMessage", chat_id=ann, text="a", reply_markup=keyboard(["ж" * 32]))
    bot.say("sendMessage", chat_id=ann, text="a", reply_markup=keyboard(*[["a"] * 5] * 20))


def test_people_who_cannot_be_reached(api: LocalBotApi, bot: Bot, ann: int) -> None:
    stranger = api.add_person("Stranger")
    assert bot.refusal("sendMessage", chat_id=99, text="a") == "400 Bad Request: chat not found"
    assert (
        bot.refusal("sendMessage", chat_id=stranger, text="a")
        == "403 Forbidden: bot can't initiate conversation with a user"
    )
    api.block(ann)
    assert bot.refusal("sendMessage", chat_id=ann, text="a") == "403 Forbidden: bot was blocked by the user"
    assert bot.refusal("sendChatAction", chat_id=ann, action="typing").startswith("403")
    api.unblock(ann)
    bot.say("sendMessage", chat_id=ann, text="a")
    api.deactivate(ann)
    assert bot.refusal("sendMessage", chat_id=ann, text="a") == "403 Forbidden: user is deactivated"


def test_a_photo_is_uploaded_once_and_sent_again_by_its_id(api: LocalBotApi, bot: Bot, ann: int) -> None:
    content = picture(300, 200)
    sent = bot.say(
        "sendPhoto",
        {"photo": ("mapa é.png", content)},
        chat_id=ann,
        caption="A <b>map</b>",
        parse_mode="HTML",
    )
    size = sent["photo"][-1]
    assert (size["width"], size["height"], size["file_size"]) == (300, 200, len(content))
    assert (sent["caption"], api.chat(ann)[-1].photo) == ("A map", "mapa é.png")
    again = bot.say("sendPhoto", chat_id=ann, photo=size["file_id"])
    assert again["photo"] == sent["photo"]
    path = bot.say("getFile", file_id=size["file_id"])["file_path"]
    assert HTTP.request("GET", f"{api.url}/file/bot4242:local-token/{path}").data == content


def test_a_file_id_cannot_change_its_type_or_be_invented(bot: Bot, ann: int) -> None:
    sent = bot.say("sendDocument", {"document": ("a.pdf", b"%PDF")}, chat_id=ann)
    file_id = sent["document"]["file_id"]
    assert sent["document"]["file_name"] == "a.pdf"
    assert bot.refusal("sendPhoto", chat_id=ann, photo=file_id).startswith("400 Bad Request: can't use file of type")
    for wrong in ("invented", "not/an/id"):
        refusal = bot.refusal("sendDocument", chat_id=ann, document=wrong)
        assert refusal.startswith("400 Bad Request: wrong remote file identifier specified: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (picture(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (picture(10, 10) + bytes(10 * 1024 * 1024), "file is too big"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
    ],
)
def test_wrong_photos_are_refused(bot: Bot, ann: int, content: bytes, words: str) -> None:
    assert bot.refusal("sendPhoto", {"photo": ("a.png", content)}, chat_id=ann) == f"400 Bad Request: {words}"


def test_a_caption_has_its_own_limit(bot: Bot, ann: int) -> None:
    file = {"document": ("a.pdf", b"%PDF")}
    bot.say("sendDocument", file, chat_id=ann, caption="x" * 1024)
    refusal = bot.refusal("sendDocument", file, chat_id=ann, caption="x" * 1025)
    assert refusal == "400 Bad Request: message caption is too long"


def test_more_than_50_megabytes_are_refused_in_html(bot: Bot, ann: int) -> None:
    file = {"document": ("big.pdf", bytes(52 * 1024 * 1024))}
    answer = bot.ask("sendDocument", file, chat_id=ann)
    assert answer.status == 413
    assert "413 Request Entity Too Large" in answer.body
    assert "html" in answer.headers["Content-Type"]


def test_an_album_is_several_messages(api: LocalBotApi, bot: Bot, ann: int) -> None:
    files = {"a": ("a.png", picture(10, 10)), "b": ("b.png", picture(10, 10))}
    media = [
        {"type": "photo", "media": "attach://a", "caption": "both"},
        {"type": "photo", "media": "attach://b"},
    ]
    sent = bot.say("sendMediaGroup", files, chat_id=ann, media=media)
    assert sent[0]["media_group_id"] == sent[1]["media_group_id"]
    assert [message.photo for message in api.chat(ann)[1:]] == ["a.png", "b.png"]
    assert bot.refusal("sendMediaGroup", chat_id=ann, media=media[:1]).startswith("400")


def test_replies_name_a_message_that_is_there(bot: Bot, ann: int) -> None:
    sent = bot.say("sendMessage", chat_id=ann, text="a", reply_parameters={"message_id": 1})
    assert sent["reply_to_message"]["text"] == "/start"
    refusal = bot.refusal("sendMessage", chat_id=ann, text="a", reply_to_message_id=99)
    assert refusal == "400 Bad Request: message to be replied not found"


def test_every_encoding_and_any_case_of_a_method_is_understood(bot: Bot, ann: int) -> None:
    address = bot.address("SENDmessage")
    answers = [
        HTTP.request("GET", address, fields={"chat_id": str(ann), "text": "query"}),
        HTTP.request("POST", address, json={"chat_id": ann, "text": "json", "reply_markup": keyboard(["a"])}),
        HTTP.request("POST", address, fields={"chat_id": str(ann), "text": "form"}, encode_multipart=False),
    ]
    assert [read(answer).result["text"] for answer in answers] == ["query", "json", "form"]
    assert len(bot.api.requests("sendMessage", ann)) == 3


def test_half_characters_are_refused(bot: Bot, ann: int) -> None:
    body = f'{{"chat_id": {ann}, "text": "\\ud83d"}}'
    answer = read(
        HTTP.request("POST", bot.address("sendMessage"), body=body, headers={"Content-Type": "application/json"})
    )
    assert answer.description == "Bad Request: strings must be encoded in UTF-8"


def test_wrong_tokens_and_methods(api: LocalBotApi, bot: Bot) -> None:
    assert Bot(api, "4242:other").refusal("getMe") == "401 Unauthorized"
    assert Bot(api, "nonsense").refusal("getMe") == "401 Unauthorized: invalid token specified"
    assert bot.refusal("sendNothing") == "404 Not Found: method not found"
    assert read(HTTP.request("GET", f"{api.url}/bot4242:local-token")).description == "Not Found"
    outside = HTTP.request("GET", f"{api.url}/file/bot4242:local-token/..%2f..%2fetc%2fpasswd")
    assert outside.status == 404
