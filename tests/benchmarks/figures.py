# SPDX-License-Identifier: GPL-3.0-or-later
"""Small sums over what was measured."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.children import Child
from tests.benchmarks.stage import Server

Json = dict[str, Any]


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies; not a number without any."""
    if not ordered:
        return float("nan")
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the median; not a number without any."""
    return statistics.median(values) if values else float("nan")


def latencies(result: Json) -> Json:
    """Return the usual three percentiles of a result of the people, in milliseconds."""
    found = result["latencies"]
    return {name: 1000 * percentile(found, share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}


def busiest_window(times: Sequence[float], seconds: float = 1.0) -> int:
    """Return the most that came within any window of so many seconds."""
    ordered = sorted(times)
    return max((bisect_left(ordered, at + seconds) - place for place, at in enumerate(ordered)), default=0)


@dataclass(frozen=True)
class Meter:
    """CPU of processes and operations of the database at one moment."""

    cpu: Mapping[str, float]
    operations: Mapping[str, int]

    def since(self, before: Meter, messages: int) -> Json:
        """Return what a message has cost: CPU in milliseconds by process, operations by kind."""
        per = max(messages, 1)
        return {
            "cpu_ms": {name: 1000 * (used - before.cpu[name]) / per for name, used in self.cpu.items()},
            "operations": {kind: (count - before.operations[kind]) / per for kind, count in self.operations.items()},
        }


def read_meter(server: Server, **processes: Child) -> Meter:
    """Read the meters of the database and of these processes."""
    cpu = {name: process.cpu() for name, process in processes.items()}
    return Meter({**cpu, "database": server.child.cpu()}, server.operations())


def merged(rounds: Sequence[Mapping[str, Any]]) -> Json:
    """Return the medians of all numbers of several rounds; all have the same keys."""
    together: Json = {}
    for key, value in rounds[0].items():
        if isinstance(value, Mapping):
            together[key] = merged([each[key] for each in rounds])
        elif isinstance(value, int | float):
            together[key] = median([each[key] for each in rounds])
    return together
