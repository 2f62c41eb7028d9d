# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a benchmark: started, asked, measured and always ended. Linux only: it reads /proc."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from src.paths import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
LIBC = ctypes.CDLL(None)
PARENT_DIED = 1
USER_TIME, SYSTEM_TIME = 11, 12
"""Places in /proc/PID/stat behind the name of the program, see proc(5)."""


class Failed(Exception):
    """A process of the benchmark has ended or does not do what it should."""


@dataclass
class Child:
    """A process of ours; `log` is what it writes to its terminal (those that talk: to stderr)."""

    name: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def cpu(self) -> float:
        """Return the seconds of CPU, user and system, that all its threads have used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return (int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])) / TICKS

    def memory(self) -> float:
        """Return its resident memory in MB."""
        return self._memory("VmRSS")

    def most_memory(self) -> float:
        """Return the most resident memory that it has had so far, in MB; 0 when it has ended."""
        return self._memory("VmHWM")

    def _memory(self, what: str) -> float:
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text("utf-8", "replace").splitlines()
        except OSError:
            lines = []
        return next((int(line.split()[1]) for line in lines if line.startswith(what)), 0) / 1024

    def ask(self, **order: Any) -> Any:
        """Give an order as a line of JSON and return the answer, another line."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """Return the next line of JSON that it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} has ended: {self.said()[-2000:]}")
        return json.loads(line)

    def said(self) -> str:
        """Return what it has written."""
        return self.log.read_text("utf-8", "replace")

    def must_live(self) -> None:
        """Raise Failed if it has ended."""
        if self.process.poll() is not None:
            raise Failed(f"{self.name} has ended: {self.said()[-2000:]}")

    def stop(self, seconds: float = 6.0) -> None:
        """End it, by force if it takes too long."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def child(
    name: str,
    command: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    talks: bool = False,
    patience: float = 6.0,
) -> Iterator[Child]:
    """Run a process for as long as the block lasts; it also ends when this one dies. `folder` gets its output."""
    log = folder / f"{name}.log"
    pipe = subprocess.PIPE
    with log.open("a") as output:
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=dict(environment) if environment is not None else None,
            stdin=pipe if talks else subprocess.DEVNULL,
            stdout=pipe if talks else output,
            stderr=output,
            text=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509  # one call of the system, and no lock
        )
    started = Child(name, process, log)
    try:
        yield started
    finally:
        started.stop(patience)


def end_with_parent() -> None:
    """Ask the system to end this process when its parent dies, whatever kills that."""
    LIBC.prctl(PARENT_DIED, signal.SIGKILL)
