# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever has been erased stays erased, whatever of theirs was still under way."""

from __future__ import annotations

import pytest

from src.engine.effects import Outgoing, Send, Sendable
from src.engine.events import Delivered, Event, GivenUp, PutOff, TextTyped, TimeArrived, Unreachable, WaitsForMorning
from src.engine.state import Status
from src.identities import TelegramId
from src.service.conversation import Happened
from tests.fakes.ports import FakeTelegram
from tests.fakes.world import World
from tests.service.stage import ANN, deliver, enrol, small_study, to_be_sent, watched

OWN_EVENTS = (
    TimeArrived(),
    Delivered("0.0", 900, has_buttons=True),
    Delivered("0.0", None),
    PutOff("0.0", 30.0),
    WaitsForMorning("0.0"),
    GivenUp("0.0", "no such picture"),
    Unreachable(),
)


class ErasingMeanwhile(FakeTelegram):
    """Takes a message, and in that moment somebody else erases the person who gets it."""

    world: World

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        self.world.erase(self.world.who(to))
        return super().send(to, what)


# Fault: src/engine/turn.py: the newest message's id is noted for nobody, so that a document begins again.
@pytest.mark.parametrize("event", OWN_EVENTS, ids=lambda event: type(event).__name__)
def test_what_became_of_a_message_makes_nobody_anew_who_was_erased(event: Event) -> None:
    world, participants = watched()
    known = enrol(world, ANN, outbox=(Outgoing("0.0", Send("Hello")),))
    world.erase(known.id)
    world.conversation.handle([Happened(known.id, (event,), known=known)])
    assert known.id not in participants.documents
    assert known.id in world.pseudonyms.deleted


def test_a_message_that_is_taken_while_its_reader_is_erased_brings_nobody_back() -> None:
    telegram = ErasingMeanwhile()
    world = World(small_study(), telegram=telegram)
    telegram.world = world
    ann = to_be_sent(world, ANN, "Hello")
    deliver(world)
    assert telegram.said_to(ANN) == ["Hello"]
    assert ann.id not in world.participants.documents
    assert world.participants.due(world.clock.now(), 10) == []


def test_what_is_said_while_somebody_is_being_erased_does_not_enter_them_when_telegram_brings_it_again() -> None:
    world, participants = watched()
    ann = to_be_sent(world, ANN, "Good-bye", status=Status.OUT, erasing=True)
    text = TextTyped(next(world.numbers), "wait")
    world.happens(ANN, text)
    world.settle()
    assert ann.id not in participants.documents
    world.restart()
    world.happens(ANN, text)
    assert participants.documents.keys() == set()
    world.writes(ANN, "/start")
    assert len(participants.documents) == 1
