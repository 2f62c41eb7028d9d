# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures at nobody, one, ten and ten thousand people. (Whether they are beautiful, eyes must tell.)"""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from collections import Counter
from math import dist

import pytest

from src.paths import ROOT
from src.reports.charts import retention
from src.reports.drawing import only_words
from src.reports.palette import INK, PALE, SERIES
from src.reports.parts import Picture
from tests.reports.crowd import Crowd
from tests.reports.told import counted, people, weekly, wishes

NAMES = ["growth", "progress", "retention", "answer_hours", "sankey"]
PIXELS_PER_COLUMN = 1295


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


def pictures(many: int, language: str = "en") -> dict[str, bytes]:
    return {one.name: one.content for one in weekly(many, language)[0].pictures()}


@pytest.mark.parametrize("many", [0, 1, 10])
def test_of_few_people_pictures_say_so_in_words(many: int) -> None:
    found = pictures(many)
    assert list(found) == NAMES
    assert {size_of(png)[0] for png in found.values()} == {PIXELS_PER_COLUMN}
    words = only_words("Nobody yet." if many == 0 else "Groups of fewer than 5 people: not drawn yet.")
    silent = {name for name, png in found.items() if png == words}
    assert (
        silent
        == {0: set(NAMES), 1: {"growth", "retention", "answer_hours", "sankey"}, 10: {"growth", "retention", "sankey"}}[
            many
        ]
    )


def test_who_stays_is_told_when_the_weeks_are_over() -> None:
    numbers = counted(people(60, crowd=Crowd(60, days=6.0)))[1]
    assert retention(numbers, wishes()) == only_words("Two weeks after the first people came.")


def test_of_ten_thousand_people_all_pictures_are_drawn_and_small_enough_to_mail() -> None:
    found = pictures(10_000)
    assert list(found) == NAMES
    for name, png in found.items():
        width, height = size_of(png)
        assert width == PIXELS_PER_COLUMN
        assert 300 < height < 3000, name
        assert 10_000 < len(png) < 700_000, name


SEEN_WITHOUT = {
    "red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
"""What is left of the light without one kind of receptor: Machado, Oliveira and Fernandes 2009, severity 1."""


@pytest.mark.parametrize("missing", SEEN_WITHOUT)
def test_colours_are_told_apart_by_colour_blind_people(missing: str) -> None:
    seen = [seen_without(missing, colour) for colour in SERIES]
    pairs = [(one, other) for place, one in enumerate(seen) for other in seen[place + 1 :]]
    assert min(dist(*pair) for pair in pairs) > 25
    assert contrast(INK, "#FFFFFF") > 10
    assert contrast(INK, PALE) > 10


def test_red_and_green_of_the_same_brightness_are_not() -> None:
    assert dist(seen_without("green", "#C05020"), seen_without("green", "#708020")) < 25


def channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def linear(colour: str) -> list[float]:
    """Return how much light of each kind there is, from 0 to 1, as sRGB defines it."""
    return [each / 255 / 12.92 if each <= 10 else ((each / 255 + 0.055) / 1.055) ** 2.4 for each in channels(colour)]


def seen_without(missing: str, colour: str) -> list[float]:
    light = [
        sum(part * each for part, each in zip(line, linear(colour), strict=True)) for line in SEEN_WITHOUT[missing]
    ]
    return [255 * min(max(each, 0.0), 1.0) ** (1 / 2.2) for each in light]


def contrast(one: str, other: str) -> float:
    """Return the ratio of brightness as WCAG 2.1 defines it."""
    return (max(bright(one), bright(other)) + 0.05) / (min(bright(one), bright(other)) + 0.05)


def bright(colour: str) -> float:
    return sum(part * each for part, each in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def test_a_picture_has_the_same_bytes_each_time_and_says_nothing_of_the_machine() -> None:
    (first, second) = (weekly.__wrapped__(10)[0].pictures()[0] for _ in range(2))
    assert isinstance(first, Picture)
    assert first == second
    assert str(ROOT).encode() not in first.content
    assert Counter(chunk_names(first.content)).keys() <= {"IHDR", "pHYs", "tEXt", "IDAT", "IEND"}


def chunk_names(png: bytes) -> list[str]:
    """Return the kinds of the file's parts, each with a right checksum."""
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        body = png[place + 4 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0] == zlib.crc32(body)
        found.append(body[:4].decode())
        place += 12 + length
    return found


@pytest.mark.parametrize(
    ("program", "kept_out"),
    [
        ("main", ("matplotlib", "plotly", "jinja2", "numpy")),
        ("src.reports.daily", ("matplotlib", "plotly", "numpy")),
        ("src.reports.charts", ("plotly", "matplotlib.pyplot")),
    ],
)
def test_nobody_loads_what_only_others_draw_with(program: str, kept_out: tuple[str, ...]) -> None:
    code = f"import sys, {program}; print([name for name in {kept_out!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
