# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods with which a bot changes or removes what is there, and answers presses."""

from dataclasses import replace
from typing import Any

from src.simulator.calls import Call
from src.simulator.entities import Json
from src.simulator.keyboards import keyboard_of
from src.simulator.limits import caption_of, text_of
from src.simulator.messages import ChatMessage
from src.simulator.refusals import Refusal, bad_request
from src.simulator.sending import known
from src.simulator.telegram import Telegram

SECONDS_TO_DELETE = 48 * 3600
MOST_AT_ONCE = 100

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(telegram: Telegram, call: Call) -> Json:
    """Replace the text of a message, and its buttons."""
    old = _own_message(telegram, call)
    keyboard = keyboard_of(call)
    text = text_of(call)
    if old.kind != "text":
        raise bad_request("there is no text in the message to edit")
    new = replace(old, text=call.text("text"), plain=text.plain, entities=text.entities, keyboard=keyboard)
    return _edited(telegram, call, old, new)


def edit_message_caption(telegram: Telegram, call: Call) -> Json:
    """Replace the caption of a photo or document, and its buttons."""
    old = _own_message(telegram, call)
    keyboard = keyboard_of(call)
    caption = caption_of(call)
    if old.kind == "text":
        raise bad_request("there is no caption in the message to edit")
    new = replace(old, caption=call.text("caption") or None, plain=caption.plain)
    return _edited(telegram, call, old, replace(new, entities=caption.entities, keyboard=keyboard))


def edit_message_reply_markup(telegram: Telegram, call: Call) -> Json:
    """Replace the buttons of a message; without any given, remove them."""
    old = _own_message(telegram, call)
    return _edited(telegram, call, old, replace(old, keyboard=keyboard_of(call)))


def delete_message(telegram: Telegram, call: Call) -> bool:
    """Remove one message of the last 48 hours from a chat."""
    person = known(telegram, call)
    _delete(telegram, person.id, call.number("message_id"))
    return True


def delete_messages(telegram: Telegram, call: Call) -> bool:
    """Remove up to a hundred messages; those that are not there are passed over."""
    person = known(telegram, call)
    ids = call.json("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_AT_ONCE:
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        try:
            _delete(telegram, person.id, int(message_id))
        except Refusal:
            continue
    return True


def answer_callback_query(telegram: Telegram, call: Call) -> bool:
    """End the waiting of the person who pressed, maybe with a short text."""
    query = telegram.presses.answer(call.text("callback_query_id"), call.text("text"), call.flag("show_alert"))
    telegram.changed("answer", query.person_id, query)
    return True


def _own_message(telegram: Telegram, call: Call) -> ChatMessage:
    if call.text("inline_message_id") and not call.text("chat_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    person = known(telegram, call)
    if not call.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = telegram.chats[person.id].get(call.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _edited(telegram: Telegram, call: Call, old: ChatMessage, new: ChatMessage) -> Json:
    if _looks(old) == _looks(new):
        raise bad_request(_NOT_MODIFIED)
    chat_id = call.chat_id or 0
    changed = telegram.replace_message(chat_id, replace(new, edited=telegram.now()))
    return telegram.object_of(chat_id, changed)


def _looks(message: ChatMessage) -> Any:
    return message.plain, message.entities, message.keyboard


def _delete(telegram: Telegram, chat_id: int, message_id: int) -> None:
    message = telegram.chats[chat_id].get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if telegram.clock() - message.date > SECONDS_TO_DELETE:
        raise bad_request("message can't be deleted")
    telegram.remove_message(chat_id, message_id)
