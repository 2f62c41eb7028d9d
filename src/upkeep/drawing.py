# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a dialogue as an SVG that a browser opens by itself: no script, no font from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from src.dialogues.model import Dialogue
from src.upkeep.graph import Graph, Look, Node, graph_of
from src.upkeep.layout import Layout, Route, Spot, layout_of
from src.upkeep.svg import COLOURS, arrow, box, escaped, label, width_of, wrapped

GAP = 46
MARGIN = 40
HEAD = 86
LINE = 16
WIDTH = 232
ANSWER_WIDTH = 214
END_SIZE = (56, 26)
TEXT_LINES = 3
MOST_OF_VALUE = 80
PORTS_APART = 26
LEGEND = (
    (Look.TELLS, "tells"),
    (Look.BUTTONS, "asks with buttons"),
    (Look.TYPED, "asks for a text"),
    (Look.PRESSED, "button"),
    (Look.WRITTEN, "what is typed"),
    (Look.BRANCH, "earlier answer"),
    (Look.END, "end"),
)


@dataclass(frozen=True)
class Shape:
    """A node on the page, in pixels: its middle, its size, and its lines of text."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def top(self) -> float:
        """Return the upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.height / 2


Size = tuple[float, float, tuple[str, ...]]
"""Width and height of a node in pixels, and the lines below its title."""


@dataclass(frozen=True)
class Rows:
    """The upper and lower edge of each layer, in pixels."""

    tops: Mapping[int, float]
    bottoms: Mapping[int, float]


def drawing_of(dialogue: Dialogue, language: str, default: str) -> str:
    """Return the SVG of a dialogue with its texts in a language."""
    graph = graph_of(dialogue, language, default)
    sizes = {name: size_of(node) for name, node in graph.nodes.items()}
    layout = layout_of(graph, {name: size[0] for name, size in sizes.items()})
    rows, shapes = placed(graph, layout, sizes)
    width = max([shape.x + shape.width / 2 for shape in shapes.values()] + [MARGIN + 820]) + MARGIN
    width = max([width, *(x_of(spot) + MARGIN for route in layout.routes for spot in route.between)])
    height = max(rows.bottoms.values(), default=HEAD) + MARGIN
    about = f"{dialogue.title}, language: {language}, {len(dialogue.messages)} messages"
    head = [
        label(MARGIN, 36, dialogue.id, size=20, bold=True),
        label(MARGIN + 14 * len(dialogue.id) + 16, 36, about, colour="#666"),
        *legend(),
    ]
    lines = [
        *head,
        *edges_drawn(layout, rows, shapes),
        *(part for each in shapes.values() for part in node_drawn(each)),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="Helvetica, Arial, \'DejaVu Sans\', sans-serif">',
            f"<title>{escaped(dialogue.id)}</title>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *lines,
            "</svg>\n",
        ]
    )


def x_of(spot: Spot) -> float:
    """Return where a spot of the layout is on the page."""
    return MARGIN + spot.x


def placed(graph: Graph, layout: Layout, sizes: Mapping[str, Size]) -> tuple[Rows, dict[str, Shape]]:
    """Return the rows, each as high as its highest node, and the nodes in the middle of their rows."""
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    y = float(HEAD)
    for layer in range(1 + max((spot.layer for spot in layout.spots.values()), default=0)):
        heights = [sizes[name][1] for name, spot in layout.spots.items() if spot.layer == layer]
        tops[layer] = y
        bottoms[layer] = y + max(heights, default=0)
        y = bottoms[layer] + (GAP if heights else 0)
    shapes: dict[str, Shape] = {}
    for name, spot in layout.spots.items():
        width, height, lines = sizes[name]
        middle = (tops[spot.layer] + bottoms[spot.layer]) / 2
        shapes[name] = Shape(graph.nodes[name], x_of(spot), middle, width, height, lines)
    return Rows(tops, bottoms), shapes


def size_of(node: Node) -> Size:
    """Return a node's width and height in pixels, and what is written in it below its title."""
    if node.look is Look.END:
        return *END_SIZE, node.lines
    if node.is_message:
        notes = [part for note in node.notes for part in wrapped(note, WIDTH - 24, 11, 2)]
        lines = (*wrapped(node.text, WIDTH - 24, 12, TEXT_LINES), *(f"\0{note}" for note in notes))
        return WIDTH, 30 + LINE * len(lines) + 8, lines
    lines = tuple(answer_lines(node))
    return ANSWER_WIDTH, LINE * len(lines) + 12, lines


