# SPDX-License-Identifier: GPL-3.0-or-later
"""The Sankey chart as a picture: blocks in columns, and bands between them as wide as there are people."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from src.reports.drawing import as_png, new_figure, only_words
from src.reports.flows import Band, Flows
from src.reports.palette import INK

THICK = 0.035
GAP = 0.03
"""Width of a block and the gap between two, as parts of the picture."""


def draw_flows(flows: Flows, empty: str) -> bytes:
    """Draw the chart; `empty` is what the picture says when there is nothing to draw."""
    if not flows.bands:
        return only_words(empty)
    figure = new_figure(4.8)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(-0.16, 1.16)
    axes.set_ylim(-0.02, 1.08)
    tops, scale = _places(flows)
    for number, block in enumerate(flows.blocks):
        left = _left(block.column, flows)
        axes.add_patch(Rectangle((left, tops[number]), THICK, -block.people * scale, color=block.colour, lw=0))
        _name(
            axes, block.name, left, tops[number] - block.people * scale / 2, last=block.column == len(flows.titles) - 1
        )
    for column, title in enumerate(flows.titles):
        axes.text(_left(column, flows) + THICK / 2, 1.05, title, ha="center", fontsize=13, color=INK, weight="bold")
    _bands(axes, flows, tops, scale)
    return as_png(figure)


def _places(flows: Flows) -> tuple[list[float], float]:
    """Return where the upper edge of each block lies, and how high one person is."""
    columns = [flows.in_column(column) for column in range(len(flows.titles))]
    most = max(sum(flows.blocks[number].people for number in column) for column in columns)
    gaps = max(len(column) for column in columns) - 1
    scale = (1 - GAP * gaps) / most
    tops = [0.0] * len(flows.blocks)
    for column in columns:
        high = sum(flows.blocks[number].people for number in column) * scale + GAP * (len(column) - 1)
        edge = (1 + high) / 2
        for number in column:
            tops[number] = edge
            edge -= flows.blocks[number].people * scale + GAP
    return tops, scale


def _left(column: int, flows: Flows) -> float:
    return column * (1 - THICK) / (len(flows.titles) - 1)


def _name(axes: Axes, name: str, left: float, height: float, *, last: bool) -> None:
    place, side = (left + THICK + 0.012, "left") if last else (left - 0.012, "right")
    box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.2}
    axes.text(place, height, name, ha=side, va="center", fontsize=11, color=INK, bbox=box, zorder=4)


def _bands(axes: Axes, flows: Flows, tops: list[float], scale: float) -> None:
    """Draw the bands; each begins where the one above it ended."""
    out, into = list(tops), list(tops)
    for band in flows.bands:
        high = band.people * scale
        axes.add_patch(_band(flows, band, out[band.left], into[band.right], high))
        out[band.left] -= high
        into[band.right] -= high


def _band(flows: Flows, band: Band, begin: float, end: float, high: float) -> PathPatch:
    """Return a band: an S from one block to the next, and back below."""
    left, right = flows.blocks[band.left], flows.blocks[band.right]
    x0, x1 = _left(left.column, flows) + THICK, _left(right.column, flows)
    middle = (x0 + x1) / 2
    points = [
        *((x0, begin), (middle, begin), (middle, end), (x1, end)),
        *((x1, end - high), (middle, end - high), (middle, begin - high), (x0, begin - high), (x0, begin)),
    ]
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=left.colour, alpha=0.45, lw=0, zorder=2)
