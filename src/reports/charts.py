# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the weekly mail: who came when, how far people are, who stays, when they answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate
from math import nan

from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.ticker import MaxNLocator

from src.reports.described import DescribedTable
from src.reports.drawing import as_png, dates_below, new_figure, only_words, plain, say, short_date, whole_numbers
from src.reports.mail_words import WEEKDAYS
from src.reports.numbers import OTHER, UNTOLD, Numbers
from src.reports.over_time import OverTime
from src.reports.palette import GREY, HEAT, INK, OF_LOSS, PALE, colour
from src.reports.small_groups import is_small, per_cent
from src.reports.wishes import Wishes
from src.reports.words import number_in_words

LINES = ("-", "--", "-.", ":")
MOST_WEEKS = 20
"""So many weeks of entry are drawn, the newest ones."""
_LONGEST_NAME = 34


def growth(found: OverTime, wishes: Wishes) -> bytes:
    """Draw how many people there were at which time, by the rows of each table that is drawn over time."""
    tables = [table for table in wishes.description.tables if table.over_time]
    if not tables or not any(found.joined.values()):
        return only_words(wishes.word("nobody"))
    if all(is_small(sum(days.values()), wishes.smallest) for days in found.joined.values()):
        return only_words(wishes.word("too_few", n=wishes.smallest))
    figure = new_figure(2.5 * len(tables))
    for axes, table in zip(figure.subplots(len(tables), squeeze=False)[:, 0], tables, strict=True):
        _growth_of(axes, table, found.joined, wishes)
    return as_png(figure)


def _growth_of(
    axes: Axes, table: DescribedTable, joined: Mapping[tuple[str, int | str], Mapping[date, int]], wishes: Wishes
) -> None:
    names: dict[int | str, str] = {number: wishes.called(row.name) for number, row in enumerate(table.rows)}
    names |= {OTHER: wishes.word("other"), UNTOLD: wishes.word("untold")}
    drawn = {row: days for row in names if (days := joined.get((table.id, row)))}
    large = {row: days for row, days in drawn.items() if not is_small(sum(days.values()), wishes.smallest)}
    axes.set_title(wishes.called(table.name), loc="left", fontsize=13, color=INK)
    if not large:
        say(axes, wishes.word("too_few", n=wishes.smallest))
        return
    first, today = min(min(days) for days in large.values()), wishes.now.date()
    span = [first + timedelta(days=number) for number in range(-1, (today - first).days + 1)]
    for row, days in large.items():
        number = list(names).index(row)
        line = list(accumulate(days.get(day, 0) for day in span))
        shade = GREY if row in (OTHER, UNTOLD) else colour(number)
        label = f"{names[row]} · {number_in_words(line[-1])}"
        days_since = [float(date2num(day)) for day in span]  # type: ignore[no-untyped-call]
        axes.plot(days_since, line, LINES[number % len(LINES)], color=shade, linewidth=2.4, label=label)
    plain(axes)
    whole_numbers(axes)
    dates_below(axes, wishes.language)
    axes.set_ylabel(wishes.word("joined"), fontsize=11)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=11)


def progress(numbers: Numbers, wishes: Wishes) -> bytes:
    """Draw for each dialogue of the sequence how many answered it, were lost in it, and have not come so far."""
    inside = [name for name in wishes.sequence if name in numbers.drops]
    if not inside or not numbers.people:
        return only_words(wishes.word("nobody"))
    figure = new_figure(1.1 + 0.3 * len(inside))
    axes = figure.subplots()
    places = list(range(len(inside)))
    left = [0.0] * len(inside)
    for kind in OF_LOSS:
        long = [float(_drawn(numbers, name, kind, wishes)) for name in inside]
        axes.barh(places, long, left=left, height=0.72, color=OF_LOSS[kind], label=wishes.word(kind), edgecolor="white")
        left = [begin + part for begin, part in zip(left, long, strict=True)]
    rest = [max(max(numbers.people, wishes.smallest) - end, 0.0) for end in left]
    axes.barh(places, rest, left=left, height=0.72, color=PALE, label=wishes.word("not_reached"))
    for place, name in zip(places, inside, strict=True):
        answered = numbers.drops[name].answered
        axes.text(0, place, f" {wishes.number(answered)}", va="center", fontsize=11, color="white" if answered else INK)
    axes.set_yticks(places, [_short(name) for name in inside])
    axes.invert_yaxis()
    axes.set_xlim(0, max(end + more for end, more in zip(left, rest, strict=True)))
    plain(axes)
    axes.set_xticks([])
    figure.legend(loc="outside upper left", ncols=6, frameon=False, fontsize=10, handlelength=0.8, columnspacing=1.0)
    return as_png(figure)


