# SPDX-License-Identifier: GPL-3.0-or-later
"""Which process is meant: a number alone is not enough, because the system uses numbers again."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_STATE, _THREADS, _STARTED = 0, 17, 19
"""Places in /proc/PID/stat behind the name of the program, see proc(5)."""


@dataclass(frozen=True)
class Process:
    """One process: its number, and when it was started, in the machine's clock ticks since it was switched on."""

    pid: int
    started: int

    def is_alive(self) -> bool:
        """Tell whether this very process still runs; one that has ended and was not collected yet does not."""
        return process_of(self.pid) == self

    def age(self) -> float:
        """Return the seconds since it was started."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - self.started / os.sysconf("SC_CLK_TCK")


def process_of(pid: int) -> Process | None:
    """Return the process that has this number now, or None."""
    try:
        stat = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # The name stands in brackets and may itself hold blanks and brackets.
    fields = stat.rpartition(")")[2].split()
    # The first thread of a process that is being killed may have ended while others still hold its files and port.
    if fields[_STATE] in "ZX" and int(fields[_THREADS]) <= 1:
        return None
    return Process(pid, int(fields[_STARTED]))


def myself() -> Process:
    """Return the process that runs this line."""
    me = process_of(os.getpid())
    return me or Process(os.getpid(), 0)


def command_line(pid: int) -> tuple[str, ...]:
    """Return the words that the process was started with; none when it is gone or not ours to look at."""
    try:
        line = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ()
    return tuple(word.decode("utf-8", "replace") for word in line.split(b"\0")[:-1])


def folder_of(pid: int) -> Path | None:
    """Return the folder that the process works in; None when it is gone or not ours to look at."""
    try:
        return (PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def is_halted(pid: int) -> bool:
    """Tell whether the process has been stopped by a signal, and does nothing until it gets another."""
    try:
        stat = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[_STATE] in "Tt"


def running() -> Iterator[int]:
    """Return the numbers of all processes that can be seen."""
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def machine() -> str:
    """Return a name for the place where process numbers mean the same: this machine since it was switched on.

    Two containers may share a host's name, and a host keeps its name when it is started anew.
    """
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        room = (PROC / "self/ns/pid").readlink()
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()} {boot} {room}"
