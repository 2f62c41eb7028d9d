# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups so small that somebody could be recognised: not told, and not to be computed either."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from src.reports.small_groups import per_cent, share, shown, shown_parts


def test_fewer_than_five_are_told_as_such_and_nobody_as_nobody() -> None:
    assert [shown(people, 5) for people in (0, 1, 4, 5, 12_345)] == ["0", "<5", "<5", "5", "12\u202f345"]
    assert shown(4, 1) == "4"


@given(some.dictionaries(some.integers(), some.integers(0, 40), max_size=8))
def test_a_single_small_part_cannot_be_computed_from_the_others(parts: dict[int, int]) -> None:
    told = shown_parts(parts, 5)
    hidden = [key for key, text in told.items() if not text.isdigit()]
    small = [key for key, people in parts.items() if 0 < people < 5]
    assert set(small) <= set(hidden)
    assert len(hidden) != 1 or not any(people >= 5 for people in parts.values())
    assert all(parts[key] >= 5 for key in set(hidden) - set(small))


def test_shares_and_bars_do_not_tell_small_groups_either() -> None:
    assert [per_cent(*pair, 5) for pair in ((0, 0), (3, 40), (3, 3), (10, 40), (0, 40))] == [
        "–",
        "·",
        "·",
        "25\u00a0%",
        "0\u00a0%",
    ]
    assert share(1, 40, 5) == share(4, 40, 5) == share(5, 40, 5) > 0
    assert (share(0, 40, 5), share(1, 1, 5), share(4, 4, 5)) == (0.0, 1.0, 1.0)
