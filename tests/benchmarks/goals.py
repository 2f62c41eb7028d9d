# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that the benchmarks are there for, each with its goal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from tests.benchmarks.figures import Json

Line = tuple[str, str, str, bool]


CAUSES = {
    "messages a second": (
        "**Messages a second.** Our bot spends three fifths of aiogram's CPU on a message; the embedded server "
        "spends a fifth more on ours, because a participant's document holds outbox, answers with their times and "
        "the newest history, and the server reads, compares and writes it whole for each change, flushing each "
        "to disk by itself. The local Bot API and the people, who cost the same for all, take as much again as "
        "our bot. All four share two processors: with a hundred people their sum bounds everybody."
    ),
    "share of a limit": (
        "**Share of the limit.** A place in Telegram's second is free again a second after the answer to its "
        "message; what the way there and back takes of a second is lost. That is the price of never passing the "
        "limit, however much the ways jitter."
    ),
    "press to next message while the export runs": (
        "**Presses beside an export.** The embedded server does one thing at a time; whoever comes while somebody's "
        "dialogues are read waits two or three milliseconds. Longer pauses would make the export slower."
    ),
}
"""What is known to hold a figure back, by how its name begins."""


def goals(facts: Json) -> str:
    """Return the table of goals, of those parts that were measured."""
    parts: dict[str, Callable[[Json], Iterator[Line]]] = {
        "compare": of_comparison,
        "limit": of_limit,
        "enrolled": of_enrolled,
        "histories": of_histories,
        "kills": of_kills,
        "outages": of_outages,
        "exports": of_exports,
        "reports": of_reports,
        "rehearsed": of_rehearsal,
    }
    lines = [line for name, part in parts.items() if name in facts for line in part(facts[name])]
    rows = [
        f"| {figure} | {goal} | {measured} | {'yes' if met else '**no**'} |" for figure, goal, measured, met in lines
    ]
    table = "\n".join(["| figure | goal | measured | met |", "|---|---|---|---|", *rows])
    missed = [figure for figure, _, _, met in lines if not met]
    causes = [f"- {cause}" for begins, cause in CAUSES.items() if any(each.startswith(begins) for each in missed)]
    return table + ("\n\nWhat is missed, and why, as far as we know:\n\n" + "\n".join(causes) if causes else "")


def of_comparison(found: Json) -> Iterator[Line]:
    """Compare our speed and latency with aiogram's."""
    for level in ("100", "1000"):
        ours, other = (found[level][kind]["messages_per_second"] for kind in ("ours", "aiogram"))
        times = ours / other if other else math.nan
        yield f"messages a second against aiogram, {level} people", "at least 1.5 ×", f"{times:.2f} ×", times >= 1.5
    late, median = found["100"]["ours"]["latency_ms"]["p99"], found["100"]["aiogram"]["latency_ms"]["p50"]
    times = late / median if median else math.nan
    name = "press to next message, 100 people, our p99 against aiogram's p50"
    yield name, "at most 1.5 ×", f"{times:.2f} × ({late:.0f} and {median:.0f} ms)", times <= 1.5


def of_limit(found: Json) -> Iterator[Line]:
    """Look at the limit."""
    share, late = found["share_of_limit"], found["latency_ms"]["p95"]
    yield "share of a limit of 30 a second, with a backlog", "at least 97 %", f"{100 * share:.1f} %", share >= 0.97
    most = found["fullest_window"]
    yield "most in any window of a second", "30", str(most), most <= 30
    yield "press to next message while a backlog is sent, p95", "under 1 s", f"{late / 1000:.2f} s", late < 1000


def of_enrolled(found: Json) -> Iterator[Line]:
    """Compare the largest number of enrolled people with the smallest."""
    (few, small), *_, (many, large) = found.items()
    what = f"{int(many):,} against {int(few):,} enrolled"
    for name, key, most in (("tick", "tick_ms", 1.5), ("memory", "memory_mb", 1.3)):
        times = large[key] / small[key]
        yield f"{name}, {what}", f"at most {most} ×", f"{times:.2f} ×", times <= most
    start = large["first_poll_s"]
    yield f"start to first poll, {int(many):,} enrolled", "3 s", f"{start:.2f} s", start <= 3


