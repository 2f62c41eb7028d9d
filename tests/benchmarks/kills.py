# SPDX-License-Identifier: GPL-3.0-or-later
"""Bot and database are killed at random moments under load, and the bot is stopped: what is lost, what comes twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.figures import Json, median
from tests.benchmarks.plan import Plan
from tests.end_to_end.killing import KINDS, Blow, Kept, arena
from tests.end_to_end.project import Project

PEOPLE = 40
STORIES = 300
"""More dialogues than anybody gets through."""


def kills(plan: Plan, folder: Path, _project: Project) -> Json:
    """Return what was lost and repeated by kills, and what by stops."""
    with arena(folder, people=PEOPLE, stories=STORIES) as at:
        killed = at.kills(plan.kills)
        after_kills = at.kept()
        stopped = at.stops(plan.stops)
        after_all = at.kept()
    return {
        "people": PEOPLE,
        "kills": {kind: summed([blow for blow in killed if blow.kind == kind]) for kind in KINDS},
        "kept_after_kills": of_kept(after_kills),
        "stops": summed(stopped)
        | {
            "codes": sorted({blow.code for blow in stopped}),
            "longest_s": max(blow.seconds for blow in stopped),
            "median_s": median([blow.seconds for blow in stopped]),
        },
        "kept_after_all": of_kept(after_all),
        "rounds": [asdict(blow) for blow in [*killed, *stopped]],
    }


def summed(blows: Sequence[Blow]) -> Json:
    """Return what several kills did together."""
    return {
        "count": len(blows),
        "in_hand": median([blow.in_hand for blow in blows]),
        "repeated": sum(blow.repeated for blow in blows),
        "most_repeated": max((blow.most_repeated for blow in blows), default=0),
    }


def of_kept(kept: Kept) -> Json:
    """Return the counts; of messages that do not belong only how many, as of everything that is said to people."""
    return asdict(kept) | {"strange": len(kept.strange)}
