# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads single values of a dialogue's document, tolerantly; what cannot be understood becomes a fault.

Every reader gets the value (None: the key is missing or null), the key it stands under, and the place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from src.dialogues.faults import Place
from src.dialogues.model import Text
from src.dialogues.names import normal

_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "": False}


def shown(value: object) -> str:
    """Return a value as a short piece of a sentence."""
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def scalar(value: object) -> str | None:
    """Return a JSON text, number or truth value as an author writes it (`1`, `2.5`, `true`), else None."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else None


def read_name(value: object, key: str, place: Place) -> str | None:
    """Return a name or an id in form NFC; None when there is none."""
    if value is None or value == "":
        return None
    text = scalar(value)
    if text is None:
        place.fault(f"`{key}` is {shown(value)}, not a text", f'Write `"{key}": "…"`')
        return None
    return normal(text)


def read_formula(value: object, key: str, place: Place) -> str | None:
    """Return a formula's source; numbers are taken as they are written."""
    text = scalar(value)
    if text is None and value is not None:
        place.fault(f"`{key}` is {shown(value)}, not a formula", "Write the formula as a text in quotes")
    return text


def read_text(value: object, key: str, place: Place) -> Text:
    """Return a text for all languages or by language; an empty one when it is missing."""
    if value is None:
        return Text()
    everywhere = scalar(value)
    if everywhere is not None:
        return Text(everywhere=everywhere)
    if not isinstance(value, Mapping):
        place.fault(f"`{key}` is {shown(value)}, neither a text nor texts by language", 'Write {"ca": "…", "es": "…"}')
        return Text()
    by_language: dict[str, str] = {}
    for language, text in value.items():
        one = "" if text is None else scalar(text)
        if one is None:
            place.fault(f"`{key}` is {shown(text)}, not a text", "Write a text in quotes", str(language))
        else:
            by_language[str(language)] = one
    return Text(by_language)


def read_number(value: object, key: str, place: Place) -> float | None:
    """Return a number that is not negative, also from "2.5" or "2,5"; None when there is none."""
    if value is None or value == "":
        return None
    text = None if isinstance(value, bool) else scalar(value)
    try:
        number = float((text or "").strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        place.fault(f"`{key}` is {shown(value)}, not a number of at least 0", "Write a number, or null")
        return None
    return number


def read_truth(value: object, key: str, place: Place) -> bool:
    """Return true or false, also from 1, 0, "true" and "false"; false when it is missing."""
    if value is None:
        return False
    text = (scalar(value) or "?").strip().lower()
    if text not in _TRUTHS:
        place.fault(f"`{key}` is {shown(value)}, neither true nor false", "Write true or false")
    return _TRUTHS.get(text, False)


def read_map(value: object, key: str, place: Place, mend: str) -> Mapping[str, object]:
    """Return an object's keys (as text, NFC) and values; empty when it is missing or something else."""
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        place.fault(f"`{key}` is {shown(value)}, not an object", mend)
        return {}
    return {normal(str(name)): part for name, part in value.items()}


def as_list(value: object) -> list[object]:
    """Return a list's parts; a single value is a list of one, a missing value an empty list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
