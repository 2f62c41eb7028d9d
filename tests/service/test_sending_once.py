# SPDX-License-Identifier: GPL-3.0-or-later
"""What reaches Telegram when something goes wrong around a sending: nothing twice without need, nothing for ever."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from src.conversation_elements import PHRASES
from src.engine.effects import Sendable
from src.engine.events import TextTyped
from src.engine.study import Pace
from src.errors import DatabaseAway, TryLater
from src.identities import TelegramId
from src.service.ports import Update
from tests.fakes.ports import FakeParticipants, FakeTelegram
from tests.fakes.world import World, with_rules
from tests.service.stage import (
    ANN,
    BEA,
    WatchedParticipants,
    deliver,
    enrol,
    let_pass,
    small_study,
    to_be_sent,
    watched,
)

FLOOD = TryLater("Telegram asks for a pause", seconds=30.0)


@dataclass
class AnswersLost(FakeTelegram):
    """Telegram takes every message, but its answers never reach us."""

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        super().send(to, what)
        raise TryLater("the connection to Telegram broke", uncertain=True)


@dataclass
class DatabaseGoes(FakeTelegram):
    """The database goes away while a message is on its way, and comes back after `seconds`."""

    participants: FakeParticipants = field(default_factory=FakeParticipants)
    seconds: float = 0.3

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        self.participants.away = True
        back = threading.Timer(self.seconds, lambda: setattr(self.participants, "away", False))
        back.daemon = True
        back.start()
        return super().send(to, what)


def database_goes(seconds: float) -> World:
    participants = WatchedParticipants()
    telegram = DatabaseGoes(participants=participants, seconds=seconds)
    world = World(small_study(), telegram=telegram, participants=participants)
    to_be_sent(world, ANN, "one")
    return world


def test_when_the_database_goes_away_after_the_sending_the_message_is_not_sent_again() -> None:
    world = database_goes(0.3)
    deliver(world)
    assert world.telegram.said_to(ANN) == ["one"]
    assert world.participant(ANN).outbox == ()


def test_a_stop_does_not_wait_for_a_database_that_is_away() -> None:
    world = database_goes(60)
    world.delivery.stop.set()
    with pytest.raises(DatabaseAway):
        deliver(world)
    assert world.telegram.said_to(ANN) == ["one"]
    assert world.agenda.sizes() == (0, 0)


def test_after_a_crash_between_sending_and_saving_at_most_one_message_is_repeated() -> None:
    world, participants = watched()
    to_be_sent(world, ANN, "one", "two", "three")
    participants.troubles = [DatabaseAway("away")]
    world.delivery.stop.set()
    with pytest.raises(DatabaseAway):
        deliver(world)
    world.restart()
    world.work()
    assert world.telegram.said_to(ANN) == ["one", "one", "two", "three"]


def test_a_message_whose_answers_are_always_lost_is_not_sent_for_ever() -> None:
    # telegram.md 5.17: a critical message has at most one duplicate; never an endless retry.
    world = World(small_study(), telegram=AnswersLost())
    to_be_sent(world, ANN, "one")
    let_pass(world, days=1)
    assert len(world.telegram.said_to(ANN)) <= 2


def test_a_message_that_never_reached_telegram_is_tried_as_often_as_it_takes() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "one")
    world.telegram.troubles = [TryLater("cannot be reached")] * 30
    let_pass(world, days=1)
    assert world.telegram.said_to(ANN) == ["one"]


def test_a_message_that_was_taken_goes_once_even_if_nothing_can_be_made_of_it() -> None:
    # style.md 11 and telegram.md 5.17: trouble with one participant is no reason for the same message again and again.
    endless = with_rules(small_study("story"), categories={"capacitation": Pace.RHYTHM}, rhythm_scale=1e300)
    world, _ = watched(endless)
    enrol(world, ANN, next_at=world.clock.now())
    let_pass(world, days=1)
    assert world.telegram.said_to(ANN) == ["This is story."]


def test_after_a_429_nothing_goes_to_that_chat_before_the_time_is_over() -> None:
    # telegram.md 5.11: no request to that chat before retry_after.
    world, _ = watched()
    to_be_sent(world, ANN, "one")
    world.telegram.troubles = [FLOOD]
    deliver(world)
    world.clock.pass_by(seconds=1)
    world.happens(ANN, TextTyped(5, "hello?"))
    for _ in range(28):
        deliver(world)
        world.clock.pass_by(seconds=1)
    assert world.telegram.said_to(ANN) == []
    let_pass(world, minutes=1)
    assert "one" in world.telegram.said_to(ANN)


def test_after_a_429_the_other_chats_are_served() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "one")
    to_be_sent(world, BEA, "hello")
    world.telegram.troubles = [FLOOD]
    deliver(world)
    assert world.telegram.said_to(BEA) == ["hello"]


def test_a_text_does_not_count_for_a_question_that_is_just_on_its_way_and_the_person_is_told() -> None:
    world, _ = watched()

    @dataclass
    class PersonIsFaster(FakeTelegram):
        def send(self, to: TelegramId, what: Sendable) -> int | None:
            message_id = super().send(to, what)
            world.messages.handle([Update(90, ANN, "en", TextTyped(90, "yes"))])
            return message_id

    world.telegram = PersonIsFaster()
    world.restart()
    world.writes(ANN, "/start")
    world.clock.pass_by(seconds=2)
    deliver(world, passes=1)
    run = world.participant(ANN).run
    assert run is not None
    assert run.answer_texts() == {}
    deliver(world)
    assert world.telegram.said_to(ANN)[-1] == PHRASES["one_moment"]["en"]


def test_an_error_that_nobody_foresaw_gives_the_person_back() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "one")
    to_be_sent(world, BEA, "hello")

    @dataclass
    class Odd(FakeTelegram):
        def send(self, to: TelegramId, what: Sendable) -> int | None:
            if to == ANN:
                raise ZeroDivisionError
            return super().send(to, what)

    world.delivery.telegram = Odd()
    for _ in (ANN, BEA):
        assert world.delivery.one_pass(world.conversation, wait=0.0)
    assert world.agenda.sizes() == (1, 0), "one of them is looked at again in an hour"
    assert world.participant(BEA).outbox == ()


def test_time_that_passes_without_anything_due_sends_nothing() -> None:
    world, participants = watched()
    to_be_sent(world, ANN, "one", at=world.clock.now() + timedelta(days=2))
    let_pass(world, days=1)
    assert world.telegram.sent == []
    assert participants.batches == []
