# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded database's server as a process: found, started, asked, stopped. Who may do so when: `embedded.py`."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from src.errors import BotError, DatabaseAway
from src.store.processes import Process, process_of
from src.store.server_notes import HOST, PROGRAM, Files, Server

_START_SECONDS = 20.0
_STOP_SECONDS = 3.0
"""Some twenty times what it takes; the bot has to be gone in five seconds."""
_SIGNAL_AGAIN = 0.5
_LOOK_AGAIN = 0.02
_LOG_LIMIT = 1_000_000
_HANDED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
"""What the server gets of our environment; settings such as the token are none of its business."""


def start(files: Files, port: int) -> Server | None:
    """Start a server at this port, wait until it answers, and write it down; None when it ended by itself instead.

    Raises BotError when it is not installed, DatabaseAway when it does not answer in time.
    """
    program = Path(sys.executable).parent / PROGRAM
    if not program.is_file():
        raise BotError(
            f"The embedded database is not installed: {program} is missing. Install requirements.txt with this "
            "Python's pip, or set MONGODB_URI to a MongoDB server."
        )
    pid = _spawn([sys.executable, str(program), *_arguments(files, port)], files.beside("server.log"))
    process = process_of(pid)
    if process is None:
        _collect(pid)
        return None
    server = Server(process, port)
    files.note(server)
    return server if wait_until_it_answers(server, files) else None


def wait_until_it_answers(server: Server, files: Files) -> bool:
    """Wait until the server answers; false when it ended instead. Raises DatabaseAway when it takes too long."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        _collect(server.process.pid)
        if not server.process.is_alive():
            return False
        if _listens(server.port) and server.answers():
            return True
        time.sleep(_LOOK_AGAIN)
    raise DatabaseAway(
        f"The embedded database (process {server.process.pid}) does not answer; see {files.beside('server.log')}."
    )


def stop(server: Server) -> None:
    """End the server in order, by force if it takes too long. Everything acknowledged is on the disk in both cases.

    It may sleep through a signal; so it gets another one if it goes on listening. Asking whether it listens also
    helps it along, because before it ends it waits for one more caller, or two seconds.
    """
    deadline = time.monotonic() + _STOP_SECONDS
    _signal(server.process, signal.SIGTERM)
    while not _within(_SIGNAL_AGAIN, lambda: not _listens(server.port)) and time.monotonic() < deadline:
        _signal(server.process, signal.SIGTERM)
    if not _within(deadline - time.monotonic(), lambda: not server.process.is_alive()):
        _signal(server.process, signal.SIGKILL)
        _within(_STOP_SECONDS, lambda: not server.process.is_alive())
    _collect(server.process.pid)


def free_port() -> int:
    """Return a port that nobody uses, below those that the system hands out to outgoing connections.

    Among those, a client that keeps knocking while the server is away would at last connect to itself, and so
    keep the server from coming back to its port.
    """
    for _ in range(100):
        port = 20_000 + secrets.randbelow(12_000)
        if not is_taken(port):
            return port
    raise DatabaseAway(f"No free port was found on {HOST} for the embedded database.")


def is_taken(port: int) -> bool:
    """Tell whether a server could not listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
        return False


def _arguments(files: Files, port: int) -> list[str]:
    return [
        *("--config", str(files.beside("server.toml"))),
        *("--host", HOST, "--port", str(port)),
        *("--storage-path", str(files.folder)),
        # Without it, acknowledged writes are lost when the server is killed.
        "--sync-on-commit",
        # As part of a replica set it would keep a log of changes that nobody reads: each write costs a third more, and
        # what a person has had erased would stand in it for another hour.
        "--standalone",
        *("--cache-size", "256M", "--log-level", "WARNING"),
    ]


def _spawn(command: list[str], log: Path) -> int:
    """Start a process in a session of its own: Ctrl-C in the terminal is for the bot, which needs it to the end."""
    too_long = log.exists() and log.stat().st_size > _LOG_LIMIT
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if too_long else os.O_APPEND)
    return os.posix_spawn(
        command[0],
        command,
        {name: os.environ[name] for name in _HANDED_ON if name in os.environ},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigdef=(signal.SIGINT, signal.SIGTERM, signal.SIGPIPE),
        setsigmask=(),
    )


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _within(seconds: float, happens: Callable[[], bool]) -> bool:
    """Wait until something happens; false when it has not after so many seconds."""
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_AGAIN)
    return True


def _signal(process: Process, number: signal.Signals) -> None:
    if process.is_alive():
        os.kill(process.pid, number)


def _collect(pid: int) -> None:
    """Let the system forget a child of ours that has ended."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # Not our child, or collected before.
