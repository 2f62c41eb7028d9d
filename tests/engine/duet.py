# SPDX-License-Identifier: GPL-3.0-or-later
"""A small dialogue for two with its invitation, and two people who play it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from src.dialogues.model import Dialogue
from src.engine.invitations import invite
from src.engine.turn import settled
from src.service.ports import Saving
from tests.engine.samples import buttons, dialogue, enrol, goes_on, na, sa, study
from tests.fakes.world import World

ONE, TWO = 1, 2

INVITATION = dialogue(
    {
        "ask": sa(
            "Together?", buttons("ready", "yes", "no"), {"ready": {"yes": "fine", "no": "well"}}, action="2p_answer"
        ),
        "fine": na("Fine."),
        "well": na("Well."),
    },
    "invitation",
    title="user_settings",
)


def compare(name: str) -> Any:
    """Return a question that both answer; the second one's way depends on the first one's answer."""
    following = {"replace_variable": "told", "told": {"sea": "sea", "wood": "wood"}} if name == "guess" else "wait"
    values = buttons(name, "sea", "wood")
    return {**sa(f"Which {name}?", values, following), "type": "CA", "waiting_text": "The other is thinking."}


GAME = dialogue(
    {
        "tell": compare("told"),
        "wait": {"type": "WA", "text": "Listen.", "next": None, "wait": None},
        "guess": compare("guess"),
        "sea": na("It was the sea.", triggers="heard"),
        "wood": na("It was the wood.", triggers="heard"),
        "heard": na("They heard you."),
    },
    "game",
    title="encontrar_soluciones_juntos",
    initial_messages=["tell", "guess"],
    points=["1 if '{told}' == '{guess}' else 0", "2 if '{told}' == '{guess}' else 0"],
)


def pair(*more: Dialogue, **rules: Any) -> World:
    world = World(study(INVITATION, GAME, *more, sequence=(), **rules))
    enrol(world, ONE)
    enrol(world, TWO)
    asks(world)
    return world


def asks(world: World, first: int = ONE, second: int = TWO) -> None:
    """Let the first person be paired with the second, as an admin's command does."""
    before, now = world.participant(first), world.clock.now()
    turn = settled(invite(before, "game", world.who(second), now, world.study), now, world.study)
    world.participants.save([Saving(before, replace(turn.participant, version=before.version + 1))])
    goes_on(world, minutes=1)


def plays(world: World, first: str = "sea", second: str = "sea") -> None:
    world.presses(TWO, "yes")
    goes_on(world, minutes=1)
    world.presses(ONE, first)
    goes_on(world, minutes=1)
    world.presses(TWO, second)
    goes_on(world, minutes=1)


def last(world: World, person: int) -> Any:
    return world.history(person)[-1]


def texts(world: World, person: int) -> list[str]:
    return [each.text for each in world.shown(person)]
