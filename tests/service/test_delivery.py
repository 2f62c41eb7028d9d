# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent, in which order, and what follows when Telegram does not take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from src.engine.effects import Outgoing, RemoveButtons, Send, Sendable
from src.engine.events import TextTyped
from src.engine.state import Status
from src.errors import BotError, CannotReach, NotAllowed, Refused, TryLater
from src.identities import TelegramId
from src.service.conversation import Happened
from src.service.delivery import WAITING_FOR_US
from src.service.limiter import WINDOW, Limiter
from src.service.trying_again import LONGEST_PAUSE, pause_before_try
from tests.fakes.ports import NOON, FakeTelegram
from tests.fakes.world import World
from tests.service.stage import ANN, BEA, deliver, enrol, small_study, to_be_sent, watched


def waiting(*troubles: BotError | None) -> World:
    """Return a world in which two texts for Ann and one for Bea are due, and the next sendings fail like this."""
    world, _ = watched()
    to_be_sent(world, ANN, "one", "two")
    to_be_sent(world, BEA, "hello")
    world.telegram.troubles = list(troubles)
    return world


def test_the_messages_of_a_person_go_out_one_by_one_and_in_order() -> None:
    world, participants = watched()
    to_be_sent(world, ANN, *"abcdef")
    assert world.delivery.one_pass(world.conversation, wait=0.0)
    assert world.telegram.said_to(ANN) == ["a"]
    deliver(world)
    assert world.telegram.said_to(ANN) == list("abcdef")
    assert world.participant(ANN).outbox == ()
    assert world.participant(ANN).last_message_id == world.telegram.sent[-1].message_id
    assert len(participants.batches) == 6


def test_the_pause_before_a_message_is_kept() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "a", "b", pause=3.0)
    deliver(world)
    world.clock.pass_by(seconds=2.9)
    deliver(world)
    assert world.telegram.said_to(ANN) == ["a"]
    world.clock.pass_by(seconds=0.1)
    deliver(world)
    assert world.telegram.said_to(ANN) == ["a", "b"]


def test_when_telegram_asks_for_a_pause_nothing_is_tried_before_it_is_over_and_nothing_overtakes() -> None:
    world = waiting(TryLater("flood", seconds=30.0))
    deliver(world)
    assert world.telegram.said_to(BEA) == ["hello"]
    assert world.participant(ANN).outbox_at == NOON + timedelta(seconds=30)
    world.clock.pass_by(seconds=29.9)
    deliver(world)
    assert world.telegram.said_to(ANN) == []
    world.clock.pass_by(seconds=0.1)
    deliver(world)
    assert world.telegram.said_to(ANN) == ["one", "two"]


def test_when_telegram_is_away_the_pauses_grow() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "one")
    pauses = []
    for _ in range(15):
        world.telegram.troubles = [TryLater("away")]
        world.restart()
        world.delivery.wake(world.participant(ANN))
        world.scheduler.one_pass()
        deliver(world)
        due = world.participant(ANN).outbox_at
        assert due is not None
        pauses.append((due - world.clock.now()).total_seconds())
        world.clock.time = due
    assert [each.tries for each in world.participant(ANN).outbox] == [15]
    expected = [min(2.0**tries, LONGEST_PAUSE) for tries in range(15)]
    assert all(0.75 * each <= pause <= 1.25 * each for pause, each in zip(pauses, expected, strict=True))
    assert len({round(pause / each, 6) for pause, each in zip(pauses, expected, strict=True)}) > 1


def test_the_pause_before_the_next_attempt_stays_bounded() -> None:
    assert max(pause_before_try(tries) for tries in (20, 1000, 10**6)) <= 1.25 * LONGEST_PAUSE


def test_whoever_cannot_be_reached_is_left_alone_and_the_others_are_not() -> None:
    world = waiting(CannotReach("blocked"))
    deliver(world)
    ann = world.participant(ANN)
    assert (ann.status, ann.reachable, ann.outbox, ann.next_at) == (Status.DOWN, False, (), None)
    assert world.telegram.said_to(BEA) == ["hello"]
    world.goes_on(days=30)
    assert world.telegram.said_to(ANN) == []


def test_a_message_that_telegram_refuses_is_given_up_and_the_next_one_goes(caplog: pytest.LogCaptureFixture) -> None:
    world = waiting(Refused("Bad Request: message is too long"))
    deliver(world)
    assert world.telegram.said_to(ANN) == ["two"]
    assert "message is too long" in caplog.text


def test_buttons_that_cannot_be_removed_hold_nothing_up() -> None:
    world, _ = watched()
    enrol(
        world,
        ANN,
        outbox=(Outgoing("1", RemoveButtons(5)), Outgoing("2", Send("next"))),
        outbox_at=NOON,
        next_at=NOON,
    )
    world.telegram.troubles = [Refused("message to edit not found")]
    world.scheduler.one_pass()
    deliver(world)
    assert world.telegram.said_to(ANN) == ["next"]


def test_nothing_is_sent_to_somebody_whose_identity_was_deleted() -> None:
    world = waiting()
    world.pseudonyms.deleted.add(world.who(ANN))
    deliver(world)
    assert [each.to for each in world.telegram.sent] == [BEA]
    assert world.participant(ANN).outbox == ()


