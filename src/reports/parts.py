# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report consists of, before it becomes HTML, text or a mail: sections with tables, bars and pictures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of a table. `share`: a bar behind its name, from 0 to 1; `part`: belongs to the row above."""

    cells: tuple[str, ...]
    share: float | None = None
    part: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first column holds names, the others numbers."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar with its name and number; `share` is its length, from 0 to 1."""

    name: str
    number: str
    share: float


@dataclass(frozen=True)
class BarChart:
    """A small chart of bars."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarCharts:
    """Small charts side by side."""

    charts: tuple[BarChart, ...]
    title: str = ""


@dataclass(frozen=True)
class Share:
    """A part of a coloured strip: name, number, colour, and its length from 0 to 1."""

    name: str
    number: str
    colour: str
    share: float


@dataclass(frozen=True)
class Strip:
    """A named strip of coloured parts, and what is told beside it as pairs of word and number."""

    name: str
    shares: tuple[Share, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Strips:
    """Strips one below the other."""

    strips: tuple[Strip, ...]
    title: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture as PNG; `name` is a file's name without its ending, `words` says what is seen."""

    name: str
    words: str
    content: bytes


@dataclass(frozen=True)
class Sentences:
    """Plain sentences, one a line; `warns`: they say that something is wrong."""

    lines: tuple[str, ...]
    warns: bool = False


Part = Table | BarCharts | Strips | Picture | Sentences


@dataclass(frozen=True)
class Section:
    """A headline and what stands under it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Report:
    """A whole report in one language."""

    title: str
    subtitle: str
    language: str
    sections: tuple[Section, ...]

    def pictures(self) -> tuple[Picture, ...]:
        """Return all pictures in their order."""
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, Picture))
