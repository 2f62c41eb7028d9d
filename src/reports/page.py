# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as HTML that mail programs show, and as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from src.reports import palette
from src.reports.parts import BarCharts, Part, Picture, Report, Sentences, Strip, Strips, Table

TEMPLATES = Path(__file__).parent / "templates"


def as_html(report: Report, sources: Mapping[str, str]) -> str:
    """Return the page; `sources` says for the name of each picture where it lies, such as `cid:…`."""
    colours = {"blue": palette.BLUE, "red": palette.RED, "ink": palette.INK, "pale": palette.PALE}
    return filled("report.html", report=report, sources=sources, **colours)


def filled(template: str, **values: object) -> str:
    """Return a template with these values; whatever they hold, it is text and no HTML."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return templates.get_template(template).render(**values)


def as_text(report: Report) -> str:
    """Return the same as plain text."""
    lines = [report.title, report.subtitle]
    for section in report.sections:
        lines += ["", section.title, "=" * len(section.title)]
        for part in section.parts:
            lines += _lines(part)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _lines(part: Part) -> list[str]:
    match part:
        case Table():
            titled = [part.title, *part.head[1:]] if part.title and not part.head[0] else list(part.head)
            rows = [("  " if row.part else "") + row.cells[0] for row in part.rows]
            cells = [(name, *row.cells[1:]) for name, row in zip(rows, part.rows, strict=True)]
            return [*_columns([tuple(titled), *cells]), ""]
        case BarCharts():
            return [*([part.title] if part.title else []), *_charts(part), ""]
        case Strips():
            head = [part.title] if part.title else []
            told = [f"{one.name}: " + ", ".join(_facts(one)) for one in part.strips]
            return [*head, *told, ""]
        case Picture():
            return [f"[{part.words}]", ""]
        case Sentences():
            return [f"{'! ' if part.warns else ''}{line}" for line in part.lines]


def _facts(strip: Strip) -> list[str]:
    parts = [(share.name, share.number) for share in strip.shares if share.share]
    return [f"{name} {number}" for name, number in (*strip.facts, *parts)]


def _charts(part: BarCharts) -> Iterable[str]:
    """Write charts as the columns of one table: how many, then a number for each chart."""
    names = dict.fromkeys(bar.name for chart in part.charts for bar in chart.bars)
    columns = [[chart.title, *_numbers(names, {bar.name: bar.number for bar in chart.bars})] for chart in part.charts]
    return _columns(list(zip_longest(["", *names], *columns, fillvalue="")))


def _numbers(names: Iterable[str], numbers: Mapping[str, str]) -> list[str]:
    return [numbers.get(name, "0") for name in names]


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """Write rows with their columns below each other; the first to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    return [
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        for row in rows
    ]