def of_histories(found: Json) -> Iterator[Line]:
    """Compare a press with the longest history with one with the shortest; the goal is ours, nobody has set one."""
    (few, small), *_, (many, large) = found.items()
    times = large["latency_ms"]["p50"] / small["latency_ms"]["p50"]
    name = f"a press with {many} finished dialogues against {few}, p50"
    yield name, "(none set; 1.5 ×)", f"{times:.2f} ×", times <= 1.5


def of_kills(found: Json) -> Iterator[Line]:
    """Look at what was lost and what came twice."""
    kept, ways, stops = found["kept_after_kills"], found["kills"].values(), found["stops"]
    count = sum(each["count"] for each in ways)
    name = f"answers lost, doubled or out of order, {count} kills of bot and database"
    wrong = kept["lost"] + kept["doubled"] + kept["out_of_order"]
    yield name, "0", f"{wrong} of {kept['presses']:,}", wrong == 0
    most = max(each["most_repeated"] for each in ways)
    yield "messages repeated in one conversation, per kill", "at most 1", str(most), most <= 1
    once = found["kept_after_all"]
    wrong = once["lost"] + once["doubled"] + once["out_of_order"]
    name = f"lost and repeated, {stops['count']} stops by SIGTERM"
    yield name, "0", f"{wrong} and {stops['repeated']}", wrong + stops["repeated"] == 0
    well = stops["codes"] == [0] and stops["longest_s"] < 5
    codes = ", ".join(map(str, stops["codes"]))
    yield "SIGTERM under load to the end", "5 s, exit code 0", f"{stops['longest_s']:.2f} s, exit code {codes}", well


def of_outages(found: Json) -> Iterator[Line]:
    """Look at what the database's absence did."""
    kept, ways = found["kept"], found["ways"].values()
    count = sum(each["count"] for each in ways)
    what = f"{count} × {found['seconds']:.0f} s without the database"
    wrong = kept["lost"] + kept["doubled"] + kept["out_of_order"] + kept["repeated"]
    yield f"{what}: answers lost or doubled, messages repeated", "0", f"{wrong} of {kept['presses']:,}", wrong == 0
    moved = sum(each["confirmed_meanwhile"] for each in ways)
    yield f"{what}: the offset moved", "never", f"{moved} times", moved == 0
    told = sum(each["told"] for each in ways)
    yield f"{what}: told of once, and of its end once", f"{count} times", f"{told} times", told == count


def of_exports(found: Json) -> Iterator[Line]:
    """Look at time and memory of the export, and at those who press meanwhile."""
    what = f"export of {found['people']:,} people, {found['dialogues']} dialogues each"
    for options, one in found["formats"].items():
        yield f"{what}, `{options}`: time", "under 2 minutes", f"{one['seconds']:.0f} s", one["seconds"] < 120
        yield f"{what}, `{options}`: memory", "500 MB", f"{one['memory_mb']:.0f} MB", one["memory_mb"] <= 500
    without, meanwhile = (found[when]["latency_ms"]["p50"] for when in ("without", "meanwhile"))
    times = meanwhile / without if without else math.nan
    name = "press to next message while the export runs, against without it, p50"
    yield name, "at most 1.2 ×", f"{times:.2f} × ({meanwhile:.1f} and {without:.1f} ms)", times <= 1.2


def of_reports(found: Json) -> Iterator[Line]:
    """Look at what the largest study's daily mail costs."""
    *_, (size, one) = found.items()
    name = f"daily mail, {int(size):,} participants with 50 dialogues each"
    seconds, memory = one["daily"]["seconds"], one["daily"]["memory_mb"]
    yield name, "under 60 s and 300 MB", f"{seconds:.1f} s, {memory:.0f} MB", seconds < 60 and memory < 300


def of_rehearsal(found: Json) -> Iterator[Line]:
    """Look at what a rehearsal took; the goals are those for 5,000 people and 180 days."""
    what = f"rehearsal of {found['people']:,} people, {found['days']} days"
    yield f"{what}: time", "5 min", f"{found['seconds']:.0f} s", found["seconds"] <= 300
    yield f"{what}: memory", "1 GB", f"{found['memory_mb']:.0f} MB", found["memory_mb"] <= 1000
