# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer and the end of a dialogue do to a participant: fields, language, points, actions, done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from src.conversation_elements import PHRASES
from src.dialogues.model import Dialogue
from src.engine.state import Status
from tests.engine.samples import (
    PERSON,
    Json,
    answers,
    at,
    blocks,
    buttons,
    dialogue,
    goes_on,
    na,
    played,
    presses,
    question,
    recorded,
    run_of,
    sa,
    said,
    study,
    with_person,
)
from tests.fakes.ports import NOON
from tests.fakes.world import World


def saving(field: str, *values: str) -> Dialogue:
    return dialogue({"ask": sa("?", buttons("answer", *values), "end", save=field), "end": na("End.")})


def test_an_answer_is_copied_to_the_field_that_the_message_names() -> None:
    world = with_person(saving("gender", "woman", "man"))
    presses(world, "woman")
    assert world.participant(PERSON).fields == {"gender": "woman"}


def test_the_answer_dontsave_is_recorded_and_not_copied() -> None:
    world = with_person(saving("gender", "woman", "dontsave"), person={"fields": {"gender": "man"}})
    presses(world, "dontsave")
    assert recorded(world) == {"answer": "dontsave"}
    assert world.participant(PERSON).fields == {"gender": "man"}


def test_fields_of_the_bot_itself_are_set_where_the_bot_reads_them() -> None:
    for field, value in (("language", "de"), ("freq", "48"), ("horari_relats", "Ma")):
        world = with_person(saving(field, value))
        presses(world, value)
        document = world.participants.documents[world.who(PERSON)]
        assert document[field] == value
        assert world.participant(PERSON).fields == {}


def test_a_new_language_changes_the_very_next_text_and_its_buttons() -> None:
    texts = {"en": "Hello", "de": "Hallo"}
    asked = sa(texts, {"name": "hi", "type": "button", "texts": [{"en": "Hi", "de": "Na"}], "values": ["hi"]}, "end")
    chosen = sa("?", buttons("language", "en", "de"), "hello", save="language")
    world = with_person(dialogue({"ask": chosen, "hello": asked, "end": na()}))
    assert presses(world, "de") == ["Hallo"]
    assert [each.label for each in world.buttons_now(PERSON)[world.newest_question(PERSON)]] == ["Na"]
    assert answers(world, "?") == [PHRASES["buttons_only"]["de"]]


@pytest.mark.parametrize(
    ("formula", "points"),
    [("1", 3.0), ("{answer} * 2", 16.0), ("points", 4.0), ("10 if '{answer}' == '7' else 0", 12.0)],
)
def test_points_are_added_at_the_end(formula: str, points: float) -> None:
    asked = {"ask": sa("?", buttons("answer", "7"), "end"), "end": na("End.")}
    world = with_person(dialogue(asked, points=[formula]), person={"points": 2.0})
    assert world.participant(PERSON).points == 2.0
    presses(world, "7")
    assert world.participant(PERSON).points == points


def test_points_that_cannot_be_computed_are_none_and_give_a_notice(caplog: pytest.LogCaptureFixture) -> None:
    asked = {"ask": sa("?", buttons("answer", "seven"), "end"), "end": na("End.")}
    world = with_person(dialogue(asked, points=["{answer} + 1"]))
    presses(world, "seven")
    assert world.participant(PERSON).points == 0
    assert played(world) == ["talk"]
    assert "talk: the points could not be computed: {answer} + 1" in caplog.text
    assert "seven" not in caplog.text


def consenting(**more: Any) -> Dialogue:
    """Return a welcome that asks for consent."""
    ways: Json = {"yes": na("Welcome.", action="legal_yes"), "no": na("Bye.", action="legal_no")}
    return dialogue(
        {"ask": sa("May we?", buttons("legal", "yes", "no"), {"legal": {"yes": "yes", "no": "no"}}), **ways},
        "welcome",
        "user_settings",
        **more,
    )


def newcomer(*dialogues: Dialogue) -> World:
    world = World(study(consenting(), *dialogues))
    world.writes(PERSON, "/start")
    goes_on(world, minutes=1)
    return world


def test_legal_yes_makes_an_active_participant_to_whom_the_sequence_comes() -> None:
    world = newcomer(question())
    assert world.participant(PERSON).status is Status.START
    assert presses(world, "yes") == ["Welcome.", "Ready?"]
    assert world.participant(PERSON).status is Status.ACTIVE
    assert world.participant(PERSON).done == ("welcome",)


def test_legal_no_leaves_them_at_the_start_where_they_may_begin_again() -> None:
    world = newcomer(question())
    assert presses(world, "no") == ["Bye."]
    goes_on(world, days=9)
    person = world.participant(PERSON)
    assert (person.status, person.done, person.next_at) == (Status.START, (), None)
    assert answers(world, "/start") == ["May we?"]


