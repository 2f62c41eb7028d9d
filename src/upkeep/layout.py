# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the nodes of a dialogue's graph stand and which way its edges take: layers from top to bottom.

Messages stand on even layers, answers on odd ones. An edge over several layers gets a place of its own on each of
them, so that it never runs through a node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from src.upkeep.columns import Places, middles_of
from src.upkeep.graph import Graph


@dataclass(frozen=True)
class Spot:
    """A place in the layout: the layer, and its middle in pixels from the left."""

    layer: int
    x: float


@dataclass(frozen=True)
class Route:
    """The way of an edge: spots from its upper to its lower end. `up`: it leads from the lower to the upper node."""

    upper: str
    lower: str
    between: tuple[Spot, ...]
    up: bool


@dataclass(frozen=True)
class Layout:
    """All spots of the nodes by their ids, and all routes."""

    spots: Mapping[str, Spot]
    routes: tuple[Route, ...]


def layout_of(graph: Graph, widths: Mapping[str, float]) -> Layout:
    """Return where to draw what; `widths` are those of the nodes in pixels."""
    layers = layers_of(graph)
    ids = {name: number for number, name in enumerate(layers)}
    places = Places(list(layers.values()), [widths[name] for name in layers], [])
    ways: list[tuple[str, str, range, bool]] = []
    for edge in graph.edges:
        up = layers[edge.source] > layers[edge.target]
        upper, lower = (edge.target, edge.source) if up else (edge.source, edge.target)
        levels = range(layers[upper] + 1, layers[lower])
        bends = range(len(places.levels), len(places.levels) + len(levels))
        places.levels += levels
        places.widths += [0.0] * len(levels)
        whole = [ids[upper], *bends, ids[lower]]
        places.links += pairwise(whole)
        ways.append((upper, lower, bends, up))
    spots = [Spot(level, x) for level, x in zip(places.levels, middles_of(places), strict=True)]
    routes = tuple(Route(upper, lower, tuple(spots[each] for each in bends), up) for upper, lower, bends, up in ways)
    return Layout({name: spots[number] for name, number in ids.items()}, routes)


def layers_of(graph: Graph) -> dict[str, int]:
    """Return each node's layer: a message two below the lowest message that leads to it, an answer one below its own.

    Ways back upwards do not count. What nothing leads to begins at the top.
    """
    following = neighbours(graph)
    order = downward(graph, following)
    place = {name: number for number, name in enumerate(order)}
    layers = dict.fromkeys(order, 0)
    for name in order:
        for target in following[name]:
            if place[target] > place[name]:
                even = graph.nodes[target].is_message or target.startswith("end\n")
                below = layers[name] + 1
                layers[target] = max(layers[target], below + (below % 2 if even else 0))
    return layers


def neighbours(graph: Graph) -> dict[str, list[str]]:
    """Return for each node those that its edges lead to."""
    following: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for edge in graph.edges:
        following[edge.source].append(edge.target)
    return following


def downward(graph: Graph, following: Mapping[str, list[str]]) -> list[str]:
    """Return the nodes so that all edges lead forward, but for those that close a circle."""
    done: dict[str, None] = {}
    started: set[str] = set()
    for root in [*graph.first, *graph.nodes]:
        waiting = [(root, iter(following[root]))] if root not in started else []
        started.add(root)
        while waiting:
            rest = waiting[-1][1]
            target = next((each for each in rest if each not in started), None)
            if target is None:
                done[waiting.pop()[0]] = None
            else:
                started.add(target)
                waiting.append((target, iter(following[target])))
    return list(reversed(done))
