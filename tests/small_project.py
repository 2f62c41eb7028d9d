# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the project that tests may run scripts in: its keys, tokens and data are nobody's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from src.paths import ROOT

FOLDERS_OF_SCRIPTS = (
    "security",
    "manipulate_db",
    "monitoring",
    "data/gamesInfo",
    "data/bot",
    "data/outgoing_files",
)


def small_project(folder: Path) -> Path:
    """Copy the source and the scripts of security/ into a new folder and return it."""
    root = folder / "bot"
    root.mkdir()
    no_leftovers = shutil.ignore_patterns("__pycache__", "keys")
    shutil.copytree(ROOT / "src", root / "src", ignore=no_leftovers)
    shutil.copytree(ROOT / "security", root / "security", ignore=no_leftovers)
    (root / "main.py").write_text("")
    return root


def start(
    script: Path,
    *arguments: str,
    cwd: Path | None = None,
    python: str = sys.executable,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a script to its end, without a terminal, and return what it said."""
    return subprocess.run(
        [python, str(script), *arguments],
        cwd=cwd or "/",
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
