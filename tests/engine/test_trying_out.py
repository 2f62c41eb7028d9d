# SPDX-License-Identifier: GPL-3.0-or-later
"""What an author does to an invented person: jump, restart, wait no longer, another language, a changed dialogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from src.dialogues.model import Dialogue
from src.engine.by_hand import Change
from src.engine.effects import KeepRun, Turn
from src.engine.state import Participant, Status
from src.engine.trying_out import from_the_beginning, onwards, shown_again, to_dialogue, to_language
from src.service.ports import Saving
from tests.engine.samples import (
    PERSON,
    buttons,
    dialogue,
    enrol,
    goes_on,
    na,
    newly_said,
    presses,
    run_of,
    sa,
    said,
    study,
    wa,
    with_person,
)
from tests.fakes.world import World


def try_out(world: World, change: Change) -> list[str]:
    """Change the person by hand as the panel does; return what the bot writes then, at once."""
    before = world.participant(PERSON)
    turn = change(before, world.clock.now(), world.study)
    after = replace(turn.participant, version=before.version + 1)
    saving = Saving(before, after, tuple(each for each in turn.effects if isinstance(each, KeepRun)))
    assert world.participants.save([saving]) == frozenset()
    world.conversation.wake(saving.after)
    return newly_said(world, seconds=0)


def two_questions(second: Any = "Second?", between: Any = "Between.") -> Dialogue:
    """Return a dialogue that asks, says something, asks again and ends."""
    messages = {
        "one": sa("First?", buttons("a", "yes", "no"), {"a": {"yes": "between", "no": "between"}}),
        "between": na(between, "two"),
        "two": sa(second, buttons("b", "yes", "no"), {"b": {"yes": "end", "no": "end"}}),
        "end": na("End."),
    }
    return dialogue(messages, "pair")


def upload(world: World, *changed: Dialogue) -> None:
    """Put changed dialogues into the study, beside the revisions that were there."""
    before = world.study
    dialogues = {**before.dialogues, **{each.id: each for each in changed}}
    revisions = {**before.revisions, **{each.revision: each for each in changed}}
    world.study = replace(before, dialogues=dialogues, revisions=revisions)
    world.studies.study = world.study


def test_a_jump_begins_any_dialogue_at_once_and_takes_the_old_buttons_away() -> None:
    world = with_person(two_questions(), dialogue({"m": na("Later."), "n": na("Never.")}, "other"))
    assert said(world) == ["First?"]
    assert try_out(world, to_dialogue("other")) == ["Later."]
    assert world.buttons_now(PERSON) == {}
    assert [(each["gameId"], each["ended"]) for each in world.history(PERSON)] == [("pair", False), ("other", True)]


def test_a_jump_to_the_welcome_asks_for_the_consent_as_of_somebody_new() -> None:
    world = with_person(two_questions())
    assert try_out(world, to_dialogue("welcome")) == ["This is welcome."]
    assert world.participant(PERSON).status is Status.START
    assert try_out(world, to_dialogue("pair")) == ["First?"]
    assert world.participant(PERSON).status is Status.ACTIVE


def test_a_jump_to_what_was_done_before_counts_as_done_again() -> None:
    world = with_person(two_questions(), person={"done": ("pair",)})
    assert said(world) == []
    assert try_out(world, to_dialogue("pair")) == ["First?"]
    assert world.participant(PERSON).done == ()
    presses(world, "yes")
    presses(world, "no")
    assert world.participant(PERSON).done == ("pair",)


@pytest.mark.parametrize("change", [to_dialogue("nowhere"), onwards, to_language("en")])
def test_what_cannot_be_done_changes_nothing(change: Change) -> None:
    world = with_person(two_questions())
    before = world.participant(PERSON)
    assert change(before, world.clock.now(), world.study) == Turn(before)


def test_who_is_being_erased_is_left_alone() -> None:
    leaving = replace(with_person(two_questions()).participant(PERSON), erasing=True)
    world = World(study(two_questions()))
    for change in (to_dialogue("pair"), shown_again):
        assert change(leaving, world.clock.now(), world.study) == Turn(leaving)


def test_a_restart_begins_the_running_dialogue_anew() -> None:
    world = with_person(two_questions())
    presses(world, "yes")
    assert try_out(world, from_the_beginning) == ["First?"]
    assert run_of(world).answers == ()
    assert presses(world, "no") == ["Between.", "Second?"]


def test_waiting_no_longer_sends_what_is_on_the_way_and_then_begins_what_is_next() -> None:
    slow = dialogue({"a": {**na("A.", "b"), "wait": 500}, "b": na("B.")}, "slow")
    world = World(study(slow, two_questions()))
    enrol(world)
    goes_on(world, seconds=10)
    assert said(world) == ["A."]
    assert try_out(world, onwards) == ["B."]
    assert try_out(world, onwards) == ["First?"]


def test_another_language_shows_again_what_came_since_the_last_answer() -> None:
    texts = {"en": "Between.", "de": "Dazwischen."}
    world = with_person(two_questions(second={"en": "Second?", "de": "Zweitens?"}, between=texts))
    presses(world, "yes")
    assert try_out(world, to_language("de")) == ["Dazwischen.", "Zweitens?"]
    assert world.participant(PERSON).language == "de"
    assert len(world.buttons_now(PERSON)) == 1
    assert presses(world, "yes") == ["End."]


def test_another_language_between_two_dialogues_is_only_remembered() -> None:
    world = with_person(dialogue({"m": na("Only.")}, "one"))
    assert try_out(world, to_language("de")) == []
    assert world.participant(PERSON).language == "de"


def test_a_changed_dialogue_is_shown_from_the_last_answer_on_and_goes_on_in_its_new_form() -> None:
    world = with_person(two_questions())
    presses(world, "yes")
    upload(world, two_questions(between="In between.", second="And now?"))
    assert try_out(world, shown_again) == ["In between.", "And now?"]
    assert [each.value for each in run_of(world).answers] == ["yes"]
    assert len(world.buttons_now(PERSON)) == 1
    assert presses(world, "no") == ["End."]
    assert world.history(PERSON)[-1]["answers"] == {"a": "yes", "b": "no"}


def test_a_changed_dialogue_that_has_no_such_answer_any_more_begins_again() -> None:
    world = with_person(two_questions())
    presses(world, "yes")
    other = sa("Which?", buttons("a", "red", "blue"), {"a": {"red": "end", "blue": "end"}})
    upload(world, dialogue({"one": other, "end": na("End.")}, "pair"))
    assert try_out(world, shown_again) == ["Which?"]
    assert presses(world, "red") == ["End."]


def test_a_changed_dialogue_is_found_again_by_a_typed_answer_too() -> None:
    def asking(end: str) -> Dialogue:
        typed = wa("How old?", "age", kind="number", next="thanks")
        question = sa(end, buttons("b", "yes", "no"), {"b": {"yes": "end", "no": "end"}})
        return dialogue({"age": typed, "thanks": question, "end": na("End.")}, "pair")

    world = with_person(asking("Sure?"))
    world.writes(PERSON, "34")
    newly_said(world)
    upload(world, asking("Really?"))
    assert try_out(world, shown_again) == ["Really?"]


def test_what_is_over_is_not_shown_again() -> None:
    world = with_person(dialogue({"m": {**na("One.", "n"), "wait": 300}, "n": na("Two.")}, "pair"))
    before = world.participant(PERSON)
    assert isinstance(before, Participant)
    assert before.run is not None
    assert before.run.over
    assert shown_again(before, world.clock.now(), world.study) == Turn(before)
