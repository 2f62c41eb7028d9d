# SPDX-License-Identifier: GPL-3.0-or-later
"""What is rehearsed, and how the people are shared out so that the result does not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from src.engine.study import Study
from src.rehearsal.habits import Habits


@dataclass(frozen=True)
class Plan:
    """One rehearsal. `per_second` is Telegram's limit; 0: none.

    `largest_lane`: so many people are rehearsed together at most, unless there are more for each message a second.
    """

    study: Study
    habits: Habits
    participants: int
    days: int
    seed: int
    per_second: float = 30.0
    largest_lane: int = 500

    @property
    def begin(self) -> datetime:
        """Return when the first day begins."""
        return datetime.combine(self.habits.begins, time(), self.study.rules.timezone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """Return when the last day is over."""
        return self.begin + timedelta(days=self.days)

    @property
    def lanes(self) -> int:
        """Return into how many shares the people are dealt: each has the same share of Telegram's limit.

        A lane is a bot of its own, which sends a whole number of messages a second; all lanes together never send more
        than the limit. Their number depends on the number of people alone, never on that of processes.
        """
        wanted = max(1, -(-self.participants // self.largest_lane))
        whole = int(self.per_second)
        if whole < 1:
            return wanted
        return next((each for each in range(wanted, whole + 1) if whole % each == 0), whole)

    def people_of(self, lane: int) -> range:
        """Return the numbers of the people in a lane; both count from 1 and 0."""
        return range(1 + lane, self.participants + 1, self.lanes)
