# SPDX-License-Identifier: GPL-3.0-or-later
"""Chance that can be asked again: the same question about the same person gets the same answer, in any run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Dice:
    """The chance of one person in a rehearsal with this seed. What is asked is named by any texts and numbers."""

    seed: int
    person: int

    def share(self, *what: object) -> float:
        """Return a number from 0 up to 1."""
        name = f"{self.seed}/{self.person}/{'/'.join(map(str, what))}"
        return int.from_bytes(blake2b(name.encode("utf-8"), digest_size=7).digest(), "big") / 2**56

    def happens(self, probability: float, *what: object) -> bool:
        """Tell whether something of this probability happens."""
        return self.share(*what) < probability

    def among(self, things: Sequence[Thing], *what: object) -> Thing:
        """Return one of these things, each as likely as the others."""
        return things[int(self.share(*what) * len(things))]

    def time_between(self, least: float, most: float, *what: object) -> timedelta:
        """Return a time, in whole seconds, between so many; short ones are as likely as long ones (on a log scale)."""
        low, high = math.log(max(least, 1.0)), math.log(max(most, 1.0))
        return timedelta(seconds=round(math.exp(low + (high - low) * self.share(*what))))
