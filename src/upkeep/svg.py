# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pieces of SVG, and how wide a text will be in it. Everything that is written is escaped here."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

from src.upkeep.graph import Look

COLOURS: Mapping[Look | None, tuple[str, str]] = {
    Look.TELLS: ("#f6f6f4", "#8a8a86"),
    Look.BUTTONS: ("#e6f0fb", "#2f6db3"),
    Look.TYPED: ("#fdf1dc", "#b06f10"),
    Look.WAITS: ("#f0e8f8", "#7a4fa3"),
    Look.PRESSED: ("#ffffff", "#2f6db3"),
    Look.WRITTEN: ("#ffffff", "#b06f10"),
    Look.BRANCH: ("#ffffff", "#4f8a5b"),
    Look.END: ("#444444", "#444444"),
    None: ("#eeeeee", "#bbbbbb"),
}
"""Filling and border of each look; None: nothing leads there."""

NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NARROW = frozenset("fijlrtI.,:;'’|!()[] ·")
WIDE = frozenset("mwMW@%—…")


def escaped(text: str) -> str:
    """Return the text as it may stand in XML, without characters that XML does not know."""
    return html.escape(NOT_IN_XML.sub("", text))


def width_of(text: str, size: float) -> float:
    """Return about how wide a text will be, in pixels; rather too much, because fonts differ."""
    return size * sum(_width(each) for each in text)


def _width(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.4
    if character in NARROW:
        return 0.36
    return 0.92 if character in WIDE else 0.74 if character.isupper() else 0.6


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """Return the text in at most so many lines that fit; what does not is cut, with … at its end."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    cut = lines[:most]
    if len(lines) > most:
        cut[-1] += "…"
    return [_fitting(line, width, size) for line in cut]


def _fitting(line: str, width: float, size: float) -> str:
    if width_of(line, size) <= width:
        return line
    while line and width_of(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip(" …") + "…"


def label(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    bold: bool = False,
    italic: bool = False,
    colour: str = "#222",
    anchor: str = "start",
) -> str:
    """Return a line of text whose start, middle or end stands at `x`, and its foot at `y`."""
    style = (' font-weight="bold"' if bold else "") + (' font-style="italic"' if italic else "")
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{style}'
    return f"<text {place}>{escaped(text)}</text>"


def box(
    x: float, y: float, width: float, height: float, fill: str, stroke: str, corner: float, *, dashed: bool = False
) -> str:
    """Return a rectangle with round corners."""
    dashes = ' stroke-dasharray="5 3"' if dashed else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{corner:.0f}"'
    return f'<rect {place} fill="{fill}" stroke="{stroke}" stroke-width="1.4"{dashes}/>'


def arrow(points: Sequence[tuple[float, float]], *, up: bool, grey: bool) -> str:
    """Return an edge through these points, from top to bottom, curved between rows; `up`: its head is at the top."""
    colour = "#bbb" if grey else "#c0392b" if up else "#666"
    path = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (to_y - y) / 2
        straight = f"L{to_x:.1f},{to_y:.1f}"
        curve = f"C{x:.1f},{y + half:.1f} {to_x:.1f},{to_y - half:.1f} {to_x:.1f},{to_y:.1f}"
        path.append(straight if abs(to_x - x) < 0.5 else curve)
    (x, y), back = (points[0], 1) if up else (points[-1], -1)
    head = f"M{x:.1f},{y:.1f} l-4.5,{9 * back} h9 z"
    dashes = ' stroke-dasharray="6 3"' if up else ""
    line = f'<path d="{" ".join(path)}" fill="none" stroke="{colour}" stroke-width="1.3"{dashes}/>'
    return f'{line}<path d="{head}" fill="{colour}"/>'
