# SPDX-License-Identifier: GPL-3.0-or-later
"""Our bot with many people enrolled, and with people who have a long history."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from src.service.scheduler import BATCH
from src.settings import Settings
from src.startup import rules_of
from src.store.database import open_database
from src.store.participants import ParticipantStore
from src.store.study import StudyStore
from tests.benchmarks.at_limit import drop_what_they_said
from tests.benchmarks.compare import measured
from tests.benchmarks.figures import Json, median, merged
from tests.benchmarks.plan import Plan
from tests.benchmarks.small_study import DATABASE, STORIES, enrol, upload
from tests.benchmarks.stage import OURS, QUICK_TO_FILL, Stage, people, running, stage
from tests.end_to_end.project import Project

FIRST_PERSON = 5_000_000_001
TICKS = 50
WITH_A_HISTORY = 5
A_MONTH = timedelta(days=30)


def enrolled(plan: Plan, folder: Path, project: Project) -> Json:
    """Return by number of enrolled people: a tick of the scheduler, the start, memory and idle CPU."""
    keys = project.root / "security" / "keys"
    found: dict[int, list[Json]] = {size: [] for size in plan.enrolled}
    with ExitStack() as all_stages:
        stages = {}
        facts: Json = {}
        for size in plan.enrolled:
            at = all_stages.enter_context(stage(folder / f"{size} enrolled", project, QUICK_TO_FILL))
            upload(at.server.uri, stories=2)
            begin = time.monotonic()
            persons = range(FIRST_PERSON, FIRST_PERSON + size)
            size_of_one = enrol(at.server.uri, keys, persons, history=1, due_in=A_MONTH)
            facts[str(size)] = {"bytes_each": size_of_one, "filled_in_s": time.monotonic() - begin}
            stages[size] = at
        for _ in range(plan.starts):
            for size, at in stages.items():
                found[size].append({"tick_ms": tick(at.server.uri)} | started(at, plan.idle))
    return {str(size): merged(each) | facts[str(size)] | {"rounds": each} for size, each in found.items()}


def started(at: Stage, seconds: float) -> Json:
    """Start the bot and leave it alone for a while."""
    with running(OURS, at) as (bot, first_poll):
        time.sleep(2.0)
        bot_before, database_before = bot.cpu(), at.server.child.cpu()
        time.sleep(seconds)
        return {
            "first_poll_s": first_poll,
            "memory_mb": bot.memory(),
            "database_memory_mb": at.server.child.memory(),
            "idle_cpu_percent": 100 * (bot.cpu() - bot_before) / seconds,
            "idle_cpu_database_percent": 100 * (at.server.child.cpu() - database_before) / seconds,
        }


def tick(uri: str) -> float:
    """Return the milliseconds of what a pass of the scheduler asks the database when nobody is due."""
    rules = rules_of(Settings(), developer=False)
    with open_database(uri, DATABASE, Path("/nowhere")) as database:
        participants, studies = ParticipantStore(database, "en"), StudyStore(database)

        def one_pass() -> None:
            studies.current(rules)
            assert not participants.due(datetime.now(UTC), BATCH), "nobody is due"

        return 1000 * median([seconds_of(one_pass) for _ in range(TICKS)])


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def histories(plan: Plan, folder: Path, project: Project) -> Json:
    """Return by number of finished dialogues what a press costs those who have them."""
    found: dict[int, list[Json]] = {size: [] for size in plan.histories}
    for number in range(plan.history_rounds):
        for size in plan.histories:
            place = folder / f"{size} finished dialogues, {number}"
            found[size].append(with_history(plan, size, place, project))
    return {str(size): merged(each) | {"rounds": each} for size, each in found.items()}


def with_history(plan: Plan, size: int, place: Path, project: Project) -> Json:
    """Let people with a history answer one dialogue after the other."""
    span = plan.history
    with stage(place, project) as at:
        upload(at.server.uri, stories=STORIES)
        persons = at.telegram.ask(do="people", count=WITH_A_HISTORY)
        drop_what_they_said(at.url)
        keys = project.root / "security" / "keys"
        bytes_each = enrol(at.server.uri, keys, persons, history=size, due_in=timedelta(0))
        with people(at, fresh=0, warm_up=span.warm_up, seconds=span.seconds) as crowd, running(OURS, at) as (bot, _):
            return measured(at, bot, crowd) | {"bytes_each": bytes_each}