def _drawn(numbers: Numbers, name: str, kind: str, wishes: Wishes) -> int:
    """Return how long a part is drawn: small groups all alike."""
    drop = numbers.drops[name]
    people = drop.answered if kind == "answered" else next(n for loss, n in drop.lost.items() if loss == kind)
    return wishes.smallest if is_small(people, wishes.smallest) else people


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def retention(found: OverTime, wishes: Wishes) -> bytes:
    """Draw which share of those who came in a week still answers so many weeks later."""
    weeks = list(found.cohorts.items())[-MOST_WEEKS:]
    if all(is_small(cohort.people, wishes.smallest) for _, cohort in weeks):
        return only_words(wishes.word("too_few", n=wishes.smallest) if weeks else wishes.word("nobody"))
    most = min(max(len(cohort.stayed) for _, cohort in weeks), MOST_WEEKS)
    if not most:
        return only_words(wishes.word("too_early"))
    figure = new_figure(1.3 + 0.3 * len(weeks))
    axes = figure.subplots()
    shares = [[nan] * most for _ in weeks]
    for line, (_, cohort) in enumerate(weeks):
        for week, stayed in enumerate(cohort.stayed[:most]):
            if not is_small(cohort.people, wishes.smallest):
                shares[line][week] = 100 * _at_least(stayed, wishes) / cohort.people
                told = per_cent(stayed, cohort.people, wishes.smallest).removesuffix("\u00a0%")
                shade = "white" if shares[line][week] < 55 else INK
                axes.text(week, line, told, ha="center", va="center", fontsize=9, color=shade)
    axes.set_facecolor("#F4F4F4")
    axes.imshow(shares, cmap=HEAT, vmin=0, vmax=100, aspect="auto")
    labels = [f"{short_date(monday, wishes.language)} ({wishes.number(cohort.people)})" for monday, cohort in weeks]
    axes.set_yticks(range(len(weeks)), labels)
    axes.set_xticks(range(most))
    plain(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(wishes.word("weeks_later"), fontsize=11)
    axes.set_ylabel(wishes.word("week_of_entry"), fontsize=11)
    figure.suptitle(wishes.word("still_with_us"), x=0.01, ha="left", fontsize=11, color=INK)
    return as_png(figure)


def _at_least(people: int, wishes: Wishes) -> int:
    return wishes.smallest if is_small(people, wishes.smallest) else people


def answer_hours(found: OverTime, wishes: Wishes) -> bytes:
    """Draw when people answer, by weekday and hour."""
    if not found.hours or is_small(found.answering, wishes.smallest):
        return only_words(wishes.word("too_few", n=wishes.smallest) if found.hours else wishes.word("nobody"))
    answers = [[0] * 24 for _ in range(7)]
    for (weekday, hour), count in found.hours.items():
        answers[weekday][hour] = _at_least(count, wishes)
    figure = new_figure(3.1)
    axes = figure.subplots()
    picture = axes.imshow(answers, cmap=HEAT, vmin=0, aspect="auto")
    axes.set_yticks(range(7), WEEKDAYS[wishes.language])
    axes.set_xticks(range(0, 24, 3))
    plain(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(f"{wishes.word('hour')} ({wishes.now.tzinfo})", fontsize=11)
    bar = figure.colorbar(picture, ax=axes, pad=0.015, aspect=14)
    bar.set_label(wishes.word("answers"), fontsize=11)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(integer=True, nbins=4)
    bar.update_ticks()
    return as_png(figure)
