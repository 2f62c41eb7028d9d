# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthetic people in the chats of a real bot whose clock is moved ahead whenever nobody has anything to do.

Between two moves the clock runs as clocks do, so every wait of the bot's own is as long as it is. It is moved to the
next moment at which a person or the bot is going to do something, and only when the bot has done all that was due.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from src.dialogues.model import Dialogue
from src.rehearsal.lane import Happening
from src.rehearsal.people import Act, Deed, Person, Shown
from src.simulator.bot_api import LocalBotApi
from src.simulator.messages import ChatMessage
from src.store.database import Database
from tests.end_to_end.project import Project, RunningBot

SCRIPT = Path(__file__).with_name("hastened_bot.py")
LONGEST_STAND = 60.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.005, 0.02
BEING_NOTED = 1.0
"""Seconds for which a question that was delivered may not be in the database yet: the bot waits a moment for the
answer, to make one write of both.
"""

WHILE_NOTED = timedelta(minutes=2)
"""The clock is not moved further than that while a delivery is being noted."""

FAR = datetime.max.replace(tzinfo=UTC)


@dataclass
class HastenedBot:
    """The running bot; from `moved` comes a byte whenever its clock has been moved."""

    running: RunningBot
    moved: int

    def move_clock(self, ahead: timedelta) -> None:
        """Move the bot's clock; it notes before that what it has delivered."""
        assert self.running.process.stdin is not None
        print(ahead.total_seconds(), file=self.running.process.stdin, flush=True)
        assert os.read(self.moved, 1), "the bot has ended: " + self.running.said()


@contextlib.contextmanager
def hastened_bot(project: Project, ahead: timedelta) -> Iterator[HastenedBot]:
    """Run the bot on a clock that is so far ahead of the machine's."""
    moved, answers = os.pipe()
    output = project.root.parent / "terminal.new"
    command = [sys.executable, str(SCRIPT), str(project.root), str(ahead.total_seconds()), str(answers)]
    with output.open("w") as terminal:
        process = subprocess.Popen(
            command,
            cwd="/",
            env=project.environment,
            stdin=subprocess.PIPE,
            pass_fds=(answers,),
            stdout=terminal,
            stderr=subprocess.STDOUT,
            text=True,
        )
    os.close(answers)
    bot = RunningBot(project, process)
    output.rename(bot.output)
    try:
        bot.wait_until_it_runs()
        yield HastenedBot(bot, moved)
    finally:
        bot.stop()
        assert process.stdin is not None
        process.stdin.close()
        os.close(moved)


@dataclass
class Chats:
    """The chats of all people. `happened` is all that was said, by whom, and when by the bot's clock."""

    telegram: LocalBotApi
    database: Database
    bot: HastenedBot
    people: Mapping[int, Person]
    dialogues: Mapping[str, Dialogue]
    ahead: timedelta
    happened: list[Happening] = field(default_factory=list)
    seen: dict[int, dict[int, ChatMessage]] = field(default_factory=dict)
    asked: dict[int, float] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    involved: set[int] = field(default_factory=set)
    names: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return what the bot's clock shows."""
        return datetime.now(UTC) + self.ahead

    def last_until(self, end: datetime) -> None:
        """Let the days pass."""
        moved, pause = time.monotonic(), SHORTEST_PAUSE
        while True:
            self.act()
            target = self.next_moment()
            if self.look() or target is None or target <= self.now():
                assert time.monotonic() - moved < LONGEST_STAND, "the bot does not do what is due"
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            if target >= end:
                return
            self.active = set(self.involved)
            self.ahead += target - self.now()
            self.bot.move_clock(self.ahead)
            moved, pause = time.monotonic(), SHORTEST_PAUSE

    def next_moment(self) -> datetime | None:
        """Return when something is going to happen next; None: the bot has not done yet what is due."""
        if self.telegram.pending_updates():
            return None
        now = self.now()
        due = self.people_due({"$lte": now})
        self.active |= due.keys()
        if not all(self.is_being_noted(each) for each in due):
            return None
        planned = self.people_due({"$gt": now}, 1)
        self.involved = {*due, *planned}
        people = [each.next_at for each in self.people.values() if each.next_at is not None]
        moment = min([*people, *planned.values()], default=FAR)
        if due and moment - now > WHILE_NOTED:
            self.bot.move_clock(self.ahead)  # not at all: only what is being noted is written down
            return None
        return moment

    def is_being_noted(self, person: int) -> bool:
        """Tell whether the bot seems to be late for somebody only since it waits a moment for their answer."""
        since = self.asked.get(person)
        return since is not None and time.monotonic() - since < BEING_NOTED

    def people_due(self, when: Mapping[str, datetime], most: int = 0) -> dict[int, datetime]:
        """Return whom the bot is going to serve when, by its database; `most` of them, or all."""
        with self.database.answering():
            cursor = self.database.clients.find({"next_at": when}, {"next_at": 1})
            found = {
                each["_id"]: each["next_at"] for each in (cursor.sort("next_at", 1).limit(most) if most else cursor)
            }
            if any(each not in self.names for each in found):
                self.names |= {each["_id"]: each["Tele_id"] for each in self.database.hashes.find()}
        return {self.names[each]: at for each, at in found.items()}

    def act(self) -> None:
        """Let people do what they do now."""
        for person in self.people.values():
            for act in person.acts(self.now()):
                self.active.add(person.number)
                self.asked.pop(person.number, None)
                self.happened.append(Happening(self.now(), person.number, "", act.text or act.deed.value))
                self.does(person.number, act)

    def does(self, person: int, act: Act) -> None:
        """Do one thing in the chat."""
        match act.deed:
            case Deed.TEXT:
                self.telegram.write(person, act.text)
            case Deed.PRESS:
                assert act.message_id is not None
                self.telegram.press(person, act.message_id, act.text)
            case Deed.BLOCK:
                self.telegram.block(person)
            case Deed.UNBLOCK:
                self.telegram.unblock(person)
            case Deed.BLOCK_UNTOLD:
                raise AssertionError("the local Bot API tells of every block")

    def look(self) -> bool:
        """Let people read what has come, and see which buttons are gone; tell whether there was anything."""
        found = False
        for number in sorted(self.active):
            known = self.seen.setdefault(number, {})
            for message in self.telegram.chat(number):
                if message.from_bot and known.get(message.message_id) != message:
                    self.reads(self.people[number], message, known.get(message.message_id))
                    known[message.message_id] = message
                    found = True
        return found

    def reads(self, person: Person, message: ChatMessage, before: ChatMessage | None) -> None:
        """Read one message, or see that it has changed."""
        if before is not None:
            if not message.buttons:
                person.loses(message.message_id)
            return
        shown = self.shown(message)
        self.happened.append(Happening(self.now(), person.number, shown.name))
        person.sees(shown, message.message_id, self.now())
        if shown.asks:
            self.asked[person.number] = time.monotonic()

    def shown(self, message: ChatMessage) -> Shown:
        """Return what a person sees: the texts of the study are their own names, and phrases of the bot have none."""
        dialogue, _, name = message.plain.partition("/")
        known = self.dialogues.get(dialogue)
        if known is None or name not in known.messages:
            return Shown("", "", (), asks=False)
        buttons = tuple((each.data, each.label) for row in message.buttons for each in row)
        return Shown(message.plain, dialogue, buttons, known.messages[name].asks)
