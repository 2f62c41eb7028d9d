# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of reports about dialogues: how many were answered, which are open, where people are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from src.reports.about_people import nobody
from src.reports.numbers import ALL_CATEGORIES, Drop, Numbers, Open
from src.reports.palette import OF_LOSS
from src.reports.parts import Bar, BarChart, BarCharts, Row, Section, Sentences, Share, Strip, Strips, Table
from src.reports.small_groups import is_small, per_cent, share
from src.reports.wishes import Wishes
from src.reports.words import span_in_words

BINS = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, None))
"""How many dialogues somebody answered, in groups; the last has no end."""


def answered_by(numbers: Numbers, wishes: Wishes) -> Section:
    """Return how many people answered how many dialogues: of all, and of each category."""
    title = wishes.word("answered_by")
    if not numbers.agreed:
        return Section(title, (nobody(wishes),))
    names = {each: wishes.category(each) for each in numbers.answered if each != ALL_CATEGORIES}
    named = {ALL_CATEGORIES: wishes.word("all")} | names
    return Section(title, tuple(_charts(name, numbers, category, wishes) for category, name in named.items()))


def _charts(name: str, numbers: Numbers, category: str, wishes: Wishes) -> BarCharts:
    answered = numbers.answered[category]
    most = max((max(each, default=0) for each in (answered.ever, answered.week, answered.day)), default=0)
    bins = [each for each in BINS if each[0] <= most]
    spans = (("total", answered.ever), ("week", answered.week), ("day", answered.day))
    return BarCharts(tuple(_chart(wishes.word(span), people, bins, wishes) for span, people in spans), name)


def _chart(title: str, people: Mapping[int, int], bins: Sequence[tuple[int, int | None]], wishes: Wishes) -> BarChart:
    binned = [
        sum(count for many, count in people.items() if first <= many and (last is None or many <= last))
        for first, last in bins
    ]
    whole = max(*binned, 1)
    return BarChart(
        title,
        tuple(
            Bar(_name(first, last), wishes.number(count), share(count, whole, wishes.smallest))
            for (first, last), count in zip(bins, binned, strict=True)
        ),
    )


def _name(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return f"{first}" if first == last else f"{first}–{last}"


def open_dialogues(numbers: Numbers, wishes: Wishes) -> Section:
    """Return in which dialogues people are just now, and since when."""
    title = wishes.word("open")
    if not numbers.open:
        return Section(title, (Sentences((wishes.word("none_open"),)),))
    sums = (sum(getattr(one, part) for one in numbers.open.values()) for part in ("now", "over_day", "over_week"))
    rows = [_open(wishes.word("all"), Open(*sums), wishes)]
    rows += [_open(name, numbers.open[name], wishes, part=True) for name in in_order(numbers.open, wishes)]
    head = ("", wishes.word("now"), wishes.word("over_day"), wishes.word("over_week"))
    return Section(title, (Table(head, tuple(rows)),))


def _open(name: str, one: Open, wishes: Wishes, *, part: bool = False) -> Row:
    return Row((name, *(wishes.number(each) for each in (one.now, one.over_day, one.over_week))), None, part)


def drops(numbers: Numbers, wishes: Wishes) -> Section:
    """Return for each dialogue how many began it, answered it, and were lost in it for which reason."""
    title = wishes.word("drops")
    inside = [one for one in wishes.sequence if one in numbers.drops]
    outside = sorted(numbers.drops.keys() - set(inside))
    parts = [Strips(tuple(_strip(one, numbers.drops[one], wishes) for one in inside))] if inside else []
    if outside:
        strips = tuple(_strip(one, numbers.drops[one], wishes) for one in outside)
        parts.append(Strips(strips, wishes.word("outside")))
    return Section(title, tuple(parts) or (nobody(wishes),))


def _strip(name: str, drop: Drop, wishes: Wishes) -> Strip:
    counted = {"answered": drop.answered} | {str(loss): people for loss, people in drop.lost.items()}
    long = {key: max(people, wishes.smallest) if people else 0 for key, people in counted.items()}
    told = {key: wishes.number(people) for key, people in counted.items()}
    told["answered"] += f" ({per_cent(drop.answered, drop.reached, wishes.smallest)})"
    whole = max(sum(long.values()), 1)
    shares = (Share(wishes.word(key), told[key], OF_LOSS[key], long[key] / whole) for key in counted)
    facts = [(wishes.word("reached"), wishes.number(drop.reached))]
    if drop.median is not None and not is_small(drop.answered, wishes.smallest):
        facts.append((wishes.word("median"), span_in_words(drop.median)))
    return Strip(name, tuple(shares), tuple(facts))


def in_order(names: Mapping[str, object], wishes: Wishes) -> list[str]:
    """Return names of dialogues in the order of the sequence, then those outside it."""
    inside = [one for one in wishes.sequence if one in names]
    return [*inside, *sorted(names.keys() - set(inside))]
