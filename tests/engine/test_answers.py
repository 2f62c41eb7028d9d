# SPDX-License-Identifier: GPL-3.0-or-later
"""What a typed text means to the message that asks: a press, an answer in words, or something to be said again."""

from __future__ import annotations

from typing import Any

import pytest

from src.conversation_elements import PHRASES
from src.dialogues.model import Dialogue
from tests.engine.samples import (
    PERSON,
    Json,
    answers,
    buttons,
    dialogue,
    na,
    presses,
    question,
    recorded,
    run_of,
    sa,
    sends_sticker,
    wa,
    with_person,
)

BUTTONS_ONLY = [PHRASES["buttons_only"]["en"]]
YES = {
    "name": "ready",
    "type": "button",
    "texts": [{"ca": "Sí, som-hi", "es": "Sí, vamos", "en": "Yes, let's go", "de": "Ja, los"}, "No"],
    "values": ["y", "n"],
}


def in_words() -> Dialogue:
    return dialogue({"ask": sa("Ready?", [YES], {"ready": {"y": "end", "n": None}}), "end": na("Great.")})


@pytest.mark.parametrize(
    "text", ["Yes, let's go", "yes, LET'S go", "  Yes, let's go \n", "y", " Y ", "Sí, som-hi", "sí, vamos", "JA, LOS"]
)
def test_a_typed_label_in_any_language_or_value_counts_as_the_press(text: str) -> None:
    world = with_person(in_words())
    assert answers(world, text) == ["Great."]
    assert recorded(world) == {"ready": "y"}
    assert not world.buttons_now(PERSON)


@pytest.mark.parametrize("text", ["yes", "Yes, let's", "y n", "?", "   ", "", "🙂", "Yes, let's go!", "<b>y</b>"])
def test_anything_else_gets_the_phrase_and_changes_nothing(text: str) -> None:
    world = with_person(in_words())
    before = run_of(world)
    assert answers(world, text) == BUTTONS_ONLY
    assert run_of(world) == before
    assert answers(world, "y") == ["Great."]


def test_a_sticker_gets_the_phrase_and_changes_nothing() -> None:
    world = with_person(in_words())
    before = run_of(world)
    assert sends_sticker(world) == BUTTONS_ONLY
    assert run_of(world) == before


def test_a_sticker_where_words_are_asked_for_is_told_so() -> None:
    assert sends_sticker(with_person(typed(kind="text"))) == [PHRASES["please_write"]["en"]]


def typed(variable: Any = "word", **rule: Any) -> Dialogue:
    """Return a dialogue that asks for typed text."""
    ways: Json = {"end": na("End."), "odd": wa("Odd.", "word", next="end"), "never": na("Never.")}
    asked = wa("Write.", "word", **{"next": "end", **rule}) | {"vars": [variable]}
    return dialogue({"ask": asked, **ways})


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("text", "  Gràcia <3 ", "Gràcia <3"),
        ("time", "07:05", "07:05"),
        ("time", " 7.05 ", "07:05"),
        ("time", "23,59", "23:59"),
        ("time", "0;00", "00:00"),
        ("time", "17 : 30", "17:30"),
        ("number", "42", "42"),
        ("number", "-3", "-3"),
        ("number", "2,5", "2.5"),
        ("number", " 2.5 ", "2.5"),
    ],
)
def test_text_is_taken_where_it_is_asked_for(kind: str, text: str, stored: str) -> None:
    world = with_person(typed(kind=kind))
    assert answers(world, text) == ["End."]
    assert recorded(world) == {"word": stored}


@pytest.mark.parametrize(
    ("kind", "text", "phrase"),
    [
        ("text", "   ", "please_write"),
        ("time", "24:00", "not_a_time"),
        ("time", "12:60", "not_a_time"),
        ("time", "noon", "not_a_time"),
        ("time", "12:5", "not_a_time"),
        ("time", "112:05", "not_a_time"),
        ("number", "many", "not_a_number"),
        ("number", "1e9", "not_a_number"),
        ("number", "1.2.3", "not_a_number"),
    ],
)
def test_text_of_another_kind_keeps_the_question_and_says_what_is_wanted(kind: str, text: str, phrase: str) -> None:
    world = with_person(typed(kind=kind))
    before = run_of(world)
    assert answers(world, text) == [PHRASES[phrase]["en"]]
    assert run_of(world) == before


def test_text_of_another_kind_goes_to_the_invalid_message_if_there_is_one() -> None:
    world = with_person(typed(kind="time", invalid="odd"))
    assert answers(world, "noon") == ["Odd."]
    assert run_of(world).answer_texts() == {"word": "noon"}


