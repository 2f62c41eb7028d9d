# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the bot runs or hangs: what `check_whether_bot_running` asks every few minutes.

A bot is alive when it holds the lease *and* has given a sign of life a moment ago. What is only slow, or waits for
Telegram or the database, is left alone: to start it anew would help nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from src.service.health import OLDEST_BEAT, Facts, worries
from src.store.processes import Process

LONGEST_START = 600.0
"""Seconds after which a process that never got the lease hangs; while Telegram is away, a bot waits for it."""


class State(StrEnum):
    """How the bot is, in the one word that the shell script goes by."""

    RUNS = "runs"
    UNWELL = "unwell"
    STARTS = "starts"
    AWAY = "away"
    HANGS = "hangs"
    MISSING = "missing"


@dataclass(frozen=True)
class Bot:
    """A process of this machine that runs, or should run, the bot."""

    process: Process
    halted: bool
    age: float
    standby: bool = False

    @property
    def may_wait(self) -> bool:
        """Tell whether it does right to run without the lease: it has just been started, or is a standby."""
        return not self.halted and (self.standby or self.age < LONGEST_START)


@dataclass(frozen=True)
class Finding:
    """What was found, why, and which processes are in the way of a new start."""

    state: State
    reason: str
    in_the_way: tuple[Process, ...] = ()


def judge(facts: Facts, here: Sequence[Bot], *, embedded: bool) -> Finding:
    """Return how the bot is. `here`: its processes on this machine. `embedded`: the database is its own."""
    if not facts.readable and not embedded:
        return Finding(State.AWAY, "The database does not answer. Neither a start nor a stop of the bot would help.")
    if facts.readable and not facts.writable:
        return Finding(
            State.AWAY, "The database answers, but cannot write. See its log and the free space of its disk."
        )
    if is_alive(facts):
        wrong = worries(facts)
        return Finding(State.UNWELL, f"The bot runs, but {', and '.join(wrong)}.") if wrong else _RUNS
    if has_just_begun(facts):
        return Finding(State.STARTS, "The bot is being started.")
    holder = [bot for bot in here if facts.holder is not None and bot.process.pid == facts.holder.pid]
    if holder:
        reason = f"The bot has given no sign of life for more than {OLDEST_BEAT:.0f} seconds: it hangs."
        return Finding(State.HANGS, reason, tuple(bot.process for bot in holder))
    return _without_lease(here)


_RUNS = Finding(State.RUNS, "The bot runs.")


def is_alive(facts: Facts) -> bool:
    """Tell whether the lease is held and the sign of life is fresh."""
    if facts.holder is None or facts.holder.gone or facts.vitals is None:
        return False
    age = facts.age(facts.vitals.at)
    return age is not None and age <= OLDEST_BEAT


def has_just_begun(facts: Facts) -> bool:
    """Tell whether the lease was taken a moment ago: the sign of life may still be the one of who had it before."""
    holder = facts.holder
    return holder is not None and not holder.gone and holder.age is not None and holder.age <= OLDEST_BEAT


def _without_lease(here: Sequence[Bot]) -> Finding:
    """Judge a machine that no living bot is known to run on; a dead or unreachable one may still have the lease."""
    if not here:
        return Finding(State.MISSING, "The bot did not run.")
    if all(bot.may_wait for bot in here):
        return Finding(State.STARTS, "The bot is being started.")
    in_the_way = tuple(bot.process for bot in here if not bot.may_wait)
    return Finding(State.HANGS, "A process of the bot is there, but does not work: it hangs.", in_the_way)


def judge_twice(look: Callable[[], Finding], wait: Callable[[], None]) -> Finding:
    """Return what two looks agree on: a machine that wakes up, or a database that is restarted, needs a moment."""
    first = look()
    if first.state is State.RUNS:
        return first
    wait()
    return look()
