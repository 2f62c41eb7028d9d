# SPDX-License-Identifier: GPL-3.0-or-later
"""The database is away for half a minute under load: is anything confirmed meanwhile, lost, or said twice?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.figures import Json
from tests.benchmarks.kills import PEOPLE, STORIES, of_kept
from tests.benchmarks.plan import Plan
from tests.end_to_end.killing import arena
from tests.end_to_end.outages import WAYS, Away, outage
from tests.end_to_end.own_server import own_server
from tests.end_to_end.project import Project


def outages(plan: Plan, folder: Path, _project: Project) -> Json:
    """Return what each way of being away did, and whether all was kept."""
    found: list[Away] = []
    with own_server(folder / "server") as server, arena(folder, people=PEOPLE, stories=STORIES, uri=server.uri) as at:
        for way in WAYS * plan.outages:
            found.append(outage(at, server, way, plan.outage_seconds))
            print(f"  {way}: {found[-1].recovered_after:.1f} s", flush=True)
        at.crowd.settle()
        kept = of_kept(at.kept()) | {"repeated": sum(at.crowd.repeats())}
    return {
        "ways": {way: summed([each for each in found if each.way == way]) for way in WAYS},
        "seconds": plan.outage_seconds,
        "kept": kept,
        "rounds": [asdict(each) for each in found],
    }


def summed(found: Sequence[Away]) -> Json:
    """Return what several outages of one kind did together."""
    return {
        "count": len(found),
        "queued": max(each.queued for each in found),
        "confirmed_meanwhile": sum(each.confirmed_meanwhile for each in found),
        "recovered_after_s": max(each.recovered_after for each in found),
        "told": sum((each.said_begin, each.said_end) == (1, 1) for each in found),
        "most_lines": max(each.lines for each in found),
    }
