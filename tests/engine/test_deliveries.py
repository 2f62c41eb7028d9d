# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows when Telegram takes, puts off or refuses a message, or the whole person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from src.conversation_elements import PHRASES
from src.engine.effects import Notice, RemoveButtons
from src.engine.events import Delivered, GivenUp, PutOff, TimeArrived, UnblockedBot, Unreachable
from src.engine.state import Absence, Participant, Status
from src.engine.turn import take_turn
from src.errors import BotError, CannotReach, Refused, TryLater
from src.identities import Pseudonym
from tests.engine.samples import (
    PERSON,
    READING,
    answers,
    blocks,
    buttons,
    dialogue,
    enrol,
    goes_on,
    na,
    newly_said,
    presses,
    question,
    sa,
    said,
    study,
    with_person,
)
from tests.fakes.ports import NOON
from tests.fakes.world import World

BURST = dialogue(
    {"one": na("1", "two"), "two": na("2", "ask"), "ask": sa("?", buttons("a", "yes"), "end"), "end": na("End.")}
)


def with_troubles(*troubles: BotError | None) -> World:
    """Return a world in which Telegram raises these at the next sendings; the burst has gone out as far as it could."""
    world = World(study(BURST))
    enrol(world)
    world.telegram.troubles = list(troubles)
    goes_on(world, minutes=1)
    return world


def begun() -> Participant:
    """Return somebody to whom the burst is just being sent."""
    person = Participant(Pseudonym("a"), "en", status=Status.ACTIVE, version=1)
    return take_turn(person, TimeArrived(), NOON, study(BURST)).participant


def test_messages_leave_the_outbox_one_by_one_each_after_its_own_pause() -> None:
    first, second, third = begun().outbox
    after = take_turn(begun(), Delivered(first.id, 10), NOON, study(BURST)).participant
    assert after.outbox == (second, third)
    assert after.next_at == after.outbox_at == NOON + timedelta(seconds=READING)
    assert after.last_message_id == 10
    assert after.run is not None
    assert after.run.sent_at == {"one": NOON}


def test_a_question_is_bound_to_the_message_that_telegram_made_of_it() -> None:
    person = begun()
    for number, entry in enumerate(begun().outbox):
        person = take_turn(person, Delivered(entry.id, 10 + number, has_buttons=True), NOON, study(BURST)).participant
    assert person.run is not None
    assert (person.run.question, person.run.question_after) == (12, 11)
    assert (person.outbox, person.outbox_at, person.next_at) == ((), None, None)


def test_a_message_that_nobody_waits_for_any_more_loses_its_buttons() -> None:
    turn = take_turn(begun(), Delivered("0.99", 33, has_buttons=True), NOON, study(BURST))
    assert turn.participant.outbox[0].what == RemoveButtons(33)
    assert turn.participant.last_message_id == 33
    quiet = take_turn(begun(), Delivered("0.99", 33), NOON, study(BURST)).participant
    assert quiet.outbox == begun().outbox


def test_an_entry_that_is_put_off_is_tried_again_later_and_nothing_overtakes_it() -> None:
    world = with_troubles(None, TryLater("slow", seconds=300))
    assert said(world) == ["1"]
    assert world.participant(PERSON).outbox[0].tries == 1
    goes_on(world, minutes=5)
    assert said(world) == ["1", "2", "?"]


def test_what_was_put_off_stays_put_off_although_the_person_writes() -> None:
    world = with_troubles(None, TryLater("slow", seconds=300))
    due = world.participant(PERSON).next_at
    assert answers(world, "hello?") == []
    assert world.participant(PERSON).next_at == due


def test_what_is_no_longer_in_the_outbox_can_be_put_off_or_given_up_without_effect() -> None:
    for event in (PutOff("0.99", 5), GivenUp("0.99", "odd")):
        turn = take_turn(begun(), event, NOON, study(BURST))
        assert turn.participant == begun()
        assert turn.effects == ()


def test_a_message_that_telegram_refuses_is_left_out_and_the_dialogue_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    world = with_troubles(None, Refused("can't parse entities"))
    assert said(world) == ["1", "?"]
    assert "talk, two" in caplog.text
    assert "can't parse entities" in caplog.text
    assert presses(world, "yes") == ["End."]


def test_a_question_that_telegram_refuses_ends_its_dialogue_kindly_and_is_tried_the_next_day() -> None:
    world = with_troubles(None, None, Refused("odd"))
    assert said(world) == ["1", "2", PHRASES["hitch"]["en"]]
    person = world.participant(PERSON)
    assert (person.run, person.done) == (None, ())
    assert world.history(PERSON)[0]["ended"] is False
    goes_on(world, hours=23)
    assert len(said(world)) == 3
    goes_on(world, hours=1, minutes=1)
    assert said(world)[3:] == ["1", "2", "?"]


