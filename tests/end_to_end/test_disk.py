# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full and folders that may not be written: one clear line at the start, and nothing lost later on."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from src.store.server_notes import Files, find
from tests.end_to_end.killing import arena
from tests.end_to_end.outages import BEGINS, IS_OVER, queue_during
from tests.end_to_end.project import TOKEN, Project, copy_of_project, wait_until

ENOUGH_FOR_A_LOG = 8_192
ENOUGH_FOR_A_SHORT_LOG = 60_000
SECONDS_FULL = 4.0
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = copy_of_project(tmp_path)
    made.environment |= {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    done = made.script("security/generate_keys.py")
    assert done.returncode == 0, done.stderr
    return made


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line with which the bot refuses to start."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr
    said = [
        line for line in (done.stdout + done.stderr).splitlines() if " INFO " not in line and " WARNING " not in line
    ]
    assert len(said) == 1, said
    return said[0]


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def test_a_disk_that_is_full_for_the_log_is_one_line_and_leaves_nothing_behind(project: Project) -> None:
    done = project.run("-c", LIMITED, "0", str(project.root / "main.py"))
    assert refusal(done).endswith("log cannot be written: File too large. The bot needs it for its log.")
    assert files_in(project.root / "log") == set()
    assert not (project.root / "data" / "db").exists()


def test_a_disk_that_is_full_for_the_database_is_one_line_and_a_later_start_works(project: Project) -> None:
    project.environment["PYTHONDONTWRITEBYTECODE"] = "1"  # Python keeps what it could write half
    done = project.run("-c", LIMITED, str(ENOUGH_FOR_A_LOG), str(project.root / "main.py"))
    assert "embedded database in" in refusal(done)
    later = project.script("data/gamesInfo/update_mongoDB_games.py")
    assert later.returncode == 0, later.stdout + later.stderr


@contextmanager
def read_only(folder: Path) -> Iterator[list[str]]:
    """Let nobody write into a folder; give the words before a command with which root is nobody special."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o500)
    try:
        yield ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("name", ["log", "data"])
def test_a_folder_that_may_not_be_written_is_one_line(project: Project, name: str) -> None:
    folder = project.root / name
    before = files_in(folder) if folder.exists() else set()
    with read_only(folder) as words:
        done = subprocess.run(
            [*words, sys.executable, str(project.root / "main.py")],
            env=project.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
    said = refusal(done)
    assert str(folder) in said
    assert "Permission denied" in said
    assert files_in(folder) == before


def test_while_the_disk_is_full_nothing_is_confirmed_and_with_room_again_nothing_is_missing(tmp_path: Path) -> None:
    with arena(tmp_path, people=20, stories=30) as at:
        at.crowd.wait_for_progress(100)
        limited = [running_server(at.project), at.bot.process.pid]
        limits = [resource.prlimit(process, resource.RLIMIT_FSIZE) for process in limited]
        for process, (_, most) in zip(limited, limits, strict=True):
            # The bot hands its limit on to every server that it starts; its own log still has room.
            resource.prlimit(process, resource.RLIMIT_FSIZE, (ENOUGH_FOR_A_SHORT_LOG, most))
        os.kill(limited[0], signal.SIGKILL)
        queued = queue_during(at, SECONDS_FULL)
        assert queued[-1] > 0
        assert queued == sorted(queued)
        resource.prlimit(limited[1], resource.RLIMIT_FSIZE, limits[1])
        at.crowd.wait_for_progress(100)
        at.crowd.settle()
        kept = at.kept()
        assert (kept.lost, kept.doubled, kept.out_of_order, kept.strange) == (0, 0, 0, ())
        assert [at.project.log().count(line) for line in (BEGINS, IS_OVER)] == [1, 1]


def test_a_database_that_ran_out_of_room_is_started_again_by_itself_and_nothing_is_missing(tmp_path: Path) -> None:
    with arena(tmp_path, people=20, stories=30) as at:
        at.crowd.wait_for_progress(100)
        server = running_server(at.project)
        _, most = resource.prlimit(server, resource.RLIMIT_FSIZE)
        resource.prlimit(server, resource.RLIMIT_FSIZE, (1, most))
        # It answers ever after that something is wrong, also when there is room: only a new one can read again.
        wait_until(lambda: "can read nothing any more" in at.project.log(), "nobody finds out")
        at.crowd.wait_for_progress(100)
        at.crowd.settle()
        kept = at.kept()
        assert (kept.lost, kept.doubled, kept.out_of_order, kept.strange) == (0, 0, 0, ())


def running_server(project: Project) -> int:
    """Return the number of the embedded database's process."""
    server = find(Files(project.root / "data" / "db"))
    assert server is not None
    return server.process.pid