def answer_lines(node: Node) -> Iterator[str]:
    """Yield the labels of an answer; a button's value stands behind its label, if it says something else."""
    for text in node.lines:
        shown, _, value = text.partition("\n")
        value = "" if value.casefold() == shown.casefold() else wrapped(value, MOST_OF_VALUE, 11, 1)[0]
        room = ANSWER_WIDTH - 24 - (width_of(value, 11) + 8 if value else 0)
        first, *rest = wrapped(shown, room, 12, 2)
        yield f"{first}\0{value}"
        yield from rest
    for condition in node.under:
        yield from (f"\1{part}" for part in wrapped(condition, ANSWER_WIDTH - 20, 12, 2))


def node_drawn(shape: Shape) -> Iterator[str]:
    """Yield the SVG of a node; its whole text comes up under the mouse."""
    node, fill, stroke = shape.node, *COLOURS[shape.node.look if shape.node.reached else None]
    yield f"<g><title>{escaped(node.text or ' '.join((*node.lines, *node.under)))}</title>"
    left = shape.x - shape.width / 2
    round_corners = 6 if node.is_message else 13
    yield box(left, shape.top, shape.width, shape.height, fill, stroke, round_corners, dashed=node.look is Look.WRITTEN)
    y = shape.top + 20 if node.is_message else shape.top + 18
    if node.is_message:
        yield label(left + 12, y, wrapped(node.title, 140, 13, 1)[0], size=13, bold=True)
        yield label(left + shape.width - 12, y, str(node.look), size=11, colour=stroke, anchor="end")
        y += 20
    for line in shape.lines:
        yield from line_drawn(line, shape, y, left)
        y += LINE
    yield "</g>"


def line_drawn(line: str, shape: Shape, y: float, left: float) -> Iterator[str]:
    """Yield one line inside a node: a message's text or note, an answer's label with its value, a condition."""
    text, mark, rest = line.partition("\0")
    look = shape.node.look
    if shape.node.is_message:
        note = {"size": 11, "colour": "#777"} if mark else {"size": 12}
        yield label(left + 12, y, rest or text, italic=bool(mark), **note)
    elif look is Look.PRESSED and not line.startswith("\1"):
        yield label(left + 12, y, text)
        if rest:
            yield label(left + shape.width - 12, y, rest, size=11, colour="#777", anchor="end")
    else:
        colour = "#fff" if look is Look.END else "#3c6b46" if line.startswith("\1") else "#222"
        yield label(shape.x, y, text.removeprefix("\1"), anchor="middle", colour=colour, italic=look is not Look.END)


def edges_drawn(layout: Layout, rows: Rows, shapes: Mapping[str, Shape]) -> Iterator[str]:
    """Yield the SVG of all edges; those at one side of a node stand apart, in the order of where they lead."""
    leaving = ports([(each.upper, first_x(each, shapes), each) for each in layout.routes], shapes)
    coming = ports([(each.lower, last_x(each, shapes), each) for each in layout.routes], shapes)
    for number, route in enumerate(layout.routes):
        upper, lower = shapes[route.upper], shapes[route.lower]
        start, end = layout.spots[route.upper].layer, layout.spots[route.lower].layer
        points = [(leaving[number], upper.bottom), (leaving[number], rows.bottoms[start])]
        for spot in route.between:
            if rows.tops[spot.layer] == rows.bottoms[spot.layer]:
                continue  # nothing stands there that would have to be passed
            points += [(x_of(spot), rows.tops[spot.layer]), (x_of(spot), rows.bottoms[spot.layer])]
        points += [(coming[number], rows.tops[end]), (coming[number], lower.top)]
        grey = not (upper.node.reached and lower.node.reached)
        yield arrow(points, up=route.up, grey=grey)


def first_x(route: Route, shapes: Mapping[str, Shape]) -> float:
    """Return where an edge goes from its upper node."""
    return x_of(route.between[0]) if route.between else shapes[route.lower].x


def last_x(route: Route, shapes: Mapping[str, Shape]) -> float:
    """Return from where an edge comes to its lower node."""
    return x_of(route.between[-1]) if route.between else shapes[route.upper].x


def ports(ends: Sequence[tuple[str, float, Route]], shapes: Mapping[str, Shape]) -> list[float]:
    """Return for each edge where it touches its node, so that none lies on another."""
    places = [0.0] * len(ends)
    for name in {each[0] for each in ends}:
        here = sorted((number for number, each in enumerate(ends) if each[0] == name), key=lambda at: ends[at][1])
        apart = min(PORTS_APART, (shapes[name].width - 30) / max(len(here) - 1, 1))
        for place, number in enumerate(here):
            places[number] = shapes[name].x + (place - (len(here) - 1) / 2) * apart
    return places


def legend() -> Iterator[str]:
    """Yield what the colours mean."""
    x = float(MARGIN)
    for look, meaning in LEGEND:
        fill, stroke = COLOURS[look]
        yield box(x, 52, 18, 13, fill, stroke, 4, dashed=look is Look.WRITTEN)
        yield label(x + 24, 63, meaning, size=11, colour="#555")
        x += 24 + 7 * len(meaning) + 22
