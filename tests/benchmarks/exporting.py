# SPDX-License-Identifier: GPL-3.0-or-later
"""The export of many people's answers: how long, how much memory, and what those notice who press meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from src.store.database import open_database
from tests.benchmarks.answered_study import QUESTIONS, STORIES, fill
from tests.benchmarks.children import Child, Failed, child
from tests.benchmarks.figures import Json, latencies
from tests.benchmarks.plan import Plan, Span
from tests.benchmarks.small_study import DATABASE
from tests.benchmarks.stage import DURABLE, OURS, QUICK_TO_FILL, Stage, database, people, running, telegram_in
from tests.end_to_end.project import Project

PRESSING = 20
THINK = 2.0
BESIDE = ("--format", "csv")
ALONE = (("--format", "csv", "--wide"), ("--format", "json"), ("--format", "parquet"), ("--format", "spss"))
"""What is exported while people press, and what while nobody does."""
LONGEST = 600.0


@dataclass
class Export:
    """A running export. A thread looks how much memory it takes, and when it ends; `stood` seconds it stood still."""

    process: Child
    begin: float = field(default_factory=time.monotonic)
    end: float = 0.0
    stood: float = 0.0
    memory_mb: float = 0.0

    def look(self) -> None:
        """Look at it until it ends."""
        while self.process.process.poll() is None:
            self.memory_mb = max(self.memory_mb, self.process.most_memory())
            time.sleep(0.1)
        self.end = time.monotonic()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Halt it for as long as the block lasts."""
        begin = time.monotonic()
        os.kill(self.process.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.process.pid, signal.SIGCONT)
            self.stood += time.monotonic() - begin

    def result(self) -> Json:
        """Return what it has cost, when it has ended."""
        if self.process.process.wait(LONGEST):
            raise Failed(f"The export has failed: {self.process.said()[-2000:]}")
        while not self.end:
            time.sleep(0.05)
        return {"seconds": self.end - self.begin - self.stood, "memory_mb": self.memory_mb}


def exports(plan: Plan, folder: Path, project: Project) -> Json:
    """Return what the export costs, in each format, and how long people wait with it and without.

    The machine is at times faster, at times slower: so it runs and stands still in turns, and each has its share of
    both.
    """
    with database(folder, QUICK_TO_FILL) as server, open_database(server.uri, DATABASE, Path("/nowhere")) as opened:
        fill(opened, plan.exported)
    with database(folder, DURABLE) as server, telegram_in(folder) as (telegram, url):
        at = Stage(folder, server, telegram, url, project)
        without: list[Json] = []
        meanwhile: list[Json] = []
        with running(OURS, at), exporting(at, *BESIDE) as beside:
            for _ in range(plan.export_turns):
                with beside.standing_still():
                    without.append(pressed(at, plan.pressing))
                meanwhile.append(pressed(at, plan.pressing))
                if beside.end:
                    break
            is_running = not beside.end
            formats = {" ".join(BESIDE): beside.result()}
        for options in ALONE:
            with exporting(at, *options) as alone:
                formats[" ".join(options)] = alone.result()
    sizes = {"people": plan.exported, "dialogues": STORIES, "answers": plan.exported * STORIES * QUESTIONS}
    presses = {"without": in_all(without), "meanwhile": in_all(meanwhile), "all_the_time": is_running}
    return sizes | presses | {"formats": formats}


def pressed(at: Stage, span: Span) -> Json:
    """Let people press for a while and return what they saw."""
    with people(at, fresh=PRESSING, warm_up=span.warm_up, seconds=span.seconds, think=THINK) as crowd:
        crowd.ask(do="begin")
        crowd.hear()
        result: Json = crowd.hear()
    return result


def in_all(results: Sequence[Json]) -> Json:
    """Return how long people waited in several results together."""
    seconds = sorted(each for one in results for each in one["latencies"])
    return {"presses": len(seconds), "latency_ms": latencies({"latencies": seconds})}


@contextmanager
def exporting(at: Stage, *options: str) -> Iterator[Export]:
    """Run an export; the folder that it writes is gone afterwards."""
    out = at.folder / "exported"
    command = [sys.executable, str(at.project.root / "manipulate_db" / "export_answers.py"), *options, str(out)]
    try:
        with child("export", command, at.folder, environment=at.environment({})) as process:
            export = Export(process)
            looking = threading.Thread(target=export.look)
            looking.start()
            yield export
        looking.join()
    finally:
        shutil.rmtree(out, ignore_errors=True)
