# SPDX-License-Identifier: GPL-3.0-or-later
"""`check_whether_bot_running` as cron starts it: from another folder, with next to no environment, by the crontab line
of the README, a blank in its path; with the real bot, a real mail server, and everything that can happen to them.
"""

from __future__ import annotations

import configparser
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from src.paths import ROOT
from src.service.health import OLDEST_BEAT
from src.store.bot_processes import bots_of, end
from src.store.database import open_database
from src.store.processes import Process
from tests.end_to_end.project import FAST, TOKEN, Project, project_with_telegram, wait_until
from tests.mail.post_office import Moods, mail_in, post_office

pytestmark = pytest.mark.slow

SEED_FOLDER = "botcode/CoActuem_Telegram_bot"
CRON_LINE = f"~/{SEED_FOLDER}/check_whether_bot_running >> ~/{SEED_FOLDER}/log/bot_run_log_cron.log 2>&1"


@dataclass
class Watched:
    """A project whose bot nobody but the watchdog starts; its settings stand in its file, for cron has none."""

    project: Project
    moods: Moods
    telegram_url: str
    smtp_port: int

    @property
    def root(self) -> Path:
        return self.project.root

    def set(self, **settings: object) -> None:
        """Write the file of settings."""
        plain: dict[str, object] = {name.lower(): value for name, value in FAST.items()}
        plain |= {"telegram_token": TOKEN, "telegram_api_url": self.telegram_url, "smtp_host": "127.0.0.1"}
        plain |= {"smtp_port": self.smtp_port, "smtp_security": "none", "mail_from": "bot@example.org"}
        plain |= {"mail_to": "team@example.org", **settings}
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in plain.items())
        (self.root / "data" / "settings.toml").write_text("".join(lines), "utf-8")

    def cron(self, **environment: str) -> int:
        """Run the README's line as cron does; return the exit code."""
        home = self.root.parent
        return subprocess.run(
            ["/bin/sh", "-c", CRON_LINE],
            cwd=home,
            env={"HOME": str(home), **environment},
            stdin=subprocess.DEVNULL,
            timeout=120,
        ).returncode

    def warn(self, reason: str) -> str:
        """Run the script of the mail; return what it says."""
        return self.project.script("monitoring/warning_mail_when_bot_doesnt_run.py", reason).stdout

    def said(self) -> str:
        return (self.root / "log" / "bot_run_log_cron.log").read_text("utf-8")

    def bots(self) -> list[Process]:
        return bots_of(self.root / "main.py", developer=False)

    def the_bot(self) -> Process:
        (bot,) = self.bots()
        return bot

    def is_well(self) -> bool:
        return self.project.script("main.py", "--health").returncode == 0

    def mails(self) -> list[str]:
        """Return the texts of all mails so far."""
        return [mail_in(envelope).get_content().replace("\r\n", "\n") for envelope in self.moods.taken]

    def an_hour_passes(self) -> None:
        """Make the last mail two hours old."""
        file = self.root / "log" / "warnings.json"
        if file.exists():
            memory = json.loads(file.read_text("utf-8"))
            file.write_text(json.dumps(memory | {"sent": (datetime.now(UTC) - timedelta(hours=2)).isoformat()}))


def watched(folder: Path, mongodb_uri: str = "") -> Iterator[Watched]:
    moods = Moods()
    with post_office(moods) as port, project_with_telegram(folder, MONGODB_URI=mongodb_uri) as (project, telegram):
        (folder / "botcode").mkdir()
        (folder / SEED_FOLDER).symlink_to(project.root)
        (project.root / ".venv").symlink_to(sys.prefix)
        (project.root / "log").mkdir()
        world = Watched(project, moods, telegram.url, port)
        world.set()
        try:
            yield world
        finally:
            for bot in world.bots():
                end(bot)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    yield from watched(tmp_path_factory.mktemp("cron"))


@pytest.fixture
def running(world: Watched) -> Process:
    """Return the bot, which runs, and was started by the watchdog; an hour has passed since the last mail."""
    if not world.is_well():
        world.an_hour_passes()
        assert world.cron() == 0, world.said()
    wait_until(world.is_well, "the bot is not well: " + world.project.log())
    world.an_hour_passes()
    world.moods.taken.clear()
    return world.the_bot()


def test_a_bot_that_never_ran_is_started_and_the_team_hears_of_it(world: Watched) -> None:
    canary = "2026-03-02T12:00:00.000+00:00 ERROR src.x: chat 987654321 of @somebody\nKeyError: 'I feel alone'\n"
    (world.root / "log" / "errorOutput.log").write_text(canary)
    assert world.cron() == 0, world.said()
    (mail,) = world.mails()
    assert "The bot did not run. It has been started again, and runs." in mail
    assert "ERROR src.x: chat <hidden> of <hidden>\nKeyError\n" in mail
    assert not any(word in mail for word in ("987654321", "somebody", "alone", TOKEN, str(Path.home())))
    assert world.moods.taken[0].rcpt_tos == ["team@example.org"]
    assert "The bot is running" in world.project.log()


def test_a_bot_that_runs_is_left_alone_and_nothing_is_said(world: Watched, running: Process) -> None:
    said = world.said()
    assert world.cron() == 0
    assert world.the_bot() == running
    assert (world.said(), world.mails()) == (said, [])


