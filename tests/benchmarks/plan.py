# SPDX-License-Identifier: GPL-3.0-or-later
"""How large the measurements are: quick to see that all works, full to say something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Seconds that are not counted, and seconds that are."""

    warm_up: float
    seconds: float


@dataclass(frozen=True)
class Plan:
    """One report. `levels`: people at a time; `enrolled`, `histories` and `reported`: sizes, the first is what others
    are compared with; `exported`: people whose answers are exported while others press, in so many
    `export_turns` with it and without; `rehearsed`: people and days; `longest`: the seconds after which everything is
    given up.
    """

    name: str
    rounds: int
    levels: Mapping[int, Span]
    at_limit: Span
    limit_rounds: int
    backlog: int
    enrolled: tuple[int, ...]
    starts: int
    idle: float
    histories: tuple[int, ...]
    history: Span
    history_rounds: int
    profile: Span
    kills: int
    stops: int
    outages: int
    outage_seconds: float
    exported: int
    pressing: Span
    export_turns: int
    reported: tuple[int, ...]
    rehearsed: tuple[int, int]
    longest: int


QUICK = Plan(
    name="quick",
    rounds=1,
    levels={1: Span(0.5, 1.5), 10: Span(0.5, 1.5), 100: Span(1.5, 2.5), 1000: Span(4, 6)},
    at_limit=Span(3, 10),
    limit_rounds=1,
    backlog=1000,
    enrolled=(1000, 4000),
    starts=1,
    idle=2,
    histories=(1, 300),
    history=Span(1, 2.5),
    history_rounds=1,
    profile=Span(1, 3),
    kills=9,
    stops=2,
    outages=1,
    outage_seconds=7,
    exported=300,
    pressing=Span(1, 2),
    export_turns=1,
    reported=(2000,),
    rehearsed=(300, 30),
    longest=720,
)
FULL = Plan(
    name="full",
    rounds=3,
    levels={1: Span(1, 4), 10: Span(1, 4), 100: Span(2, 8), 1000: Span(10, 14)},
    at_limit=Span(5, 40),
    limit_rounds=2,
    backlog=3000,
    enrolled=(1000, 10_000, 100_000),
    starts=3,
    idle=5,
    histories=(1, 100, 300),
    history=Span(2, 5),
    history_rounds=2,
    profile=Span(2, 10),
    kills=100,
    stops=20,
    outages=2,
    outage_seconds=30,
    exported=10_000,
    pressing=Span(2, 8),
    export_turns=6,
    reported=(10_000, 100_000),
    rehearsed=(5000, 180),
    longest=4800,
)
