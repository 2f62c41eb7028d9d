# SPDX-License-Identifier: GPL-3.0-or-later
"""A dialogue for everybody, of which somebody sees nothing because they pause first."""

from __future__ import annotations

from src.engine.events import MassDialogue, Withdrawn
from src.engine.state import Outcome, Status
from src.service.conversation import Happened
from tests.engine.samples import PERSON, buttons, dialogue, goes_on, na, sa, said, with_person
from tests.fakes.world import World

ONE = dialogue({"one": sa("One?", buttons("first", "a", "b"), "end"), "end": na("End.")})


def chosen_for_the_mass_send() -> World:
    """Return a world in which a dialogue for everybody waits to be sent to somebody who is free."""
    world = with_person(ONE, sequence=(), person={"status": Status.ACTIVE})
    who = world.who(PERSON)
    world.conversation.handle([Happened(who, (MassDialogue("7", ONE.id),))])
    assert world.participant(PERSON).receipts[-1].outcome is Outcome.QUEUED
    return world


def test_whoever_pauses_before_its_first_message_is_skipped_and_does_not_get_it_later() -> None:
    world = chosen_for_the_mass_send()
    world.writes(PERSON, "pause")
    assert world.participant(PERSON).receipts[-1].outcome is Outcome.SKIPPED
    world.conversation.handle([Happened(world.who(PERSON), (Withdrawn("7"),))])
    world.writes(PERSON, "resume")
    goes_on(world, days=1)
    assert "One?" not in said(world)


def test_whoever_pauses_behind_its_first_message_has_it_and_goes_on_with_it() -> None:
    world = chosen_for_the_mass_send()
    goes_on(world, minutes=1)
    assert world.participant(PERSON).receipts[-1].outcome is Outcome.SENT
    world.writes(PERSON, "pause")
    world.writes(PERSON, "resume")
    goes_on(world, hours=1)
    assert said(world)[-1] == "One?"