def test_a_killed_bot_is_started_again_with_next_to_no_environment(world: Watched, running: Process) -> None:
    os.kill(running.pid, signal.SIGKILL)
    script = str(world.root / "check_whether_bot_running")
    done = subprocess.run(["env", "-i", script], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert world.the_bot() != running
    assert world.is_well()
    assert len(world.mails()) == 1
    assert "bot did not run. It has been started again, and runs." in done.stdout


def test_a_bot_that_hangs_is_stopped_and_within_the_hour_no_second_mail_goes_out(
    world: Watched, running: Process
) -> None:
    os.kill(running.pid, signal.SIGSTOP)
    time.sleep(OLDEST_BEAT)
    assert world.cron() == 0
    assert not running.is_alive()
    assert world.is_well()
    (mail,) = world.mails()
    assert "no sign of life for more than 15 seconds: it hangs. It has been started again, and runs." in mail
    assert "less than an hour ago" in world.warn("It happened again.")
    assert world.cron() == 0
    assert len(world.mails()) == 1
    world.an_hour_passes()
    assert world.cron() == 0
    assert "It happened again." in world.mails()[1]
    assert world.cron() == 0
    assert len(world.mails()) == 2


def test_a_hung_bot_whose_database_was_killed_too_is_found_out(world: Watched, running: Process) -> None:
    os.kill(running.pid, signal.SIGSTOP)
    server = json.loads((world.root / "data" / "db.server.json").read_text("utf-8"))["pid"]
    os.kill(server, signal.SIGKILL)
    assert world.cron() == 0, world.said()
    assert not running.is_alive()
    assert world.is_well()
    assert len(world.mails()) == 1


def test_without_the_mail_server_the_bot_is_started_all_the_same_and_the_mail_comes_later(
    world: Watched, running: Process
) -> None:
    world.set(smtp_port=9)
    os.kill(running.pid, signal.SIGKILL)
    assert world.cron() == 0
    assert world.is_well()
    assert "cannot be reached" in world.said()
    assert "log/unsent" in world.said()
    assert world.mails() == []
    world.set()
    world.an_hour_passes()
    world.warn("Another thing.")
    first, second = world.mails()
    assert "The bot did not run. It has been started again, and runs." in first
    assert "Another thing." in second


def test_two_that_are_started_at_once_start_one_bot_and_send_one_mail(world: Watched, running: Process) -> None:
    os.kill(running.pid, signal.SIGKILL)
    with ThreadPoolExecutor(4) as several:
        codes = list(several.map(lambda _: world.cron(), range(4)))
    assert codes == [0, 0, 0, 0]
    assert world.the_bot() != running
    assert len(world.mails()) == 1


def test_a_bot_that_cannot_start_is_told_with_the_reason_it_gives(world: Watched, running: Process) -> None:
    end(running)
    keys = world.root / "security" / "keys"
    keys.rename(keys.with_name("elsewhere"))
    try:
        assert world.cron() == 1
    finally:
        keys.with_name("elsewhere").rename(keys)
    (mail,) = world.mails()
    assert "It has been started again, but does not run." in mail
    assert "pseudonyms.key is missing. Run python3 security/generate_keys.py" in mail
    assert world.bots() == []


def test_wrong_use_and_wrong_settings_are_one_line(world: Watched, running: Process) -> None:
    script = str(world.root / "check_whether_bot_running")
    wrong = subprocess.run([script, "--nonsense"], env={}, capture_output=True, text=True)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    world.set(smtp_port="many")
    assert world.cron() == 1
    assert "data/settings.toml, smtp_port" in world.said()
    world.set()
    assert world.the_bot() == running


def test_a_database_that_is_away_is_told_and_the_bot_is_neither_stopped_nor_doubled(tmp_path: Path) -> None:
    folder = tmp_path / "another machine"
    with open_database("", "experiment_db", folder / "db") as database:
        note = json.loads((folder / "db.server.json").read_text("utf-8"))
        uri = f"mongodb://127.0.0.1:{note['port']}/?directConnection=true"
        assert database.is_embedded
        (tmp_path / "home").mkdir()
        for world in watched(tmp_path / "home", uri):
            world.set(mongodb_uri=uri)
            assert world.cron() == 0, world.said()
            bot = world.the_bot()
            world.an_hour_passes()
            os.kill(note["pid"], signal.SIGSTOP)
            try:
                assert world.cron() == 1
                assert world.the_bot() == bot
            finally:
                os.kill(note["pid"], signal.SIGCONT)
            assert "The database does not answer." in world.mails()[-1]
            wait_until(world.is_well, "the bot does not recover")
            assert world.cron() == 0
            assert world.the_bot() == bot


@pytest.mark.skipif(shutil.which("dash") is None, reason="dash is not installed")
def test_the_script_is_plain_sh() -> None:
    script = Path(__file__).parents[2] / "check_whether_bot_running"
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)
    assert subprocess.run(["dash", "-n", str(script)], capture_output=True).returncode == 0


def test_the_readme_gives_the_line_that_is_tested_and_a_unit_that_systemd_takes(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"*/5 * * * * {CRON_LINE}\n" in readme
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.read_string(readme.partition("```ini\n")[2].partition("```")[0])
    assert unit["Service"]["ExecStart"].endswith("/.venv/bin/python -u main.py")
    assert unit["Service"]["Restart"] == "always"
