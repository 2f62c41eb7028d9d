# SPDX-License-Identifier: GPL-3.0-or-later
"""Our bot at Telegram's limit: many people are due at once, while others press buttons."""

from __future__ import annotations

import urllib.request
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.figures import Json, busiest_window, latencies, merged
from tests.benchmarks.plan import Plan
from tests.benchmarks.small_study import enrol, upload
from tests.benchmarks.stage import OURS, TOKEN, people, running, stage
from tests.end_to_end.project import Project

LIMIT = 30
PRESSING = 20
THINK = 4.0
"""So many people press all the time, each after some seconds of thought: ten of the thirty messages are theirs."""


def at_the_limit(plan: Plan, folder: Path, project: Project) -> Json:
    """Return the share of the limit that was used, the fullest window, and how long people waited."""
    rounds = [one_round(plan, folder / f"limit {number}", project) for number in range(plan.limit_rounds)]
    fullest = max(each["fullest_window"] for each in rounds)
    return merged(rounds) | {"fullest_window": fullest, "rounds": rounds, "backlog": plan.backlog}


def one_round(plan: Plan, place: Path, project: Project) -> Json:
    """Let the bot send to a backlog for a while, and count what came to Telegram."""
    span = plan.at_limit
    with stage(place, project) as at:
        upload(at.server.uri, stories=1)
        waiting = at.telegram.ask(do="people", count=plan.backlog)
        drop_what_they_said(at.url)
        enrol(at.server.uri, project.root / "security" / "keys", waiting, history=1, due_in=timedelta(0))
        load = people(at, fresh=PRESSING, warm_up=span.warm_up, seconds=span.seconds, think=THINK)
        with load as crowd, running(OURS, at, MESSAGES_PER_SECOND=str(LIMIT)):
            crowd.ask(do="begin")
            crowd.hear()
            result = crowd.hear()
            times = at.telegram.ask(do="times", since=result["begin"])
    counted = [time for time in times if time < result["end"]]
    return {
        "share_of_limit": len(counted) / result["seconds"] / LIMIT,
        "fullest_window": busiest_window(times),
        "presses": len(result["latencies"]),
        "latency_ms": latencies(result),
        "open": result["open"],
    }


def drop_what_they_said(url: str) -> None:
    """Take the updates of those who only had to write to the bot once out of Telegram's queue."""
    address = f"{url}/bot{TOKEN}/deleteWebhook?drop_pending_updates=true"
    with urllib.request.urlopen(address, timeout=10) as answer:
        answer.read()
