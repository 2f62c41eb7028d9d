# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading values that an older program, or a person, may have written in another form than we do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def text_of(value: object, default: str) -> str:
    """Return a text; a number becomes one, without a needless `.0`; anything else is the default."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return number_text(value)


def number_text(value: float) -> str:
    """Return a number as the shortest text that gives the same number again."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def number_of(value: object, default: float) -> float:
    """Return a finite number, also from a text that holds one; else the default."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return default
    return number if math.isfinite(number) else default


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of a list; nothing when it is none."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def numbers_of(value: object) -> tuple[int, ...]:
    """Return the whole numbers of a text with blanks between them; nothing when it is none.

    A list of a hundred numbers would cost a database a hundred times the work of one text.
    """
    return tuple(int(word) for word in value.split() if word.isdecimal()) if isinstance(value, str) else ()


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return the mapping itself, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def documents_of(value: object) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; nothing when it is none."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