def test_a_document_that_is_gone_stops_nothing() -> None:
    world = waiting()
    del world.participants.documents[world.who(ANN)]
    deliver(world)
    assert world.telegram.said_to(BEA) == ["hello"]
    assert world.agenda.sizes() == (0, 0)


def test_somebody_who_was_changed_while_their_message_went_out_keeps_both() -> None:
    world, participants = watched()
    before = to_be_sent(world, ANN, "one")
    changed = enrol(world, ANN, version=2, points=9.0, outbox=before.outbox, outbox_at=NOON, next_at=NOON)
    participants.documents[before.id]["version"] = 1
    participants.meddle.append(changed)
    deliver(world)
    assert world.telegram.said_to(ANN) == ["one"]
    assert (world.participant(ANN).points, world.participant(ANN).outbox) == (9.0, ())


def test_a_wrong_token_gets_through_and_the_person_is_given_back() -> None:
    world = waiting(NotAllowed("wrong token"))
    with pytest.raises(NotAllowed):
        deliver(world)
    assert world.agenda.sizes() == (1, 0)
    assert len(world.participant(ANN).outbox) == 2


def test_somebody_whose_time_has_come_gets_the_next_dialogue_without_costing_a_token() -> None:
    world, _ = watched(small_study("story"))
    ann = enrol(world, ANN, next_at=NOON, dialogue_at=NOON)
    seconds = [0.0]
    world.delivery.limiter = Limiter(1, lambda: seconds[-1])
    seconds.append(WINDOW)
    world.delivery.wake(ann)
    assert world.delivery.one_pass(world.conversation, wait=0.0)
    assert world.participant(ANN).run is not None
    assert world.delivery.limiter.next_token() == 0.0


def test_one_chat_gets_a_burst_and_then_one_message_a_second() -> None:
    world, _ = watched()
    world.delivery.limiter = Limiter(1000, lambda: world.clock.now().timestamp())
    to_be_sent(world, ANN, *"abcdefgh")
    counts = []
    for _ in range(40):
        world.clock.pass_by(seconds=0.1)
        deliver(world, passes=5)
        counts.append(len(world.telegram.sent))
    assert counts[0] <= 3
    assert max(after - before for before, after in zip(counts, counts[10:], strict=False)) <= 3
    assert 6 <= counts[-1] <= 7


def test_whoever_waits_for_an_answer_overtakes_a_mass_send() -> None:
    world, _ = watched()
    for person in range(10, 3010):
        to_be_sent(world, person, "news")
    deliver(world, passes=5)
    to_be_sent(world, ANN, "your answer", heard_at=NOON - timedelta(seconds=2))
    world.delivery.one_pass(world.conversation, wait=0.0)
    assert world.telegram.sent[-1].to == ANN


def test_whoever_was_heard_of_long_ago_waits_like_everybody() -> None:
    world, _ = watched()
    assert not world.delivery.is_waiting(enrol(world, ANN, heard_at=NOON - WAITING_FOR_US))
    assert not world.delivery.is_waiting(enrol(world, BEA))


def test_only_what_is_near_stands_on_the_agenda() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "tomorrow", at=NOON + timedelta(days=1))
    to_be_sent(world, BEA, "soon", at=NOON + timedelta(seconds=59))
    assert [world.agenda.holds(world.who(each)) for each in (ANN, BEA)] == [False, True]


def test_a_message_that_was_put_off_far_is_found_by_the_scheduler() -> None:
    world = waiting(TryLater("flood", seconds=3600.0))
    deliver(world)
    assert not world.agenda.holds(world.who(ANN))
    world.goes_on(hours=1, minutes=1)
    assert world.telegram.said_to(ANN) == ["one", "two"]


def test_somebody_who_writes_twice_while_a_message_is_sent_gets_it_once_and_is_not_stuck() -> None:
    world, _ = watched()
    to_be_sent(world, ANN, "one", at=world.clock.now())

    @dataclass
    class Slow(FakeTelegram):
        def send(self, to: TelegramId, what: Sendable) -> int | None:
            message_id = super().send(to, what)
            if len(self.sent) == 1:
                for number in (90, 91):
                    world.conversation.handle([Happened(world.who(ANN), (TextTyped(number, "hm?"),))])
            return message_id

    world.telegram = Slow()
    world.restart()
    world.settle()
    assert world.telegram.said_to(ANN).count("one") == 1
    assert world.participant(ANN).outbox == ()


def test_somebody_who_cannot_be_served_is_left_alone_for_an_hour_and_stops_nobody() -> None:
    world, _ = watched()
    for person in (ANN, BEA):
        to_be_sent(world, person, f"to {person}", at=world.clock.now())

    @dataclass
    class Stumbles(FakeTelegram):
        tries: int = 0

        def send(self, to: TelegramId, what: Sendable) -> int | None:
            if to == ANN:
                self.tries += 1
                raise ValueError("what the person wrote")
            return super().send(to, what)

    world.telegram = telegram = Stumbles()
    world.restart()
    world.settle(seconds=600)
    assert telegram.said_to(BEA) == [f"to {BEA}"]
    assert telegram.tries == 1
