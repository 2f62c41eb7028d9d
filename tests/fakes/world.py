# SPDX-License-Identifier: GPL-3.0-or-later
"""A small world: the real engine and service, fakes around them, and people who write and press."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import count
from zoneinfo import ZoneInfo

from src.dialogues.model import Dialogue
from src.dialogues.parse import parse_dialogue
from src.engine.effects import ButtonShown, RemoveButtons, Send
from src.engine.events import ButtonPressed, FromTelegram, TextTyped
from src.engine.state import Participant
from src.engine.study import Pace, Rules, Study
from src.identities import Pseudonym, TelegramId
from src.paths import DIALOGUES, SEQUENCE
from src.service.agenda import Agenda
from src.service.conversation import Conversation
from src.service.delivery import Delivery
from src.service.limiter import Limiter
from src.service.message_loop import MessageLoop
from src.service.notes import Notes
from src.service.ports import Update
from src.service.scheduler import Scheduler
from tests.fakes.ports import FakeClock, FakeForgotten, FakeParticipants, FakePseudonyms, FakeStudies, FakeTelegram

CATEGORIES = {
    "user_settings": Pace.AT_ONCE,
    "capacitation": Pace.AT_ONCE,
    "compartir_vivencias": Pace.RHYTHM,
    "encontrar_soluciones_juntos": Pace.RHYTHM,
}

RULES = Rules(
    languages=("ca", "es", "en", "de"),
    default_language="ca",
    timezone=ZoneInfo("Europe/Madrid"),
    quiet_from=time(21),
    quiet_until=time(7),
    reading_pause=lambda text: 2.0,
    categories=CATEGORIES,
    reminder_hours=0.0,
    placeholders={"emergency": "112", "contact": "team@example.org"},
)

SETTINGS_DIALOGUES = ("hour", "resume", "lang", "world", "frequencia_relats", "pause", "unsubscribe")


def study_of(dialogues: Iterable[Dialogue], sequence: Iterable[str], rules: Rules = RULES) -> Study:
    """Put dialogues together to a study; the bot's own ones are added as one-liners where they are missing."""
    own = {each.id: each for each in dialogues}
    for name in ("welcome", *SETTINGS_DIALOGUES):
        own.setdefault(name, one_liner(name))
    return Study(own, {each.revision: each for each in own.values()}, tuple(sequence), rules)


def one_liner(name: str, title: str = "user_settings", **message: object) -> Dialogue:
    """Return a dialogue of one message that says its own name."""
    return parse_dialogue(
        {
            "_id": name,
            "title": title,
            "initial_messages": ["m"],
            "points": ["0"],
            "messages": {"m": {"type": "NA", "text": f"This is {name}.", "wait": None, "next": None} | message},
        }
    )


def our_study(rules: Rules = RULES) -> Study:
    """Return the study that comes with the project."""
    documents = [json.loads(path.read_text("utf-8")) for path in sorted(DIALOGUES.glob("*.json"))]
    lines = [line.strip() for line in SEQUENCE.read_text("utf-8").splitlines()]
    sequence = [line for line in lines if line and not line.startswith("#")]
    return study_of([parse_dialogue(each) for each in documents], sequence, rules)


