# SPDX-License-Identifier: GPL-3.0-or-later
"""Deliveries wait a moment to be noted together with the answer; nothing is sent twice, and nothing is forgotten."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from src.engine.effects import Send
from src.engine.events import Delivered
from src.engine.state import Participant
from src.errors import DatabaseAway, NotKept
from src.identities import Pseudonym
from src.service.conversation import Happened
from src.service.delivery import is_asked
from src.service.notes import MOST_AT_ONCE, SECONDS_IN_A_CROWD, SECONDS_TO_WAIT, Note, Notes
from src.service.ports import Saving
from tests.fakes.world import World
from tests.service.stage import ANN, WatchedParticipants, watched

WHO = Pseudonym("a" * 32)
NOTE = Note((Delivered("1.0", 7, has_buttons=True),), Participant(WHO, "en"))


def asked() -> World:
    """Return a world in which the first question has just been delivered, and nobody has noted it."""
    return being_asked()[0]


def being_asked() -> tuple[World, WatchedParticipants]:
    """Return that world, and what it asks of its database."""
    world, participants = watched()
    world.writes(ANN, "/start")
    until_noted(world)
    return world, participants


def until_noted(world: World) -> None:
    for _ in range(30):
        world.clock.pass_by(seconds=2)
        world.scheduler.one_pass()
        world.delivery.one_pass(world.conversation, wait=0.0)
        if world.notes.holds(world.who(ANN)):
            return
    raise AssertionError("no question comes")


def test_a_question_and_its_answer_are_one_write() -> None:
    world = asked()
    run = world.participant(ANN).run
    assert run is not None
    assert run.question is None
    saves, delivered = world.participants.saves, world.clock.now()
    world.clock.pass_by(seconds=0.5)
    world.presses(ANN, "yes", world.telegram.sent[-1].message_id)
    assert world.participants.saves == saves + 1
    assert not world.notes.holds(world.who(ANN))
    run = world.participant(ANN).run
    assert run is not None
    assert [answer.value for answer in run.answers] == ["yes"]
    assert (run.answers[0].asked_at, run.answers[0].answered_at) == (delivered, world.clock.now())


def test_whoever_has_a_note_is_not_written_to_again() -> None:
    world = asked()
    said = len(world.telegram.sent)
    for _ in range(5):
        world.clock.pass_by(seconds=1)
        world.scheduler.one_pass()
        world.delivery.one_pass(world.conversation, wait=0.0)
    assert len(world.telegram.sent) == said


def test_without_an_answer_the_note_is_written_by_itself() -> None:
    world = asked()
    assert world.delivery.note_pass(world.conversation, wait=0.0) is False
    world.clock.pass_by(seconds=SECONDS_TO_WAIT)
    assert world.delivery.note_pass(world.conversation, wait=0.0) is True
    participant = world.participant(ANN)
    assert participant.run is not None
    assert participant.run.question == world.telegram.sent[-1].message_id
    assert participant.outbox == ()


def test_a_note_that_could_not_be_written_stays() -> None:
    world = asked()
    world.participants.away = True
    with pytest.raises(DatabaseAway):
        world.delivery.write_notes(world.conversation, world.notes.everybody())
    with pytest.raises(DatabaseAway):
        world.presses(ANN, "yes", world.telegram.sent[-1].message_id)
    assert world.notes.holds(world.who(ANN))
    world.participants.away = False
    world.presses(ANN, "yes", world.telegram.sent[-1].message_id)
    run = world.participant(ANN).run
    assert run is not None
    assert [answer.value for answer in run.answers] == ["yes"]


def test_a_crash_before_the_note_repeats_the_question_once_and_both_copies_can_be_answered() -> None:
    world = asked()
    world.writes(ANN, "/start")  # the question is asked again
    until_noted(world)
    first = world.telegram.sent[-1].message_id
    world.restart()
    world.settle()
    assert world.telegram.sent[-1].message_id != first
    assert world.telegram.sent[-1].what == next(each.what for each in world.telegram.sent if each.message_id == first)
    world.presses(ANN, "yes", first)
    run = world.participant(ANN).run
    assert run is not None
    assert [answer.value for answer in run.answers] == ["yes"]


def test_a_delivery_that_is_told_twice_leaves_the_question_its_buttons() -> None:
    world = asked()
    who, question = world.who(ANN), world.telegram.sent[-1].message_id
    noted = world.notes.taken([who])
    with noted as found:
        events = found[who].events
    for _ in range(2):
        world.conversation.handle([Happened(who, events)])
    world.settle()
    assert question is not None
    assert world.buttons_now(ANN).keys() == {question}


def test_only_a_question_waits() -> None:
    world = asked()
    participant = world.participant(ANN)
    events = [Delivered(each.id, 1) for each in participant.outbox]
    assert is_asked(participant, events)
    assert not is_asked(participant, events[:-1])
    last = participant.outbox[-1]
    assert isinstance(last.what, Send)
    told = replace(last, what=replace(last.what, asks=False))
    assert not is_asked(replace(participant, outbox=(*participant.outbox[:-1], told)), events)


def test_two_threads_do_not_get_the_same_note() -> None:
    notes = Notes()
    notes.put(WHO, NOTE)
    inside, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with notes.taken([WHO]):
            inside.set()
            go_on.wait(5)

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert inside.wait(5)
    assert notes.holds(WHO)
    with notes.taken([WHO]) as found:
        assert found == {}
    go_on.set()
    thread.join(5)
    assert not notes.holds(WHO)


def test_what_the_database_refuses_for_good_is_not_sent_again_by_this_process() -> None:
    world = asked()
    who, entry = world.who(ANN), world.participant(ANN).outbox[-1].id

    def refuses(savings: list[Saving]) -> frozenset[Pseudonym]:
        raise NotKept(frozenset(each.before.id for each in savings))

    world.participants.save = refuses  # type: ignore[assignment,method-assign]
    world.delivery.write_notes(world.conversation, world.notes.everybody())
    assert world.notes.will_never_hold(who, entry)
    said = len(world.telegram.sent)
    for _ in range(5):
        world.clock.pass_by(seconds=2)
        world.scheduler.one_pass()
        world.delivery.one_pass(world.conversation, wait=0.0)
    assert len(world.telegram.sent) == said


# Fault: src/service/notes.py: the patience is the same in a crowd.
def test_while_answers_wait_at_telegram_the_notes_wait_for_them() -> None:
    world = asked()
    world.notes.expect(crowd=True)
    world.clock.pass_by(seconds=SECONDS_IN_A_CROWD - 1)
    assert not world.delivery.note_pass(world.conversation, wait=0.0)
    world.notes.expect(crowd=False)
    assert world.delivery.note_pass(world.conversation, wait=0.0)


def test_even_in_a_crowd_no_note_waits_for_ever() -> None:
    world = asked()
    world.notes.expect(crowd=True)
    world.clock.pass_by(seconds=SECONDS_IN_A_CROWD)
    assert world.delivery.note_pass(world.conversation, wait=0.0)


def test_many_notes_are_written_in_portions_the_oldest_first() -> None:
    time = [0.0]
    notes = Notes(lambda: time[0])
    people = [Pseudonym(f"{number:032x}") for number in range(2 * MOST_AT_ONCE)]
    for who in people:
        notes.put(who, NOTE)
        time[0] += 0.001
    time[0] += SECONDS_TO_WAIT
    assert notes.due(0.0) == people[:MOST_AT_ONCE]


# Fault: src/service/message_loop.py: whoever has a note is loaded again.
def test_whoever_has_a_note_is_not_loaded_again_to_hear_their_answer() -> None:
    world, participants = being_asked()
    participants.loads.clear()
    world.presses(ANN, "yes", world.telegram.sent[-1].message_id)
    assert not any(participants.loads)


# Fault: src/service/scheduler.py: the notes are not looked at.
def test_the_scheduler_loads_nobody_who_has_a_note() -> None:
    world, participants = being_asked()
    participants.loads.clear()
    world.scheduler.one_pass()
    assert not any(participants.loads)


def test_somebody_who_was_changed_by_hand_meanwhile_is_heard_from_fresh_state() -> None:
    world = asked()
    question, changed = world.telegram.sent[-1].message_id, world.participant(ANN)
    world.participants.save([Saving(changed, replace(changed, points=7.0, version=changed.version + 1))])
    world.presses(ANN, "yes", question)
    heard = world.participant(ANN)
    assert heard.run is not None
    assert (heard.points, [answer.value for answer in heard.run.answers]) == (7.0, ["yes"])
