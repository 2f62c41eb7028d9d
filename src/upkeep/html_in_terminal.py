# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows Telegram's HTML in a terminal: bold is bold where the terminal can do it, else only the text is left."""

from __future__ import annotations

import re
from dataclasses import dataclass

from src.dialogues.html import plain_text

TAG = re.compile(r"<(/?)([a-zA-Z-]+)([^<>]*)>")
LINK = re.compile(r"""href=["']([^"']*)""")
CODES = {
    "b": ("1", "22"),
    "strong": ("1", "22"),
    "i": ("3", "23"),
    "em": ("3", "23"),
    "u": ("4", "24"),
    "ins": ("4", "24"),
    "s": ("9", "29"),
    "del": ("9", "29"),
    "code": ("36", "39"),
    "pre": ("36", "39"),
    "a": ("34", "39"),
    "blockquote": ("3", "23"),
}
"""What a terminal is told at a tag and at its end (ECMA-48, SGR)."""


@dataclass(frozen=True)
class Style:
    """How emphasis looks: with escape sequences where `colours` is set, else not at all."""

    colours: bool

    def strong(self, text: str) -> str:
        """Return the text in bold."""
        return self._in("1", text)

    def dim(self, text: str) -> str:
        """Return the text so that it stands back."""
        return self._in("2", text)

    def warn(self, text: str) -> str:
        """Return the text so that nobody overlooks it."""
        return self._in("33", text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text


def printable(text: str) -> str:
    """Return the text without control characters, which could do anything to a terminal; lines stay lines."""
    return "".join(each for each in text if each in "\n\t" or not (ord(each) < 32 or 127 <= ord(each) < 160))


def rendered(html: str, style: Style) -> str:
    """Return what a person reads of a message, marked up as the terminal can; links show where they lead."""
    pieces: list[str] = []
    links: list[str] = []
    place = 0
    for tag in TAG.finditer(html):
        pieces.append(printable(plain_text(html[place : tag.start()])))
        place = tag.end()
        closing, name = bool(tag[1]), tag[2].lower()
        if style.colours and name in CODES:
            pieces.append(f"\x1b[{CODES[name][closing]}m")
        if name != "a":
            continue
        if not closing:
            found = LINK.search(tag[3])
            links.append(found[1] if found else "")
        elif links and (target := links.pop()):
            pieces.append(f" ({printable(plain_text(target))})")
    return "".join([*pieces, printable(plain_text(html[place:]))])