@dataclass
class World:
    """Everything between a person's thumb and the database, without threads: `settle` lets time pass until all is
    quiet.
    """

    study: Study
    clock: FakeClock = field(default_factory=FakeClock)
    telegram: FakeTelegram = field(default_factory=FakeTelegram)
    participants: FakeParticipants = field(default_factory=FakeParticipants)
    pseudonyms: FakePseudonyms = field(default_factory=FakePseudonyms)
    forgotten: FakeForgotten = field(default_factory=FakeForgotten)

    def __post_init__(self) -> None:
        self.numbers = count(1000)
        self.studies = FakeStudies(self.study)
        self.limiter = Limiter(0, lambda: self.clock.now().timestamp())
        self.restart()

    def restart(self) -> None:
        """Forget everything that is only in memory, as a killed process does."""
        self.agenda = Agenda(self.clock.now)
        self.notes = Notes(lambda: self.clock.now().timestamp())
        self.delivery = Delivery(self.telegram, self.pseudonyms, self.limiter, self.agenda, self.clock, self.notes)
        self.conversation = Conversation(
            self.participants,
            self.studies,
            self.study.rules,
            self.clock,
            self.delivery.wake,
            lambda press: self.telegram.answer_press(press.query_id, press.text),
            self.erase,
            self.pseudonyms.enter,
            lambda who: None,
            self.forgotten,
        )
        self.messages = MessageLoop(self.telegram, self.pseudonyms, self.conversation, self.agenda, self.notes)
        self.scheduler = Scheduler(self.participants, self.conversation, self.agenda, self.clock, self.notes)

    def erase(self, who: Pseudonym) -> None:
        self.pseudonyms.forget(who)
        self.participants.erase(who)

    def who(self, person: int) -> Pseudonym:
        return self.pseudonyms.of([TelegramId(person)])[TelegramId(person)]

    def participant(self, person: int) -> Participant:
        return self.participants.load([self.who(person)])[self.who(person)]

    def happens(self, person: int, event: FromTelegram, language: str = "en") -> None:
        """Let Telegram bring an update, and the bot handle it."""
        self.telegram.waiting.append(Update(event.update, TelegramId(person), language, event))
        self.messages.one_pass(0)

    def writes(self, person: int, text: str, language: str = "en") -> None:
        self.happens(person, TextTyped(next(self.numbers), text), language)

    def presses(self, person: int, value: str, message_id: int | None = None) -> None:
        """Press a button with this value: on the newest message with buttons, or on the one given."""
        number = next(self.numbers)
        on = message_id if message_id is not None else self.newest_question(person)
        self.happens(person, ButtonPressed(number, f"q{number}", on, value))

    def goes_on(self, **how_long: float) -> None:
        """Let time pass, and everything that is due by then happen when it is due."""
        end = FakeClock(self.clock.now())
        end.pass_by(**how_long)
        self.work()
        while later := [due for _, due in self.participants.due(end.now(), 10_000) if due > self.clock.now()]:
            self.clock.time = min(later)
            self.work()
        self.clock.time = end.now()
        self.work()

    def work(self) -> bool:
        """Do what is due now; tell whether there was anything."""
        found = False
        for _ in range(10_000):
            self.scheduler.one_pass()
            if not self.delivery.one_pass(self.conversation, wait=0.0):
                return found
            self.delivery.write_notes(self.conversation, self.notes.everybody())
            found = True
        raise AssertionError("the bot never comes to rest")

    def settle(self, seconds: float = 120) -> None:
        """Let the running burst of messages go out."""
        self.goes_on(seconds=seconds)

    def shown(self, person: int) -> list[Send]:
        return [each.what for each in self.telegram.sent if each.to == person and isinstance(each.what, Send)]

    def buttons_now(self, person: int) -> dict[int, tuple[ButtonShown, ...]]:
        """Return the buttons that stand in the chat, by message id."""
        standing: dict[int, tuple[ButtonShown, ...]] = {}
        for each in self.telegram.sent:
            if each.to != person:
                continue
            if isinstance(each.what, RemoveButtons):
                standing.pop(each.what.message_id, None)
            elif isinstance(each.what, Send) and each.what.buttons and each.message_id is not None:
                standing[each.message_id] = tuple(button for row in each.what.buttons for button in row)
        return standing

    def newest_question(self, person: int) -> int:
        return max(self.buttons_now(person), default=0)

    def history(self, person: int) -> list[Mapping[str, object]]:
        return list(self.participants.history.get(self.who(person), []))


def with_rules(study: Study, **changed: object) -> Study:
    """Return the study under other rules."""
    return replace(study, rules=replace(study.rules, **changed))  # type: ignore[arg-type]
