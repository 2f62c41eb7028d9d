# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be said about the machine and the versions, so that a figure means something."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from src.paths import ROOT
from tests.benchmarks.figures import Json
from tests.benchmarks.stage import PEERS_PYTHON

ASK_VERSIONS = (
    "from importlib.metadata import version as v\n"
    "for name in ('aiogram', 'python-telegram-bot', 'pymongo', 'py-spy'): print(name, v(name))"
)


def machine() -> Json:
    """Return processor, system, versions and the commit that was measured."""
    cpu = Path("/proc/cpuinfo").read_text("utf-8")
    model = next((line.partition(":")[2].strip() for line in cpu.splitlines() if "model name" in line), "unknown")
    lines = output(str(PEERS_PYTHON), "-c", ASK_VERSIONS).splitlines()
    ours = ("telepot", "urllib3", "pymongo", "SecantusDB", "aiohttp")
    return {
        "processor": f"{len(os.sched_getaffinity(0))} × {model}",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "commit": output("git", "-C", str(ROOT), "log", "-1", "--format=%h") or "unknown",
        "changed_since": bool(output("git", "-C", str(ROOT), "status", "--porcelain", "src", "main.py")),
        "our_versions": {name: version(name) for name in ours},
        "peer_versions": dict(line.split() for line in lines),
    }


def output(*command: str) -> str:
    """Return what a program says; nothing if it fails."""
    done = subprocess.run(list(command), capture_output=True, text=True, timeout=30)
    return done.stdout.strip() if done.returncode == 0 else ""


def load_average() -> tuple[float, float, float]:
    """Return how many processes wanted to run, over one, five and fifteen minutes."""
    return os.getloadavg()
