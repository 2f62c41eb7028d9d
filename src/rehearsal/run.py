# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs all lanes of a rehearsal, in as many processes as there are processors, with a progress bar."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker

from src.errors import BotError
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
        try:
            with deaf_children():
                lanes = [pool.submit(_lane, number) for number in range(plan.lanes)]
            for lane in lanes:
                yield lane.result()
        except BrokenProcessPool:
            raise BotError(
                "A process of the rehearsal was ended from outside; is the memory full? Try it with --processes 1."
            ) from None
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()  # at Ctrl-C nobody waits for lanes that are under way
            raise


@contextmanager
def deaf_children() -> Iterator[None]:
    """Let processes that are started in the block hear nothing of a Ctrl-C: we hear of it after the block, and end
    them.
    """
    resource_tracker.ensure_running()  # its start would end the block for us
    heard: list[int] = []
    earlier = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which processes that we start take over
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, earlier)
    if heard:
        raise KeyboardInterrupt


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
