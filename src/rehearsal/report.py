# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the report: one HTML file with everything in it, and the CSV beside it. The same rehearsal gives the same
bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from src.errors import BotError
from src.rehearsal import charts
from src.rehearsal.figures import PLACES, Figures, figures_of
from src.rehearsal.ledger import Ledger
from src.rehearsal.plan import Plan
from src.rehearsal.table import table

TEMPLATES = Path(__file__).parent
HTML, CSV = "rehearsal.html", "rehearsal.csv"


@dataclass(frozen=True)
class Picture:
    """One picture: its heading, what it tells to somebody who does not see it, and the image as an address."""

    title: str
    told: str
    address: str


def write_report(plan: Plan, ledger: Ledger, folder: Path) -> list[Path]:
    """Write both files and return them. Raises BotError if that cannot be done."""
    figures = figures_of(plan, ledger)
    written = {HTML: page(plan, figures), CSV: table(plan, ledger, figures)}
    for name, text in written.items():
        try:
            (folder / name).write_text(text, "utf-8")
        except OSError as error:
            raise BotError(f"{folder / name} cannot be written: {error.strerror}.") from None
    return [folder / name for name in written]


def page(plan: Plan, figures: Figures) -> str:
    """Return the report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "percent": percent, "duration": duration}
    return environment.get_template("report.html.jinja").render(
        plan=plan,
        figures=figures,
        pictures=dict(pictures(plan, figures)),
        places=[place for place in PLACES if any(week[place] for week in figures.places)],
        limit=plan.per_second,
        busiest=max(figures.busiest_minutes, default=0),
        never=[each for each in figures.trips if not each.begun],
        languages=", ".join(plan.study.rules.languages),
    )


def pictures(plan: Plan, figures: Figures) -> Iterator[tuple[str, Picture]]:
    """Yield the pictures by name; those that would be empty are left out."""
    if figures.messages:
        most = max(figures.by_day)
        yield "days", picture("Messages a day", f"At most {most:,}.", charts.messages_a_day(figures))
        text = f"The busiest minute has {max(figures.busiest_minutes):,} messages."
        yield (
            "minutes",
            picture("The busiest minute of each day", text, charts.busiest_minutes(figures, plan.per_second)),
        )
        hours = figures.by_hour_of_day
        busiest = max(range(24), key=lambda hour: hours[hour].most)
        text = f"The busiest hour begins at {busiest:02}:00, with {hours[busiest].most:,} messages on one day."
        yield "hours", picture("Messages by hour of the day", text, charts.hours_of_the_day(hours))
    if figures.weeks_of_one:
        text = f"Half get at most {figures.weeks_of_one[0].half:g} in their first week."
        yield "one", picture("What one person gets in a week", text, charts.weeks_of_one(figures.weeks_of_one))
    if figures.finished:
        text = f"{len(figures.finished):,} of {plan.participants:,} finish."
        yield (
            "finished",
            picture("How long it takes", text, charts.days_to_the_end(figures.finished, plan.participants)),
        )
    if figures.participants:
        yield "places", picture("Who stands where", "The table below has the numbers.", charts.places(figures.places))
    if any(each.sent for each in figures.peaks):
        text = "The table below has the numbers."
        yield "mass", picture("After a mass send", text, charts.after_a_mass_send(figures.peaks, plan.per_second))


def picture(title: str, told: str, svg: str) -> Picture:
    """Return a picture that stands in the page itself."""
    return Picture(title, told, f"data:image/svg+xml;base64,{base64.b64encode(svg.encode('utf-8')).decode('ascii')}")


def number(value: float) -> str:
    """Write a number as people read it."""
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:,.1f}"


def percent(share: float) -> str:
    """Write a share as percent; what is not nothing does not look like nothing."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{100 * share:.1f} %" if share < 1 else "100 %"


def duration(seconds: float) -> str:
    """Write a duration."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
