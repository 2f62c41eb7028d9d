# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator sees when something that the bot needs is missing: one clear line, exit code 1, in ten seconds."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.simulator.bot_api import LocalBotApi
from tests.end_to_end.project import TOKEN, Project, project_with_telegram, running_bot, start_bot, wait_until


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Project, LocalBotApi]]:
    with project_with_telegram(tmp_path) as made:
        yield made


def start_that_fails(project: Project, *arguments: str) -> str:
    """Start the bot, which must refuse in time; return its one line."""
    begin = time.monotonic()
    done = project.script("main.py", *arguments, seconds=20)
    assert time.monotonic() - begin < 10
    assert done.returncode == 1, done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr + project.log()
    said = [
        line for line in (done.stdout + done.stderr).splitlines() if " INFO " not in line and " WARNING " not in line
    ]
    assert len(said) == 1, said
    assert "Traceback" not in done.stderr
    return said[0]


def test_without_a_token_the_bot_says_where_to_put_one(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    del project.environment["TELEGRAM_TOKEN"]
    said = start_that_fails(project)
    assert "tokens.json" in said
    assert "security/encrypt_files.py" in said


def test_an_encrypted_token_is_enough(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    del project.environment["TELEGRAM_TOKEN"]
    tokens = project.root / "tokens.json"
    tokens.write_text(json.dumps({"my_bot": TOKEN, "my_bot_dev": TOKEN}))
    tokens.chmod(0o600)
    assert "not encrypted" in start_that_fails(project) or "encrypt_files" in start_that_fails(project)
    assert project.script("security/encrypt_files.py").returncode == 0
    assert TOKEN not in tokens.read_text("utf-8")
    with running_bot(project):
        pass


def test_a_wrong_token_is_named_and_not_shown(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    project.environment["TELEGRAM_TOKEN"] = "1000000001:another-token-that-nobody-has-given"
    said = start_that_fails(project)
    assert "does not know this token" in said
    assert "another-token" not in said


def test_a_database_that_is_away_is_named_without_its_password(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    project.environment["MONGODB_URI"] = f"mongodb://somebody:swordfish@127.0.0.1:{port}/"
    said = start_that_fails(project)
    assert "MONGODB_URI" in said
    assert "swordfish" not in said


def test_a_dialogue_that_the_bot_needs_is_named_when_it_is_missing(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    said = start_that_fails(project, "--dev")  # nothing was ever uploaded to the database of --dev
    assert "welcome" in said
    assert "update_mongoDB_games.py" in said


def test_a_second_bot_on_the_same_database_refuses(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    with running_bot(project) as first:
        assert "already runs" in start_that_fails(project)
        assert first.process.poll() is None


def test_a_wrong_setting_is_named_with_its_source_and_its_remedy(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    project.environment["QUIET_FROM"] = "9pm"
    said = start_that_fails(project)
    assert "QUIET_FROM" in said
    assert "9pm" in said
    assert "07:00" in said


def test_a_bot_that_was_killed_can_be_started_again_at_once(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    first = start_bot(project)
    first.wait_until_it_runs()
    first.kill()
    with running_bot(project):
        pass


def test_a_stop_is_clean_and_quick_and_leaves_no_database_behind(world: tuple[Project, LocalBotApi]) -> None:
    project, telegram = world
    with running_bot(project) as bot:
        person = telegram.add_person("Somebody", "en")
        telegram.write(person, "/start")
        wait_until(lambda: len(telegram.chat(person)) > 1, "nobody answers")
        code, seconds = bot.stop()
        assert code == 0
        assert seconds < 5
    wait_until(lambda: not servers_of(project), "the database still runs", seconds=5)
    assert telegram.pending_updates() == 0


def servers_of(project: Project) -> list[str]:
    """Return the command lines of database servers that work on this copy's files."""
    lines = [line for each in Path("/proc").glob("[0-9]*/cmdline") if (line := command_line(each))]
    return [line for line in lines if "secantusd" in line and str(project.root) in line]


def command_line(path: Path) -> str:
    """Return what a process was started with; nothing if it has ended meanwhile."""
    try:
        return path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def test_the_bot_waits_for_a_telegram_that_is_away_and_then_works(tmp_path: Path) -> None:
    with project_with_telegram(tmp_path) as (project, telegram):
        telegram.stop()
        bot = start_bot(project)
        wait_until(lambda: "Telegram is not there yet" in bot.said(), "the bot does not say that it waits")
        telegram.start()
        bot.wait_until_it_runs()
        code, _ = bot.stop()
        assert code == 0
        assert TOKEN not in bot.said() + project.log()
