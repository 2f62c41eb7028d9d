# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left out so that nobody is recognised: free text, and what only a few people have in common."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

FREE_TEXT = "free text"
RARE = "rare"
"""Why a value is left out, as the tables say it."""

NOTHING = ""
"""Stands for a missing value. Those without one are a group like any other, and what is left out looks like them."""


@dataclass(frozen=True)
class Discretion:
    """What the operator asks for. `smallest_group`: nothing is told that fewer people have in common; 0: all is told.

    A text that somebody wrote is a group of one, so with a smallest group there is no free text either.
    """

    free_text: bool = True
    smallest_group: int = 0

    @property
    def tells_free_text(self) -> bool:
        """Tell whether texts that people wrote are told."""
        return self.free_text and not self.smallest_group


@dataclass
class Groups:
    """Who said what. People are numbers; a set of them is a whole number with a bit for each."""

    said: dict[Hashable, dict[str, int]] = field(default_factory=dict)

    def add(self, what: Hashable, value: str, person: int) -> None:
        """Note that a person has this value of something."""
        values = self.said.setdefault(what, {})
        values[value] = values.get(value, 0) | 1 << person

    def rare(self, smallest: int) -> dict[Hashable, frozenset[str]]:
        """Return what must be left out of everything that was noted."""
        found = {what: too_rare(values, smallest) for what, values in self.said.items()}
        return {what: values for what, values in found.items() if values}


def too_rare(people: Mapping[str, int], smallest: int) -> frozenset[str]:
    """Return the values that are left out; `people` has for each value those who have it.

    Those who have one of them must themselves be a group that is large enough: else the gap gives them away. So the
    next larger groups are left out too, until they are.
    """
    by_size = sorted(people, key=lambda value: (people[value].bit_count(), value))
    left_out: list[str] = []
    hidden = 0
    for value in by_size:
        if people[value].bit_count() >= smallest and (not left_out or hidden.bit_count() >= smallest):
            break
        left_out.append(value)
        hidden |= people[value]
    return frozenset(left_out)
