# SPDX-License-Identifier: GPL-3.0-or-later
"""What all pictures of the mails share: size, fonts, how dates are written, and how "nobody yet" looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, num2date
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from src.reports.palette import INK

WIDTH = 7.0
"""Inches; at DOTS to the inch twice as many dots as the mail is wide, so that they are sharp on phones."""
DOTS = 185


def new_figure(height: float) -> Figure:
    """Return an empty picture of this height in inches."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def as_png(figure: Figure) -> bytes:
    """Return the picture as a file."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=DOTS)
    return file.getvalue()


def say(axes: Axes, words: str) -> None:
    """Write a sentence in the middle of an empty picture."""
    axes.set_axis_off()
    axes.text(
        0.5, 0.5, words, ha="center", va="center", fontsize=13, color="#666666", transform=axes.transAxes, wrap=True
    )


def only_words(words: str) -> bytes:
    """Return a picture that says one sentence."""
    figure = new_figure(2.2)
    say(figure.subplots(), words)
    return as_png(figure)


def plain(axes: Axes) -> None:
    """Take away frames, and let thin lines lead from the numbers."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=11, labelcolor=INK)
    axes.set_axisbelow(True)


def whole_numbers(axes: Axes) -> None:
    """Let the upward axis begin at nothing, with whole numbers alone."""
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)


def dates_below(axes: Axes, language: str) -> None:
    """Write dates below, as people of this language do."""
    locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(FuncFormatter(_written(axes, language)))


def _written(axes: Axes, language: str) -> Callable[[float, int | None], str]:
    def write(place: float, _: int | None = None) -> str:
        first, last = axes.get_xlim()
        day = num2date(place).date()  # type: ignore[no-untyped-call]
        return short_date(day, language, with_year=last - first > 300)

    return write


def short_date(day: date, language: str, *, with_year: bool = False) -> str:
    """Return day and month, or month and year, in numbers."""
    if with_year:
        return f"{day:%m/%Y}"
    if language == "en":
        return f"{day.day} {day:%b}"
    return f"{day.day}.{day.month}." if language == "de" else f"{day.day}/{day.month}"
