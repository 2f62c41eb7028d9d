# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo and the preview, each as a process of its own in a copy of the project."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.project import RunningBot, copy_of_project, start_bot, wait_until

SECONDS_TO_START = 60
SECONDS_TO_STOP = 5


@dataclass(frozen=True)
class Demo:
    """A running demo and the address that it printed."""

    bot: RunningBot
    url: str


@contextlib.contextmanager
def running_demo(folder: Path, **environment: str) -> Iterator[Demo]:
    """Run `main.py --demo` in a copy of the project; after the block it must end in order and leave nothing behind."""
    with _running(folder, "main.py", "--demo", **environment) as demo:
        yield demo


@contextlib.contextmanager
def running_preview(folder: Path, shown: Path) -> Iterator[Demo]:
    """Show a folder of dialogues, as an author does; after the block nothing of it may be left anywhere."""
    made = folder / "made for the preview"
    made.mkdir()
    with _running(folder, "data/gamesInfo/preview.py", str(shown), TMPDIR=str(made)) as demo:
        assert list(made.glob("preview-*/db"))
        yield demo
    assert list(made.iterdir()) == []


@contextlib.contextmanager
def _running(folder: Path, program: str, *arguments: str, **environment: str) -> Iterator[Demo]:
    project = copy_of_project(folder)
    project.environment |= environment
    bot = start_bot(project, *arguments, "--port", str(free_port()), program=program)
    try:
        wait_until(lambda: address_in(bot.said()) != "", "the demo does not start: " + bot.said(), SECONDS_TO_START)
        yield Demo(bot, address_in(bot.said()))
        code, seconds = bot.stop()
        assert code == 0, bot.said()
        assert seconds < SECONDS_TO_STOP
        assert "Traceback" not in bot.said()
        assert programs_of(project.root) == []
    finally:
        if bot.process.poll() is None:
            bot.stop()


def address_in(said: str) -> str:
    """Return the address that the demo asks to open, or an empty text if it has not said one yet."""
    found = re.search(r"Open (http://127\.0\.0\.1:\d+/) in your browser", said)
    return found[1] if found else ""


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs_of(root: Path) -> list[str]:
    """Return the command lines of all programs that were started from, or for, this copy of the project."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(root) in command:
                found.append(command)
    return found
