# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure, and write one report: tests/benchmarks/report/report.md and report.json. Type: make bench [QUICK=1].

The numbers of one report come from one run on one machine and may be compared with each other; those of two runs may
not. Everything happens on loopback, in a temporary folder, and ends by itself.
"""

from __future__ import annotations

import json
import math
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from src.paths import ROOT
from tests.benchmarks.at_limit import at_the_limit
from tests.benchmarks.children import Failed
from tests.benchmarks.compare import compare
from tests.benchmarks.dearest import dearest
from tests.benchmarks.exporting import exports
from tests.benchmarks.figures import Json
from tests.benchmarks.kills import kills
from tests.benchmarks.machine import load_average, machine
from tests.benchmarks.outages import outages
from tests.benchmarks.plan import FULL, QUICK, Plan
from tests.benchmarks.rehearsed import rehearsed
from tests.benchmarks.report import written
from tests.benchmarks.reports import reports
from tests.benchmarks.scale import enrolled, histories
from tests.benchmarks.stage import PEERS_PYTHON, prepared
from tests.end_to_end.project import Project

REPORT = ROOT / "tests" / "benchmarks" / "report"
PARTS: Mapping[str, Callable[[Plan, Path, Project], Json]] = {
    "compare": compare,
    "limit": at_the_limit,
    "enrolled": enrolled,
    "histories": histories,
    "dearest": dearest,
    "kills": kills,
    "outages": outages,
    "exports": exports,
    "reports": reports,
    "rehearsed": rehearsed,
}


def main(arguments: Namespace) -> None:
    """Measure what was asked for and write the report."""
    if not PEERS_PYTHON.exists():
        raise Failed("The other bots' libraries are not installed. Type: make bench")
    plan = QUICK if arguments.quick else FULL
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, too_long)
    signal.alarm(plan.longest)
    facts: Json = {"plan": plan.name, "machine": machine(), "load_before": load_average(), "parts": {}}
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        project = prepared(Path(place))
        for name in arguments.only or PARTS:
            print(f"{name} … (load {load_average()[0]:.1f})", flush=True)
            folder = Path(place) / name
            folder.mkdir()
            since, load = time.monotonic(), load_average()
            facts[name] = PARTS[name](plan, folder, project)
            facts["parts"][name] = {"seconds": time.monotonic() - since, "load": [load[0], load_average()[0]]}
    facts |= {"seconds": time.monotonic() - begin, "load_after": load_average()}
    write(facts)


def write(facts: Json) -> None:
    """Write the report in both forms, and show it."""
    REPORT.mkdir(exist_ok=True)
    (REPORT / "report.json").write_text(json.dumps(without_nan(facts), indent=1) + "\n", "utf-8")
    text = written(facts)
    (REPORT / "report.md").write_text(text, "utf-8")
    print(text)
    print(f"This is {REPORT.relative_to(ROOT)}/report.md; all rounds are in report.json.")


def without_nan(value: Any) -> Any:
    """Return the same with null for what is not a number: JSON has no word for that."""
    if isinstance(value, dict):
        return {key: without_nan(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def too_long(number: int, _frame: FrameType | None) -> None:
    """End in order: every process that was started is ended on the way out."""
    raise Failed("The time is over." if number == signal.SIGALRM else "Told to stop.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(prog="python -m tests.benchmarks.run", description=__doc__)
    options.add_argument("--quick", action="store_true", help="about three minutes: shows that all works")
    options.add_argument("only", nargs="*", metavar="PART", help=f"only these parts: {', '.join(PARTS)}")
    return options


def checked(options: ArgumentParser) -> Namespace:
    """Read the command line."""
    arguments = options.parse_args()
    unknown = [name for name in arguments.only if name not in PARTS]
    if unknown:
        options.error(f"there is no part {unknown[0]}; there are: {', '.join(PARTS)}")
    return arguments


if __name__ == "__main__":
    try:
        main(checked(parser()))
    except Failed as failure:
        sys.exit(str(failure))
