# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as all formats know them: columns with a type each, and rows that come one after the other."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from src.errors import BotError

Cell = str | int | float | None
"""What stands in a row: a text, a number, a time as milliseconds since 1970 (UTC), or nothing."""

Labels = tuple[str, ...]
"""A text in each of the languages of the export, without tags; empty where it is missing."""

LONGEST_NAME = 64
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
_NO_NAME = re.compile(r"[^\w.]")
_TAKEN_BY_SPSS = frozenset("all and by eq ge gt le lt ne not or to with".split())


class NoExport(BotError):
    """The export cannot be made; the text says why. Nothing has been written."""


class Type(StrEnum):
    """What a column holds. A category is a text of which there are few."""

    TEXT = "text"
    CATEGORY = "category"
    INTEGER = "integer"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True)
class Column:
    """One column: its `meaning` in English, and the labels of its values where they have some."""

    name: str
    type: Type
    meaning: str
    labels: Mapping[str, Labels] = field(default_factory=dict)


PSEUDONYM = Column("pseudonym", Type.TEXT, "the participant, under a name that leads to nobody")


@dataclass(frozen=True)
class Table:
    """`rows` gives them anew each time, always the same."""

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Sequence[Cell]]]


def cell_of(value: str | None, column: Type) -> Cell:
    """Return an answer as a cell of this type; nothing if it is none, such as a word where a number was asked for."""
    if value is None or column in (Type.TEXT, Type.CATEGORY):
        return value
    if column is Type.INTEGER:
        return int(value) if is_whole(value) else None
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def is_whole(value: str) -> bool:
    """Tell whether a text is a whole number and nothing else, so that it can be told again from the number."""
    return _WHOLE.fullmatch(value) is not None


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name that all formats take, SPSS the strictest, and that no other column has in any case of letters."""
    name = _NO_NAME.sub("_", wanted).rstrip("._")
    if not name[:1].isalpha() or name.lower() in _TAKEN_BY_SPSS:
        name = f"v_{name}"
    others = {other.lower() for other in taken}
    number, ending = 1, ""
    while (found := cut_to(name, LONGEST_NAME - len(ending)) + ending).lower() in others:
        number += 1
        ending = f"_{number}"
    return found


def cut_to(text: str, most: int) -> str:
    """Return as much of a text as fits into so many bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")
