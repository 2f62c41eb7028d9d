# SPDX-License-Identifier: GPL-3.0-or-later
"""People who take part: they see the chat as Telegram shows it, press a button or write, and remember what they
said.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from src.simulator.bot_api import LocalBotApi
from src.simulator.messages import ChatMessage

TEXTS = ("Girona", "42", "3", "17:30", "NO")
REFUSALS = ("no", "non", "question")


@dataclass
class Person:
    """Somebody who answers at random. `said` holds every press that Telegram took, in order: message id and value."""

    telegram: LocalBotApi
    id: int
    chance: random.Random
    said: list[tuple[int, str]] = field(default_factory=list)
    wrote: int = 0

    def act(self) -> bool:
        """Answer the newest message if it asks something; tell whether anything was done."""
        chat = self.telegram.chat(self.id)
        asking = [message for message in chat if message.from_bot and message.buttons]
        if asking:
            return not self.is_repeated(asking[-1], chat) and self.press(asking[-1])
        newest = chat[-1] if chat else None
        if newest is not None and newest.from_bot and asks_for_text(newest):
            self.telegram.write(self.id, self.chance.choice(TEXTS))
            self.wrote += 1
            return True
        return False

    def is_repeated(self, message: ChatMessage, chat: list[ChatMessage]) -> bool:
        """Tell whether this question came a second time, as after a crash, and the first one was answered."""
        earlier = [each for each in chat if each.from_bot and each.message_id < message.message_id]
        return (
            bool(self.said and earlier)
            and self.said[-1][0] == earlier[-1].message_id
            and earlier[-1].plain == message.plain
        )

    def press(self, message: ChatMessage) -> bool:
        """Press one of the message's buttons; one that would refuse the study is passed over."""
        if self.said and self.said[-1][0] == message.message_id:
            return False
        values = [button.data for row in message.buttons for button in row]
        chosen = self.chance.choice([each for each in values if each not in REFUSALS] or values)
        try:
            self.telegram.press(self.id, message.message_id, chosen)
        except Exception:  # noqa: BLE001  # the button has vanished a moment ago, as it does for real people
            return False
        self.said.append((message.message_id, chosen))
        return True


def asks_for_text(message: ChatMessage) -> bool:
    """Tell whether a person would understand the message as a question to be answered in writing."""
    return bool(re.search(r"\b(NO|NEIN|NON|NÃO)\b", message.plain))


def take_part(people: list[Person], is_done: Callable[[Person], bool], seconds: float) -> None:
    """Let all of them answer, side by side, until each is done; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    waiting = list(people)
    while waiting:
        acted = [person.act() for person in waiting]
        waiting = [person for person in waiting if not is_done(person)]
        assert time.monotonic() < deadline, f"{len(waiting)} people are still waiting"
        if not any(acted):
            threading.Event().wait(0.02)
