# SPDX-License-Identifier: GPL-3.0-or-later
"""The CSV: one line a value, so that it goes into R, SPSS or a spreadsheet as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from src.rehearsal.figures import Figures, Spread, week_by_week
from src.rehearsal.ledger import Ledger
from src.rehearsal.plan import Plan

Line = tuple[str, str, str, object]
TITLES = ("figure", "at", "what", "value")


def table(plan: Plan, ledger: Ledger, figures: Figures) -> str:
    """Return the CSV with all figures."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TITLES)
    for part in (of_time(plan, figures), of_people(ledger), of_weeks(figures), of_dialogues(figures), of_rest(figures)):
        writer.writerows(part)
    return text.getvalue()


def of_time(plan: Plan, figures: Figures) -> Iterator[Line]:
    """Yield messages by day and hour, by the study's clock."""
    zone = plan.study.rules.timezone
    for day, count in enumerate(figures.by_day):
        yield "day", str(plan.habits.begins + timedelta(days=day)), "messages", count
        yield "day", str(plan.habits.begins + timedelta(days=day)), "busiest minute", figures.busiest_minutes[day]
    for hour, count in enumerate(figures.by_hour):
        if count:
            moment = (plan.begin + timedelta(hours=hour)).astimezone(zone)
            yield "hour", moment.isoformat(timespec="minutes"), "messages", count
    for hour, spread in enumerate(figures.by_hour_of_day):
        yield from of_spread("hour of the day", f"{hour:02}:00", spread)


def of_spread(figure: str, at: str, spread: Spread) -> Iterator[Line]:
    """Yield the three values of a spread."""
    yield figure, at, "half below", spread.half
    yield figure, at, "nine of ten below", spread.nine_of_ten
    yield figure, at, "most", spread.most


def of_people(ledger: Ledger) -> Iterator[Line]:
    """Yield what each person got, and how long it took them."""
    for number, journey in sorted(ledger.journeys.items()):
        yield "person", str(number), "kind", journey.kind
        yield "person", str(number), "messages", sum(journey.daily)
        yield "person", str(number), "most in a day", max(journey.daily, default=0)
        yield "person", str(number), "most in a week", max(week_by_week(journey.daily, journey.came), default=0)
        if journey.came is not None and journey.finished is not None:
            yield "person", str(number), "days to the end", round((journey.finished - journey.came) / 86400, 2)


def of_weeks(figures: Figures) -> Iterator[Line]:
    """Yield who stands where after each week, and what one person gets in each week of taking part."""
    for week, places in enumerate(figures.places, start=1):
        for place, count in places.items():
            yield "after week", str(week), place, count
    for week, spread in enumerate(figures.weeks_of_one, start=1):
        yield from of_spread("messages in a person's week", str(week), spread)


def of_dialogues(figures: Figures) -> Iterator[Line]:
    """Yield what became of the dialogues, and the longest texts."""
    for trip in figures.trips:
        yield "dialogue", trip.dialogue, "begun", trip.begun
        yield "dialogue", trip.dialogue, "ended", trip.ended
        for message in trip.unreached:
            yield "dialogue", trip.dialogue, "message that came to nobody", message
    for begins, wall in figures.walls:
        yield "text at one go", begins, "characters", wall.characters
        yield "text at one go", begins, "messages", wall.messages


def of_rest(figures: Figures) -> Iterator[Line]:
    """Yield what belongs to the whole study."""
    for name in ("messages", "acts", "edits", "phrases", "reminders", "refused", "mornings"):
        yield "study", "", name, getattr(figures, name)
    for why, count in figures.night.items():
        yield "in the night", "", why, count
    for who, shares in figures.waits.items():
        for name, share in shares:
            yield "late", who, name, round(share, 6)
    for line, times in figures.warnings:
        yield "warning", "", line, times
    for peak in figures.peaks:
        at = peak.started.isoformat(timespec="seconds")
        yield "mass send", at, "sent", peak.sent
        yield "mass send", at, "seconds", peak.seconds
