# SPDX-License-Identifier: GPL-3.0-or-later
"""Bot and database are killed or stopped at random moments while people answer; then what they said is compared with
what is kept.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from src.identities import Pseudonym
from src.simulator.bot_api import LocalBotApi
from src.store.database import Database, open_database
from src.store.documents import RUN, RUNS_KEPT
from src.store.histories import runs_of
from src.store.server_notes import Files, find
from tests.benchmarks.small_study import DATABASE, upload_into
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
from tests.end_to_end.steady_people import Answer, Crowd

BOT, DEAD_DATABASE, BOTH = "bot", "database", "both"
KINDS = (BOT, DEAD_DATABASE, BOTH)
LONGEST_WAIT = 0.8
DURING_THE_START = 0.2
"""So many of the kills do not wait until the bot sends again: they hit it while it starts."""


@dataclass(frozen=True)
class Blow:
    """One kill or stop: its kind, how many conversations were in hand, and how many messages came twice until the next
    one: at most for one person, and for all together. A stop has an exit code and took some seconds.
    """

    kind: str
    in_hand: int
    most_repeated: int
    repeated: int
    code: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Kept:
    """What the database holds of what people said: answers that are missing, that are there more than once or were
    never given, and people whose answers are not in order.
    """

    presses: int
    lost: int
    doubled: int
    out_of_order: int
    strange: tuple[str, ...]


@dataclass
class Arena:
    """A bot that is killed and stopped, and the people who talk to it."""

    project: Project
    telegram: LocalBotApi
    crowd: Crowd
    bot: RunningBot
    chance: random.Random
    uri: str = ""
    repeats: list[int] = field(default_factory=list)

    def kills(self, count: int) -> list[Blow]:
        """Kill so often, each kind in its turn, and let everything calm down; return what each kill did."""
        return self.blows([self.kill] * count)

    def stops(self, count: int) -> list[Blow]:
        """Stop and start so often by SIGTERM, and let everything calm down; return what each stop did."""
        return self.blows([self.stop] * count)

    def blows(self, acts: Sequence[Any]) -> list[Blow]:
        """Do one after the other; what comes twice counts for the last one before it."""
        self.crowd.at_rest = False
        done: list[tuple[str, int, int, float]] = []
        counted: list[list[int]] = []
        self.repeats = self.crowd.repeats()
        for number, act in enumerate(acts):
            self.wait_for_the_moment()
            counted.append(self.crowd.repeats())
            done.append(act(number))
        self.crowd.settle()
        counted.append(self.crowd.repeats())
        assert counted[0] == self.repeats, "messages came twice before anything was killed"
        return [
            Blow(kind, in_hand, max(grown), sum(grown), code, seconds)
            for (kind, in_hand, code, seconds), grown in zip(done, differences(counted), strict=True)
        ]

    def wait_for_the_moment(self) -> None:
        """Wait for a random moment: mostly when messages flow again, sometimes while the bot still starts."""
        if self.chance.random() >= DURING_THE_START:
            self.crowd.wait_for_progress(len(self.crowd.people) // 2)
        time.sleep(self.chance.uniform(0, LONGEST_WAIT))

    def kill(self, number: int) -> tuple[str, int, int, float]:
        """Kill the bot, its database, or both, and start the bot again; the database is the bot's own affair."""
        kind = KINDS[number % len(KINDS)]
        assert self.bot.process.poll() is None, "the bot has ended by itself: " + self.bot.said()[-2000:]
        in_hand = self.crowd.waiting()
        if kind != BOT:
            kill_database(self.project)
        if kind != DEAD_DATABASE:
            self.bot.kill()
            self.bot = start_bot(self.project)
        return kind, in_hand, 0, 0.0

    def stop(self, _number: int) -> tuple[str, int, int, float]:
        """Stop the bot as an operator does, once it runs, and start it again."""
        self.bot.wait_until_it_runs()
        in_hand = self.crowd.waiting()
        code, seconds = self.bot.stop()
        self.bot = start_bot(self.project)
        return "stop", in_hand, code, seconds

    def kept(self) -> Kept:
        """Compare what people said with what the database holds; nobody may be waiting for anything."""
        with open_database(self.uri, DATABASE, self.project.root / "data" / "db") as database:
            names = {one["Tele_id"]: Pseudonym(one["_id"]) for one in database.hashes.find()}
            pairs = [(person, answers_of(database, names[person.id])) for person in self.crowd.people]
        return Kept(
            presses=self.crowd.presses(),
            lost=sum(missing(person.said, found) for person, found in pairs),
            doubled=sum(missing(found, person.said) for person, found in pairs),
            out_of_order=sum(person.said != found for person, found in pairs),
            strange=tuple(text for person, _ in pairs for text in person.strange),
        )


def differences(counted: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return by how much each number has grown from one count to the next."""
    return [[after - before for before, after in zip(one, other, strict=True)] for one, other in pairwise(counted)]


def missing(wanted: Sequence[Answer], found: Sequence[Answer]) -> int:
    """Return how many of the wanted answers are not found, each as often as it is wanted."""
    return (Counter(wanted) - Counter(found)).total()


def kill_database(project: Project) -> None:
    """Kill the embedded database's server; wait for one if it is just being started."""
    files = Files(project.root / "data" / "db")
    wait_until(lambda: find(files) is not None, "there is no database")
    server = find(files)
    if server is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.process.pid, signal.SIGKILL)


def answers_of(database: Database, who: Pseudonym) -> list[Answer]:
    """Return somebody's answers as they are kept, oldest first: of all finished dialogues and of the running one.

    The newest finished dialogues must stand in the participant's own document too.
    """
    runs = runs_of(database, who)
    document = database.clients.find_one({"_id": who}) or {}
    in_document = document.get(RUNS_KEPT, [])
    ids = [run["_id"] for run in runs]
    assert len(set(ids)) == len(ids), "a dialogue is kept twice"
    assert [run["_id"] for run in in_document] == ids[len(ids) - len(in_document) :]
    running = document.get(RUN)
    dialogues = [*runs, *([running] if running else [])]
    return [(place, given["name"], given["value"]) for place, run in enumerate(dialogues) for given in run["given"]]


@contextlib.contextmanager
def arena(folder: Path, *, people: int, stories: int, uri: str = "", chance: int = 1) -> Iterator[Arena]:
    """Run a bot with so many people who answer so many dialogues, all waiting off; what is left is ended.

    `uri` is the address of its database; without one it is the embedded one.
    """
    project = copy_of_project(folder)
    telegram = LocalBotApi(TOKEN)
    telegram.start()
    own = {"LANGUAGES": "en", "DEFAULT_LANGUAGE": "en", "CONTACT": "nobody@example.org"}
    project.environment |= {**FAST, **own, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_TOKEN": TOKEN}
    project.environment |= {"MONGODB_URI": uri}
    try:
        made = project.script("security/generate_keys.py")
        assert made.returncode == 0, made.stderr
        with open_database(uri, DATABASE, project.root / "data" / "db") as database:
            upload_into(database, stories)
        bot = start_bot(project)
        with Crowd(telegram, people) as crowd:
            running = Arena(project, telegram, crowd, bot, random.Random(chance), uri)
            try:
                bot.wait_until_it_runs()
                yield running
            finally:
                if running.bot.process.poll() is None:
                    running.bot.stop()
    finally:
        telegram.stop()
        end_database(project)
