# SPDX-License-Identifier: GPL-3.0-or-later
"""What Telegram's updates mean to a one-to-one bot. Nothing that arrives, however odd, raises here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from src.engine.events import BlockedBot, ButtonPressed, Edited, FromTelegram, OtherContent, TextTyped, UnblockedBot
from src.identities import TelegramId
from src.service.ports import Update

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

SAID_BY_A_PERSON = frozenset(
    "animation audio contact checklist dice document game live_photo location paid_media photo poll sticker story"
    " text venue video video_note voice".split()
)
"""A message with none of these is written by Telegram itself: something was pinned, a timer was set, …"""

FORWARDED = frozenset({"forward_origin", "forward_date", "forward_from", "forward_from_chat", "forward_sender_name"})


def update_from(raw: Any) -> Update | None:
    """Return the update; what does not concern us, or is not as it should be, comes back with its number alone.

    None: it has no number, and can be neither handled nor confirmed.
    """
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    if not isinstance(number, int):
        return None
    for kind, read in READERS.items():
        if isinstance(raw.get(kind), Mapping):
            try:
                return read(number, raw[kind])
            except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
                return Update(number)
    return Update(number)


def whole(text: str) -> str:
    """Return the text with a question mark for half a character, which no database can keep."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _message(number: int, message: Mapping[str, Any]) -> Update:
    if not SAID_BY_A_PERSON & message.keys():
        return Update(number)
    text = message.get("text")
    # What is passed on was written by somebody else, who has agreed to nothing: it is no answer and is not kept.
    is_passed_on = bool(FORWARDED & message.keys())
    is_read = isinstance(text, str) and not is_passed_on
    event = TextTyped(number, whole(str(text)), number_of(message)) if is_read else OtherContent(number)
    return _from_private_chat(number, message["chat"], message["from"], event)


def number_of(message: Mapping[str, Any]) -> int | None:
    """Return Telegram's number of a message, if it has one."""
    return message["message_id"] if isinstance(message.get("message_id"), int) else None


def _edited(number: int, message: Mapping[str, Any]) -> Update:
    return _from_private_chat(number, message["chat"], message["from"], Edited(number))


def _press(number: int, query: Mapping[str, Any]) -> Update:
    message = query.get("message") or {}
    if message and message["chat"]["type"] != "private":
        return Update(number)
    message_id = message.get("message_id")
    event = ButtonPressed(
        number, str(query["id"]), int(message_id) if message_id is not None else None, whole(str(query.get("data", "")))
    )
    return _from_person(number, query["from"], event)


def _membership(number: int, change: Mapping[str, Any]) -> Update:
    gone = change["new_chat_member"]["status"] in ("kicked", "left")
    event = BlockedBot(number) if gone else UnblockedBot(number)
    return _from_private_chat(number, change["chat"], change["from"], event)


def _from_private_chat(number: int, chat: Mapping[str, Any], sender: Mapping[str, Any], event: FromTelegram) -> Update:
    return _from_person(number, sender, event) if chat["type"] == "private" else Update(number)


def _from_person(number: int, sender: Mapping[str, Any], event: FromTelegram) -> Update:
    if sender.get("is_bot"):
        return Update(number)
    language = sender.get("language_code")
    return Update(number, TelegramId(int(sender["id"])), str(language) if language else None, event)


READERS: Mapping[str, Callable[[int, Mapping[str, Any]], Update]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _membership,
}
