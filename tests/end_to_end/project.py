# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the whole project in a folder of its own, its bot as a real process, and the local Bot API beside it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from src.paths import ROOT
from src.simulator.bot_api import LocalBotApi

TOKEN = "1000000001:end-to-end-tests-need-no-real-token"
COPIED = ("src", "data", "security", "manipulate_db", "monitoring", "main.py", "check_whether_bot_running")
FAST = {
    "PAUSE_SCALE": "0",
    "RHYTHM_SCALE": "0",
    "MESSAGES_PER_SECOND": "0",
    "QUIET_FROM": "00:00",
    "QUIET_UNTIL": "00:00",
}
PATIENCE = 30.0


@dataclass
class Project:
    """The copy at `root`. `environment` is what its programs see, and nothing else of ours."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run one of the project's programs to its end."""
        return subprocess.run(
            [sys.executable, *command],
            cwd="/",
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def script(self, path: str, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a script of the project, from another folder."""
        return self.run(str(self.root / path), *arguments, seconds=seconds)

    def upload_study(self) -> None:
        """Make the keys and upload dialogues and sequence, as an operator does."""
        for command in (
            "security/generate_keys.py",
            "data/gamesInfo/update_mongoDB_games.py",
            "data/bot/read_names_relatos_and_add_list_to_bot_in_mongoDB.py",
        ):
            done = self.script(command)
            assert done.returncode == 0, done.stdout + done.stderr

    def log(self) -> str:
        """Return what the bot has logged."""
        path = self.root / "log" / "output.log"
        return path.read_text("utf-8") if path.exists() else ""


def copy_of_project(folder: Path, study: Path | None = None) -> Project:
    """Copy the project, without what belongs to this checkout alone: databases, keys, logs.

    `study` is a folder that is laid out as `data/` is: then nothing of our own study is copied, only the scripts.
    """
    root = folder / "a bot"
    root.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "keys", "db", "db.*", "demo")
            shutil.copytree(ROOT / name, root / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, root / name)
    if study is not None:
        put_in_place_of_ours(study, root / "data")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    return Project(root, environment)


def put_in_place_of_ours(study: Path, data: Path) -> None:
    """Take everything but the scripts out of `data`, and put the other study there."""
    for file in data.rglob("*"):
        if file.is_file() and file.suffix != ".py":
            file.unlink()
    shutil.copytree(study, data, dirs_exist_ok=True)


@dataclass
class RunningBot:
    """A bot as a process of its own."""

    project: Project
    process: subprocess.Popen[str]

    def wait_until_it_runs(self) -> None:
        """Wait until the bot says that it is running."""
        wait_until(lambda: "The bot is running" in self.said(), "the bot does not start: " + self.said())

    def said(self) -> str:
        """Return what the process has written to its terminal so far."""
        return self.output.read_text("utf-8") if self.output.exists() else ""

    @property
    def output(self) -> Path:
        """The file that stands for the terminal."""
        return self.project.root.parent / f"terminal.{self.process.pid}"

    def kill(self) -> None:
        """Take the process down as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> tuple[int, float]:
        """Ask the process to end; return its exit code and the seconds that it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        return code, time.monotonic() - begin


def start_bot(project: Project, *arguments: str, program: str = "main.py") -> RunningBot:
    """Start main.py, or another program that runs a bot; nobody waits for it."""
    folder = project.root.parent
    terminal = folder / "terminal.new"
    with terminal.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(project.root / program), *arguments],
            cwd="/",
            env=project.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    terminal.rename(folder / f"terminal.{process.pid}")
    return RunningBot(project, process)


@contextlib.contextmanager
def running_bot(project: Project, *arguments: str) -> Iterator[RunningBot]:
    """Run main.py for as long as the block lasts."""
    bot = start_bot(project, *arguments)
    try:
        bot.wait_until_it_runs()
        yield bot
    finally:
        if bot.process.poll() is None:
            bot.stop()


@contextlib.contextmanager
def project_with_telegram(
    folder: Path, *, study: Path | None = None, **settings: str
) -> Iterator[tuple[Project, LocalBotApi]]:
    """Give a copy of the project with its study, or another one, uploaded, and the local Bot API that its bot talks
    to.
    """
    telegram = LocalBotApi(TOKEN)
    telegram.start()
    project = copy_of_project(folder, study)
    project.environment |= {**FAST, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_TOKEN": TOKEN, **settings}
    try:
        project.upload_study()
        yield project, telegram
    finally:
        telegram.stop()
        end_database(project)


def end_database(project: Project) -> None:
    """End an embedded database whose last user was killed; any user that goes in an orderly way does it."""
    if (project.root / "data" / "db.server.json").exists():
        project.run(
            "-c",
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from src.paths import DATABASE\n"
            "from src.store.database import open_database\n"
            "open_database('', 'experiment_db', DATABASE).close()",
            str(project.root),
        )


def wait_until(holds: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds; fail with the words given if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
