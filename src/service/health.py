# SPDX-License-Identifier: GPL-3.0-or-later
"""How the bot is: what the running one knows about itself, and what of it is reason to worry."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from src.errors import BotError, CannotReach, TryLater
from src.service.agenda import Agenda
from src.service.ports import Clock

OLDEST_BEAT = 15.0
OLDEST_POLL = 90.0
OLDEST_SCHEDULER_PASS = 60.0
OLDEST_DUE = 300.0
"""In seconds: what is older is reason to worry."""

COUNTED = ("429", "403", "5xx", "409", "lost")
"""Kinds of trouble with Telegram: pauses asked for, people who cannot be reached, faults of its own, another poller,
no answer at all.
"""
_KINDS = (
    ("429", re.compile(r"asks for a pause")),
    ("409", re.compile(r"another program asks for this bot's updates")),
    ("5xx", re.compile(r"has a fault of its own|answered with HTTP 5")),
)


def kind_of(trouble: BotError) -> str | None:
    """Return the kind of a trouble with Telegram that is counted; None for one that is the request's own."""
    if isinstance(trouble, CannotReach):
        return "403"
    if not isinstance(trouble, TryLater):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(str(trouble))), "lost")


@dataclass(frozen=True)
class Vitals:
    """What the running bot writes down every few seconds, for others to read."""

    at: datetime
    started: datetime
    polled: datetime | None
    scheduled: datetime | None
    agenda: int
    in_hand: int
    counts: Mapping[str, int]
    version: str


class Health:
    """Remembers what the loops did last and counts Telegram's troubles; for several threads."""

    def __init__(self, clock: Clock, version: str = "") -> None:
        self._clock = clock
        self._started = clock.now()
        self._version = version
        self._polled: datetime | None = None
        self._scheduled: datetime | None = None
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(COUNTED, 0)

    def polled(self) -> None:
        """Note that Telegram has answered to a question for updates."""
        self._polled = self._clock.now()

    def scheduled(self) -> None:
        """Note that the scheduler has finished a pass."""
        self._scheduled = self._clock.now()

    def count(self, trouble: BotError) -> None:
        """Count a trouble with Telegram."""
        kind = kind_of(trouble)
        if kind is not None:
            with self._lock:
                self._counts[kind] += 1

    def vitals(self, agenda: Agenda) -> Vitals:
        """Return how the bot is now."""
        waiting, in_hand = agenda.sizes()
        with self._lock:
            counts = dict(self._counts)
        now = self._clock.now()
        return Vitals(now, self._started, self._polled, self._scheduled, waiting, in_hand, counts, self._version)


@dataclass(frozen=True)
class Holder:
    """Who has the lease: `age` seconds since it was taken, `renewed` since it was last renewed. `gone`: a process of
    this machine that is no more.
    """

    host: str
    pid: int
    term: int
    age: float | None
    renewed: float | None
    gone: bool


@dataclass(frozen=True)
class Facts:
    """What can be seen of a bot from outside. `oldest_due` is the time at which the longest waiting person was due."""

    now: datetime
    readable: bool = False
    writable: bool = False
    vitals: Vitals | None = None
    holder: Holder | None = None
    oldest_due: datetime | None = None

    def age(self, time: datetime | None) -> float | None:
        """Return the seconds since then; clocks of two machines may differ, so never less than none."""
        return None if time is None else round(max((self.now - time).total_seconds(), 0.0), 1)


def worries(facts: Facts) -> list[str]:
    """Return what is wrong, in words; nothing for a healthy bot."""
    if not facts.readable:
        return ["no database answers"]
    wrong = [] if facts.writable else ["the database cannot write"]
    vitals = facts.vitals
    if facts.holder is None or facts.holder.gone or vitals is None:
        return [*wrong, "no bot runs"]
    for what, then, bound in (
        ("the last sign of life", vitals.at, OLDEST_BEAT),
        ("the last poll", vitals.polled or vitals.started, OLDEST_POLL),
        ("the last pass of the scheduler", vitals.scheduled or vitals.started, OLDEST_SCHEDULER_PASS),
        ("what is due longest", facts.oldest_due, OLDEST_DUE),
    ):
        age = facts.age(then)
        if age is not None and age > bound:
            wrong.append(f"{what} is older than {bound:.0f} s")
    return wrong


def as_json(facts: Facts) -> dict[str, object]:
    """Return the facts as one flat object for programs; all ages in seconds, null for what is not known."""
    wrong, vitals, holder = worries(facts), facts.vitals, facts.holder
    return {
        "healthy": not wrong,
        "worries": wrong,
        "last_poll": facts.age(vitals.polled) if vitals else None,
        "last_scheduler_pass": facts.age(vitals.scheduled) if vitals else None,
        "oldest_due": facts.age(facts.oldest_due),
        "agenda": vitals.agenda if vitals else None,
        "in_hand": vitals.in_hand if vitals else None,
        "counts": {kind: vitals.counts.get(kind, 0) for kind in COUNTED} if vitals else None,
        "lease": vars(holder) if holder else None,
        "beat": facts.age(vitals.at) if vitals else None,
        "version": vitals.version if vitals else None,
        "uptime": facts.age(vitals.started) if vitals else None,
    }
