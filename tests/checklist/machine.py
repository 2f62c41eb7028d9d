# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system tells about a process: memory, threads, open files and sockets, processor time (Linux only)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Used:
    """What a process uses now; memory in bytes, processor time in seconds since its start."""

    memory: int
    threads: int
    files: int
    seconds: float


def used_by(process: int) -> Used:
    """Return what a process uses now."""
    place = Path("/proc") / str(process)
    threads, files = len(list((place / "task").iterdir())), len(list((place / "fd").iterdir()))
    numbers = (place / "stat").read_text("utf-8").rpartition(")")[2].split()
    ticks = int(numbers[11]) + int(numbers[12])
    return Used(memory_of(process), threads, files, ticks / os.sysconf("SC_CLK_TCK"))


def memory_of(process: int) -> int:
    """Return the bytes of memory that a process holds."""
    pages = (Path("/proc") / str(process) / "statm").read_text("utf-8").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def command_line_of(process: int) -> str:
    """Return what anybody on the machine can see of how a process was started."""
    return (Path("/proc") / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
