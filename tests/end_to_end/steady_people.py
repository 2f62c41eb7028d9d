# SPDX-License-Identifier: GPL-3.0-or-later
"""People who answer one dialogue after the other, each as soon as the next question is there, and who notice whatever
is missing, repeated or out of place in their chat.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

from src.simulator.bot_api import LocalBotApi
from src.simulator.messages import ChatMessage
from src.simulator.refusals import NotPossible
from tests.benchmarks.questions import ANSWERS, BUTTONS, LAST, name_of, question
from tests.end_to_end.project import wait_until

Answer = tuple[int, str, str]
"""The number of the dialogue, the question's name, and the answer's value."""

IN_A_DIALOGUE = BUTTONS + 1
QUESTIONS = tuple(question(number) for number in range(BUTTONS))


@dataclass
class SteadyPerson:
    """Somebody who sees the chat as Telegram shows it. `said` is every press that Telegram took, in order; `place` is
    the number of messages so far, those that came twice counted once; `answered` the place of the newest answer.
    """

    telegram: LocalBotApi
    id: int
    chance: random.Random
    said: list[Answer] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    repeated: int = 0
    place: int = 0
    answered: int = 0
    seen: int = 0
    newest: ChatMessage | None = None

    def look(self) -> None:
        """Read what has come since the last look."""
        chat = self.telegram.chat(self.id)
        for message in chat[self.seen :]:
            if message.from_bot:
                self.read(message)
        self.seen = len(chat)

    def read(self, message: ChatMessage) -> None:
        """Compare a message with the one that should come now, and with the one before."""
        if message.text == text_at(self.place):
            self.place += 1
            self.newest = message
        elif self.place and message.text == text_at(self.place - 1):
            self.repeated += 1
            self.newest = message
        else:
            self.strange.append(message.plain)

    def waits(self) -> bool:
        """Tell whether a press is still without its next message."""
        return bool(self.said) and self.answered == self.place

    def asked(self) -> bool:
        """Tell whether the newest message is a question that is not answered yet."""
        return self.answered < self.place and (self.place - 1) % IN_A_DIALOGUE < BUTTONS

    def act(self) -> bool:
        """Press a button of the newest question, once; tell whether anything was done."""
        if not self.asked() or self.newest is None:
            return False
        value = self.chance.choice(list(ANSWERS))
        try:
            self.telegram.press(self.id, self.newest.message_id, value)
        except NotPossible:  # the button has vanished a moment ago, as it does for real people
            return False
        dialogue, number = divmod(self.place - 1, IN_A_DIALOGUE)
        self.said.append((dialogue, name_of(number), value))
        self.answered = self.place
        return True


def text_at(place: int) -> str:
    """Return the text of a message by its place in the whole conversation."""
    number = place % IN_A_DIALOGUE
    return QUESTIONS[number] if number < BUTTONS else LAST


class Crowd:
    """Steady people, all in one thread; while they are `at_rest` they look, and answer nothing."""

    def __init__(self, telegram: LocalBotApi, count: int) -> None:
        self.people = [newcomer(telegram, number) for number in range(count)]
        self.at_rest = False
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, name="crowd")

    def __enter__(self) -> Crowd:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()

    def run(self) -> None:
        """Take part until it is over."""
        while not self.over.is_set():
            if sum(self.one(person) for person in self.people) == 0:
                self.over.wait(0.01)

    def one(self, person: SteadyPerson) -> bool:
        """Let one person look and, unless all are at rest, answer."""
        person.look()
        return not self.at_rest and person.act()

    def messages(self) -> int:
        """Return how many messages have come, those that came twice counted once."""
        return sum(person.place for person in self.people)

    def presses(self) -> int:
        """Return how often a button was pressed."""
        return sum(len(person.said) for person in self.people)

    def waiting(self) -> int:
        """Return how many wait for the message behind their press: the conversations in hand."""
        return sum(person.waits() for person in self.people)

    def repeats(self) -> list[int]:
        """Return how many messages came twice, for each person."""
        return [person.repeated for person in self.people]

    def wait_for_progress(self, messages: int = 1, seconds: float = 60.0) -> None:
        """Wait until so many messages more have come."""
        goal = self.messages() + messages
        wait_until(lambda: self.messages() >= goal, f"nothing is sent any more; {self.waiting()} wait", seconds)

    def settle(self, seconds: float = 60.0) -> None:
        """Stop answering, and wait until nobody waits for a message; then a little more for what may come twice."""
        self.at_rest = True
        self.over.wait(0.1)
        wait_until(self.is_quiet, f"{self.waiting()} people wait for a message that does not come", seconds)
        self.over.wait(1.0)

    def is_quiet(self) -> bool:
        """Tell whether everybody has the question that comes behind what they answered."""
        return all(person.asked() for person in self.people)


def newcomer(telegram: LocalBotApi, number: int) -> SteadyPerson:
    """Let somebody come and press Start."""
    person = telegram.add_person(f"Person {number}", "en")
    telegram.write(person, "/start")
    return SteadyPerson(telegram, person, random.Random(number))
