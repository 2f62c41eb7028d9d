# SPDX-License-Identifier: GPL-3.0-or-later
"""Persons and messages, and how they look in the answers of the Bot API."""

from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from src.simulator.entities import Entity, Json


class Button(NamedTuple):
    """An inline button as the person sees it; `data` is the callback data, or the address of a link."""

    label: str
    data: str


@dataclass(frozen=True)
class Person:
    """Someone with the app. `started` is True once they have written to the bot; `user_name`: without the @."""

    id: int
    name: str
    language_code: str
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    user_name: str = ""

    def as_user(self) -> Json:
        """Return the User object of the Bot API."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user | self._named() | ({"language_code": self.language_code} if self.language_code else {})

    def as_chat(self) -> Json:
        """Return the Chat object of the Bot API."""
        return {"id": self.id, "first_name": self.name, "type": "private"} | self._named()

    def _named(self) -> Json:
        return {"username": self.user_name} if self.user_name else {}


@dataclass(frozen=True)
class ChatMessage:
    """One message of a private chat.

    `text` and `caption` are as they were sent, with their HTML; `plain` is what is left after parsing, and
    `entities` belong to it. `photo` and `document` are file names. `content` holds what messages of other
    kinds carry. `keyboard` has the buttons as the bot sent them, `edited` the Unix time of the last edit.
    """

    message_id: int
    from_bot: bool
    date: int
    kind: str = "text"
    text: str = ""
    plain: str = ""
    entities: tuple[Entity, ...] = ()
    caption: str | None = None
    photo: str | None = None
    document: str | None = None
    file_id: str | None = None
    edited: int | None = None
    keyboard: tuple[tuple[Json, ...], ...] = ()
    reply_to: int | None = None
    protected: bool = False
    album: str | None = None
    content: Json | None = None

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """Return the rows of inline buttons that the message has now."""
        return tuple(tuple(_as_button(button) for button in row) for row in self.keyboard)

    def has_button(self, data: str) -> bool:
        """Tell whether the message has a button with this callback data now."""
        return any(button.get("callback_data") == data for row in self.keyboard for button in row)

    def as_json(self) -> Json:
        """Return everything about the message, for the state file and the chat page."""
        return asdict(self)


def _as_button(button: Json) -> Button:
    return Button(str(button["text"]), str(button.get("callback_data", button.get("url", ""))))


def message_from_json(body: Json) -> ChatMessage:
    """Read what `ChatMessage.as_json` gave; unknown fields are left out."""
    known = {each.name: body[each.name] for each in fields(ChatMessage) if each.name in body}
    known["entities"] = tuple(Entity(**entity) for entity in body.get("entities", ()))
    known["keyboard"] = tuple(tuple(row) for row in body.get("keyboard", ()))
    return ChatMessage(**known)


def message_object(message: ChatMessage, person: Person, bot: Json, media: Json | None = None) -> Json:
    """Return the Message object of the Bot API; `media` is the photo or document with its file ids."""
    body: Json = {
        "message_id": message.message_id,
        "from": bot if message.from_bot else person.as_user(),
        "chat": person.as_chat(),
        "date": message.date,
    }
    body |= _optional("edit_date", message.edited) | _optional("media_group_id", message.album)
    body |= {"has_protected_content": True} if message.protected else {}
    body |= (message.content or {}) | (media or {})
    body |= _words(message)
    if message.keyboard:
        body["reply_markup"] = {"inline_keyboard": [list(row) for row in message.keyboard]}
    return body


def _words(message: ChatMessage) -> Json:
    """Return text or caption with its entities, named as the kind of message demands."""
    if not message.plain:
        return {}
    text, entities = ("text", "entities") if message.kind == "text" else ("caption", "caption_entities")
    found = [entity.as_json() for entity in message.entities]
    return {text: message.plain} | ({entities: found} if found else {})


def _optional(name: str, value: Any) -> Json:
    return {} if value is None else {name: value}
