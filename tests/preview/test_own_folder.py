# SPDX-License-Identifier: GPL-3.0-or-later
"""What a preview that was killed has left behind: its folder, and a database server that still runs in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from src.paths import ROOT
from src.preview.own_folder import own_folder, take_away_leftovers
from src.store.processes import process_of

KILLED = """
import os, signal
from src.preview.own_folder import own_folder
from src.store.database import open_database
with own_folder("db") as folder, open_database("", "demo", folder / "db"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_and_the_database_of_a_killed_preview_go_with_the_next(temporary: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    died = subprocess.run([sys.executable, "-c", KILLED], env=environment, cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    (left,) = temporary.iterdir()
    number = json.loads((left / "db.server.json").read_text("utf-8"))["pid"]
    assert process_of(number) is not None
    with own_folder("db") as folder:
        assert list(temporary.iterdir()) == [folder]
    assert list(temporary.iterdir()) == []
    assert process_of(number) is None


def test_what_belongs_to_a_living_preview_or_to_nobody_we_know_stays(temporary: Path) -> None:
    (temporary / "preview-of-something-else").mkdir()
    with own_folder("db") as folder:
        take_away_leftovers("db")
        assert folder.exists()
    assert [each.name for each in temporary.iterdir()] == ["preview-of-something-else"]
