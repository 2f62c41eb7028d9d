#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures and the consent pages that the bot sends.

The words of the pages stand in `consent.json`. The same files come out every time: no dates, no chance.
"""

from _start import run

# isort: split
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextToPath

from data.outgoing_files.drawing import (
    INK,
    PAPER,
    PEOPLE,
    SAND,
    SUN,
    TEAL,
    Pen,
    draw_bench,
    draw_circle_of_people,
    draw_person,
)
from src.errors import BotError

HERE = Path(__file__).resolve().parent


class PageOverflows(BotError):
    """The words of a consent page do not fit on one page."""


def wrap(words: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break a text into lines that are at most `width` points wide in this size and weight."""
    ruler, font = TextToPath(), FontProperties(size=size, weight=weight)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if ruler.get_text_width_height_descent(longer, font, False)[0] <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _draw_header(pen: Pen, title: str, subtitle: str) -> None:
    """Draw the band at the top of a page: title, subtitle and some people."""
    pen.add(Rectangle((0, 722), 595, 120, color=TEAL, lw=0))
    pen.disc(485, 700, 105, "#3F8286")
    for place, number in ((410, 3), (560, 4), (460, 0), (512, 2)):
        draw_person(pen, place, 722, 82 if number in (0, 2) else 70, PEOPLE[number])
    pen.add(Rectangle((0, 580), 595, 142, color=PAPER, lw=0))
    pen.add(Rectangle((0, 717), 595, 5, color=SUN, lw=0))
    pen.write(48, 782, title, 20, "white", "bold")
    pen.write(48, 757, subtitle, 12, "#DDEBEA")


def _draw_agreement(pen: Pen, words: str) -> None:
    """Draw the box at the foot of a page: what a person agrees to."""
    lines = wrap(words, 420, 9.6, "bold")
    pen.box((40, 34), (515, 76), SAND, 14)
    pen.disc(78, 72, 17, TEAL)
    pen.add(PathPatch(Outline([(70, 72), (76, 65), (87, 79)]), fill=False, edgecolor="white", lw=3, capstyle="round"))
    for number, line in enumerate(lines):
        pen.write(112, 72 - 3.5 + 14.5 * ((len(lines) - 1) / 2 - number), line, 9.6, INK, "bold")


def draw_consent(title: str, subtitle: str, sections: Sequence[Sequence[str]], agreement: str) -> Pen:
    """Draw one page A4, in points; each section is its heading and its text.

    Raises PageOverflows if there are more words than the page holds.
    """
    pen = Pen(595, 842, 72, PAPER)
    _draw_header(pen, title, subtitle)
    blocks = [(wrap(head, 112, 10, "bold"), wrap(text, 370, 9.7)) for head, text in sections]
    used = sum(13.6 * max(len(head), len(text)) for head, text in blocks)
    gap = min(34.0, (700 - 118 - used) / len(blocks))
    if gap < 9:
        raise PageOverflows(f"The page {title!r} has too many words. Shorten its sections in consent.json.")
    top = 700 - gap / 2 + 2
    for number, (head, text) in enumerate(blocks):
        if number:
            pen.add(Rectangle((48, top + gap / 2), 499, 0.6, color=SAND, lw=0))
        for row, line in enumerate(head):
            pen.write(48, top - 10 - 13.6 * row, line, 10, TEAL, "bold")
        for row, line in enumerate(text):
            pen.write(177, top - 10 - 13.6 * row, line, 9.7, INK)
        top -= 13.6 * max(len(head), len(text)) + gap
    _draw_agreement(pen, agreement)
    return pen


def main(arguments: Namespace) -> None:
    """Write all pictures and pages into the folder, and say which."""
    out: Path = arguments.out
    (out / "img").mkdir(parents=True, exist_ok=True)
    mpl.rcParams.update({"pdf.fonttype": 42, "font.family": "DejaVu Sans"})
    for name, picture in (("circle", draw_circle_of_people()), ("bench", draw_bench())):
        picture.figure.savefig(out / "img" / f"{name}.png", dpi=100, metadata={"Software": None})
        print(out / "img" / f"{name}.png")
    for language, page in json.loads((HERE / "consent.json").read_text(encoding="utf-8")).items():
        no_dates = {"Creator": None, "Producer": None, "CreationDate": None, "Title": page["title"]}
        draw_consent(**page).figure.savefig(out / f"consent_{language}.pdf", metadata=no_dates)
        print(out / f"consent_{language}.pdf")


def describe() -> ArgumentParser:
    """Describe the command line."""
    parser = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--out",
        type=Path,
        default=HERE,
        metavar="FOLDER",
        help="where to write them (default: beside this script)",
    )
    return parser


if __name__ == "__main__":
    run(main, describe())
