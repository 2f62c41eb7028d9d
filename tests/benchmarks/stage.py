# SPDX-License-Identifier: GPL-3.0-or-later
"""What every measurement needs around a bot: a database, the local Bot API, the people; and the bots themselves."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from src.paths import ROOT
from src.store.server_process import free_port
from tests.benchmarks.children import Child, Failed, child
from tests.end_to_end.project import Project, copy_of_project

TOKEN = "1000000001:benchmarks-need-no-real-token"
PEERS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
DURABLE = ("--sync-on-commit", "--standalone", "--cache-size", "256M")
QUICK_TO_FILL = ("--standalone", "--cache-size", "1G")
PATIENCE = 60.0
PEERS = {"aiogram": "aiogram_bot", "python-telegram-bot": "ptb_bot"}
OURS = "ours"
BOTS = (OURS, *PEERS)


@dataclass
class Server:
    """A database server of the benchmark's own."""

    child: Child
    uri: str
    client: MongoClient[dict[str, Any]]

    def operations(self) -> dict[str, int]:
        """Return how many commands of each kind clients have sent so far."""
        counted = self.client.admin.command("serverStatus")["opcounters"]
        return {kind: int(counted[kind]) for kind in ("query", "getmore", "insert", "update", "delete")}


@dataclass
class Stage:
    """A database and a Bot API that run; `folder` is a new one on the disk."""

    folder: Path
    server: Server
    telegram: Child
    url: str
    project: Project

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Return what a bot sees: all waiting off, unless `settings` say otherwise."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "MONGODB_URI": self.server.uri,
            "TELEGRAM_API_URL": self.url,
            "TELEGRAM_TOKEN": TOKEN,
            "PAUSE_SCALE": "0",
            "RHYTHM_SCALE": "0",
            "MESSAGES_PER_SECOND": "0",
            "QUIET_FROM": "00:00",
            "QUIET_UNTIL": "00:00",
            "LANGUAGES": "en",
            "DEFAULT_LANGUAGE": "en",
            "CONTACT": "nobody@example.org",
            **settings,
        }


@contextmanager
def database(folder: Path, flags: Sequence[str] = DURABLE) -> Iterator[Server]:
    """Run the embedded database's server with these flags, its files in `folder`."""
    port = free_port()
    (folder / "server.toml").touch()
    program = Path(sys.executable).parent / "secantusd-py"
    place = ("--host", "127.0.0.1", "--port", str(port), "--storage-path", str(folder / "db"))
    command = [sys.executable, str(program), "--config", str(folder / "server.toml"), *place, *flags]
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    with child("database", [*command, "--log-level", "WARNING"], folder, patience=1.5) as process:
        client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=500)
        try:
            wait_until(lambda: answers(client), process)
            yield Server(process, uri, client)
        finally:
            client.close()


@contextmanager
def telegram_in(folder: Path) -> Iterator[tuple[Child, str]]:
    """Run the local Bot API."""
    command = [sys.executable, "-m", "tests.benchmarks.telegram_server", TOKEN]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with child("telegram", command, folder, environment=environment, talks=True, patience=1.0) as process:
        yield process, str(process.hear())


@contextmanager
def stage(folder: Path, project: Project, flags: Sequence[str] = DURABLE) -> Iterator[Stage]:
    """Run a database and a Bot API, both empty."""
    folder.mkdir()
    with database(folder, flags) as server, telegram_in(folder) as (telegram, url):
        yield Stage(folder, server, telegram, url, project)


@contextmanager
def running(kind: str, at: Stage, **settings: str) -> Iterator[tuple[Child, float]]:
    """Run one of the bots; give it, and the seconds from its start to its first question for updates."""
    if kind == OURS:
        command = [sys.executable, str(at.project.root / "main.py")]
    else:
        command = [str(PEERS_PYTHON), "-m", f"tests.benchmarks.peers.{PEERS[kind]}"]
    since = time.monotonic()
    with child(kind, command, at.folder, environment=at.environment(settings), patience=1.5) as bot:
        wait_until(lambda: at.telegram.ask(do="first_poll", since=since) is not None, bot)
        yield bot, at.telegram.ask(do="first_poll", since=since) - since


@contextmanager
def people(at: Stage, *, fresh: int, warm_up: float, seconds: float, think: float = 0.0) -> Iterator[Child]:
    """Have the people ready; they begin at the first order."""
    numbers = {"--fresh": fresh, "--warm-up": warm_up, "--seconds": seconds, "--think": think}
    options = [str(word) for pair in numbers.items() for word in pair]
    command = [sys.executable, "-m", "tests.benchmarks.load", "--url", at.url, *options]
    with child("people", command, at.folder, talks=True, patience=1.0) as process:
        if process.hear() != "ready":
            raise Failed("the people are not ready")
        yield process


def prepared(folder: Path) -> Project:
    """Copy the project as it is now, and make its keys."""
    project = copy_of_project(folder)
    done = project.script("security/generate_keys.py")
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    return project


def answers(client: MongoClient[dict[str, Any]]) -> bool:
    """Tell whether a database server answers."""
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def wait_until(holds: Callable[[], bool], process: Child) -> None:
    """Wait until something holds; raise Failed if the process ends or it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        process.must_live()
        if time.monotonic() > deadline:
            raise Failed(f"{process.name} is not ready after {PATIENCE} s: {process.said()[-2000:]}")
        time.sleep(0.02)
