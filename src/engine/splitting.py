# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that are too long for one message of Telegram, in parts: cut where it disturbs least, tags opened again."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

from src.dialogues.html import Stretch, Tag, plain_text, problems_of, stretches_of

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
"""Telegram's limits in code points, after the HTML has been parsed and blanks at both ends cut off."""

MOST_BYTES = 32_768
"""Telegram takes no more with all its HTML, in UTF-8."""

BORDERS = (
    re.compile(r"(?=\n[^\S\n]*\n)"),
    re.compile(r"(?=\n)|[.!?…][\"'»”’)\]]*(?=\s)|[。！？]"),
    re.compile(r"(?=\s)"),
)
"""Where a text is cut, best first: between paragraphs; behind a line or a sentence; between words."""

JOINER = "\u200d"
JOINED = frozenset({JOINER, "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})
"""What belongs to the character before it: the joiner of emoji, their variant and their skin tones."""

LONGEST_CHARACTER = 16


def fits(text: str, limit: int) -> bool:
    """Tell whether Telegram takes this HTML as one message, or one caption, of at most `limit` characters."""
    if len(text) <= limit:
        return True
    return len(plain_text(text).strip()) <= limit and in_bytes(text)


def in_bytes(text: str) -> bool:
    """Tell whether the HTML is short enough before it is parsed."""
    return len(text.encode(errors="replace")) <= MOST_BYTES


def parts_of(text: str, limit: int = LONGEST_TEXT) -> tuple[str, ...]:
    """Return the HTML in parts that Telegram takes; joined they read the same, but for the blanks at the cuts.

    HTML that Telegram would refuse, or that is far longer than what is read of it, is cut without its tags.
    """
    if fits(text, limit):
        return (text,)
    if not problems_of(text):
        parts = split(stretches_of(text), limit)
        if all(in_bytes(part) for part in parts):
            return parts or (text,)
    return split([Stretch(plain_text(text), None)], limit) or (text,)


def split(stretches: Sequence[Stretch], limit: int) -> tuple[str, ...]:
    """Return parts of at most `limit` characters, as HTML."""
    plain = "".join(stretch.text for stretch in stretches)
    return tuple(part(stretches, begin, end) for begin, end in cuts(plain, limit))


def cuts(plain: str, limit: int) -> Iterator[tuple[int, int]]:
    """Yield where each part begins and ends; blanks at the cuts belong to none."""
    begin = behind_blanks(plain, 0)
    whole = len(plain.rstrip())
    while begin < whole:
        end = whole if whole - begin <= limit else cut(plain, begin, limit)
        yield begin, begin + len(plain[begin:end].rstrip())
        begin = behind_blanks(plain, end)


def behind_blanks(plain: str, place: int) -> int:
    """Return the first place from `place` on at which something can be read."""
    return len(plain) - len(plain[place:].lstrip())


def cut(plain: str, begin: int, limit: int) -> int:
    """Return where the part that begins at `begin` ends at best."""
    last = begin + limit
    for border in BORDERS:
        places = [found.end() for found in border.finditer(plain, begin, last + 2) if begin < found.end() <= last]
        if places:
            return places[-1]
    return between_characters(plain, last)


def between_characters(plain: str, last: int) -> int:
    """Return the nearest place, not behind `last`, that tears no accent and no emoji off what it belongs to."""
    for place in range(last, max(last - LONGEST_CHARACTER, 1), -1):
        here = plain[place]
        if here not in JOINED and plain[place - 1] != JOINER and not unicodedata.combining(here):
            return place
    return last


def part(stretches: Sequence[Stretch], begin: int, end: int) -> str:
    """Return the HTML of what is read from `begin` to `end`."""
    pieces: list[str] = []
    at = 0
    tag: Tag | None = None
    for stretch in stretches:
        shown = stretch.text[max(begin - at, 0) : max(end - at, 0)]
        at += len(stretch.text)
        if shown:
            pieces += (way_between(tag, stretch.tag), html.escape(shown, quote=False))
            tag = stretch.tag
    return "".join((*pieces, way_between(tag, None)))


def way_between(left: Tag | None, right: Tag | None) -> str:
    """Return the end tags and tags that lead from the inside of one tag to the inside of another."""
    closing: list[str] = []
    opening: list[str] = []
    while left is not right:
        if left is not None and (right is None or left.depth >= right.depth):
            closing.append(f"</{left.name}>")
            left = left.around
        elif right is not None:
            opening.append(right.source)
            right = right.around
    return "".join((*closing, *reversed(opening)))
