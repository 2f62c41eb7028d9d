# SPDX-License-Identifier: GPL-3.0-or-later
"""Double profiles: how many people stand in two rows of neighbouring columns; the same for the picture and the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from src.reports.described import DescribedTable
from src.reports.numbers import OTHER
from src.reports.over_time import OverTime
from src.reports.palette import GREY, colour
from src.reports.small_groups import is_small
from src.reports.wishes import Wishes


@dataclass(frozen=True)
class Block:
    """A row of a column, such as "woman". `people` is the sum of its bands on the side where there are more."""

    column: int
    row: int | str
    name: str
    colour: str
    people: int


@dataclass(frozen=True)
class Band:
    """People who stand in the blocks of these two numbers, roughly."""

    left: int
    right: int
    people: int


@dataclass(frozen=True)
class Flows:
    """The whole chart: titles of columns, blocks from left to right and from above to below, bands between them."""

    titles: tuple[str, ...]
    blocks: tuple[Block, ...]
    bands: tuple[Band, ...]

    def in_column(self, column: int) -> list[int]:
        """Return the numbers of the blocks of a column."""
        return [number for number, block in enumerate(self.blocks) if block.column == column]


def flows_of(found: OverTime, wishes: Wishes) -> Flows:
    """Return what is drawn. Bands of small groups are left out and the others rounded to multiples of the smallest
    group, so that what is left out cannot be computed.
    """
    columns = wishes.description.columns()
    told: list[tuple[int, int | str, int | str, int]] = []
    for number, flows in found.flows.items():
        for (left, right), people in flows.items():
            if not is_small(people, wishes.smallest):
                told.append((number, left, right, wishes.smallest * round(people / wishes.smallest)))
    blocks = [
        Block(column, row, name, _shade(row), _people(told, column, row))
        for column, table in enumerate(columns)
        for row, name in _rows(table, wishes)
    ]
    drawn = tuple(block for block in blocks if block.people)
    place = {(block.column, block.row): number for number, block in enumerate(drawn)}
    bands = [Band(place[number, left], place[number + 1, right], people) for number, left, right, people in told]
    titles = tuple(wishes.called(table.name) for table in columns)
    return Flows(titles, drawn, tuple(sorted(bands, key=lambda band: (band.left, band.right))))


def _rows(table: DescribedTable, wishes: Wishes) -> list[tuple[int | str, str]]:
    rows: list[tuple[int | str, str]] = [(number, wishes.called(row.name)) for number, row in enumerate(table.rows)]
    return [*rows, (OTHER, wishes.word("other"))]


def _people(told: Sequence[tuple[int, int | str, int | str, int]], column: int, row: int | str) -> int:
    out = sum(people for number, left, _, people in told if (number, left) == (column, row))
    into = sum(people for number, _, right, people in told if (number + 1, right) == (column, row))
    return max(out, into)


def _shade(row: int | str) -> str:
    return colour(row) if isinstance(row, int) else GREY
