# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of the daily mail, when all people have been counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from src.reports.ways import Loss, Spans, State

STARTED, CONSENTED, REFUSED, UNDECIDED = "started", "consented", "refused", "undecided"
OTHER, UNTOLD = "other", "untold"
ALL_CATEGORIES = "*"

Place = tuple[str, int | str]
"""A table and the number of one of its rows, or OTHER, or UNTOLD."""


@dataclass(frozen=True)
class Drop:
    """What became of a dialogue: by participant, and the median seconds from begin to end. `reached` is the sum."""

    reached: int
    answered: int
    median: float | None
    lost: Mapping[Loss, int]


@dataclass(frozen=True)
class Open:
    """How many are in the middle of a dialogue, and how many of them began it more than 24 hours or 7 days ago."""

    now: int = 0
    over_day: int = 0
    over_week: int = 0


@dataclass(frozen=True)
class Group:
    """A group in the balance: people, how many of them are active, how many dialogues they answered together."""

    people: int
    active: int
    answered: int


@dataclass(frozen=True)
class Answered:
    """How many people answered so many different dialogues: {how many dialogues: people}."""

    ever: Mapping[int, int]
    week: Mapping[int, int]
    day: Mapping[int, int]


@dataclass(frozen=True)
class Numbers:
    """Everything that the daily mail tells about participants. Tables count those who agreed to take part."""

    people: int
    agreed: int
    states: Mapping[State, int]
    entry: Mapping[str, Spans]
    finished: Spans
    tables: Mapping[Place, Spans]
    balance: Mapping[Place, Group]
    answered: Mapping[str, Answered]
    open: Mapping[str, Open]
    languages: Mapping[str, int]
    frequencies: Mapping[str, int]
    drops: Mapping[str, Drop]
    late: int
    retried: int
