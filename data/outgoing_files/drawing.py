# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pictures are made of: a pen, a person, a plant, a bench; and the pictures themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Arc, Circle, Ellipse, FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as Outline

CREAM, SAND, PAPER = "#FBF4E6", "#F3E3C8", "#FFFDF8"
TEAL, CORAL, SUN, SAGE = "#2F6F73", "#E2856A", "#EDBB57", "#8DB18B"
PLUM, SKY, LEAF, WOOD, INK = "#80618C", "#7FA9C4", "#5F8F6B", "#A8744F", "#33414A"
SKINS = ("#F3CBAA", "#8A5A3C", "#E0AC82", "#C68A5E", "#F6D7BD", "#A9714B", "#5F3D2A")
HAIRS = ("#4A3428", "#231C1A", "#A5562F", "#2F2622", "#8D8D92", "#D9B26A", "#1F1A1A")


@dataclass(frozen=True)
class Look:
    """What a drawn person looks like; `hair` is `short`, `long`, `bun` or `curls`."""

    cloth: str
    skin: str
    hair_colour: str
    hair: str = "short"


PEOPLE = tuple(
    Look(cloth, SKINS[number], HAIRS[number], hair)
    for number, (cloth, hair) in enumerate(
        (
            (CORAL, "long"),
            (TEAL, "short"),
            (SUN, "bun"),
            (PLUM, "curls"),
            (SKY, "short"),
            (SAGE, "long"),
            (TEAL, "curls"),
        )
    )
)


class Pen:
    """Draws on an area measured in pixels of a picture or points of a page, from the lower left."""

    def __init__(self, width: float, height: float, dots_per_inch: int, ground: str) -> None:
        self.figure = Figure(figsize=(width / dots_per_inch, height / dots_per_inch), dpi=dots_per_inch)
        self.axes: Any = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.axis("off")
        self.add(Rectangle((0, 0), width, height, color=ground, lw=0))

    def add(self, shape: Any) -> None:
        """Put a shape over those that are already there."""
        shape.set_clip_on(True)
        self.axes.add_patch(shape).set_zorder(len(self.axes.patches))

    def disc(self, x: float, y: float, radius: float, colour: str, alpha: float = 1) -> None:
        """Fill a circle."""
        self.add(Circle((x, y), radius, color=colour, lw=0, alpha=alpha))

    def oval(self, x: float, y: float, size: tuple[float, float], colour: str, angle: float = 0) -> None:
        """Fill an ellipse of a width and a height."""
        self.add(Ellipse((x, y), *size, angle=angle, color=colour, lw=0))

    def box(self, corner: tuple[float, float], size: tuple[float, float], colour: str, round_by: float) -> None:
        """Fill a box with round corners; `corner` is its lower left one."""
        style = f"round,pad=0,rounding_size={round_by}"
        self.add(FancyBboxPatch(corner, *size, boxstyle=style, color=colour, lw=0))

    def write(self, x: float, y: float, words: str, size: float, colour: str, weight: str = "normal") -> None:
        """Write one line, its base line at `y`."""
        self.axes.text(x, y, words, fontsize=size, color=colour, weight=weight, va="baseline", zorder=9999)


def draw_person(pen: Pen, x: float, y: float, size: float, look: Look, gaze: float = 0) -> None:
    """Draw a person from the waist up, seen from the front.

    `size` is the height; `gaze` goes from -1 (looks to the left) to 1 (to the right).
    """
    unit = size / 1.6
    head = (x + 0.06 * gaze * unit, y + 1.26 * unit)
    if look.hair == "long":
        pen.box((head[0] - 0.36 * unit, y + 0.72 * unit), (0.72 * unit, 0.9 * unit), look.hair_colour, 0.34 * unit)
    _draw_body(pen, x, y, unit, look, gaze)
    _draw_hair(pen, head, unit, look)
    face_y = head[1] - 0.04 * unit
    pen.oval(head[0] + 0.03 * gaze * unit, face_y, (0.55 * unit, 0.58 * unit), look.skin)
    _draw_face(pen, head[0] + 0.09 * gaze * unit, face_y, unit)


