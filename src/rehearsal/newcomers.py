# SPDX-License-Identifier: GPL-3.0-or-later
"""Who the synthetic people are: of which kind, where they live, when they come, what they do without being asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from src.rehearsal.chance import Dice
from src.rehearsal.habits import DEEDS, Habits
from src.rehearsal.people import Person

WEEK = timedelta(days=7)
AHEAD = tuple(timedelta(hours=hours) for hours in (-8, -6, -5, -1, 1, 2, 6, 9, 12))
"""How far the clocks of people abroad are ahead of the study's."""


def person_of(number: int, seed: int, habits: Habits, languages: Sequence[str], zone: ZoneInfo, days: int) -> Person:
    """Return the person of this number, who comes to the study on one of its first days."""
    dice = Dice(seed, number)
    kind = habits.kinds[kind_of(dice, habits.profile.shares)]
    ahead = timedelta()
    if dice.happens(kind.abroad, "abroad"):
        ahead = dice.among(AHEAD, "ahead")
    begin = datetime.combine(habits.begins, time(), zone).astimezone(UTC)
    person = Person(number, dice, kind, habits, dice.among(languages, "language"), zone, ahead, begin)
    hears = timedelta(seconds=round(86400 * min(habits.come_within_days, days) * dice.share("comes")))
    person.comes_at = person.when_awake(begin + hears, "comes")
    person.plans = sorted([(person.comes_at, "come"), *unasked(person, begin + timedelta(days=days))])
    return person


def kind_of(dice: Dice, shares: Mapping[str, float]) -> str:
    """Return a kind, each as likely as its share."""
    left = dice.share("kind") * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return list(shares)[-1]


def unasked(person: Person, end: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield what the person is going to do without being asked, and when."""
    week, begin = 0, person.comes_at
    while begin < end:
        for deed in DEEDS:
            rate = person.kind.per_week[deed]
            times = int(rate) + person.dice.happens(rate % 1, "week", week, deed)
            for each in range(times):
                moment = begin + timedelta(seconds=round(7 * 86400 * person.dice.share("moment", week, deed, each)))
                yield person.when_awake(moment, "deed", week, deed, each), deed
        week, begin = week + 1, begin + WEEK