@pytest.mark.parametrize("text", ["NO", "no", " No "])
def test_expected_texts_go_their_own_way_in_any_case(text: str) -> None:
    world = with_person(typed(kind="time", invalid="odd", answers={"No": "never"}))
    assert answers(world, text) == ["Never."]


def test_a_text_that_is_too_long_keeps_the_question() -> None:
    world = with_person(typed(kind="text", max_length=5))
    assert answers(world, "123456") == [PHRASES["too_long"]["en"]]
    assert answers(world, "12345") == ["End."]


def test_without_a_limit_of_its_own_a_text_may_have_two_hundred_characters() -> None:
    world = with_person(typed(kind="text"))
    assert answers(world, "x" * 201) == [PHRASES["too_long"]["en"]]
    assert answers(world, "x" * 200) == ["End."]


def test_a_text_that_is_too_long_is_cut_before_it_goes_to_the_invalid_message() -> None:
    world = with_person(typed(kind="text", max_length=5, invalid="odd"))
    assert answers(world, "123456") == ["Odd."]
    assert run_of(world).answer_texts() == {"word": "12345"}


def test_a_wait_with_the_name_of_an_answer_alone_takes_text_and_goes_on() -> None:
    asked = {"type": "WA", "text": "Write.", "vars": ["word"], "next": "end"}
    world = with_person(dialogue({"ask": asked, "end": na("End.")}))
    assert answers(world, "hi") == ["End."]
    assert recorded(world) == {"word": "hi"}


def test_a_question_without_buttons_waits_for_text() -> None:
    world = with_person(dialogue({"ask": sa("Write.", ["word"], "end"), "end": na("End.")}))
    assert answers(world, "hi") == ["End."]
    assert recorded(world) == {"word": "hi"}


def test_the_typed_answers_of_the_seed_need_no_input() -> None:
    messages = {"p_3": {"type": "WA", "text": "Where?", "next": None, "save": "area"}, "p_3c": na("I see.")}
    world = with_person(dialogue(messages, "sociodem_coact"))
    assert answers(world, "Sants") == ["I see."]
    assert recorded(world) == {"area": "Sants"}
    assert world.participant(PERSON).fields == {"area": "Sants"}


def with_condition(condition: str) -> Dialogue:
    known = sa("First?", buttons("first", "a", "b"), "ask")
    asked = sa("Second?", buttons("second", "a", "b", condition=condition), "end")
    return dialogue({"first": known, "ask": asked, "end": na("End.")})


def test_a_press_must_satisfy_the_condition_of_its_answer() -> None:
    world = with_person(with_condition("'{second}' != '{first}'"))
    presses(world, "a")
    before = run_of(world)
    assert presses(world, "a") == [PHRASES["another_answer"]["en"]]
    assert run_of(world) == before
    assert presses(world, "b") == ["End."]


def test_a_condition_that_cannot_be_computed_stands_in_no_ones_way() -> None:
    world = with_person(with_condition("{second} + 1 > 0"))
    presses(world, "a")
    assert presses(world, "a") == ["End."]


def test_typed_text_must_satisfy_the_condition_of_its_answer() -> None:
    world = with_person(typed({"name": "word", "condition": "17 < {word} < 120"}, kind="number"))
    assert answers(world, "12") == [PHRASES["another_answer"]["en"]]
    assert answers(world, "42") == ["End."]


def test_typed_text_for_which_the_condition_cannot_be_computed_is_asked_for_again() -> None:
    world = with_person(typed({"name": "word", "condition": "{word} > 17"}, kind="text"))
    assert answers(world, "abc") == [PHRASES["another_answer"]["en"]]
    assert answers(world, "18") == ["End."]


def test_a_condition_knows_the_time() -> None:
    world = with_person(with_condition("time > 1700000000"))
    presses(world, "a")
    assert presses(world, "a") == ["End."]


def test_typed_text_that_looks_like_code_is_only_text() -> None:
    world = with_person(typed({"name": "word", "condition": "'{word}' != 'x'"}, kind="text"))
    assert answers(world, "' + str(points) + '") == ["End."]
    assert recorded(world) == {"word": "' + str(points) + '"}


def test_what_was_typed_and_pressed_is_kept_in_the_history_of_texts() -> None:
    world = with_person(question())
    answers(world, "what?")
    presses(world, "yes")
    assert [each["text"] for each in world.participants.texts[world.who(PERSON)]] == ["what?", "yes"]
