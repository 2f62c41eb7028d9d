# SPDX-License-Identifier: GPL-3.0-or-later
"""Which press counts: on open, old and copied questions, once or twice, sooner or later than our own note."""

from __future__ import annotations

import pytest

from src.conversation_elements import PHRASES
from src.engine.effects import RemoveButtons
from src.engine.events import ButtonPressed
from src.engine.state import Participant, Status
from src.identities import TelegramId
from src.service.ports import Update
from src.store.documents import new_document
from tests.engine.samples import (
    PERSON,
    answers,
    at,
    buttons,
    dialogue,
    goes_on,
    na,
    newly_said,
    presses,
    question,
    recorded,
    run_of,
    sa,
    said,
    study,
    with_person,
)
from tests.fakes.world import World

OLD_BUTTON = PHRASES["old_button"]["en"]

TWO_QUESTIONS = dialogue(
    {
        "first": sa("First?", buttons("first", "a", "b"), "second"),
        "second": sa("Second?", buttons("second", "a", "b"), "end"),
        "end": na("End."),
    }
)


def test_a_press_on_an_old_button_is_answered_kindly_and_changes_nothing() -> None:
    world = with_person(TWO_QUESTIONS)
    first = world.newest_question(PERSON)
    presses(world, "a")
    before = world.participant(PERSON)
    world.presses(PERSON, "b", first)
    assert newly_said(world) == []
    assert world.participant(PERSON) == before
    assert world.telegram.answered[-1][1] == OLD_BUTTON


@pytest.mark.parametrize("message_id", [None, 1, 99999])
def test_a_press_on_a_message_that_nobody_knows_changes_nothing(message_id: int | None) -> None:
    world = with_person(TWO_QUESTIONS, person={"last_message_id": 50})
    before = world.participant(PERSON)
    world.happens(PERSON, ButtonPressed(5000, "q", message_id, "a"))
    assert world.participant(PERSON) == before
    assert world.telegram.answered == [("q", OLD_BUTTON)]


def test_a_press_on_a_message_from_before_our_time_changes_nothing() -> None:
    world = with_person(TWO_QUESTIONS, person={"last_message_id": 0})
    world.presses(PERSON, "a", 1)
    assert run_of(world).answers == ()
    assert world.telegram.answered[-1][1] == OLD_BUTTON


def test_a_press_after_the_dialogue_is_over_changes_nothing() -> None:
    world = with_person(question())
    asked = world.newest_question(PERSON)
    presses(world, "yes")
    before = world.participant(PERSON)
    world.presses(PERSON, "no", asked)
    assert world.participant(PERSON) == before
    assert recorded(world) == {"ready": "yes"}


def test_a_value_that_is_none_of_the_questions_changes_nothing() -> None:
    world = with_person(TWO_QUESTIONS)
    assert presses(world, "made up") == [PHRASES["buttons_only"]["en"]]
    assert run_of(world).answers == ()


def test_a_press_stops_the_progress_bar_without_a_word() -> None:
    world = with_person(TWO_QUESTIONS)
    presses(world, "a")
    assert [text for _, text in world.telegram.answered] == [None]


def test_a_double_press_has_one_effect() -> None:
    world = with_person(TWO_QUESTIONS)
    asked = world.newest_question(PERSON)
    world.presses(PERSON, "a", asked)
    world.presses(PERSON, "b", asked)
    assert newly_said(world) == ["Second?"]
    assert run_of(world).answer_texts() == {"first": "a"}
    assert [text for _, text in world.telegram.answered] == [None, OLD_BUTTON]


def test_a_double_press_in_one_batch_of_updates_has_one_effect() -> None:
    world = with_person(TWO_QUESTIONS)
    asked = world.newest_question(PERSON)
    for number in (1, 2):
        event = ButtonPressed(5000 + number, f"q{number}", asked, "a")
        world.telegram.waiting.append(Update(event.update, TelegramId(PERSON), "en", event))
    world.messages.one_pass(0)
    assert newly_said(world) == ["Second?"]
    assert run_of(world).answer_texts() == {"first": "a"}


def on_its_way() -> World:
    """Return a world in which the question is just going out: we do not know yet that Telegram has it."""
    world = World(study(question()))
    person = Participant(world.who(PERSON), "en", status=Status.ACTIVE, next_at=at(11), version=1, last_message_id=50)
    world.participants.documents[person.id] = new_document(person)
    world.scheduler.one_pass()
    world.clock.pass_by(seconds=2)
    return world


def test_a_press_that_arrives_before_our_own_note_of_the_delivery_counts() -> None:
    world = on_its_way()
    world.telegram.messages = 100
    world.presses(PERSON, "yes", 101)
    goes_on(world, minutes=1)
    assert said(world) == ["Great."]
    assert recorded(world) == {"ready": "yes"}
    assert any(each.what == RemoveButtons(101) for each in world.telegram.sent)


def test_a_press_before_our_note_of_the_delivery_counts_also_when_a_phrase_is_waiting() -> None:
    world = on_its_way()
    world.writes(PERSON, "hello?")
    world.presses(PERSON, "yes", 101)
    assert run_of(world).answer_texts() == {"ready": "yes"}


def test_a_press_on_an_older_message_while_the_question_goes_out_changes_nothing() -> None:
    world = on_its_way()
    world.presses(PERSON, "yes", 50)
    assert run_of(world).answers == ()
    assert world.telegram.answered[-1][1] == OLD_BUTTON


# Fault: src/engine/listening.py, `question_is_out` takes a question without a pause for one that is out while something
# else (the buttons that go, a phrase) is still in front of it.
@pytest.mark.parametrize("wait", [None, 0])
def test_a_text_never_counts_for_a_question_that_has_not_been_shown(wait: int | None) -> None:
    first = sa("First?", buttons("first", "yes", "no"), "second", wait=wait)
    second = sa("Second?", buttons("second", "yes", "no"), "end")
    world = with_person(dialogue({"first": first, "second": second, "end": na("End.")}))
    world.writes(PERSON, "yes")
    world.writes(PERSON, "yes")
    assert run_of(world).answer_texts() == {"first": "yes"}
    assert newly_said(world) == [PHRASES["one_moment"]["en"], "Second?"]


def test_a_text_while_the_bot_is_still_writing_is_asked_to_wait() -> None:
    world = on_its_way()
    world.clock.time = at(11)
    assert answers(world, "yes") == [PHRASES["one_moment"]["en"], "Ready?"]
    assert run_of(world).answers == ()


def with_a_copy() -> tuple[World, int, int]:
    """Return a world in which a crash hid the first delivery of the question, so that it was sent twice."""
    world = on_its_way()
    before = world.participant(PERSON)
    world.work()
    first = world.newest_question(PERSON)
    world.participants.documents[before.id] = new_document(before)
    world.restart()
    goes_on(world, minutes=1)
    return world, first, world.newest_question(PERSON)


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_press_on_any_copy_of_the_question_counts(which: str) -> None:
    world, first, second = with_a_copy()
    assert said(world) == ["Ready?", "Ready?"]
    assert run_of(world).question_after < first < second == run_of(world).question
    world.presses(PERSON, "yes", first if which == "first" else second)
    assert newly_said(world) == ["Great."]
    assert recorded(world) == {"ready": "yes"}


def test_after_a_press_on_a_copy_both_keyboards_are_removed() -> None:
    world, first, _ = with_a_copy()
    world.presses(PERSON, "yes", first)
    goes_on(world, minutes=1)
    assert not world.buttons_now(PERSON)
