# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot as a process, the playground as its study, the local Bot API, and what tests do with the three."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from src.identities import Pseudonym
from src.simulator.bot_api import LocalBotApi
from src.simulator.calls import Call
from src.simulator.messages import ChatMessage
from src.store.database import Database, open_database
from tests.checklist.playground import ASK, NEWS, put_into
from tests.database import with_histories
from tests.end_to_end.project import (
    FAST,
    TOKEN,
    Project,
    RunningBot,
    copy_of_project,
    end_database,
    start_bot,
    wait_until,
)

NONE: Mapping[str, str] = {}
ALL_PAUSES = {"PAUSE_SCALE": "1"}
REAL_LIMIT = {"MESSAGES_PER_SECOND": "30"}


@dataclass
class Stage:
    """One bot and its world. `calls` has every request of the bot since `watch`."""

    project: Project
    telegram: LocalBotApi
    bot: RunningBot
    calls: list[tuple[float, Call]] = field(default_factory=list)

    def newcomer(self, language: str = "en") -> int:
        """Let somebody press Start; return when the bot has asked them."""
        person = self.telegram.add_person("Somebody", language)
        self.telegram.write(person, "/start")
        self.wait_for(person, ASK)
        return person

    def newcomers(self, count: int) -> list[int]:
        """Let several press Start at once; return when all have been asked."""
        people = [self.telegram.add_person("Somebody", "en") for _ in range(count)]
        for person in people:
            self.telegram.write(person, "/start")
        for person in people:
            self.wait_for(person, ASK)
        return people

    def agreed(self, count: int) -> list[int]:
        """Let several come, agree to take part, and read the news; nothing is asked of them then."""
        people = self.newcomers(count)
        for value, text in (("end", ASK), ("read", NEWS)):
            for person in people:
                self.press(person, value, text)
        for person in people:
            self.wait_for(person, "Thanks.")
        return people

    def texts(self, person: int) -> list[str]:
        """Return what the bot has said in a chat, in order."""
        return [message.plain for message in self.telegram.chat(person) if message.from_bot]

    def newest(self, person: int) -> ChatMessage:
        """Return the newest message of the bot in a chat."""
        return next(message for message in reversed(self.telegram.chat(person)) if message.from_bot)

    def wait_for(self, person: int, text: str, times: int = 1, seconds: float = 20.0) -> ChatMessage:
        """Return the newest message of the bot that holds this text, when there are so many of them."""
        chat = self.telegram.wait_for(
            person, lambda messages: sum(text in each.plain for each in messages if each.from_bot) >= times, seconds
        )
        return next(each for each in reversed(chat) if each.from_bot and text in each.plain)

    def press(self, person: int, value: str, text: str = ASK) -> str:
        """Press a button of the newest message with this text, as soon as it is there; return the query's id."""
        chat = self.telegram.wait_for(
            person, lambda messages: any(each.has_button(value) and text in each.plain for each in messages), 20.0
        )
        asking = next(each for each in reversed(chat) if each.has_button(value) and text in each.plain)
        return self.telegram.press(person, asking.message_id, value)

    def is_answered_in_time(self, person: int, seconds: float = 1.0) -> None:
        """Let somebody ask for help, which must come within `seconds`."""
        asked = sum("/freq" in text for text in self.texts(person))
        self.telegram.write(person, "/help")
        self.wait_for(person, "/freq", times=asked + 1, seconds=seconds)

    def confirmed(self) -> None:
        """Wait until the bot has confirmed all that was queued."""
        wait_until(lambda: self.telegram.pending_updates() == 0, "the updates are not confirmed")

    def pressed(self, query_id: str) -> float | None:
        """Return the seconds after which a press was answered; None: not yet."""
        press = next(each for each in self.telegram.presses() if each.query_id == query_id)
        return None if press.answered_at is None else press.answered_at - press.asked_at

    def watch(self) -> None:
        """Take note of the bot's requests, with their parameters, from now on."""
        self.calls.clear()
        self.telegram.set_faults(self._noted)

    def _noted(self, call: Call) -> None:
        self.calls.append((time.monotonic(), call))

    def watched(self, method: str) -> list[Call]:
        """Return the requests of one method since `watch`."""
        return [call for _, call in self.calls if call.method == method]

    def start_again(self) -> None:
        """Start the bot again, after it was stopped or killed, and wait until it runs."""
        self.bot = start_bot(self.project)
        self.bot.wait_until_it_runs()

    def output(self) -> str:
        """Return all that the bots of this stage have written, to the terminal and to their logs."""
        files = [*self.project.root.parent.glob("terminal.*"), *(self.project.root / "log").glob("*")]
        return "".join(path.read_text("utf-8", "replace") for path in files)

    def document(self, person: int) -> dict[str, Any]:
        """Return somebody's document in the bot's database, with all histories."""
        who = self.pseudonym(person)
        with self.database() as database:
            found = database.clients.find_one({"_id": who})
            assert found is not None
            return with_histories(database, found)

    def pseudonym(self, person: int) -> Pseudonym:
        """Return the pseudonym that the bot gives somebody."""
        with self.database() as database:
            found = database.hashes.find_one({"Tele_id": person})
        assert found is not None
        return Pseudonym(found["_id"])

    def database(self) -> Database:
        """Open the bot's database, from this process."""
        return open_database("", "experiment_db", self.project.root / "data" / "db")


def made_project(folder: Path) -> Project:
    """Make a copy of the project with the playground uploaded; stages are made of it."""
    project = copy_of_project(folder)
    put_into(project.root / "data")
    project.environment |= FAST
    project.upload_study()
    return project


@contextlib.contextmanager
def project_on_stage(
    template: Project, folder: Path, settings: Mapping[str, str] = NONE, clock: Callable[[], float] = time.time
) -> Iterator[tuple[Project, LocalBotApi]]:
    """Give a project of its own and the local Bot API; nothing runs yet."""
    root = folder / "a bot"
    shutil.copytree(template.root, root, ignore=shutil.ignore_patterns("__pycache__"))
    telegram = LocalBotApi(TOKEN, clock=clock)
    telegram.start()
    home = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    project = Project(root, home | FAST | {"TELEGRAM_API_URL": telegram.url, "TELEGRAM_TOKEN": TOKEN, **settings})
    try:
        yield project, telegram
    finally:
        telegram.stop()
        end_database(project)


@contextlib.contextmanager
def stage_of(
    template: Project, folder: Path, settings: Mapping[str, str] = NONE, clock: Callable[[], float] = time.time
) -> Iterator[Stage]:
    """Run a bot of its own; afterwards nothing that it said may hold the token."""
    with project_on_stage(template, folder, settings, clock) as (project, telegram):
        stage = Stage(project, telegram, start_bot(project))
        try:
            stage.bot.wait_until_it_runs()
            yield stage
        finally:
            telegram.set_faults(None)
            telegram.start()
            if stage.bot.process.poll() is None:
                stage.bot.stop()
        assert no_secret_in(stage.output())


def no_secret_in(output: str) -> bool:
    """Tell whether neither the token nor a part of it stands there, nor a traceback, which may hold anything."""
    return TOKEN.partition(":")[2] not in output and "Traceback" not in output
