# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored about a person at the end, and what has to be by the rules: two lists that must be the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from src.engine.state import GivenAnswer, Run, Status
from tests.fakes.world import World
from tests.service.explained import Explained
from tests.service.places import Ended, Running

STATUS = {
    "new": Status.START,
    "start": Status.START,
    "active": Status.ACTIVE,
    "paused": Status.DOWN,
    "left": Status.OUT,
}

Facts = dict[str, Any]


def stored(world: World, number: int) -> Facts:
    """Return what the database holds about a person."""
    found = world.participant(number)
    return {
        "status": found.status,
        "absence": str(found.absence),
        "reachable": found.reachable,
        "language": found.language,
        "freq": found.freq,
        "rhythm": timedelta(seconds=found.rhythm),
        "part of day": found.part_of_day,
        "shift": timedelta(seconds=found.timeshift),
        "points": found.points,
        "done": list(found.done),
        "running": running(found.run),
        "kept": (running(found.kept.run), found.kept.since, found.kept.why) if found.kept else None,
        "history": [ended(each) for each in world.history(number)],
        "texts": [each["text"] for each in world.participants.texts.get(world.who(number), [])],
    }


def promised(one: Explained) -> Facts:
    """Return what the rules say about the person."""
    end = one.one
    return {
        "status": STATUS[end.status],
        "absence": one.absence(),
        "reachable": end.reachable,
        "language": end.language,
        "freq": end.freq,
        "rhythm": end.rhythm,
        "part of day": end.part,
        "shift": end.clock.shift,
        "points": end.points,
        "done": end.done,
        "running": place(end.run),
        "kept": (place(end.kept.run), end.kept.since, end.kept.why) if end.kept else None,
        "history": [promised_end(each) for each in end.ended],
        "texts": one.texts,
    }


def running(run: Run | None) -> object:
    """Return which dialogue runs, where it stands, and its answers."""
    return (run.dialogue, run.at, given(run.answers)) if run else None


def place(run: Running | None) -> object:
    """Return the same of a dialogue as the person saw it."""
    return (run.dialogue, run.at, run.answers) if run else None


def given(answers: Iterable[GivenAnswer]) -> list[tuple[str, str, str]]:
    """Return which message asked, under which name, and what was answered."""
    return [(each.message, each.name, each.value) for each in answers]


def promised_end(over: Ended) -> tuple[object, ...]:
    """Return the same of a dialogue that is over as the person saw it."""
    by_name = {name: value for _, name, value in over.answers}
    return (over.dialogue, list(over.answers), by_name, over.whole, over.why, over.at)


def ended(document: Mapping[str, Any]) -> tuple[object, ...]:
    """Return a dialogue of the history: its answers in order and by name, how and when it ended."""
    answers = [(each["message"], each["name"], each["value"]) for each in document["given"]]
    end = datetime.fromtimestamp(document["end_time"], UTC)
    why = document.get("unfinished_because")
    return (document["gameId"], answers, dict(document["answers"]), document["ended"], why, end)
