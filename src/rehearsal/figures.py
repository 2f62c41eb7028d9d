# SPDX-License-Identifier: GPL-3.0-or-later
"""From the counts of a rehearsal to what the report says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from src.rehearsal.ledger import MINUTES_OF_A_DAY, NIGHT, Ledger, Wall
from src.rehearsal.plan import Plan

PLACES = (
    *("not yet come", "not agreed", "on the way", "finished", "silent", "paused", "unreachable", "left", "erased"),
)
"""Where people can stand, in the order in which it is drawn."""

LONGEST_WALLS = 10
SHARES = (0.5, 0.9, 1.0)
AFTER_A_MASS_SEND = 30
"""Minutes that are looked at from the beginning of a mass send on."""


@dataclass(frozen=True)
class Spread:
    """How something is spread over people: the value that half of them stay below, nine of ten, and all."""

    half: float
    nine_of_ten: float
    most: float


@dataclass(frozen=True)
class Trip:
    """One dialogue: how often it began and ended, and which of its messages came to nobody."""

    dialogue: str
    in_sequence: bool
    begun: int
    ended: int
    messages: int
    unreached: tuple[str, ...]


@dataclass(frozen=True)
class Peak:
    """A mass send: when it began, how many got it in how many seconds, and messages a minute from then on."""

    started: datetime
    sent: int
    seconds: int
    minutes: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """What the report says. Lists by hour, day and week have a place for each of the study's."""

    participants: int
    messages: int
    acts: int
    edits: int
    phrases: int
    reminders: int
    refused: int
    by_hour: Sequence[int]
    by_day: Sequence[int]
    busiest_minutes: Sequence[int]
    by_hour_of_day: Sequence[Spread]
    a_day: Spread
    a_week: Spread
    weeks_of_one: Sequence[Spread]
    finished: Sequence[float]
    places: Sequence[Mapping[str, int]]
    night: Mapping[str, int]
    mornings: int
    trips: Sequence[Trip]
    walls: Sequence[tuple[str, Wall]]
    peaks: Sequence[Peak]
    waits: Mapping[str, Sequence[tuple[str, float]]]
    warnings: Sequence[tuple[str, int]]


