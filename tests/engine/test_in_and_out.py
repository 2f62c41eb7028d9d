# SPDX-License-Identifier: GPL-3.0-or-later
"""People before, between and after the dialogues: newcomers, participants whom nothing is asked, people who left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from src.conversation_elements import PHRASES
from src.engine.effects import AnswerPress
from src.engine.events import ButtonPressed, Edited, OtherContent, TextTyped
from src.engine.state import Status
from src.engine.turn import take_turn
from tests.engine.samples import (
    LANGUAGES,
    PERSON,
    answers,
    at,
    dialogue,
    goes_on,
    na,
    newly_said,
    presses,
    question,
    run_of,
    sends_sticker,
    study,
    with_person,
)
from tests.fakes.world import World


def left(language: str = "en") -> World:
    person = {"status": Status.OUT, "language": language, "next_at": None}
    return with_person(question(), person=person)


@pytest.mark.parametrize("text", ["hello", "pause", "/resume", "/help", "/lang", "baixa", "/admin secret", ""])
def test_of_somebody_who_left_nothing_is_stored_or_answered(text: str) -> None:
    world = left()
    before = world.participants.documents[world.who(PERSON)].copy()
    assert answers(world, text) == []
    assert sends_sticker(world) == []
    world.happens(PERSON, Edited(6000))
    assert world.participants.documents[world.who(PERSON)] == before
    assert not world.participants.texts


# Fault: src/engine/turn.py, `is_unmoved`: that they can be reached again is noted, and when, also of somebody who left.
def test_also_of_somebody_who_left_and_could_not_be_reached_nothing_is_stored() -> None:
    world = with_person(sequence=(), person={"status": Status.OUT, "reachable": False, "next_at": None})
    before = world.participants.documents[world.who(PERSON)].copy()
    answers(world, "hello")
    assert world.participants.documents[world.who(PERSON)] == before


def test_a_press_of_somebody_who_left_gets_no_word() -> None:
    turn = take_turn(left().participant(PERSON), ButtonPressed(1, "q", 5, "yes"), at(12), study(question()))
    assert turn.effects == (AnswerPress("q"),)


@pytest.mark.parametrize(("reacts", "word"), [(presses, "no"), (answers, "NO")])
def test_who_left_can_answer_whether_all_is_to_be_erased_and_nothing_of_it_is_kept(
    reacts: Callable[[World, str], list[str]], word: str
) -> None:
    world = with_person(question("forgetme"), sequence=(), person={"status": Status.OUT, "next_at": None})
    assert answers(world, "/forgetme") == ["Ready?"]
    assert reacts(world, word) == ["Fine."]
    assert not world.participants.texts.get(world.who(PERSON))
    assert world.participant(PERSON).status is Status.OUT


def test_start_after_leaving_asks_for_consent_anew() -> None:
    world = left()
    assert answers(world, "/start") == ["This is welcome."]
    assert world.participant(PERSON).status is Status.START


@pytest.mark.parametrize("text", ["/start", "/START", "/start from_the_poster", "/start@our_bot abc", "hello", "baixa"])
def test_the_first_word_of_anybody_begins_the_welcome(text: str) -> None:
    world = World(study(question()))
    assert answers(world, text) == ["This is welcome."]
    assert world.participant(PERSON).status is Status.START


def test_a_first_sticker_begins_the_welcome_too() -> None:
    assert sends_sticker(World(study(question()))) == ["This is welcome."]


@pytest.mark.parametrize(
    ("telegram", "ours"), [("de", "de"), ("ES", "es"), ("en-GB", "en"), ("ru", "ca"), ("", "ca"), ("d", "ca")]
)
def test_the_welcome_speaks_the_language_of_their_telegram_where_the_study_has_it(telegram: str, ours: str) -> None:
    text = {each: each for each in LANGUAGES}
    world = World(study(dialogue({"one": na(text)}, "welcome")))
    world.writes(PERSON, "/start", telegram)
    assert newly_said(world) == [ours]


def test_start_twice_shows_the_open_question_again_and_only_the_new_buttons_stay() -> None:
    world = World(study(question("welcome")))
    assert answers(world, "/start") == ["Ready?"]
    first = world.newest_question(PERSON)
    assert answers(world, "/start again") == ["Ready?"]
    assert list(world.buttons_now(PERSON)) == [run_of(world).question]
    world.presses(PERSON, "no", first)
    assert run_of(world).answers == ()
    assert presses(world, "yes") == ["Great."]


def test_before_the_consent_words_get_the_hint_how_to_begin() -> None:
    world = World(study(question()))
    answers(world, "/start")
    for text in ("hello", "/lang", "pause", "/freq"):
        assert answers(world, text) == [PHRASES["begin_with_start"]["en"]]
    goes_on(world, days=3)
    assert world.participant(PERSON).next_at is None


def test_between_two_dialogues_words_are_thanked_for() -> None:
    world = with_person()
    assert answers(world, "hello") == [PHRASES["nothing_asked"]["en"]]
    assert sends_sticker(world) == [PHRASES["nothing_asked"]["en"]]
    assert answers(world, "/start") == [PHRASES["already_here"]["en"]]


def test_a_changed_message_changes_nothing() -> None:
    one, person = study(question()), with_person(question()).participant(PERSON)
    assert take_turn(person, Edited(1), at(12), one).participant == person


def test_only_the_beginning_of_an_endless_text_is_kept() -> None:
    world = with_person()
    world.happens(PERSON, TextTyped(9000, "x" * 10_000))
    world.happens(PERSON, OtherContent(9001))
    assert [len(each["text"]) for each in world.participants.texts[world.who(PERSON)]] == [1000]