def draw_back(pen: Pen, x: float, y: float, size: float, look: Look) -> None:
    """Draw a person from the waist up, seen from behind."""
    unit = size / 1.6
    _draw_body(pen, x, y, unit, look)
    _draw_hair(pen, (x, y + 1.26 * unit), unit, look)
    pen.disc(x, y + 1.25 * unit, 0.32 * unit, look.hair_colour)
    if look.hair == "long":
        pen.box((x - 0.34 * unit, y + 0.62 * unit), (0.68 * unit, 0.9 * unit), look.hair_colour, 0.3 * unit)


def _draw_body(pen: Pen, x: float, y: float, unit: float, look: Look, gaze: float = 0) -> None:
    """Draw shoulders and neck; the neck leans to where the person looks."""
    points = [
        *[
            (-0.56, 0),
            (-0.58, 0.62),
            (-0.44, 0.86),
            (-0.12, 0.9),
            (0.12, 0.9),
            (0.44, 0.86),
            (0.58, 0.62),
            (0.56, 0),
        ],
        *[(0.56, -0.12), (0.3, -0.14), (0, -0.14), (-0.3, -0.14), (-0.56, -0.12), (-0.56, 0)],
    ]
    three = [Outline.CURVE4] * 3
    steps = [Outline.MOVETO, *three, Outline.LINETO, *three, *three, *three]
    outline = Outline([(x + across * unit, y + up * unit) for across, up in points], steps)
    pen.add(PathPatch(outline, color=look.cloth, lw=0))
    pen.box((x + (0.06 * gaze - 0.11) * unit, y + 0.78 * unit), (0.22 * unit, 0.24 * unit), look.skin, 0.1 * unit)


def _draw_hair(pen: Pen, head: tuple[float, float], unit: float, look: Look) -> None:
    """Draw the hair that lies behind the face."""
    x, y = head
    pen.disc(x, y + 0.03 * unit, 0.33 * unit, look.hair_colour)
    if look.hair == "bun":
        pen.disc(x, y + 0.4 * unit, 0.14 * unit, look.hair_colour)
    if look.hair == "curls":
        for degrees in range(-20, 201, 22):
            turn = math.radians(degrees)
            pen.disc(
                x + 0.3 * unit * math.cos(turn),
                y + 0.3 * unit * math.sin(turn),
                0.13 * unit,
                look.hair_colour,
            )


def _draw_face(pen: Pen, x: float, y: float, unit: float) -> None:
    """Draw two eyes, warm cheeks and a smile."""
    for side in (-1, 1):
        pen.disc(x + side * 0.1 * unit, y + 0.03 * unit, 0.026 * unit, INK)
        pen.disc(x + side * 0.16 * unit, y - 0.07 * unit, 0.05 * unit, CORAL, alpha=0.35)
    mouth = Arc((x, y - 0.06 * unit), 0.18 * unit, 0.15 * unit, theta1=200, theta2=340)
    mouth.set(color=INK, lw=max(0.6, unit / 55), capstyle="round")
    pen.add(mouth)


def _draw_plant(pen: Pen, x: float, y: float, size: float) -> None:
    """Draw a plant in its pot."""
    for degrees, colour in ((-42, SAGE), (42, SAGE), (-20, LEAF), (20, LEAF), (0, SAGE)):
        turn = math.radians(degrees)
        pen.oval(
            x + 0.55 * size * math.sin(turn),
            y + 0.4 * size + 0.55 * size * math.cos(turn),
            (0.24 * size, 1.0 * size),
            colour,
            -degrees,
        )
    corners = [(-0.36, 0.42), (0.36, 0.42), (0.26, -0.2), (-0.26, -0.2)]
    pen.add(Polygon([(x + across * size, y + up * size) for across, up in corners], color=CORAL, lw=0))


def _draw_cup(pen: Pen, x: float, y: float, colour: str) -> None:
    """Draw a cup on a table."""
    pen.add(Circle((x + 15, y + 13), 8, fill=False, edgecolor=colour, lw=4))
    pen.box((x - 15, y), (30, 26), colour, 7)
    pen.oval(x, y + 25, (30, 9), PAPER)


