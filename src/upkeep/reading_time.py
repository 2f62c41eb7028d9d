# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a dialogue takes to read: the pauses between its messages, along the shortest and the longest way.

Every answer counts as possible at every question, and the time that people take to answer does not count.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from src.dialogues.model import Choice, Dialogue, Kind, Message, Next
from src.engine.wording import plain

Steps = Mapping[str, Sequence[tuple[str | None, float]]]
"""Where each message may lead (None: the end), and the pause in seconds before what is sent then."""


@dataclass(frozen=True)
class ReadingTime:
    """Seconds along the shortest and the longest way."""

    shortest: float
    longest: float


def reading_time(dialogue: Dialogue, language: str, reading_pause: Callable[[str], float]) -> ReadingTime | None:
    """Return how long the dialogue's pauses are in this language; None when no way leads to its end.

    `reading_pause` gives the seconds for a plain text that has no pause of its own before it. Loops are bounded: on
    the longest way nobody goes back to a message that they have had.
    """
    pauses = {
        name: reading_pause(plain(message.text.in_language(language, language)))
        for name, message in dialogue.messages.items()
    }
    steps = {name: _steps_from(message, dialogue, pauses) for name, message in dialogue.messages.items()}
    starts = [name for name in dialogue.initial_messages if name in steps]
    shortest = min((pauses[start] + _shortest(start, steps) for start in starts), default=math.inf)
    longest = max((pauses[start] + _longest(start, steps) for start in starts), default=-math.inf)
    return ReadingTime(shortest, longest) if math.isfinite(shortest) and math.isfinite(longest) else None


def _steps_from(message: Message, dialogue: Dialogue, pauses: Mapping[str, float]) -> list[tuple[str | None, float]]:
    """Return where a message may lead, each place once, and the pause on the way there."""
    places = dict.fromkeys(_places_after(message, dialogue))
    known = [place for place in places if place is None or place in pauses]
    return [(place, _pause(message, place, pauses)) for place in known]


def _pause(message: Message, place: str | None, pauses: Mapping[str, float]) -> float:
    if place is None:
        return 0.0
    return pauses[place] if message.wait is None else message.wait


def _places_after(message: Message, dialogue: Dialogue) -> Iterator[str | None]:
    if message.kind is not Kind.WAIT:
        yield from _leaves(message.next)
    elif message.input is None:
        yield from (other.triggers for other in dialogue.messages.values() if other.triggers)
    if message.input is None or message.ends:
        return
    yield from _leaves(message.input.next)
    if message.input.invalid is not None:
        yield message.input.invalid
    for following in message.input.answers.values():
        yield from _leaves(following)


def _leaves(following: Next) -> Iterator[str | None]:
    """Yield every message, or end, that a `next` may lead to."""
    if not isinstance(following, Choice):
        yield following
        return
    for branch in following.branches.values():
        yield from _leaves(branch)


def _shortest(start: str, steps: Steps) -> float:
    """Return the length of the shortest way from `start` to an end (Dijkstra); infinite when there is none."""
    seen: set[str] = set()
    waiting: list[tuple[float, str]] = [(0.0, start)]
    best = math.inf
    while waiting:
        length, here = heapq.heappop(waiting)
        if here in seen:
            continue
        seen.add(here)
        for place, pause in steps[here]:
            if place is None:
                best = min(best, length + pause)
            elif place not in seen:
                heapq.heappush(waiting, (length + pause, place))
    return best


def _longest(start: str, steps: Steps) -> float:
    """Return the length of the longest way from `start` to an end without steps that go back; -infinite without one.

    Messages are finished in the order of a walk into the depth, so that whatever a message leads to is either
    finished before it, or on the way to it: a step back.
    """
    longest: dict[str, float] = {}
    seen = {start}
    way = [(start, iter(steps[start]))]
    while way:
        here, following = way[-1]
        place = next((place for place, _ in following if place is not None and place not in seen), None)
        if place is not None:
            seen.add(place)
            way.append((place, iter(steps[place])))
            continue
        way.pop()
        after = (pause + (0.0 if place is None else longest.get(place, -math.inf)) for place, pause in steps[here])
        longest[here] = max(after, default=-math.inf)
    return longest[start]
