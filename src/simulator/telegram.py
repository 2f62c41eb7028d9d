# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that lasts: persons, chats, files, updates and presses of one bot, behind one lock."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from src.simulator.entities import Json
from src.simulator.files import Files
from src.simulator.messages import ChatMessage, Person, message_object
from src.simulator.presses import Presses
from src.simulator.profile import Profile
from src.simulator.refusals import NotPossible
from src.simulator.updates import UpdateQueue

KEPT_MESSAGES = 2000
FIRST_PERSON_ID = 5_000_000_001
FIRST_UPDATE_ID = 100_000_001
BOT_ID_WITHOUT_NUMBER = 1_000_000_001

Clock = Callable[[], float]


@dataclass(frozen=True)
class Event:
    """Something happened in a chat (or, with chat 0, to the bot). `sequence` grows by one each time."""

    sequence: int
    kind: str
    chat_id: int
    body: Any = None


class Telegram:
    """The state of the local Bot API. Hold `lock` around everything that reads or changes it.

    `lock` is also the condition that is notified after every change. Of each chat the last
    `KEPT_MESSAGES` messages are kept, so that no chat grows without end.
    """

    def __init__(self, bot_id: int, clock: Clock, files: Files) -> None:
        self.lock = threading.Condition()
        self.bot_id = bot_id
        self.clock = clock
        self.files = files
        self.people: dict[int, Person] = {}
        self.chats: dict[int, dict[int, ChatMessage]] = {}
        self.updates = UpdateQueue(clock, FIRST_UPDATE_ID)
        self.presses = Presses(clock)
        self.profile = Profile()
        self.webhook = ""
        self.sequence = 0
        self.next_message_id = 1
        self.next_person_id = FIRST_PERSON_ID
        self.listeners: list[Callable[[Event], None]] = []

    def now(self) -> int:
        """Return the time as Telegram writes it: whole Unix seconds."""
        return int(self.clock())

    def bot_user(self, language: str = "") -> Json:
        """Return the User object of the bot."""
        name = self.profile.text("name", language) or "Local bot"
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": "local_bot"}

    def person(self, person_id: int) -> Person:
        """Return a person; raise NotPossible if there is none with this id."""
        if person_id not in self.people:
            raise NotPossible("There is no person with this id.")
        return self.people[person_id]

    def put_person(self, person: Person) -> None:
        """Remember a new or changed person."""
        self.people[person.id] = person
        self.chats.setdefault(person.id, {})
        self.next_person_id = max(self.next_person_id, person.id + 1)
        self.changed("person", person.id, person)

    def new_message(self, chat_id: int, message: ChatMessage) -> ChatMessage:
        """Give a message its id, put it into the chat and return it."""
        message = replace(message, message_id=self.next_message_id)
        self.next_message_id += 1
        chat = self.chats[chat_id]
        chat[message.message_id] = message
        if len(chat) > KEPT_MESSAGES:
            del chat[next(iter(chat))]
        self.changed("message", chat_id, message)
        return message

    def replace_message(self, chat_id: int, message: ChatMessage) -> ChatMessage:
        """Put a changed message in the place of the old one and return it."""
        self.chats[chat_id][message.message_id] = message
        self.changed("message", chat_id, message)
        return message

    def remove_message(self, chat_id: int, message_id: int) -> None:
        """Take a message out of its chat."""
        del self.chats[chat_id][message_id]
        self.changed("deleted", chat_id, message_id)

    def object_of(self, chat_id: int, message: ChatMessage) -> Json:
        """Return the Message object of the Bot API, with a short copy of what it replies to."""
        person = self.people[chat_id]
        body = message_object(message, person, self.bot_user(), self._media(message))
        replied = self.chats[chat_id].get(message.reply_to or 0)
        if replied is not None:
            body["reply_to_message"] = message_object(replied, person, self.bot_user(), self._media(replied))
        return body

    def push(self, kind: str, payload: Json, unasked: bool = False) -> int | None:
        """Queue an update for the bot and wake it; return the update's id, or None if it is not wanted."""
        update_id = self.updates.add(kind, payload, unasked)
        self.changed("update", 0)
        return update_id

    def changed(self, kind: str, chat_id: int, body: Any = None) -> None:
        """Tell everyone who listens or waits that something happened."""
        self.sequence += 1
        event = Event(self.sequence, kind, chat_id, body)
        for listener in self.listeners:
            listener(event)
        self.lock.notify_all()

    def _media(self, message: ChatMessage) -> Json:
        stored = self.files.find(message.file_id) if message.file_id else None
        return stored.as_media() if stored else {}


def bot_id_of(token: str) -> int:
    """Return the bot's id, which is the number that its token begins with."""
    number = token.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() else BOT_ID_WITHOUT_NUMBER
