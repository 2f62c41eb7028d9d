# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written down during a rehearsal: counts, not events, so that a long one fits into memory."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

MINUTES_OF_A_DAY = 1440
NIGHT = ("there", "to everybody", "clock not known", "other")
"""Messages in somebody's own night: they were there; or they were not, and why it came all the same."""


@dataclass(frozen=True, order=True)
class Wall:
    """Messages that came one after the other before the person could do anything, together so many characters."""

    characters: int
    messages: int
    last: str
    language: str


@dataclass
class Journey:
    """How one person went through the study. Times are seconds since the beginning; `daily` are messages a day."""

    kind: str
    language: str
    came: int | None = None
    finished: int | None = None
    daily: array[int] = field(default_factory=lambda: array("H"))


@dataclass
class Sending:
    """One mass send: seconds since the beginning, and how many got it."""

    started: int
    ended: int = 0
    sent: int = 0


@dataclass
class Ledger:
    """The counts of a share of the people, or of all. `minutes` and `acts` have a place for each minute of the study.

    `waits` and `waits_of_present`: how many messages were sent so many whole seconds later than they were due, to
    anybody and to people who were there. `weeks`: how many people stood where after each week. `reached` are the
    messages of dialogues that came to anybody, `begun` and `ended` dialogues, `walls` the longest ones by where they
    begin. `warnings` are lines that the bot would have logged.
    """

    days: int
    minutes: array[int] = field(default_factory=lambda: array("I"))
    acts: array[int] = field(default_factory=lambda: array("I"))
    journeys: dict[int, Journey] = field(default_factory=dict)
    waits: Counter[int] = field(default_factory=Counter)
    waits_of_present: Counter[int] = field(default_factory=Counter)
    weeks: Counter[tuple[int, str]] = field(default_factory=Counter)
    night: Counter[str] = field(default_factory=Counter)
    mornings: int = 0
    reached: Counter[tuple[str, str]] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    walls: dict[tuple[str, str], Wall] = field(default_factory=dict)
    sendings: dict[int, Sending] = field(default_factory=dict)
    warnings: Counter[str] = field(default_factory=Counter)
    phrases: int = 0
    edits: int = 0
    refused: int = 0
    reminders: int = 0

    def __post_init__(self) -> None:
        size = self.days * MINUTES_OF_A_DAY
        self.minutes = self.minutes or array("I", bytes(4 * size))
        self.acts = self.acts or array("I", bytes(4 * size))

    def add(self, other: Ledger) -> None:
        """Take over the counts of other people."""
        for mine, theirs in ((self.minutes, other.minutes), (self.acts, other.acts)):
            for minute, count in enumerate(theirs):
                if count:
                    mine[minute] += count
        self.journeys |= other.journeys
        for name in ("waits", "waits_of_present", "weeks", "night", "reached", "begun", "ended", "warnings"):
            getattr(self, name).update(getattr(other, name))
        for name in ("mornings", "phrases", "edits", "refused", "reminders"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for place, wall in other.walls.items():
            self.note_wall(place, wall)
        for number, sending in other.sendings.items():
            known = self.sendings.setdefault(number, Sending(sending.started))
            known.ended, known.sent = max(known.ended, sending.ended), known.sent + sending.sent

    def note_wall(self, place: tuple[str, str], wall: Wall) -> None:
        """Keep the longest wall that begins at this message."""
        known = self.walls.get(place)
        if known is None or known < wall:
            self.walls[place] = wall
