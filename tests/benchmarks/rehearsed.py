# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rehearsal of a whole study costs: time, processor and memory."""

from __future__ import annotations

import csv
import resource
import sys
import time
from pathlib import Path

from src.paths import ROOT
from tests.benchmarks.children import Child, Failed, child
from tests.benchmarks.figures import Json
from tests.benchmarks.markdown import number, table
from tests.benchmarks.plan import Plan
from tests.end_to_end.project import Project

SEED = 7
LOOK_EVERY = 0.2


def rehearsed(plan: Plan, place: Path, _project: Project) -> Json:
    """Rehearse our own study once; return what it took and what was rehearsed."""
    people, days = plan.rehearsed
    asked = ("--rehearse", "--participants", str(people), "--days", str(days), "--seed", str(SEED), "--out", str(place))
    begin, before = time.monotonic(), cpu_of_children()
    with child("rehearsal", [sys.executable, str(ROOT / "main.py"), *asked], place) as process:
        most = highest_memory(process)
        if process.process.returncode:
            raise Failed(f"The rehearsal has failed: {process.said()[-2000:]}")
    took = {"seconds": time.monotonic() - begin, "cpu_s": cpu_of_children() - before, "memory_mb": most}
    return {"people": people, "days": days, **took, **of_study(place / "rehearsal.csv")}


def highest_memory(process: Child) -> float:
    """Wait for the end; return the most MB that the process and those it started had together."""
    most = 0.0
    while process.process.poll() is None:
        most = max(most, sum(map(resident, family(process.pid))))
        time.sleep(LOOK_EVERY)
    return most


def family(pid: int) -> list[int]:
    """Return a process and all that it started, and those they started."""
    try:
        own = [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]
    except OSError:
        return []  # it has just ended
    return [pid, *(each for one in own for each in family(one))]


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB; nothing of one that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def cpu_of_children() -> float:
    """Return the seconds of CPU of all processes that we started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def of_study(file: Path) -> Json:
    """Return how many messages and deeds of people the rehearsal had."""
    with file.open(encoding="utf-8") as opened:
        lines = [each for each in csv.DictReader(opened) if each["figure"] == "study"]
    found = {each["what"]: int(each["value"]) for each in lines}
    return {"messages": found["messages"], "acts": found["acts"]}


def section(found: Json) -> str:
    """Return what a rehearsal cost, as a section of the report."""
    row = [f"{found['people']:,}", str(found["days"]), f"{found['messages']:,}", f"{found['acts']:,}"]
    row += [number(found[each]) for each in ("seconds", "cpu_s", "memory_mb")]
    titles = ["people", "days", "messages", "deeds of people", "s", "s of CPU", "memory MB, all processes"]
    return "\n\n".join(
        [
            "## A rehearsal of our study",
            "`main.py --rehearse`, as many processes as there are processors; report and pictures included.",
            table(titles, [row]),
        ]
    )
