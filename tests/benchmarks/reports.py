# SPDX-License-Identifier: GPL-3.0-or-later
"""What the daily and weekly report cost with many participants who have many finished dialogues."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from src.store.database import Database, open_database
from src.store.digests import DIGESTS, digest_of
from tests.benchmarks.children import Failed
from tests.benchmarks.figures import Json
from tests.benchmarks.plan import Plan
from tests.benchmarks.small_study import DATABASE
from tests.benchmarks.stage import QUICK_TO_FILL, database
from tests.end_to_end.project import Project
from tests.reports.crowd import NOW, Crowd, Maker

DIALOGUES = 50
BATCH = 500
KINDS = 200
"""So many different people are made; the others are like one of them but for the pseudonym."""


def reports(plan: Plan, folder: Path, project: Project) -> Json:
    """Return by number of participants how long a report takes, and the most memory that its process has."""
    facts: Json = {}
    for size in plan.reported:
        place = folder / f"{size} reported"
        place.mkdir()
        with database(place, QUICK_TO_FILL) as server:
            begin = time.monotonic()
            with open_database(server.uri, DATABASE, Path("/nowhere")) as opened:
                opened.make_indexes()
                fill(opened, size)
            facts[str(size)] = {"filled_in_s": time.monotonic() - begin}
            for kind in ("daily", "weekly"):
                before = server.child.cpu()
                facts[str(size)][kind] = report(project, server.uri, kind, folder / kind)
                facts[str(size)][kind]["database_cpu_s"] = server.child.cpu() - before
    return facts


def fill(opened: Database, size: int) -> None:
    """Put people in, each with finished dialogues as the bot files them: the newest in the document, the others in a
    digest. The filed dialogues themselves stay out, because no report reads them.
    """
    maker = Maker(1, Crowd(KINDS, days=120.0, lost=0.2, sequence=[f"story{number:02}" for number in range(DIALOGUES)]))
    people = ((maker.pseudonym(), kind) for kind in _endless([_kind(maker) for _ in range(KINDS)], size))
    while batch := list(islice(people, BATCH)):
        opened.clients.insert_many([{**kind, "_id": who} for who, (kind, _) in batch], ordered=False)
        digests = [{"_id": who, **digest} for who, (_, digest) in batch]
        opened.database[DIGESTS].insert_many(digests, ordered=False)


def _endless(kinds: list[Any], size: int) -> Iterator[Any]:
    return (kinds[number % len(kinds)] for number in range(size))


def _kind(maker: Maker) -> tuple[Json, Json]:
    """Return a person with as many finished dialogues as there are, and the digest of all but the newest three."""
    person = maker.plain(maker.pseudonym()) | {"status": 1, "gender": maker.chance.choice(("woman", "man"))}
    runs = []
    for number in range(DIALOGUES):
        at = NOW - timedelta(days=2 * (DIALOGUES - number) + maker.chance.random())
        runs.append(maker.run(person["_id"], f"story{number:02}", at, at + timedelta(minutes=4), ended=True))
    return person | {"game_history": runs[-3:]}, digest_of(runs[:-3])


def report(project: Project, uri: str, kind: str, out: Path) -> Json:
    """Run a report as cron does."""
    script = str(project.root / "monitoring" / f"general_{kind}.py")
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, script, "--out", str(out)],
        env={**project.environment, "MONGODB_URI": uri},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"general_{kind}.py ended with {process.returncode}")
    return {
        "seconds": time.monotonic() - begin,
        "cpu_s": used.ru_utime + used.ru_stime,
        "memory_mb": used.ru_maxrss / 1024,
    }
