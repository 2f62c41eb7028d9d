# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's own clock, and their dialogues: the running one, the one whose place is kept, and those that are over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

PARTS = {"Ma": (time(7), time(12)), "MD": (time(12), time(16)), "Ta": (time(16), time(21)), "TD": (time(0), time.max)}


@dataclass
class OwnClock:
    """The clock of somebody who lives `shift` east of the study."""

    zone: ZoneInfo
    shift: timedelta = timedelta(0)

    def first(self, moment: datetime, part: str) -> datetime:
        """Return the first moment by day, and in this part of it; all clocks differ by quarters of an hour."""
        while self.is_night(moment) or not PARTS[part][0] <= self.shows(moment) < PARTS[part][1]:
            moment = datetime.fromtimestamp((moment.timestamp() // 900 + 1) * 900, moment.tzinfo)
        return moment

    def is_night(self, moment: datetime) -> bool:
        """Tell whether nobody may be written to."""
        return not time(7) <= self.shows(moment) < time(21)

    def shows(self, moment: datetime) -> time:
        """Return what the person's clock shows."""
        offset = moment.astimezone(self.zone).utcoffset()
        assert offset is not None
        return (moment + offset + self.shift).time()


@dataclass
class Running:
    """A dialogue in progress, as the person sees it."""

    dialogue: str
    at: str
    started: datetime
    id: str | None = None
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    question: int | None = None
    remind_at: datetime | None = None
    reminded: int = 0
    reminded_at: datetime | None = None

    def not_asked_yet(self) -> None:
        """The question at which it stands is still to be asked, or to be asked as if for the first time."""
        self.question, self.remind_at, self.reminded, self.reminded_at = None, None, 0, None

    def values(self) -> dict[str, str]:
        """Return the newest answer of each name."""
        return {name: value for _, name, value in self.answers}


@dataclass(frozen=True)
class Ended:
    """A dialogue as it must stand in the history."""

    run: str | None
    dialogue: str
    answers: tuple[tuple[str, str, str], ...]
    whole: bool
    why: str | None
    at: datetime


@dataclass(frozen=True)
class Kept:
    """A dialogue whose place is kept; `unsent`: its messages that did not reach the person."""

    run: Running
    since: datetime
    why: str
    unsent: list[str]
