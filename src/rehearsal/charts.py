# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the report, as SVG: the same numbers give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from src.rehearsal.figures import PLACES, Figures, Peak, Spread

BLUE, ORANGE, GREEN, RED, SKY, YELLOW, PURPLE, BLACK, GREY = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#F0E442", "#CC79A7", "#222222", "#BBBBBB"),
)
"""Okabe and Ito's colours, which colour-blind people can tell apart (jfly.uni-koeln.de/color)."""

COLOUR_OF = dict(zip(PLACES, (GREY, "#8C8C8C", SKY, GREEN, YELLOW, ORANGE, PURPLE, RED, BLACK), strict=True))
LOOK = {
    "svg.hashsalt": "rehearsal",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E4E4E4",
    "axes.axisbelow": True,
    "legend.frameon": False,
}
SIZE = (4.6, 3.0)
"""Inches: shown at about this width, so that the letters stay readable on a phone."""


def drawn(draw: Callable[[Axes], None], xlabel: str, ylabel: str, *, log: bool = False) -> str:
    """Return one picture as SVG; `log`: steps upwards are times ten, so that little is seen beside much."""
    with mpl.rc_context(LOOK):  # type: ignore[arg-type]
        figure = Figure(figsize=SIZE, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(axes)
        axes.set(xlabel=xlabel, ylabel=ylabel)
        axes.set_yscale("log" if log else "linear")
        axes.set_ylim(bottom=0.8 if log else 0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, steps=[1, 2, 3, 4, 5, 10]))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        written = io.BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return written.getvalue().decode("utf-8")


def messages_a_day(figures: Figures) -> str:
    """Draw the messages of each day."""

    def draw(axes: Axes) -> None:
        axes.bar(range(1, len(figures.by_day) + 1), figures.by_day, width=1.0, color=BLUE)

    return drawn(draw, "day of the study", "messages")


def busiest_minutes(figures: Figures, per_second: float) -> str:
    """Draw the busiest minute of each day, below Telegram's limit."""

    def draw(axes: Axes) -> None:
        days = range(1, len(figures.busiest_minutes) + 1)
        axes.bar(days, figures.busiest_minutes, width=1.0, color=BLUE, label="busiest minute of the day")
        if per_second:
            axes.axhline(60 * per_second, color=RED, linestyle="--", label=f"limit: {60 * per_second:,.0f} a minute")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=2, fontsize=10)

    return drawn(draw, "day of the study", "messages a minute", log=True)


def hours_of_the_day(spreads: Sequence[Spread]) -> str:
    """Draw the messages of each hour of the day."""

    def draw(axes: Axes) -> None:
        hours = range(24)
        axes.bar(hours, [each.most for each in spreads], color=SKY, label="busiest day")
        axes.bar(hours, [each.nine_of_ten for each in spreads], color=BLUE, label="nine of ten days at most")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=2, fontsize=10)

    return drawn(draw, "hour, by the study's clock", "messages")


def weeks_of_one(spreads: Sequence[Spread]) -> str:
    """Draw what one person gets in each week of taking part."""

    def draw(axes: Axes) -> None:
        weeks = range(1, len(spreads) + 1)
        lines: Mapping[str, tuple[str, str, list[float]]] = {
            "most": (RED, "^", [each.most for each in spreads]),
            "nine of ten at most": (ORANGE, "s", [each.nine_of_ten for each in spreads]),
            "half at most": (BLUE, "o", [each.half for each in spreads]),
        }
        for name, (colour, marker, values) in lines.items():
            axes.plot(weeks, values, color=colour, marker=marker, markersize=4, label=name)
        axes.legend(fontsize=10)

    return drawn(draw, "week since a person came", "messages in the week")


def days_to_the_end(days: Sequence[float], participants: int) -> str:
    """Draw how many have come to the end after so many days."""

    def draw(axes: Axes) -> None:
        shares = [100 * number / max(participants, 1) for number in range(1, len(days) + 1)]
        axes.step([0, *days], [0, *shares], where="post", color=GREEN, linewidth=2)
        axes.set_ylim(top=100)

    return drawn(draw, "days since a person came", "% of all have finished")


def places(weeks: Sequence[Mapping[str, int]]) -> str:
    """Draw who stands where after each week."""

    def draw(axes: Axes) -> None:
        below = [0] * len(weeks)
        for place in PLACES:
            counts = [each[place] for each in weeks]
            if any(counts):
                axes.bar(range(1, len(weeks) + 1), counts, bottom=below, color=COLOUR_OF[place], label=place)
                below = [one + other for one, other in zip(below, counts, strict=True)]
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9, columnspacing=1.0)

    return drawn(draw, "after week", "people")


def after_a_mass_send(peaks: Sequence[Peak], per_second: float) -> str:
    """Draw messages a minute from the beginning of each mass send on."""

    def draw(axes: Axes) -> None:
        for peak, colour, marker in zip(peaks, (BLUE, ORANGE, GREEN, PURPLE), "os^D", strict=False):
            minutes = range(len(peak.minutes))
            axes.plot(minutes, peak.minutes, color=colour, marker=marker, markersize=4, label=f"{peak.started:%d %b}")
        if per_second:
            axes.axhline(60 * per_second, color=RED, linestyle="--", label="limit")
        axes.legend(fontsize=10)

    return drawn(draw, "minutes since it began", "messages a minute", log=True)
