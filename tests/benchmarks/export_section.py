# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's section about the export."""

from __future__ import annotations

from tests.benchmarks.figures import Json
from tests.benchmarks.markdown import number, ratio, table
from tests.benchmarks.stage import DURABLE


def exports(found: Json) -> str:
    """Return what the export costs, and what people who press notice of it."""
    rows = [
        [f"`{options}`", number(one["seconds"]), number(one["memory_mb"])] for options, one in found["formats"].items()
    ]
    first, *_ = found["formats"]
    without = found["without"]["latency_ms"]
    presses = [
        [
            when,
            number(found[when]["presses"]),
            *(
                f"{number(value, 1)} ({ratio(value, without[share])})"
                for share, value in found[when]["latency_ms"].items()
            ),
        ]
        for when in ("without", "meanwhile")
    ]
    whole = "all the time" if found["all_the_time"] else "for a part of the time only"
    return "\n\n".join(
        [
            "## The export",
            f"{found['people']:,} people with {found['dialogues']} finished dialogues each, {found['answers']:,} "
            f"answers, labels in four languages; the server runs with `{' '.join(DURABLE)}`. Memory: the most that "
            f"the export's process ever had. `{first}` runs while people press, the others while nobody does.",
            table(["options", "seconds", "memory MB"], rows),
            "Latency of twenty people who press every two seconds or so, in turns while the export ran and while it "
            f"was halted, so that both had the machine at its faster and slower times. It ran {whole}, paced by its "
            "own pauses, and had the processor only when nobody else wanted it.",
            table(["when", "presses", "p50 ms", "p95 ms", "p99 ms"], presses),
        ]
    )
