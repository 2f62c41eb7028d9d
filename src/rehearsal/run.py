# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs all lanes of a rehearsal, in as many processes as there are processors, with a progress bar."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from src.rehearsal.lane import Lane
from src.rehearsal.ledger import Ledger
from src.rehearsal.plan import Plan
from src.rehearsal.progress import Bar, shown_bar

LOOK_EVERY = 0.2


class _Here:
    """What a process of the pool knows of the rehearsal: its plan, and where each lane notes how many days are over."""

    plan: Plan
    days: Sequence[int]


def rehearse(plan: Plan, processes: int | None = None) -> Ledger:
    """Rehearse the study and return what was written down. The result does not depend on `processes`."""
    count = min(processes or processors(), plan.lanes)
    with shown_bar(plan.lanes * plan.days) as bar:
        found = in_this_process(plan, bar) if count == 1 else in_processes(plan, count, bar)
        whole = Ledger(plan.days)
        for ledger in found:
            whole.add(ledger)
    return whole


def processors() -> int:
    """Return how many processors we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_this_process(plan: Plan, bar: Bar) -> Iterator[Ledger]:
    """Rehearse one lane after the other."""
    for number in range(plan.lanes):
        yield Lane(plan, number).run(lambda day, number=number: bar.reached(number * plan.days + day))  # type: ignore[misc]


def in_processes(plan: Plan, count: int, bar: Bar) -> Iterator[Ledger]:
    """Rehearse lanes side by side; their ledgers come in the order of the lanes."""
    context = multiprocessing.get_context("spawn")
    days = context.Array("i", plan.lanes, lock=False)
    with ProcessPoolExecutor(count, context, _begin, (plan, days)) as pool, followed(bar, days):
        lanes = [pool.submit(_lane, number) for number in range(plan.lanes)]
        for lane in lanes:
            yield lane.result()


@contextmanager
def followed(bar: Bar, days: Sequence[int]) -> Iterator[None]:
    """Show again and again how many days are over in all lanes."""
    over = threading.Event()

    def follow() -> None:
        while not over.wait(LOOK_EVERY):
            bar.reached(sum(days))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _begin(plan: Plan, days: Sequence[int]) -> None:
    _Here.plan, _Here.days = plan, days


def _lane(number: int) -> Ledger:
    def note(day: int) -> None:
        _Here.days[number] = day  # type: ignore[index]

    return Lane(_Here.plan, number).run(note)
