# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full and folders that may not be written: one clear line at the start, and nothing lost later on."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from src.store.server_notes import Files, find
from tests.end_to_end.killing import arena
from tests.end_to_end.project import TOKEN, Project, copy_of_project

ENOUGH_FOR_A_LOG = 8_192
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


def test_while_the_database_has_no_room_nothing_is_confirmed_and_with_room_again_nothing_is_missing(
    tmp_path: Path,
) -> None:
    with arena(tmp_path, people=20, stories=30) as at:
        at.crowd.wait_for_progress(100)
        files = Files(at.project.root / "data" / "db")
        server = find(files)
        assert server is not None
        _, most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, most))
        time.sleep(SECONDS_FULL)
        pending = at.telegram.pending_updates()
        assert pending > 0
        time.sleep(1)
        assert at.telegram.pending_updates() >= pending
        if server.process.is_alive():
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))
        at.crowd.wait_for_progress(100)
        at.crowd.settle()
        kept = at.kept()
        assert (kept.lost, kept.doubled, kept.out_of_order, kept.strange) == (0, 0, 0, ())
