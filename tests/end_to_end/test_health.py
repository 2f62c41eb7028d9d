# SPDX-License-Identifier: GPL-3.0-or-later
"""`main.py --health` from outside: a bot that runs, one that was stopped, one that hangs, one without its database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from src.service.health import OLDEST_BEAT
from src.service.watch import EXIT_CODE_OF_HUNG
from src.simulator.bot_api import LocalBotApi
from src.simulator.faults import server_error
from src.store.database import open_database
from tests.end_to_end.project import TOKEN, Project, project_with_telegram, running_bot, wait_until


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, LocalBotApi]]:
    with project_with_telegram(tmp_path_factory.mktemp("health")) as made:
        yield made


def health(project: Project, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Ask for the bot's health; return exit code and what was said, which is one line and nothing else."""
    log = project.log()
    done = project.script("main.py", "--health", *arguments, seconds=20)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert TOKEN not in done.stdout
    assert project.log().startswith(log)
    told = json.loads(done.stdout)
    assert told["healthy"] == (done.returncode == 0)
    return done.returncode, told


def is_healthy(project: Project) -> bool:
    return health(project)[0] == 0


def server_of(project: Project) -> int | None:
    """Return the process number of the database that runs, None if none does."""
    note = project.root / "data" / "db.server.json"
    return int(json.loads(note.read_text("utf-8"))["pid"]) if note.exists() else None


def test_a_bot_that_runs_is_well_and_tells_how_it_goes(world: tuple[Project, LocalBotApi]) -> None:
    project, telegram = world
    with running_bot(project) as bot:
        wait_until(lambda: is_healthy(project), "the bot is not well: " + bot.said())
        telegram.set_faults(lambda call: server_error() if call.method == "getUpdates" else None)
        telegram.write(telegram.add_person("Somebody", "en"), "/start")
        wait_until(lambda: health(project)[1]["counts"]["5xx"] > 0, "faults of Telegram are not counted")
        telegram.set_faults(None)
        _, told = health(project)
        assert told["worries"] == []
        assert told["lease"]["pid"] == bot.process.pid
        assert told["lease"]["renewed"] < 15
        assert told["uptime"] > 0
        assert told["last_scheduler_pass"] < 20
        assert told["agenda"] >= 0
        assert told["oldest_due"] is None or told["oldest_due"] < 60
        assert len(told["version"]) == 12


def test_somebody_who_waits_too_long_is_reason_to_worry(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    folder = project.root / "data" / "db"
    with open_database("", "experiment_db", folder) as database:
        long_ago = datetime.now(UTC) - timedelta(minutes=6)
        database.clients.insert_one({"_id": "somebody", "next_at": long_ago})
        code, told = health(project)
        database.clients.delete_one({"_id": "somebody"})
    assert code == 1
    assert told["oldest_due"] > 300


def test_without_a_bot_nothing_is_well_and_no_database_is_started(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    code, told = health(project)
    assert code == 1
    assert told["worries"] == ["no database answers"]
    assert server_of(project) is None
    with open_database("", "experiment_db", project.root / "data" / "db"):
        code, told = health(project)
    assert code == 1
    assert told["worries"] == ["no bot runs"]
    assert health(project, "--dev")[0] == 1


def test_a_bot_that_was_killed_is_missed_at_once(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    with running_bot(project) as bot:
        wait_until(lambda: is_healthy(project), "the bot is not well: " + bot.said())
        bot.kill()
        code, told = health(project)
        assert code == 1
        assert told["worries"] == ["no bot runs"]


def test_a_bot_that_hangs_is_found_out_and_so_is_a_killed_database_which_is_not_started(
    world: tuple[Project, LocalBotApi],
) -> None:
    project, _ = world
    with running_bot(project) as bot:
        wait_until(lambda: is_healthy(project), "the bot is not well: " + bot.said())
        bot.process.send_signal(signal.SIGSTOP)
        try:
            begin = time.monotonic()
            wait_until(lambda: not is_healthy(project), "nobody notices", seconds=OLDEST_BEAT + 15)
            assert time.monotonic() - begin > OLDEST_BEAT - 5
            assert "sign of life" in health(project)[1]["worries"][0]
            server = server_of(project)
            assert server is not None
            os.kill(server, signal.SIGKILL)
            wait_until(lambda: health(project)[1]["worries"] == ["no database answers"], "nobody notices")
        finally:
            bot.process.send_signal(signal.SIGCONT)
        wait_until(lambda: is_healthy(project), "the bot does not recover: " + bot.said())
        assert server_of(project) != server


def test_the_demo_has_no_health(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    done = project.script("main.py", "--demo", "--health")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


HANGS = """
import runpy, sys, threading
sys.path.insert(0, sys.argv[1])
from src.service.scheduler import Scheduler
from src.service.watch import Watch
enter = Watch.enter
Watch.enter = lambda self, name, bound: enter(self, name, min(bound, 4.0))
Scheduler.one_pass = lambda self: threading.Lock().acquire() and threading.Event().wait()
sys.argv = [sys.argv[1] + "/main.py"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_loop_that_hangs_ends_the_bot_which_can_be_started_again(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    done = subprocess.run(
        [sys.executable, "-c", HANGS, str(project.root)],
        env=project.environment,
        cwd=Path("/"),
        capture_output=True,
        text=True,
        timeout=40,
    )
    assert done.returncode == EXIT_CODE_OF_HUNG, done.stderr
    assert done.stderr.count("CRITICAL") == 1
    assert "The scheduler has not moved" in done.stderr.splitlines()[-1]
    with running_bot(project) as bot:
        assert bot.process.poll() is None
