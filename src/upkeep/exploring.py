# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a small set of walks through a dialogue that together reach everything that can be reached in it.

The real engine is asked what every possible answer leads to; places that differ in nothing that decides are one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from src.dialogues.formula import MalformedFormula, parse_formula
from src.dialogues.model import Dialogue, InputKind, Message
from src.dialogues.rules import choices_in
from src.upkeep.scenes import Back, Input, Scene, Stage, Step, begin, go_on, question_now
from src.upkeep.ways import Reached, choice_made, nexts_of, reached_in

MOST_PLACES = 2_000
"""A dialogue with more places than this is explored only in part; the report then tells what is missing."""

EXAMPLES = {"ca": "Un exemple & més", "es": "Un ejemplo & más", "en": "An example & more", "de": "Ein Beispiel & mehr"}
NUMBERS = ("0", "1", "18", "40", "1000", "2000", "-1", "0,5")
"""What is typed where a number is asked for and 3 is none that counts, or none that does not."""


@dataclass(frozen=True)
class Place:
    """Where a walk may be: the open message, the language, and those earlier answers that decide later on."""

    at: str
    language: str
    known: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Move:
    """An answer at a place: what it reaches, and the place after it (None: the dialogue is over)."""

    said: str
    reached: frozenset[Reached]
    target: Place | None


@dataclass
class Map:
    """All places of a dialogue with their moves; `first` is None if the dialogue asks nothing."""

    first: Place | None
    reached_at_once: frozenset[Reached]
    moves: dict[Place, list[Move]] = field(default_factory=dict)

    def all_reached(self) -> set[Reached]:
        """Return everything that can be reached at all."""
        return set(self.reached_at_once).union(*(move.reached for moves in self.moves.values() for move in moves))


def explore(stage: Stage) -> Map:
    """Return the map of a dialogue, beginning in the language of the stage."""
    deciding = deciding_names(stage.dialogue)
    start = begin(stage)
    found = Map(place_after(stage, start, deciding), frozenset(reached_in(stage.dialogue, start)))
    waiting = deque([(found.first, start.scene)] if found.first else [])
    while waiting and len(found.moves) < MOST_PLACES:
        place, scene = waiting.popleft()
        if place in found.moves:
            continue
        found.moves[place] = []
        for said in possible_inputs(stage, scene):
            step = go_on(stage, scene, said)
            target = place_after(stage, step, deciding)
            found.moves[place].append(Move(said, frozenset(reached_in(stage.dialogue, step)), target))
            if target is not None:
                waiting.append((target, step.scene))
    return found


def deciding_names(dialogue: Dialogue) -> frozenset[str]:
    """Return the answers that may decide something after the message that they are given to."""
    names: set[str] = set()
    for message in dialogue.messages.values():
        own = {button.name for button in message.buttons} | {message.typed}
        asked = {choice.answer for following in nexts_of(message) for choice in choices_in(following)}
        names |= asked - own
        for name, condition in message.conditions.items():
            names |= names_in(condition) - {name}
    return frozenset(names)


def names_in(formula: str) -> frozenset[str]:
    """Return the answers that a formula uses; none if it cannot be read."""
    try:
        return parse_formula(formula).names
    except MalformedFormula:
        return frozenset()


def place_after(stage: Stage, step: Step, deciding: frozenset[str]) -> Place | None:
    """Return where a step leads; None when the dialogue is over or was left."""
    run = step.scene.participant.run
    if step.kept or run is None or run.dialogue != stage.dialogue.id:
        return None
    known = frozenset((name, value) for name, value in run.answer_texts().items() if name in deciding)
    return Place(run.at, step.scene.participant.language, known)


def possible_inputs(stage: Stage, scene: Scene) -> Iterator[str]:
    """Yield one input for every kind of answer that the open message takes."""
    message = question_now(stage, scene)
    if message is None:
        return
    for button in message.buttons:
        yield button.value
    if message.typed is None or message.input is None:
        return
    found: dict[str, str] = {}
    for text in texts_to_type(message, scene.participant.language):
        made = choice_made(message, text, scene)
        if made is not None:
            found.setdefault(made[0], text)
    for kind in ("valid", "invalid"):
        if f"{message.typed} typed: {kind}" in found:
            yield found[f"{message.typed} typed: {kind}"]
    yield from message.input.answers


