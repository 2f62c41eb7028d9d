# SPDX-License-Identifier: GPL-3.0-or-later
"""Walking through a dialogue: bursts, ways, ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from src.conversation_elements import PHRASES
from src.engine.effects import KeepRun, Send
from src.engine.events import ButtonPressed, Delivered, TimeArrived
from src.engine.state import GivenAnswer, Participant, Status
from src.engine.turn import take_turn
from src.identities import Pseudonym
from tests.engine.samples import (
    PERSON,
    READING,
    at,
    buttons,
    dialogue,
    goes_on,
    na,
    newly_said,
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

BURST = dialogue(
    {
        "one": na("One.", "two"),
        "two": na("Two.", "ask"),
        "ask": sa("Ready?", buttons("ready", "yes"), "end"),
        "end": na("End."),
    }
)


def test_messages_without_a_question_come_in_one_burst_up_to_the_question() -> None:
    world = with_person(BURST)
    assert said(world) == ["One.", "Two.", "Ready?"]
    assert run_of(world).at == "ask"


def test_nothing_comes_after_a_question_however_long_it_stays_open() -> None:
    world = with_person(BURST)
    goes_on(world, days=3)
    assert said(world) == ["One.", "Two.", "Ready?"]
    assert world.participant(PERSON).next_at is None


def test_a_press_is_recorded_and_goes_on() -> None:
    world = with_person(BURST)
    assert presses(world, "yes") == ["End."]
    assert recorded(world) == {"ready": "yes"}


def test_after_the_answer_the_buttons_are_removed() -> None:
    world = with_person(BURST)
    assert world.buttons_now(PERSON)
    world.presses(PERSON, "yes")
    goes_on(world, minutes=2)
    assert not world.buttons_now(PERSON)


@pytest.mark.parametrize(("value", "word"), [("yes", "Great."), ("no", "Fine.")])
def test_a_choice_follows_the_current_answer(value: str, word: str) -> None:
    assert presses(with_person(question()), value) == [word]


MOOD = sa("Mood?", buttons("mood", "good", "bad"), "day")
DAYS = {"sun": na("Sun."), "rain": na("Rain."), "tea": na("Tea.")}


@pytest.mark.parametrize(
    "following",
    [
        {"mood": {"good": "sun", "bad": "rain"}},
        {"replace_variable": "mood", "mood": {"good": "sun", "bad": "rain"}},
    ],
)
def test_a_choice_may_follow_an_earlier_answer(following: object) -> None:
    for mood, word in (("good", "Sun."), ("bad", "Rain.")):
        world = with_person(dialogue({"mood": MOOD, "day": sa("Day?", buttons("day", "mo", "tu"), following), **DAYS}))
        presses(world, mood)
        assert presses(world, "mo") == [word]


def test_choices_may_be_nested() -> None:
    nested = {"day": {"mo": {"mood": {"good": "sun", "bad": "rain"}}, "tu": "tea"}}
    for mood, day, word in (("good", "mo", "Sun."), ("bad", "mo", "Rain."), ("bad", "tu", "Tea.")):
        world = with_person(dialogue({"mood": MOOD, "day": sa("Day?", buttons("day", "mo", "tu"), nested), **DAYS}))
        presses(world, mood)
        assert presses(world, day) == [word]


def test_a_message_without_a_question_may_choose_its_way_by_an_earlier_answer() -> None:
    told = na("Told.", {"mood": {"good": "sun", "bad": None}})
    for mood, words in (("good", ["Told.", "Sun."]), ("bad", ["Told."])):
        assert presses(with_person(dialogue({"mood": MOOD, "day": told, **DAYS})), mood) == words


def test_a_value_without_a_branch_keeps_the_question_and_records_nothing(caplog: pytest.LogCaptureFixture) -> None:
    asked = sa("Secret?", buttons("secret", "left", "right"), {"secret": {"left": "end"}})
    world = with_person(dialogue({"ask": asked, "end": na("End.")}))
    before = run_of(world)
    assert presses(world, "right") == [PHRASES["hitch"]["en"]]
    assert run_of(world) == before
    assert world.newest_question(PERSON) == before.question
    assert "talk, ask" in caplog.text
    assert "right" not in caplog.text
    assert presses(world, "left") == ["End."]


def test_the_dialogue_ends_only_after_its_last_message_was_delivered() -> None:
    world = with_person(dialogue({"ask": sa("?", buttons("a", "yes"), "one"), "one": na("1", "two"), "two": na("2")}))
    world.presses(PERSON, "yes")
    goes_on(world, seconds=READING + 1)
    assert said(world) == ["?", "1"]
    assert run_of(world).over
    assert not played(world)
    goes_on(world, seconds=READING)
    assert said(world) == ["?", "1", "2"]
    assert world.participant(PERSON).run is None
    assert played(world) == ["talk"]


def test_an_answer_that_leads_to_the_end_ends_the_dialogue_at_once() -> None:
    world = with_person(dialogue({"ask": sa("Ready?", buttons("ready", "yes"), {"ready": {"yes": None}})}))
    world.presses(PERSON, "yes")
    assert world.participant(PERSON).run is None
    assert recorded(world) == {"ready": "yes"}


def test_a_question_with_nothing_behind_it_ends_the_dialogue_when_it_is_sent() -> None:
    world = with_person(dialogue({"bye": sa("Bye!", buttons("bye", "bye"), None)}))
    assert said(world) == ["Bye!"]
    assert world.participant(PERSON).done == ("talk",)
    world.presses(PERSON, "bye")
    assert recorded(world) == {}


def test_the_pause_before_a_message_is_the_wait_of_the_one_before_else_the_time_to_read_it() -> None:
    burst = dialogue({"one": na("1", "two", wait=7), "two": na("2", "three"), "three": na("3")})
    turn = take_turn(Participant(Pseudonym("a"), "en", Status.ACTIVE, version=1), TimeArrived(), NOON, study(burst))
    assert [each.what.pause for each in turn.participant.outbox] == [READING, 7, READING]
    assert turn.participant.next_at == NOON + timedelta(seconds=READING)


def test_pauses_between_messages_are_scaled() -> None:
    burst = dialogue({"one": na("1", "two", wait=7), "two": na("2")})
    world = with_person(burst, pause_scale=0.0)
    assert world.participant(PERSON).done == ("talk",)
    assert run_times(world.history(PERSON)[0]["timestamps_sent_messages"]) == {"one": 0.0, "two": 0.0}


def run_times(sent: object) -> dict[str, float]:
    assert isinstance(sent, dict)
    return {name: time - NOON.timestamp() for name, time in sent.items()}


def test_what_is_kept_of_a_dialogue_tells_answers_and_all_times() -> None:
    world = with_person(question())
    asked_at = NOON + timedelta(seconds=READING)
    world.clock.time = at(12)
    presses(world, "yes")
    kept = world.history(PERSON)[0]
    assert kept["gameId"] == "talk"
    assert kept["ended"] is True
    assert kept["start_time"] == NOON.timestamp()
    assert kept["end_time"] == (at(12) + timedelta(seconds=READING)).timestamp()
    assert kept["answers"] == {"ready": "yes"}
    assert kept["timestamps_answers"] == {"ready": at(12).timestamp()}
    assert run_times(kept["timestamps_sent_messages"]) == {"ask": READING, "great": 3600 + READING}
    assert kept["revision"] == question().revision
    assert kept["given"] == [
        {"message": "ask", "name": "ready", "value": "yes", "typed": False, "asked_at": asked_at, "answered_at": at(12)}
    ]


def test_a_turn_hands_the_finished_run_over_as_an_effect() -> None:
    one = study(dialogue({"ask": sa("?", buttons("a", "yes"), {"a": {"yes": None}})}))
    person = Participant(Pseudonym("a"), "en", Status.ACTIVE, version=1)
    asked = take_turn(person, TimeArrived(), NOON, one).participant
    standing = take_turn(asked, Delivered(asked.outbox[0].id, 5, has_buttons=True), NOON, one).participant
    turn = take_turn(standing, ButtonPressed(1, "q", 5, "yes"), at(12), one)
    kept = next(each for each in turn.effects if isinstance(each, KeepRun))
    assert kept.ended
    assert kept.end == at(12)
    assert kept.run.answers == (GivenAnswer("ask", "a", "yes", False, NOON, at(12)),)
    assert turn.participant.run is None
    assert not any(isinstance(each, Send) for each in turn.effects)


def test_a_circle_is_refused_with_a_notice_and_tried_again_in_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    world = with_person(dialogue({"one": na("1", "two"), "two": na("2", "one")}))
    assert said(world) == []
    assert world.participant(PERSON).run is None
    assert caplog.text.count("is there a circle?") == 1
    assert world.participant(PERSON).next_at == NOON + timedelta(hours=1)
    mended = dialogue({"one": na("1", "two"), "two": na("2")})
    world.studies.study = study(mended)
    goes_on(world, hours=2)
    assert said(world) == ["1", "2"]


def test_a_circle_behind_a_question_keeps_the_question() -> None:
    world = with_person(dialogue({"ask": sa("?", buttons("a", "yes"), "one"), "one": na("1", "one")}))
    assert presses(world, "yes") == [PHRASES["hitch"]["en"]]
    assert run_of(world).at == "ask"
    assert run_of(world).answers == ()


def test_a_dialogue_goes_on_in_the_form_in_which_it_began() -> None:
    old, new = question(), question(points=["5"])
    world = with_person(old)
    newest = study(new)
    world.studies.study = type(newest)(
        newest.dialogues, {**newest.revisions, old.revision: old}, newest.sequence, newest.rules
    )
    assert presses(world, "yes") == ["Great."]
    assert world.participant(PERSON).points == 0
    assert world.history(PERSON)[0]["revision"] == old.revision


def test_a_dialogue_for_one_that_waits_for_nobody_says_so_kindly() -> None:
    world = with_person(dialogue({"wait": {"type": "WA", "text": "Wait", "next": None}}))
    world.writes(PERSON, "hello?")
    assert newly_said(world) == [PHRASES["buttons_only"]["en"]]
    assert run_of(world).at == "wait"
