# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods with which a bot sends something new."""

import secrets
from dataclasses import replace
from typing import Any

from src.simulator.calls import Call
from src.simulator.entities import Json
from src.simulator.files import StoredFile
from src.simulator.keyboards import keyboard_of
from src.simulator.limits import caption_of, text_of
from src.simulator.messages import ChatMessage, Person
from src.simulator.refusals import bad_request, forbidden
from src.simulator.telegram import Telegram

ALBUM = range(2, 11)
ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note record_audio upload_audio".split()
)


def send_message(telegram: Telegram, call: Call) -> Json:
    """Send a text."""
    person = reachable(telegram, call)
    keyboard = keyboard_of(call)
    text = text_of(call)
    message = ChatMessage(0, True, telegram.now(), text=call.text("text"), plain=text.plain, entities=text.entities)
    return _sent(telegram, call, person, replace(message, keyboard=keyboard))


def send_photo(telegram: Telegram, call: Call) -> Json:
    """Send a picture, new or by its file id."""
    return _send_file(telegram, call, "photo")


def send_document(telegram: Telegram, call: Call) -> Json:
    """Send a file, new or by its file id."""
    return _send_file(telegram, call, "document")


def send_media_group(telegram: Telegram, call: Call) -> list[Json]:
    """Send an album of photos or documents."""
    person = reachable(telegram, call)
    media = call.json("media")
    if not isinstance(media, list) or len(media) not in ALBUM:
        raise bad_request("there must be 2-10 messages in the album")
    album = str(secrets.randbelow(10**15))
    messages = [_album_part(telegram, call, each, album) for each in media]
    return [_sent(telegram, call, person, message) for message in messages]


def send_chat_action(telegram: Telegram, call: Call) -> bool:
    """Show for some seconds that the bot is busy."""
    person = reachable(telegram, call)
    if call.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    telegram.changed("typing", person.id)
    return True


def reachable(telegram: Telegram, call: Call) -> Person:
    """Return the person of the chat, if the bot may write to them; raise Refusal if not."""
    person = known(telegram, call)
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
    return person


def known(telegram: Telegram, call: Call) -> Person:
    """Return the person of the chat that a request names; raise Refusal if there is no such chat."""
    if not call.text("chat_id"):
        raise bad_request("chat_id is empty")
    person = telegram.people.get(call.chat_id or 0)
    if person is None:
        raise bad_request("chat not found")
    return person


def file_message(telegram: Telegram, call: Call, stored: StoredFile, protected: bool) -> ChatMessage:
    """Return the message, without an id yet, that shows a file with the caption of the request."""
    caption = caption_of(call)
    message = ChatMessage(0, True, telegram.now(), stored.kind, file_id=stored.file_id, protected=protected)
    message = replace(message, plain=caption.plain, entities=caption.entities)
    message = replace(message, caption=call.text("caption") or None)
    if stored.kind == "photo":
        return replace(message, photo=stored.name)
    return replace(message, document=stored.name)


def _send_file(telegram: Telegram, call: Call, kind: str) -> Json:
    person = reachable(telegram, call)
    keyboard = keyboard_of(call)
    caption_of(call)
    stored = telegram.files.of_call(call, kind, call.text(kind))
    message = file_message(telegram, call, stored, protected=call.flag("protect_content"))
    return _sent(telegram, call, person, replace(message, keyboard=keyboard))


def _album_part(telegram: Telegram, call: Call, body: Any, album: str) -> ChatMessage:
    if not isinstance(body, dict) or body.get("type") not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: type of the media is not supported here")
    part = Call(call.method, {name: str(value) for name, value in body.items()}, call.files)
    stored = telegram.files.of_call(part, body["type"], part.text("media"))
    message = file_message(telegram, part, stored, protected=call.flag("protect_content"))
    return replace(message, album=album)


def _sent(telegram: Telegram, call: Call, person: Person, message: ChatMessage) -> Json:
    message = replace(message, reply_to=_reply_to(telegram, call, person.id))
    message = replace(message, protected=call.flag("protect_content"))
    return telegram.object_of(person.id, telegram.new_message(person.id, message))


def _reply_to(telegram: Telegram, call: Call, chat_id: int) -> int | None:
    given = call.json("reply_parameters") or {}
    given = given if isinstance(given, dict) else {}
    wanted = given.get("message_id") or call.number("reply_to_message_id")
    if not wanted:
        return None
    if wanted in telegram.chats[chat_id]:
        return int(wanted)
    if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
