# SPDX-License-Identifier: GPL-3.0-or-later
"""Locks between processes that lie in files; the system itself releases those of a process that dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.errors import DatabaseAway

_LOOK_AGAIN = 0.02


@contextmanager
def exclusively(path: Path, seconds: float) -> Iterator[None]:
    """Let one process (and one thread) at a time in; raise DatabaseAway when it is not our turn within `seconds`."""
    handle = open_lock(path)
    try:
        _wait_for(handle, path, time.monotonic() + seconds)
        yield
    finally:
        os.close(handle)


def open_lock(path: Path) -> int:
    """Open a file to be locked, made when missing, for our own user only; child processes do not get it."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def nobody_else_holds(handle: int) -> bool:
    """Tell whether this is the only holder, and hold the lock alone from now on if so."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def hold_together(handle: int) -> None:
    """Hold the lock together with others."""
    fcntl.flock(handle, fcntl.LOCK_SH)


def _wait_for(handle: int, path: Path, deadline: float) -> None:
    while not nobody_else_holds(handle):
        if time.monotonic() > deadline:
            raise DatabaseAway(f"Another process keeps {path} locked; look which one with: fuser -v {path}")
        time.sleep(_LOOK_AGAIN)
