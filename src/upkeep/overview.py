# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of all participants, for people and for programs: counts, and who has waited longest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from src.engine.state import Participant, Status
from src.store.database import Database
from src.store.roster import counts, waiting_longest

_NOTHING = "–"


@dataclass(frozen=True)
class Overview:
    """What there is at one time; `rows` are those who have waited longest, of `total` participants."""

    now: datetime
    by_status: Mapping[str, int]
    by_dialogue: Mapping[str, int]
    total: int
    rows: tuple[Participant, ...]


def look_over(database: Database, limit: int, default_language: str, now: datetime) -> Overview:
    """Read the counts and at most `limit` participants. Raises DatabaseAway."""
    counted = counts(database)
    by_status = {status.name: 0 for status in Status}
    by_dialogue: dict[str, int] = {}
    for (status, dialogue), people in counted.items():
        name = Status(status).name if status in set(Status) else Status.START.name
        by_status[name] += people
        if dialogue is not None:
            by_dialogue[dialogue] = by_dialogue.get(dialogue, 0) + people
    rows = waiting_longest(database, limit, default_language) if limit else []
    return Overview(now, by_status, dict(sorted(by_dialogue.items())), sum(counted.values()), tuple(rows))


def as_json(overview: Overview) -> dict[str, object]:
    """Return the overview as one object for programs; times in ISO 8601 and UTC, waits in seconds."""
    return {
        "time": overview.now.isoformat(),
        "participants": overview.total,
        "status": dict(overview.by_status),
        "inside": dict(overview.by_dialogue),
        "shown": len(overview.rows),
        "rows": [_row(one, overview.now) for one in overview.rows],
    }


def _row(one: Participant, now: datetime) -> dict[str, object]:
    return {
        "id": one.id,
        "status": one.status.name,
        "language": one.language,
        "dialogue": one.run.dialogue if one.run else None,
        "message": one.run.at if one.run else None,
        "done": len(one.done),
        "rhythm": one.rhythm,
        "next_due": one.next_at.isoformat() if one.next_at else None,
        "waited": max((now - one.next_at).total_seconds(), 0.0) if one.next_at else 0.0,
        "queued": len(one.outbox),
    }


def as_table(overview: Overview) -> RenderableType:
    """Return the overview for a terminal."""
    table = Table(title_justify="left", header_style="bold")
    for name in ("id", "status", "language", "dialogue", "message", "done", "rhythm", "next due", "queued"):
        right = name in ("done", "rhythm", "next due", "queued")
        table.add_column(name, justify="right" if right else "left", no_wrap=name == "id")
    for one in overview.rows:
        table.add_row(*(Text(cell) for cell in _cells(one, overview.now)))
    states = ", ".join(f"{count} {name}" for name, count in overview.by_status.items())
    inside = ", ".join(f"{name} {count}" for name, count in overview.by_dialogue.items()) or "nobody"
    shown = f"Shown: {len(overview.rows)} of {overview.total}, who has waited longest first."
    more = " --limit N shows more." if len(overview.rows) < overview.total else ""
    head = f"{overview.total} participants: {states}.\nInside a dialogue: {inside}.\n{shown}{more}"
    return Group(Text(head), table)


def _cells(one: Participant, now: datetime) -> tuple[str, ...]:
    return (
        one.id,
        one.status.name,
        one.language,
        one.run.dialogue if one.run else _NOTHING,
        one.run.at if one.run else _NOTHING,
        str(len(one.done)),
        f"{one.rhythm / 3600:g} h",
        due_in_words(one.next_at, now),
        str(len(one.outbox)),
    )


def due_in_words(due: datetime | None, now: datetime) -> str:
    """Return when something is due as people say it: `in 3 h`, `2 min late`."""
    if due is None:
        return _NOTHING
    span = in_words(abs(due - now))
    return f"in {span}" if due > now else f"{span} late"


def in_words(span: timedelta) -> str:
    """Return a span of time in its largest whole unit."""
    seconds = int(span.total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