def _draw_stool(pen: Pen, x: float, y: float) -> None:
    """Draw a stool, its seat at the height `y`."""
    for side in (-1, 1):
        pen.box((x + side * 55 - 9, y - 95), (18, 95), "#6E4A33", 6)
    pen.box((x - 85, y - 12), (170, 26), "#8F6142", 12)


def draw_circle_of_people() -> Pen:
    """Draw seven people who sit around a table."""
    pen = Pen(1000, 700, 100, CREAM)
    pen.disc(500, 420, 330, SAND)
    pen.oval(500, 130, (980, 330), "#E7D2AE")
    _draw_plant(pen, 105, 310, 125)
    _draw_plant(pen, 895, 310, 125)
    for x, y, number, gaze in ((500, 330, 2, 0), (335, 315, 0, 0.6), (665, 315, 1, -0.6)):
        draw_person(pen, x, y, 235, PEOPLE[number], gaze)
    for x, number, gaze in ((190, 3, 1), (810, 4, -1)):
        _draw_stool(pen, x, 190)
        draw_person(pen, x, 205, 255, PEOPLE[number], gaze)
    pen.oval(500, 250, (600, 190), "#8F6142")
    pen.oval(500, 264, (600, 190), "#C2905F")
    for x, y, colour in (
        (385, 312, TEAL),
        (600, 316, CORAL),
        (262, 262, SKY),
        (738, 262, PLUM),
        (497, 328, SAGE),
    ):
        _draw_cup(pen, x, y, colour)
    pen.oval(490, 250, (114, 42), PAPER)
    for x, y in ((468, 256), (512, 256), (490, 264), (480, 248), (501, 248)):
        pen.disc(x, y, 15, SUN)
    draw_back(pen, 370, -14, 285, PEOPLE[5])
    draw_back(pen, 630, -14, 285, PEOPLE[6])
    return pen


def _draw_tree(pen: Pen) -> None:
    """Draw a tree on the left of the bench."""
    trunk = [(150, 170), (230, 170), (212, 420), (176, 420)]
    pen.add(Polygon(trunk, color=WOOD, lw=0))
    for x, y, radius, colour in (
        *((100, 430, 95, LEAF), (285, 440, 100, LEAF), (195, 400, 90, LEAF)),
        *((140, 520, 100, SAGE), (250, 525, 100, SAGE), (190, 590, 90, SAGE)),
    ):
        pen.disc(x, y, radius, colour)


def _draw_bench(pen: Pen) -> None:
    """Draw the bench without the people on it."""
    for x in (395, 845):
        pen.box((x, 120), (22, 230), "#6E4A33", 8)
    for y in (330, 288, 246):
        pen.box((370, y), (520, 30), WOOD, 10)
    pen.box((355, 190), (550, 34), "#8F6142", 12)


def _draw_legs(pen: Pen, x: float, colour: str) -> None:
    """Draw the legs of a person who sits on the bench."""
    for side in (-1, 1):
        pen.box((x + side * 32 - 25, 92), (50, 142), colour, 22)
        pen.oval(x + side * 34, 92, (66, 30), INK)


def draw_bench() -> Pen:
    """Draw two people on a bench under a tree: one is telling something, the other listens."""
    pen = Pen(1000, 700, 100, "#E4EFF2")
    pen.disc(860, 590, 62, SUN)
    pen.oval(250, 130, (1100, 400), "#C9DCC0")
    pen.oval(800, 90, (1100, 400), "#B5CFAE")
    pen.add(Rectangle((0, 0), 1000, 150, color="#A3C29B", lw=0))
    _draw_tree(pen)
    _draw_bench(pen)
    for x, number, gaze, trousers in ((540, 0, 1, "#4B6A86"), (725, 1, -1, "#6B5644")):
        _draw_legs(pen, x, trousers)
        draw_person(pen, x, 205, 290, PEOPLE[number], gaze)
    pen.box((385, 530), (175, 100), PAPER, 46)
    pen.add(Polygon([(475, 545), (525, 545), (530, 500)], color=PAPER, lw=0))
    for x, colour in ((430, CORAL), (472, SUN), (514, TEAL)):
        pen.disc(x, 580, 13, colour)
    return pen
