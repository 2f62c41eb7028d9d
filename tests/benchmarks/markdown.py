# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and tables as the report shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(value: float, digits: int = 0) -> str:
    """Return a number, a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:,.{digits}f}"


def ratio(one: float, other: float) -> str:
    """Return how many times the other one is."""
    return "–" if not other or math.isnan(one / other) else f"{one / other:.2f} ×"