def figures_of(plan: Plan, ledger: Ledger) -> Figures:
    """Work out everything that the report says."""
    by_hour = sums(ledger.minutes, 60)
    weekly = [week_by_week(each.daily, each.came) for each in ledger.journeys.values()]
    active = [each for journey in ledger.journeys.values() for each in journey.daily if each]
    return Figures(
        participants=plan.participants,
        messages=sum(ledger.minutes),
        acts=sum(ledger.acts),
        edits=ledger.edits,
        phrases=ledger.phrases,
        reminders=ledger.reminders,
        refused=ledger.refused,
        by_hour=by_hour,
        by_day=sums(ledger.minutes, MINUTES_OF_A_DAY),
        busiest_minutes=[max(each) for each in cut(ledger.minutes, MINUTES_OF_A_DAY)],
        by_hour_of_day=hours_of_the_day(plan, by_hour),
        a_day=spread(active),
        a_week=spread([each for weeks in weekly for each in weeks if each]),
        weeks_of_one=[spread([weeks[at] for weeks in weekly if at < len(weeks)]) for at in range(most_weeks(weekly))],
        finished=finished(ledger),
        places=places(ledger),
        night={why: ledger.night[why] for why in NIGHT},
        mornings=ledger.mornings,
        trips=trips(plan, ledger),
        walls=walls(ledger),
        peaks=[
            Peak(
                plan.begin + timedelta(seconds=each.started),
                each.sent,
                each.ended - each.started,
                tuple(ledger.minutes[each.started // 60 : each.started // 60 + AFTER_A_MASS_SEND]),
            )
            for _, each in sorted(ledger.sendings.items())
        ],
        waits={"anybody": late(ledger.waits), "people who were there": late(ledger.waits_of_present)},
        warnings=sorted(ledger.warnings.items(), key=lambda each: (-each[1], each[0]))[:LONGEST_WALLS],
    )


def cut(values: Sequence[int], size: int) -> list[Sequence[int]]:
    """Cut into pieces of this size."""
    return [values[start : start + size] for start in range(0, len(values), size)]


def sums(values: Sequence[int], size: int) -> list[int]:
    """Return the sum of each piece of this size."""
    return [sum(each) for each in cut(values, size)]


def spread(values: Iterable[float]) -> Spread:
    """Return how values are spread; zeros without any."""
    ordered = sorted(values)
    if not ordered:
        return Spread(0, 0, 0)
    half, nine_of_ten, most = (ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in SHARES)
    return Spread(half, nine_of_ten, most)


def hours_of_the_day(plan: Plan, by_hour: Sequence[int]) -> list[Spread]:
    """Return how the messages of each hour of the study's clock are spread over the days."""
    found: list[list[int]] = [[] for _ in range(24)]
    for number, count in enumerate(by_hour):
        moment = plan.begin + timedelta(hours=number)
        found[moment.astimezone(plan.study.rules.timezone).hour].append(count)
    return [spread(each) for each in found]


def week_by_week(daily: Sequence[int], came: int | None) -> list[int]:
    """Return the messages of each whole week since somebody came; nothing for somebody who never came."""
    if came is None:
        return []
    weeks = cut(daily[came // 86400 :], 7)
    return [sum(each) for each in weeks if len(each) == 7]


def most_weeks(weekly: Sequence[Sequence[int]]) -> int:
    """Return how many weeks the first ones took part."""
    return max(map(len, weekly), default=0)


def finished(ledger: Ledger) -> list[float]:
    """Return after how many days each who finished did so, counted from their first message; the quickest first."""
    both = ((each.came, each.finished) for each in ledger.journeys.values())
    return sorted((end - came) / 86400 for came, end in both if came is not None and end is not None)


def places(ledger: Ledger) -> list[dict[str, int]]:
    """Return after each week how many people stand where."""
    weeks = max((week for week, _ in ledger.weeks), default=0)
    return [{place: ledger.weeks[week, place] for place in PLACES} for week in range(1, weeks + 1)]


def trips(plan: Plan, ledger: Ledger) -> list[Trip]:
    """Return what became of each dialogue: those of the sequence in its order, then the others."""
    order = [name for name in plan.study.sequence if name in plan.study.dialogues]
    others = sorted(set(plan.study.dialogues) - set(order))
    return [trip(plan, ledger, name, in_sequence=name in order) for name in (*order, *others)]


def trip(plan: Plan, ledger: Ledger, name: str, *, in_sequence: bool) -> Trip:
    """Return what became of one dialogue."""
    messages = plan.study.dialogues[name].messages
    unreached = tuple(each for each in messages if not ledger.reached[name, each])
    return Trip(name, in_sequence, ledger.begun[name], ledger.ended[name], len(messages), unreached)


def walls(ledger: Ledger) -> list[tuple[str, Wall]]:
    """Return where the longest texts begin, longest first."""
    named = [(f"{dialogue}, {message}", wall) for (dialogue, message), wall in ledger.walls.items()]
    return sorted(named, key=lambda each: (-each[1].characters, each[0]))[:LONGEST_WALLS]


def late(waits: Counter[int]) -> list[tuple[str, float]]:
    """Return which share of messages came how late."""
    count = sum(waits.values())
    edges = (1, 5, 30, 120, 600, float("inf"))
    names = ("at once", "1 to 5 s late", "5 to 30 s", "30 s to 2 min", "2 to 10 min", "10 min and more")
    found = []
    for name, (least, most) in zip(names, pairwise((0, *edges)), strict=True):
        within = sum(number for second, number in waits.items() if least <= second < most)
        found.append((name, within / count if count else 0.0))
    return found
