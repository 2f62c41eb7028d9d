# SPDX-License-Identifier: GPL-3.0-or-later
"""Many people at once: the real engine, service and stores, and phones that remember what they showed. No threads."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from itertools import count
from zoneinfo import ZoneInfo

from src.engine.effects import Outgoing, Send
from src.engine.events import ButtonPressed, Delivered, Event, TextTyped, TimeArrived
from src.engine.state import Participant
from src.engine.study import Pace, Rules
from src.identities import Pseudonym
from src.service.conversation import Conversation, Happened
from src.service.ports import Participants
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.study import StudyStore
from tests.fakes.ports import FakeClock, FakeForgotten, FakeParticipants
from tests.service.random_study import RandomStudy

RULES = Rules(
    languages=("en",),
    default_language="en",
    timezone=ZoneInfo("Europe/Madrid"),
    quiet_from=time(0),
    quiet_until=time(0),
    reading_pause=lambda text: 0.0,
    pause_scale=0.0,
    rhythm_scale=0.0,
    categories={"user_settings": Pace.AT_ONCE, "by": Pace.RHYTHM},
)
STAMP = re.compile(r"(\w+) #(\d+): (\w+)")


@dataclass(frozen=True)
class Asked:
    """A question as it stands in a chat: its Telegram message, and the values of its buttons (none: to be typed)."""

    message_id: int
    run: str
    message: str
    values: tuple[str, ...]


@dataclass
class Phone:
    """What one person sees and does. `seen` tells the dialogue and edition of each run, as the texts showed them."""

    who: Pseudonym
    chance: random.Random
    pending: tuple[Outgoing, ...] = ()
    due: bool = True
    paused: bool = False
    question: Asked | None = None
    old: list[Asked] = field(default_factory=list)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    def show(self, entry: Outgoing, message_id: int) -> Delivered:
        """Show a message; return what Telegram's answer to it means."""
        what = entry.what
        if not isinstance(what, Send):
            return Delivered(entry.id, None)
        if what.run is not None:
            self.read(what, what.run, message_id)
        return Delivered(entry.id, message_id, has_buttons=bool(what.buttons))

    def read(self, what: Send, run: str, message_id: int) -> None:
        """Understand a message of a dialogue."""
        found = STAMP.fullmatch(what.text)
        assert found, what.text
        edition = found[1], int(found[2])
        if self.seen.setdefault(run, edition) != edition or found[3] != what.message:
            self.mixed.append(what.text)
        if what.asks:
            values = tuple(button.value for row in what.buttons for button in row)
            self.question = Asked(message_id, run, found[3], values)

    def acts(self, number: int) -> tuple[Event, ...]:
        """Do something, as people do; nothing when there is nothing to react to."""
        if self.paused:
            self.paused = False
            return (TextTyped(number, "resume"),)
        if self.question is not None:
            return (self.reacts(number, self.question),)
        if self.due:
            self.due = False
            return (TimeArrived(),) if self.seen else (TextTyped(number, "/start"),)
        return ()

    def reacts(self, number: int, asked: Asked) -> Event:
        """Answer the question, or do one of the other things that people do."""
        mood = self.chance.random()
        if mood < 0.04 and self.old:
            old = self.chance.choice(self.old)
            return ButtonPressed(number, f"q{number}", old.message_id, (*old.values, "a")[0])
        if mood < 0.06 and asked.values:
            return TextTyped(number, "hm?")
        if mood < 0.08 and self.said:
            self.question, self.paused = None, True
            return TextTyped(number, "pause")
        return self.answers(number, asked)

    def answers(self, number: int, asked: Asked) -> Event:
        """Press one of the buttons, or write something."""
        self.question = None
        self.old.append(asked)
        value = self.chance.choice(asked.values or ("NO", "a word", "7"))
        self.said.append((asked.run, asked.message, value))
        if asked.values:
            return ButtonPressed(number, f"q{number}", asked.message_id, value)
        return TextTyped(number, value)


class Crowd:
    """The people, and the bot that they talk with. The study is in the database; the people are in memory, where a
    turn is quick, until they move into the database too.
    """

    def __init__(self, database: Database, study: RandomStudy, people: int) -> None:
        self.study = study
        self.database = database
        self.clock = FakeClock()
        self.memory = FakeParticipants()
        self.participants: Participants = self.memory
        self.studies = StudyStore(database)
        self.numbers = count(1000)
        self.began: dict[str, tuple[str, str]] = {}
        self.wrong_beginnings: list[str] = []
        self.phones = {
            who: Phone(who, random.Random(f"phone {number}"))
            for number, who in enumerate(Pseudonym(f"{number:032x}") for number in range(people))
        }
        self.conversation = self.conversation_over(self.participants)

    def conversation_over(self, participants: Participants) -> Conversation:
        """Return what carries out turns of people who are kept there."""
        return Conversation(
            participants,
            self.studies,
            RULES,
            self.clock,
            self.left,
            lambda press: None,
            lambda who: None,
            lambda who: None,
            lambda who: None,
            FakeForgotten(),
        )

    def move_into_the_database(self) -> None:
        """Put everybody into the database, with their histories, and go on there."""
        histories = ((who, {"game_history": self.memory.history.get(who, [])}) for who in self.memory.documents)
        self.database.clients.insert_many([self.memory.documents[who] | history for who, history in histories])
        self.participants = ParticipantStore(self.database, "en")
        self.conversation = self.conversation_over(self.participants)

    def left(self, participant: Participant) -> None:
        """Take note of what a turn left to be done."""
        phone, run = self.phones[participant.id], participant.run
        phone.pending = participant.outbox
        phone.due = not participant.outbox and participant.next_at is not None
        if run is not None and run.id not in self.began:
            self.began[run.id] = run.dialogue, run.revision
            if run.revision != self.study.revision(run.dialogue):
                self.wrong_beginnings.append(run.dialogue)

    def upload(self) -> int:
        """Put the authors' study into the database, as the two scripts do; return how many it set going again."""
        now = self.clock.now()
        uploaded = self.studies.upload_dialogues(list(self.study.dialogues.values()), now, replace_all=True)
        going_on = self.studies.upload_sequence(self.study.uploadable(), now)
        for who, _ in self.participants.due(now, len(self.phones)):
            self.phones[who].due = not self.phones[who].pending
        return uploaded.going_on + going_on

    def step(self, phones: Iterable[Phone]) -> bool:
        """Let each of them read what has come and do one thing; tell whether anything happened."""
        self.clock.pass_by(seconds=1)
        happened = []
        for phone in phones:
            entries, phone.pending = phone.pending, ()
            delivered = tuple(phone.show(entry, next(self.numbers)) for entry in entries)
            events = (*delivered, *phone.acts(next(self.numbers)))
            if events:
                happened.append(Happened(phone.who, events, "en"))
        self.conversation.handle(happened)
        return bool(happened)