def test_update_rhythm_makes_the_chosen_hours_the_rhythm_and_plans_the_next_story_anew() -> None:
    chosen = sa("?", buttons("often", "48"), "end", save="freq")
    rhythm = dialogue({"ask": chosen, "end": na("Ok.", action="update_rhythm")}, "frequencia_relats", "user_settings")
    stories = [dialogue({"one": na(name)}, name, "compartir_vivencias") for name in ("leo", "nora")]
    world = with_person(rhythm, *stories, sequence=("leo", "nora"))
    ended = NOON + timedelta(seconds=2)
    assert world.participant(PERSON).next_at == ended + timedelta(hours=24)
    answers(world, "/freq")
    presses(world, "48")
    person = world.participant(PERSON)
    assert (person.freq, person.rhythm, person.next_at) == ("48", 48 * 3600, ended + timedelta(hours=48))
    goes_on(world, hours=47)
    assert "nora" not in said(world)
    goes_on(world, hours=1)
    assert said(world)[-1] == "nora"


def test_choosing_the_same_rhythm_again_changes_nothing_about_the_next_dialogue() -> None:
    chosen = sa("?", buttons("often", "24"), "end", save="freq")
    rhythm = dialogue({"ask": chosen, "end": na("Ok.", action="update_rhythm")}, "frequencia_relats", "user_settings")
    person = {"done": ("info",), "story_ended_at": at(8, day=3), "dialogue_at": at(16), "next_at": at(16)}
    info = dialogue({"one": na("info")}, "info", "textos_informativos")
    world = with_person(rhythm, info, question(), sequence=("info", "talk"), person=person)
    answers(world, "/freq")
    presses(world, "24")
    assert world.participant(PERSON).next_at == at(16)


LEAVING = dialogue(
    {
        "ask": sa("Sure?", buttons("leave", "yes", "no"), {"leave": {"yes": "left", "no": "stays"}}),
        "left": na("Farewell.", action="unsubscribe_final"),
        "stays": na("Good."),
    },
    "unsubscribe",
    "user_settings",
)


def test_unsubscribe_final_ends_the_participation_once_the_farewell_is_sent() -> None:
    world = with_person(LEAVING, question(), sequence=("talk",))
    assert answers(world, "/abmelden") == ["Sure?"]
    assert world.participant(PERSON).status is Status.ACTIVE
    assert presses(world, "yes") == ["Farewell."]
    person = world.participant(PERSON)
    assert (person.status, person.run, person.next_at) == (Status.OUT, None, None)


def test_who_does_not_confirm_stays_and_goes_on_with_the_sequence() -> None:
    world = with_person(LEAVING, question(), sequence=("talk",))
    answers(world, "baja")
    assert presses(world, "no") == ["Good.", "Ready?"]
    assert world.participant(PERSON).status is Status.ACTIVE


def test_an_action_that_nobody_knows_does_nothing() -> None:
    world = with_person(dialogue({"one": na("1", action="fly")}))
    assert world.participant(PERSON).done == ("talk",)


def test_an_action_on_a_way_that_was_not_taken_does_nothing() -> None:
    world = with_person(LEAVING, person={"done": ("talk",)})
    answers(world, "baixa")
    presses(world, "no")
    goes_on(world, days=1)
    assert world.participant(PERSON).status is Status.ACTIVE


def test_who_confirmed_leaving_and_blocks_the_bot_at_once_has_left() -> None:
    world = with_person(LEAVING, question(), sequence=("talk",))
    answers(world, "/baja")
    world.presses(PERSON, "yes")
    blocks(world)
    assert world.participant(PERSON).status is Status.OUT


def test_a_dialogue_that_was_answered_to_its_end_is_done_although_the_bot_was_blocked_before_its_last_message() -> None:
    world = with_person(question(points=["1"]))
    world.presses(PERSON, "yes")
    blocks(world)
    assert world.history(PERSON)[0]["ended"] is True
    assert world.participant(PERSON).done == ("talk",)
    assert world.participant(PERSON).points == 1


def test_a_pause_right_after_the_consent_is_a_pause() -> None:
    world = newcomer(question())
    world.presses(PERSON, "yes")
    world.writes(PERSON, "pausar")
    goes_on(world, minutes=5)
    assert world.participant(PERSON).status is Status.DOWN
    assert "Ready?" not in said(world)


def test_who_confirmed_leaving_gets_no_further_dialogue_whatever_they_write() -> None:
    world = with_person(LEAVING, question(), sequence=("talk",))
    answers(world, "/baja")
    world.presses(PERSON, "yes")
    assert run_of(world).over
    world.writes(PERSON, "pause")
    goes_on(world, minutes=5)
    assert world.participant(PERSON).status is Status.OUT
    assert "This is pause." not in said(world)