def test_a_last_message_that_telegram_refuses_ends_the_dialogue_all_the_same() -> None:
    world = with_troubles()
    world.telegram.troubles = [None, Refused("odd")]
    assert presses(world, "yes") == []
    assert world.participant(PERSON).done == ("talk",)


def test_a_phrase_that_telegram_refuses_is_told_to_the_operators() -> None:
    person = Participant(Pseudonym("a"), "en", status=Status.ACTIVE, version=1)
    event = GivenUp("1.0", "odd")
    asking = take_turn(begun(), PutOff("0.99", 1), NOON, study(BURST)).participant
    assert take_turn(asking, event, NOON, study(BURST)).participant == asking
    assert take_turn(person, event, NOON, study()).effects == ()
    world = with_troubles(None, None, None)
    world.writes(PERSON, "hello")
    waiting = world.participant(PERSON)
    turn = take_turn(waiting, GivenUp(waiting.outbox[0].id, "odd"), NOON, study(BURST))
    assert turn.effects == (Notice("Telegram refuses a phrase of the bot: odd"),)


def test_buttons_that_cannot_be_removed_stop_nobody() -> None:
    world = with_troubles()
    world.telegram.troubles = [Refused("message is not modified")]
    assert presses(world, "yes") == ["End."]


def test_who_blocked_the_bot_is_paused_and_nothing_is_tried_any_more() -> None:
    world = with_troubles()
    blocks(world)
    person = world.participant(PERSON)
    assert (person.status, person.reachable, person.run, person.outbox) == (Status.DOWN, False, None, ())
    assert person.absence is Absence.UNREACHABLE
    goes_on(world, days=9)
    assert world.participant(PERSON).next_at is None
    assert world.history(PERSON)[0]["unfinished_because"] == "unreachable"
    assert said(world) == ["1", "2", "?"]


def test_a_message_that_is_refused_because_the_chat_is_gone_pauses_too() -> None:
    world = with_troubles(None, CannotReach("gone"))
    assert world.participant(PERSON).status is Status.DOWN
    assert not world.participant(PERSON).reachable
    goes_on(world, days=9)
    assert said(world) == ["1"]


def test_somebody_without_consent_who_cannot_be_reached_stays_at_the_start() -> None:
    person = Participant(Pseudonym("a"), "en", version=1)
    after = take_turn(person, Unreachable(), NOON, study()).participant
    assert (after.status, after.reachable) == (Status.START, False)


def test_somebody_who_left_and_blocks_the_bot_has_still_left() -> None:
    person = Participant(Pseudonym("a"), "en", status=Status.OUT, version=1)
    assert take_turn(person, Unreachable(), NOON, study()).participant.status is Status.OUT


@pytest.mark.parametrize("word", ["resume", "/start"])
def test_unblocking_restarts_nothing_but_a_word_does(word: str) -> None:
    world = with_troubles()
    blocks(world)
    world.happens(PERSON, UnblockedBot(next(world.numbers)))
    goes_on(world, days=2)
    assert said(world) == ["1", "2", "?"]
    assert answers(world, word) == ["This is resume.", "?"]
    assert world.participant(PERSON).status is Status.ACTIVE
    assert world.participant(PERSON).reachable


def test_who_writes_again_after_unblocking_is_reachable() -> None:
    world = with_troubles()
    blocks(world)
    world.happens(PERSON, UnblockedBot(next(world.numbers)))
    answers(world, "hello")
    assert world.participant(PERSON).reachable


def test_time_that_arrives_for_somebody_who_is_busy_or_paused_changes_nothing() -> None:
    for person in (begun(), Participant(Pseudonym("a"), "en", status=Status.DOWN, absence=Absence.PAUSED, version=1)):
        assert take_turn(person, TimeArrived(), NOON, study(BURST)).participant == person


def test_phrases_are_said_in_the_order_in_which_they_were_asked_for() -> None:
    world = with_person(question())
    world.writes(PERSON, "hello")
    world.writes(PERSON, "/lang")
    assert newly_said(world) == [PHRASES["buttons_only"]["en"], PHRASES["after_this_dialogue"]["en"]]


def test_a_phrase_that_is_waiting_already_is_not_said_twice() -> None:
    world = with_person(question())
    world.writes(PERSON, "hello")
    world.writes(PERSON, "hello?")
    assert newly_said(world) == [PHRASES["buttons_only"]["en"]]