def texts_to_type(message: Message, language: str) -> Iterator[str]:
    """Yield texts that may count at this message, and some that do not."""
    assert message.input is not None  # the caller has looked
    example = EXAMPLES.get(language, EXAMPLES["en"])
    condition = message.conditions.get(message.typed or "", "")
    first = {InputKind.TIME: "18:30", InputKind.NUMBER: "3"}
    yield first.get(message.input.kind, example[: message.input.max_length])
    yield example
    if message.input.kind is InputKind.NUMBER:
        yield from NUMBERS
    yield from re.findall(r"\d+", condition)
    yield from re.findall(r"'([^'{}]+)'", condition)
    yield (f"{example} " * (message.input.max_length // len(example) + 2))[: message.input.max_length + 5].strip()


def covering_walks(found: Map, language: str) -> list[list[Input]]:
    """Return walks, each a list of inputs, that together reach all of this language that can be reached."""
    left = {each for each in found.all_reached() if each[0] == language} - found.reached_at_once
    walks: list[list[Input]] = [[]]
    while found.first is not None and left:
        before = len(left)
        walks.append(list(one_walk(found, found.first, left)))
        if len(left) == before:
            break
    return [walk for walk in walks if walk] or [[]]


def one_walk(found: Map, first: Place, left: set[Reached]) -> Iterator[Input]:
    """Yield the inputs of one walk, and take what it reaches out of `left`.

    It goes on as long as something new is ahead, then to an end; then it goes back for what else can be said.
    """
    path, open_now, ended = [first], True, False
    while True:
        way = [] if ended else way_to_new(found, path[-1], left) or way_to_end(found, path[-1])
        if not way:
            index, way = shortest_from(found, path, left)
            if not way:
                return
            if not open_now or index < len(path) - 1:
                yield Back(path[index].at)
            del path[index + 1 :]
        for move in way:
            yield move.said
            left -= move.reached
            path += [move.target] if move.target else []
        open_now = way[-1].target is not None
        ended = ended or not open_now


def shortest_from(found: Map, path: Sequence[Place], left: set[Reached]) -> tuple[int, list[Move]]:
    """Return from which place of a path something new is nearest, the later one of equals, and the way there.

    A place that was asked at again later cannot be gone back to: "back to" means the last time.
    """
    ways: dict[int, list[Move]] = {}
    known: set[str] = set()
    for index in range(len(path) - 1, -1, -1):
        way = [] if path[index].at in known else way_to_new(found, path[index], left)
        known.add(path[index].at)
        ways |= {index: way} if way else {}
    best = min(ways, key=lambda index: (len(ways[index]), -index), default=0)
    return best, ways.get(best, [])


def way_to_new(found: Map, start: Place, rest: set[Reached]) -> list[Move]:
    """Return the shortest way to something new; of several, the one after which most is still ahead."""
    for ways in ways_by_length(found, start):
        new = [way for way in ways if not rest.isdisjoint(way[-1].reached)]
        if new:
            return max(new, key=lambda way: ahead(found, way[-1].target, rest - way[-1].reached))
    return []


def way_to_end(found: Map, start: Place) -> list[Move]:
    """Return the shortest way to an end of the dialogue; empty if there is none."""
    for ways in ways_by_length(found, start):
        ending = [way for way in ways if way[-1].target is None]
        if ending:
            return ending[0]
    return []


def ways_by_length(found: Map, start: Place) -> Iterator[list[list[Move]]]:
    """Yield all ways of one move, then of two, and so on; no place is entered twice."""
    ways: list[list[Move]] = [[move] for move in found.moves.get(start, ())]
    seen = {start}
    while ways:
        yield ways
        ends = {target: way for way in reversed(ways) if (target := way[-1].target) is not None}
        fresh = {place: way for place, way in reversed(ends.items()) if place not in seen}
        seen |= fresh.keys()
        ways = [[*way, move] for place, way in fresh.items() for move in found.moves.get(place, ())]


def ahead(found: Map, start: Place | None, rest: set[Reached]) -> int:
    """Return how much of what is left can still be reached from a place."""
    if start is None:
        return 0
    reached: set[Reached] = set()
    for ways in ways_by_length(found, start):
        for way in ways:
            reached |= rest & way[-1].reached
    return len(reached)
