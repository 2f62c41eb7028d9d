# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups so small that somebody could be recognised are not told by their number."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from src.reports.words import number_in_words

Key = TypeVar("Key", bound=Hashable)


def shown(people: int, smallest: int) -> str:
    """Return a number of people as it may be told."""
    return f"<{smallest}" if is_small(people, smallest) else number_in_words(people)


def is_small(people: int, smallest: int) -> bool:
    """Tell whether there are some, but fewer than may be told; nobody is no group."""
    return 0 < people < smallest


def shown_parts(parts: Mapping[Key, int], smallest: int) -> dict[Key, str]:
    """Return the parts of a whole whose sum is told, too.

    A single small part could be computed from the others; then the next smallest is told only roughly.
    """
    told = {key: shown(people, smallest) for key, people in parts.items()}
    small = [key for key, people in parts.items() if is_small(people, smallest)]
    others = [key for key, people in parts.items() if people >= smallest]
    if len(small) == 1 and others:
        told[min(others, key=lambda key: parts[key])] = f"≥{smallest}"
    return told


def per_cent(part: int, whole: int, smallest: int) -> str:
    """Return a share, unless it tells about a small group."""
    if not whole:
        return "–"
    if is_small(part, smallest) or is_small(whole, smallest):
        return "·"
    return f"{100 * part / whole:.0f}\u00a0%"


def share(part: int, whole: int, smallest: int) -> float:
    """Return how long a bar is, from 0 to 1; those of small groups are all equally long."""
    if not whole or not part:
        return 0.0
    return min(max(part, smallest) / max(whole, smallest), 1.0)
