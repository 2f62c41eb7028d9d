# SPDX-License-Identifier: GPL-3.0-or-later
"""What the synthetic people are like: read from `data/rehearsal/habits.toml`, and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from src.errors import BotError
from src.rehearsal.reading import Table

DEEDS = ("pause", "block", "leave", "setting", "chat")
"""What people do without being asked."""


class WrongHabits(BotError):
    """The file of habits cannot be used. The text says where, and what would be right."""


@dataclass(frozen=True)
class Kind:
    """What one kind of people is like; `habits.toml` says what each number means."""

    name: str
    meaning: str
    answers_after: tuple[float, float]
    puts_off: float
    later_hours: tuple[float, float]
    falls_silent: float
    agrees: float
    writes: float
    awake: tuple[time, time]
    abroad: float
    per_week: Mapping[str, float]
    comes_back_days: tuple[float, float]


@dataclass(frozen=True)
class Profile:
    """A mixture of kinds: `shares` are weights."""

    name: str
    meaning: str
    shares: Mapping[str, float]


@dataclass(frozen=True)
class MassSend:
    """A text of so many characters that goes to everybody at once, on this day (the first is 1) of the study."""

    day: int
    at: time
    characters: int


@dataclass(frozen=True)
class Pairs:
    """How an admin has set up dialogues for two: every so many hours a `share` of those who wait are asked."""

    every_hours: float
    share: float


@dataclass(frozen=True)
class Habits:
    """All that is known of the synthetic people, with the profile that was chosen."""

    begins: date
    come_within_days: float
    told_of_blocks: float
    mass_sends: tuple[MassSend, ...]
    pairs: Pairs
    typed: tuple[str, ...]
    chatter: tuple[str, ...]
    kinds: Mapping[str, Kind]
    profile: Profile


def load_habits(path: Path, profile: str) -> Habits:
    """Read the file. Raises WrongHabits, with one line."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WrongHabits(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongHabits(f"{path}: this is no TOML: {error}.") from None
    return habits_of(document, profile, path.name)


def habits_of(document: Mapping[str, Any], profile: str, name: str = "habits") -> Habits:
    """Return the habits that a document describes. Raises WrongHabits."""
    top = Table(document, name, WrongHabits)
    top.only(
        "begins", "come_within_days", "told_of_blocks", "mass_sends", "pairs", "typed", "chatter", "people", "profiles"
    )
    kinds = {kind: kind_of(table, kind) for kind, table in top.tables("people").items()}
    profiles = {each: profile_of(table, each, kinds) for each, table in top.tables("profiles").items()}
    if profile not in profiles:
        raise WrongHabits(f"There is no profile {profile!r} in {name}. There are: {', '.join(profiles)}.")
    return Habits(
        begins=top.day("begins"),
        come_within_days=top.number("come_within_days", 0, 3650),
        told_of_blocks=top.share("told_of_blocks"),
        mass_sends=tuple(mass_send_of(each) for each in top.list_of_tables("mass_sends")),
        pairs=pairs_of(top.table("pairs")),
        typed=top.texts("typed"),
        chatter=top.texts("chatter"),
        kinds=kinds,
        profile=profiles[profile],
    )


def kind_of(table: Table, name: str) -> Kind:
    """Return what a table says about one kind of people."""
    table.only(*(each for each in Kind.__dataclass_fields__ if each != "name"))
    per_week = table.table("per_week")
    per_week.only(*DEEDS)
    return Kind(
        name=name,
        meaning=table.text("meaning"),
        answers_after=table.span("answers_after", 1, 90 * 86400),
        puts_off=table.share("puts_off"),
        later_hours=table.span("later_hours", 0.01, 24 * 90),
        falls_silent=table.share("falls_silent"),
        agrees=table.share("agrees"),
        writes=table.share("writes"),
        awake=table.hours("awake"),
        abroad=table.share("abroad"),
        per_week={deed: per_week.number(deed, 0, 50) for deed in DEEDS},
        comes_back_days=table.span("comes_back_days", 0.001, 365),
    )


def profile_of(table: Table, name: str, kinds: Mapping[str, Kind]) -> Profile:
    """Return a mixture of the kinds that there are."""
    table.only("meaning", "mixture")
    mixture = table.table("mixture")
    mixture.only(*kinds)
    shares = {kind: mixture.number(kind, 0, 1e9) for kind in mixture.names()}
    if sum(shares.values()) <= 0:
        raise WrongHabits(f"{mixture.place}: a mixture needs one kind of people at least, like eager = 1.")
    return Profile(name, table.text("meaning"), shares)


def pairs_of(table: Table) -> Pairs:
    """Return how pairs are made."""
    table.only("every_hours", "share")
    return Pairs(table.number("every_hours", 0.1, 24 * 30), table.share("share"))


def mass_send_of(table: Table) -> MassSend:
    """Return when something goes to everybody."""
    table.only("day", "at", "characters")
    return MassSend(int(table.number("day", 1, 36500)), table.hour("at"), int(table.number("characters", 1, 4000)))
