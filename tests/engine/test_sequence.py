# SPDX-License-Identifier: GPL-3.0-or-later
"""Which dialogue comes next, and how long after the one before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from src.dialogues.model import Dialogue
from src.dialogues.parse import parse_dialogue
from src.engine.sequence import next_dialogue
from src.engine.state import Participant, Status
from src.identities import Pseudonym
from tests.engine.samples import (
    PERSON,
    READING,
    answers,
    at,
    buttons,
    dialogue,
    goes_on,
    na,
    played,
    presses,
    question,
    sa,
    said,
    study,
    with_person,
)
from tests.fakes.ports import NOON

STORY, INFO, TRAINING = "compartir_vivencias", "textos_informativos", "capacitation"
HOUR = timedelta(hours=1)
ENDED = NOON + timedelta(seconds=READING)


def short(name: str, title: str = TRAINING, **more: object) -> Dialogue:
    """Return a dialogue that says its own name."""
    return dialogue({"one": na(name)}, name, title, **more)


def for_two(name: str) -> Dialogue:
    messages = {"a": na("a"), "b": na("b")}
    return parse_dialogue({"_id": name, "title": STORY, "initial_messages": ["a", "b"], "messages": messages})


def person(*done: str) -> Participant:
    return Participant(Pseudonym("a"), "en", status=Status.ACTIVE, done=done)


def test_dialogues_come_in_the_order_of_the_sequence() -> None:
    world = with_person(short("c"), short("a"), short("b"), sequence=("a", "b", "c"))
    assert said(world) == ["a", "b", "c"]
    assert world.participant(PERSON).done == ("a", "b", "c")


def test_one_dialogue_comes_at_a_time() -> None:
    world = with_person(question(), short("b"))
    goes_on(world, days=4)
    assert said(world) == ["Ready?"]
    assert presses(world, "yes") == ["Great.", "b"]


def test_a_dialogue_that_is_inserted_later_in_front_is_still_sent() -> None:
    world = with_person(short("b"), short("c", STORY), short("d"))
    assert said(world) == ["b", "c"]
    world.studies.study = study(short("a"), short("b"), short("c", STORY), short("d"))
    goes_on(world, days=2)
    assert said(world) == ["b", "c", "a", "d"]


def test_a_dialogue_is_not_sent_twice_although_its_text_has_changed() -> None:
    world = with_person(short("a"))
    world.studies.study = study(dialogue({"one": na("new")}, "a"))
    goes_on(world, days=2)
    assert said(world) == ["a"]


def test_dialogues_marked_skip_dialogues_for_two_and_dialogues_that_are_not_there_are_passed_over() -> None:
    world = with_person(short("a", skip=True), for_two("b"), short("d"), sequence=("a", "b", "c", "d"))
    assert said(world) == ["d"]


def test_what_runs_or_is_done_is_not_next() -> None:
    one = study(short("a"), short("b"))
    assert [getattr(next_dialogue(person(*done), one), "id", None) for done in ((), ("a",), ("b",), ("a", "b"))] == [
        "a",
        "b",
        "a",
        None,
    ]


def test_after_the_last_one_nothing_is_planned_until_the_sequence_grows() -> None:
    world = with_person(short("a"))
    assert world.participant(PERSON).next_at is None
    assert answers(world, "hello") != []
    world.studies.study = study(short("a"), short("b"))
    assert answers(world, "hello")[1:] == ["b"]


@pytest.mark.parametrize(
    ("title", "hours"),
    [
        (STORY, 24.0),
        ("encontrar_soluciones_juntos", 24.0),
        (INFO, 6.0),
        ("user_engagement", 6.0),
        ("unheard_of", 6.0),
        (TRAINING, 0.0),
        ("user_settings", 0.0),
    ],
)
def test_the_category_says_how_long_the_next_dialogue_waits(title: str, hours: float) -> None:
    world = with_person(short("a", title), question("b", title=INFO), person={"next_at": NOON})
    planned = world.participant(PERSON).next_at or world.participant(PERSON).dialogue_at
    assert planned == ENDED + hours * HOUR


@pytest.mark.parametrize(("rhythm", "hours"), [(2 * 86400.0, 48.0), (3600.0, 1.0), (0.0, 0.0)])
def test_the_wait_follows_the_rhythm_of_the_participant(rhythm: float, hours: float) -> None:
    world = with_person(short("a", STORY), question("b"), person={"rhythm": rhythm})
    assert world.participant(PERSON).dialogue_at == ENDED + hours * HOUR


def test_waits_between_dialogues_are_scaled() -> None:
    assert said(with_person(short("a", STORY), short("b", STORY), rhythm_scale=0.0)) == ["a", "b"]
    world = with_person(short("a", STORY), short("b", STORY), rhythm_scale=0.5)
    assert world.participant(PERSON).dialogue_at == ENDED + 12 * HOUR


@pytest.mark.parametrize("command", ["/lang", "/world", "/dia", "/freq"])
def test_a_settings_dialogue_does_not_bring_the_next_story_forward(command: str) -> None:
    names = ("lang", "world", "hour", "frequencia_relats")
    settings = [short(name, "user_settings") for name in names]
    world = with_person(short("a", STORY), short("b", STORY), *settings, sequence=("a", "b"))
    assert len(answers(world, command)) == 1
    assert world.participant(PERSON).next_at == ENDED + 24 * HOUR
    assert world.participant(PERSON).done == ("a",)


def test_pause_and_resume_do_not_bring_the_next_story_forward() -> None:
    world = with_person(short("a", STORY), short("b", STORY))
    assert answers(world, "pause") == ["This is pause."]
    assert world.participant(PERSON).next_at is None
    assert answers(world, "resume") == ["This is resume."]
    assert world.participant(PERSON).next_at == ENDED + 24 * HOUR


def test_a_story_that_was_due_during_a_pause_comes_after_the_resume() -> None:
    world = with_person(short("a", STORY), short("b", STORY))
    answers(world, "pause")
    goes_on(world, days=3)
    assert answers(world, "resume") == ["This is resume.", "b"]


def test_playing_sociodem_again_does_not_bring_the_next_story_forward() -> None:
    again = short("sociodem", "user_settings", repeatable=True)
    world = with_person(again, short("a", STORY), short("b", STORY))
    assert said(world) == ["sociodem", "a"]
    assert answers(world, "/sociodem") == ["sociodem"]
    assert world.participant(PERSON).dialogue_at == ENDED + timedelta(seconds=READING) + 24 * HOUR


def test_a_setting_that_got_into_the_sequence_is_not_sent_for_ever() -> None:
    world = with_person(short("resume", "user_settings"), short("a"))
    assert said(world).count("resume") <= 1
    assert said(world)[-1] == "a"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("/lang", "lang"),
        ("/dia", "hour"),
        ("/freq", "frequencia_relats"),
        ("/world", "world"),
        ("pause", "pause"),
        ("resume", "resume"),
    ],
)
def test_settings_are_never_done(word: str, name: str) -> None:
    world = with_person(question(name), sequence=(), person={"status": Status.DOWN})
    answers(world, word)
    presses(world, "yes")
    assert played(world) == [name]
    assert world.participant(PERSON).done == ()


def test_a_dialogue_that_was_interrupted_is_not_done_and_comes_again() -> None:
    world = with_person(question())
    answers(world, "pause")
    assert world.participant(PERSON).done == ()
    assert answers(world, "resume") == ["This is resume.", "Ready?"]
    presses(world, "yes")
    assert world.participant(PERSON).done == ("talk",)
    assert played(world) == ["pause", "resume", "talk"]


def test_a_new_dialogue_waits_for_the_morning_and_one_in_progress_does_not() -> None:
    asked = sa("?", buttons("a", "yes"), "end")
    world = with_person(dialogue({"ask": asked, "end": na("End.")}, "a"), short("b"))
    world.clock.time = at(22, 30)
    assert presses(world, "yes") == ["End."]
    assert world.participant(PERSON).next_at == at(6, day=5)
    goes_on(world, hours=8)
    assert said(world)[-1] == "b"


def test_somebody_new_who_comes_at_night_gets_the_welcome_at_once_and_the_rest_in_the_morning() -> None:
    world = with_person(
        dialogue({"one": na("Hi.", action="legal_yes")}, "welcome"), short("a"), sequence=("welcome", "a")
    )
    world = type(world)(world.study)
    world.clock.time = at(23)
    assert answers(world, "/start") == ["Hi."]
    assert world.participant(PERSON).next_at == at(6, day=5)


def test_developers_do_not_wait_for_the_morning() -> None:
    world = with_person(person={"next_at": None, "done": ()}, developer=True, rhythm_scale=0.0)
    world.clock.time = at(23)
    world.studies.study = study(short("a", STORY), short("b", STORY), developer=True, rhythm_scale=0.0)
    world.conversation.rules = world.studies.study.rules
    assert answers(world, "hello")[1:] == ["<code>a</code>", "a", "<code>b</code>", "b"]
