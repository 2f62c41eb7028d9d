# SPDX-License-Identifier: GPL-3.0-or-later
"""How far to the right each node and each bend of an edge stands: few crossings, no overlaps, straight edges.

igraph puts each layer into an order. How far neighbours stand apart is decided here: igraph does not know how wide
they are, and lets some overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

# It brings no types.
import igraph

APART = 30.0
"""Pixels between two neighbours of a layer, at least."""

SWEEPS = 400
STRAIGHT = 25.0
"""How much more two places hold on to each other that have no other neighbour there, such as bends of an edge."""


@dataclass
class Places:
    """Nodes and bends, by number: their layers and widths (a bend has none), links from upper to lower ones."""

    levels: list[int] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """Where a place wants its middle to be, and how strongly."""

    middle: float
    strength: float


@dataclass(frozen=True)
class Near:
    """The neighbours of each place in the layer above, and in the one below."""

    above: list[list[int]]
    below: list[list[int]]

    def alone(self, one: int, other: int) -> bool:
        """Tell whether two neighbours have no other one on that side, as the bends of an edge."""
        upper, lower = (one, other) if other in self.below[one] else (other, one)
        return len(self.below[upper]) == len(self.above[lower]) == 1


def middles_of(places: Places) -> list[float]:
    """Return the middle of each place in pixels, the leftmost edge of all being 0.

    Links are springs, and each row in its turn goes where they are shortest; that comes to rest quickly.
    """
    near = near_of(places)
    rows = rows_of(places, near)
    middles = [0.0] * len(places.levels)
    for row in rows:
        settle(row, [Wish(0.0, 1.0)] * len(row), middles, places.widths)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            settle(row, [pulled(place, near, middles) for place in row], middles, places.widths)
    leftmost = min((middle - width / 2 for middle, width in zip(middles, places.widths, strict=True)), default=0.0)
    return [middle - leftmost for middle in middles]


def near_of(places: Places) -> Near:
    """Return who is linked with whom."""
    near = Near([[] for _ in places.levels], [[] for _ in places.levels])
    for upper, lower in places.links:
        near.above[lower].append(upper)
        near.below[upper].append(lower)
    return near


def pulled(place: int, near: Near, middles: Sequence[float]) -> Wish:
    """Return where its neighbours pull a place to, and how strongly; where there are none it stays."""
    pulls = [(each, STRAIGHT if near.alone(place, each) else 1.0) for each in near.above[place] + near.below[place]]
    strength = sum(pull for _, pull in pulls)
    if not pulls:
        return Wish(middles[place], 1.0)
    return Wish(sum(middles[each] * pull for each, pull in pulls) / strength, strength)


def rows_of(places: Places, near: Near) -> list[list[int]]:
    """Return the places of each layer from left to right, so that few links cross."""
    graph = igraph.Graph(n=len(places.levels), edges=places.links, directed=True)
    columns = [spot[0] for spot in graph.layout_sugiyama(layers=places.levels, hgap=1, vgap=1, maxiter=500)]
    rows: list[list[int]] = [[] for _ in range(1 + max(places.levels, default=-1))]
    for place in sorted(range(len(columns)), key=lambda each: columns[each]):
        rows[places.levels[place]].append(place)
    while sum(untangled(rows, near)):
        pass
    return rows


def untangled(rows: list[list[int]], near: Near) -> Iterator[bool]:
    """Exchange neighbours of a row where that takes crossings away; yield whether it did, for each pair."""
    at = {place: index for row in rows for index, place in enumerate(row)}
    for row in rows:
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            better = crossings(right, left, near, at) < crossings(left, right, near, at)
            if better:
                row[index], row[index + 1] = right, left
                at[left], at[right] = index + 1, index
            yield better


def crossings(left: int, right: int, near: Near, at: dict[int, int]) -> int:
    """Return how often the links of two neighbours cross if they stand in this order."""
    return sum(at[one] > at[other] for side in (near.above, near.below) for one in side[left] for other in side[right])


def settle(row: Sequence[int], wishes: Sequence[Wish], middles: list[float], widths: Sequence[float]) -> None:
    """Put the places of a row as near to where they want to be as possible, in order and apart from each other.

    What would overlap becomes a block that stands where its members want to be on average.
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (widths[left] + widths[right]) / 2 + APART)
    blocks: list[list[Wish]] = []
    for offset, wish in zip(offsets, wishes, strict=False):
        blocks.append([Wish(wish.middle - offset, wish.strength)])
        while len(blocks) > 1 and mean(blocks[-2]) > mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    starts = [mean(block) for block in blocks for _ in block]
    for place, offset, start in zip(row, offsets, starts, strict=False):
        middles[place] = start + offset


def mean(wishes: Sequence[Wish]) -> float:
    """Return where these wishes meet."""
    return sum(each.middle * each.strength for each in wishes) / sum(each.strength for each in wishes)
