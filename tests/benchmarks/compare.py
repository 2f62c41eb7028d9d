# SPDX-License-Identifier: GPL-3.0-or-later
"""Our bot and two others hold the same dialogue: messages a second, latency, CPU and operations a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.children import Child
from tests.benchmarks.figures import Json, latencies, merged, read_meter
from tests.benchmarks.plan import Plan, Span
from tests.benchmarks.small_study import upload
from tests.benchmarks.stage import BOTS, OURS, Stage, people, running, stage
from tests.end_to_end.project import Project


def compare(plan: Plan, folder: Path, project: Project) -> Json:
    """Return by number of people and bot what was measured: the medians, and every round."""
    found: Json = {}
    for level, span in plan.levels.items():
        rounds: dict[str, list[Json]] = {kind: [] for kind in BOTS}
        for number, kind in order(plan.rounds):
            place = folder / f"{level} people, {kind}, {number}"
            rounds[kind].append(one_round(kind, level, span, place, project))
        found[str(level)] = {kind: merged(each) | {"rounds": each} for kind, each in rounds.items()}
    return found


def order(rounds: int) -> Iterator[tuple[int, str]]:
    """Return the bots in turns: A B C A B C …, so that a change of the machine meets them all."""
    return ((number, kind) for number in range(rounds) for kind in BOTS)


def one_round(kind: str, level: int, span: Span, place: Path, project: Project) -> Json:
    """Let so many people talk with one bot, on an empty database."""
    with stage(place, project) as at:
        if kind == OURS:
            upload(at.server.uri, stories=0)
        with (
            running(kind, at) as (bot, _),
            people(at, fresh=level, warm_up=span.warm_up, seconds=span.seconds) as crowd,
        ):
            return measured(at, bot, crowd)


def measured(at: Stage, bot: Child, crowd: Child, begun: Callable[[], object] = lambda: None) -> Json:
    """Let the people begin; return what happened while they were counted. `begun` is called when that begins."""
    crowd.ask(do="begin")
    begun()
    processes = {"bot": bot, "telegram": at.telegram, "people": crowd}
    before = read_meter(at.server, **processes)
    crowd.hear()
    after = read_meter(at.server, **processes)
    memory = bot.memory()
    result = crowd.hear()
    bot.must_live()
    return {
        "messages_per_second": result["messages"] / result["seconds"],
        "presses": len(result["latencies"]),
        "latency_ms": latencies(result),
        "open": result["open"],
        "oldest_open_s": result["oldest_open"],
        "refused": result["refused"],
        "memory_mb": memory,
        **after.since(before, result["messages"]),
    }
