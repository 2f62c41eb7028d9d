# SPDX-License-Identifier: GPL-3.0-or-later
"""Where our bot spends its time: samples of all its threads, taken by py-spy, named by the innermost line of ours.

What a library does counts for the line that called it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from src.paths import ROOT
from tests.benchmarks.children import Child, Failed, child
from tests.benchmarks.compare import measured
from tests.benchmarks.figures import Json
from tests.benchmarks.plan import Plan
from tests.benchmarks.small_study import upload
from tests.benchmarks.stage import OURS, people, running, stage
from tests.end_to_end.project import Project

PY_SPY = ROOT / ".venv-bench" / "bin" / "py-spy"
RATE = 100
TO_BEGIN = 1.5
"""Seconds that py-spy needs before and after."""

SHOWN = 5
FRAME = re.compile(r"(?P<function>\S+) \((?P<file>[^():]+)(:\d+)?\)$")
LEVEL = 100
IDLE = " in service/"
"""Threads that wait for work stand here; those that wait for database or Telegram stand in the adapters."""
LONG_POLL = "from TelegramBot.updates"
OTHERS = "Python and libraries, outside our files"


def dearest(plan: Plan, folder: Path, project: Project) -> Json:
    """Return the dearest places by CPU (samples that hold Python's lock) and by waiting (all samples)."""
    return {
        "cpu": profiled(plan, folder / "profile of CPU", project, "--gil"),
        "waiting": profiled(plan, folder / "profile of waiting", project, "--idle"),
    }


def profiled(plan: Plan, place: Path, project: Project, *how: str) -> Json:
    """Watch a bot that has much to do."""
    span = plan.profile
    with stage(place, project) as at, ExitStack() as rest:
        upload(at.server.uri, stories=0)
        bot, _ = rest.enter_context(running(OURS, at))
        crowd = rest.enter_context(people(at, fresh=LEVEL, warm_up=span.warm_up, seconds=span.seconds + TO_BEGIN))
        output = place / "samples"
        options = ["--pid", str(bot.pid), "--rate", str(RATE), "--duration", str(round(span.seconds))]
        command = [str(PY_SPY), "record", *options, "--format", "raw", "--threads", *how, "--output", str(output)]

        watching: list[Child] = []
        figures = measured(at, bot, crowd, lambda: watching.append(rest.enter_context(child("py-spy", command, place))))
        if watching[0].process.wait(timeout=60) != 0:
            raise Failed(f"py-spy cannot watch the bot: {watching[0].said()[-2000:]}")
    messages = figures["messages_per_second"] * round(span.seconds)
    return summed(output.read_text("utf-8").splitlines(), messages, "--idle" in how)


def summed(lines: Iterable[str], messages: float, waiting: bool) -> Json:
    """Return milliseconds a message by place, the dearest first."""
    found: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        found[place_of(stack.split(";"))] += int(count)
    left_out = is_idle if waiting else is_nothing
    working = {place: count for place, count in found.items() if not left_out(place)}
    total = max(sum(working.values()), 1)
    return {
        "places": [
            {"place": place, "share": count / total, "ms_per_message": 1000 * count / RATE / messages}
            for place, count in Counter(working).most_common(2 * SHOWN)
        ],
        "ms_per_message": 1000 * total / RATE / messages,
    }


def is_idle(place: str) -> bool:
    """Tell whether a thread that stands here has nothing to do: it waits for work, for updates, in a pool."""
    return IDLE in place or LONG_POLL in place or place == OTHERS


def is_nothing(_place: str) -> bool:
    """Leave nothing out: what holds Python's lock is at work, wherever it is."""
    return False


def place_of(frames: list[str]) -> str:
    """Return the innermost function of ours in a stack, outermost first, and who called it if that is ours too."""
    found = [match for frame in reversed(frames) if (match := FRAME.search(frame)) and is_ours(match["file"])]
    if not found:
        return OTHERS
    caller = f" from {found[1]['function']}" if len(found) > 1 else ""
    return f"{found[0]['function']}{caller} in {found[0]['file'].partition('src/')[2] or 'main.py'}"


def is_ours(file: str) -> bool:
    """Tell whether a file is one of the bot's own."""
    return "src/" in file or file.endswith("main.py")
