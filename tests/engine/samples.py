# SPDX-License-Identifier: GPL-3.0-or-later
"""Small dialogues in the authors' own format, and a world in which one person plays them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from src.dialogues.model import Dialogue
from src.dialogues.parse import parse_dialogue
from src.engine.effects import Send
from src.engine.events import BlockedBot, OtherContent
from src.engine.state import Participant, Run, Status
from src.engine.study import Study
from src.store.documents import new_document
from tests.fakes.ports import NOON
from tests.fakes.world import RULES, World, study_of

Json = dict[str, Any]

PERSON = 7
LANGUAGES = ("ca", "es", "en", "de")
READING = 2.0
"""Seconds that `RULES` give to read any text."""


def na(text: Any = "Hello", following: Any = None, **more: Any) -> Json:
    """Return a message that asks nothing."""
    return {"type": "NA", "text": text, "wait": None, "next": following, **more}


def buttons(name: str, *values: str, **more: Any) -> Json:
    """Return the `vars` entry of one answer: a button for each value, its label in capitals."""
    return {"name": name, "type": "button", "texts": [each.upper() for each in values], "values": list(values), **more}


def sa(text: Any, variables: Any, following: Any, **more: Any) -> Json:
    """Return a message that asks with buttons."""
    return {"type": "SA", "text": text, "vars": variables, "wait": None, "next": following, **more}


def wa(text: Any, name: str, **what: Any) -> Json:
    """Return a message that asks for typed text; `what` is its `input`."""
    return {"type": "WA", "text": text, "vars": [name], "wait": None, "next": None, "input": what}


def dialogue(messages: Json, name: str = "talk", title: str = "capacitation", **more: Any) -> Dialogue:
    """Return the dialogue that begins with the first of these messages."""
    first = [next(iter(messages))]
    whole = {"_id": name, "title": title, "initial_messages": first, "points": ["0"], "messages": messages}
    return parse_dialogue({**whole, **more})


def question(name: str = "talk", **more: Any) -> Dialogue:
    """Return a dialogue with one question, two answers and a last word."""
    asked = sa("Ready?", buttons("ready", "yes", "no"), {"ready": {"yes": "great", "no": "fine"}})
    return dialogue({"ask": asked, "great": na("Great."), "fine": na("Fine.")}, name, **more)


def study(*dialogues: Dialogue, sequence: tuple[str, ...] | None = None, **rules: Any) -> Study:
    """Return a study of these dialogues, in this order unless another is named."""
    order = tuple(each.id for each in dialogues) if sequence is None else sequence
    return study_of(dialogues, order, replace(RULES, **rules))


def enrol(world: World, person: int = PERSON, **changed: Any) -> None:
    """Put somebody into the study who agreed to take part; the first dialogue is due now."""
    active = Participant(world.who(person), "en", status=Status.ACTIVE, next_at=world.clock.now(), version=1)
    world.participants.documents[world.who(person)] = new_document(replace(active, **changed))


def goes_on(world: World, **how_long: float) -> None:
    """Let time pass, and everything happen at the moment for which it is planned."""
    until = world.clock.now() + timedelta(**how_long)
    while True:
        world.work()
        planned = [due for _, due in world.participants.due(until, 10_000)]
        if not planned:
            world.clock.time = until
            return
        assert min(planned) > world.clock.now(), "something is due, and nothing happens"
        world.clock.time = min(planned)


def with_person(
    *dialogues: Dialogue, sequence: tuple[str, ...] | None = None, person: Json | None = None, **rules: Any
) -> World:
    """Return a world with one active person to whom all that is due has been sent."""
    world = World(study(*dialogues, sequence=sequence, **rules))
    enrol(world, **(person or {}))
    goes_on(world, minutes=2)
    return world


def said(world: World) -> list[str]:
    """Return all that the bot wrote to the person."""
    return [each.text for each in world.shown(PERSON)]


def newly_said(world: World, seconds: float = 60) -> list[str]:
    """Return what the bot writes to the person from now on."""
    before = len(said(world))
    goes_on(world, seconds=seconds)
    return said(world)[before:]


def answers(world: World, text: str) -> list[str]:
    """Let the person write, and return what the bot writes back."""
    world.writes(PERSON, text)
    return newly_said(world)


def presses(world: World, value: str) -> list[str]:
    """Let the person press a button of the newest question, and return what the bot writes back."""
    world.presses(PERSON, value)
    return newly_said(world)


def run_of(world: World) -> Run:
    """Return the dialogue that the person is in."""
    run = world.participant(PERSON).run
    assert run is not None, "no dialogue is running"
    return run


def recorded(world: World) -> Any:
    """Return the answers of the dialogue that ended last."""
    return world.history(PERSON)[-1]["answers"]


def played(world: World) -> list[object]:
    """Return the ids of the dialogues in the person's history."""
    return [each["gameId"] for each in world.history(PERSON)]


def sends_sticker(world: World) -> list[str]:
    """Let the person send something that is no text, and return what the bot writes back."""
    world.happens(PERSON, OtherContent(next(world.numbers)))
    return newly_said(world)


def blocks(world: World) -> None:
    """Let the person block the bot."""
    world.happens(PERSON, BlockedBot(next(world.numbers)))


def last_shown(world: World) -> Send:
    """Return the last message that the person got."""
    return world.shown(PERSON)[-1]


def at(hour: int, minute: int = 0, *, day: int = 4) -> datetime:
    """Return a time (UTC) of March 2026; Madrid's clock shows one hour more until the 29th."""
    return NOON.replace(day=day, hour=hour, minute=minute)
