# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot's processes on this machine, seen from outside: which there are, and how one is made to end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from src.errors import BotError
from src.store.processes import Process, command_line, folder_of, process_of, running

SECONDS_TO_END = 12.0
"""A bot that can still hear ends within ten seconds: what is in hand is finished."""
_SECONDS_TO_DIE = 5.0
_OTHER_TASKS = ("--health", "--demo", "--help", "-h")


class DoesNotEnd(BotError):
    """A process cannot be made to end."""


def bots_of(main: Path, *, developer: bool) -> list[Process]:
    """Return the processes that were started to run the bot of this main.py: waiting, working or hanging."""
    found = (process_of(pid) for pid in running() if is_bot(command_line(pid), folder_of(pid), main, developer))
    return [process for process in found if process is not None]


def is_standby(process: Process) -> bool:
    """Tell whether this process of the bot waits while another one runs."""
    return "--standby" in command_line(process.pid)


def is_bot(words: tuple[str, ...], folder: Path | None, main: Path, developer: bool) -> bool:
    """Tell whether a command line, typed in this folder, starts the bot of this main.py."""
    # Neither an editor that has the file open, nor the shell that started it.
    if not words or not Path(words[0]).name.startswith("python"):
        return False
    scripts = [word for word in words[1:] if Path(word).name == main.name]
    others = any(word in words for word in _OTHER_TASKS)
    if not scripts or others or folder is None or ("--dev" in words) != developer:
        return False
    return (folder / scripts[0]).resolve() == main.resolve()


def end(
    process: Process,
    seconds: float = SECONDS_TO_END,
    send: Callable[[int, int], None] = os.kill,
) -> None:
    """Make the process end: ask it, and wake it up so that it hears; then force it. Raises DoesNotEnd."""
    try:
        for signals, patience in (((signal.SIGTERM, signal.SIGCONT), seconds), ((signal.SIGKILL,), _SECONDS_TO_DIE)):
            _signal(process, signals, send)
            if _has_ended(process, patience):
                return
    except PermissionError:
        raise DoesNotEnd(f"The bot that hangs, process {process.pid}, is another user's. Stop it yourself.") from None
    raise DoesNotEnd(f"The bot that hangs, process {process.pid}, cannot be stopped. Start the machine anew.")


def _signal(process: Process, signals: Iterable[int], send: Callable[[int, int], None]) -> None:
    for one in signals:
        if process.is_alive():  # its number may belong to a stranger by now
            with suppress(ProcessLookupError):
                send(process.pid, one)


def _has_ended(process: Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while process.is_alive():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
