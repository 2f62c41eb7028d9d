# SPDX-License-Identifier: GPL-3.0-or-later
"""A place that is kept, a question that is brought again, and who is absent in which way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from src.engine.by_hand import to_status
from src.engine.effects import KeepRun, OwnData
from src.engine.own_data import Stored, page_of
from src.engine.state import Absence, Status
from src.engine.timing import is_quiet
from src.service.ports import Saving
from src.store.documents import new_document, participant_from
from tests.engine.samples import (
    LANGUAGES,
    PERSON,
    answers,
    blocks,
    buttons,
    dialogue,
    goes_on,
    na,
    newly_said,
    presses,
    question,
    run_of,
    sa,
    said,
    with_person,
)
from tests.fakes.world import RULES, World

TWO = dialogue(
    {
        "one": sa("One?", buttons("first", "a", "b"), "two"),
        "two": sa("Two?", buttons("second", "c", "d"), "end"),
        "end": na("End."),
    }
)


def in_the_middle() -> World:
    world = with_person(TWO)
    presses(world, "a")
    return world


@pytest.mark.parametrize("days", [0, 1, 6])
def test_whoever_comes_back_within_a_week_is_asked_the_open_question_with_all_answers_in_place(days: int) -> None:
    world = in_the_middle()
    answers(world, "pause")
    assert world.participant(PERSON).absence is Absence.PAUSED
    goes_on(world, days=days)
    assert answers(world, "resume") == ["This is resume.", "Two?"]
    assert presses(world, "c") == ["End."]
    assert world.history(PERSON)[-1]["answers"] == {"first": "a", "second": "c"}


def test_after_a_week_the_dialogue_ends_as_unfinished_and_is_marked() -> None:
    world = in_the_middle()
    answers(world, "pause")
    goes_on(world, days=8)
    ended = world.history(PERSON)[-1]
    assert (ended["ended"], ended["unfinished_because"], ended["answers"]) == (False, "paused", {"first": "a"})
    assert answers(world, "resume") == ["This is resume.", "One?"]


def test_a_place_survives_the_database() -> None:
    world = in_the_middle()
    answers(world, "pause")
    kept = world.participant(PERSON)
    assert kept.kept is not None
    assert participant_from(new_document(kept), "ca") == kept


def by_hand(world: World, status: Status) -> None:
    """Let an operator give the person a status, as the script does."""
    before = world.participant(PERSON)
    turn = to_status(status)(before, world.clock.now(), world.study)
    after = replace(turn.participant, version=before.version + 1)
    runs = tuple(each for each in turn.effects if isinstance(each, KeepRun))
    world.participants.save([Saving(before, after, runs, ())])


def test_an_operator_who_sets_somebody_active_at_night_does_not_wake_them() -> None:
    world = in_the_middle()
    answers(world, "pause")
    goes_on(world, hours=next(hours for hours in range(24) if is_night(world, hours)))
    by_hand(world, Status.ACTIVE)
    assert newly_said(world) == []
    while is_night(world):
        goes_on(world, hours=0.5)
    goes_on(world, hours=1)
    assert said(world)[-1] == "Two?"


def test_for_somebody_who_is_to_begin_anew_no_place_is_kept() -> None:
    world = in_the_middle()
    answers(world, "pause")
    by_hand(world, Status.START)
    goes_on(world, hours=2)
    assert (world.participant(PERSON).kept, world.participant(PERSON).run) == (None, None)
    assert world.history(PERSON)[-1]["answers"] == {"first": "a"}
    assert "Two?" not in said(world)[said(world).index("Two?") + 1 :]


def is_night(world: World, hours: float = 0.0) -> bool:
    return is_quiet(world.clock.now() + timedelta(hours=hours), world.participant(PERSON), RULES)


def test_messages_that_were_still_to_come_come_after_the_pause() -> None:
    world = with_person(
        dialogue({"one": na("1", "two", wait=300), "two": sa("2?", buttons("x", "y"), "end"), "end": na("3")})
    )
    answers(world, "pause")
    assert answers(world, "resume") == ["This is resume.", "2?"]


def test_whoever_asks_to_leave_and_stays_goes_on_where_they_were() -> None:
    world = with_person(TWO, question("unsubscribe"), sequence=("talk",))
    presses(world, "a")
    answers(world, "baja")
    assert presses(world, "no") == ["Fine.", "Two?"]


def test_paused_unreachable_left_and_silent_are_four_things() -> None:
    world = with_person(TWO, reminder_hours=24.0)
    goes_on(world, days=2)
    assert world.participant(PERSON).absence is Absence.SILENT
    blocks(world)
    assert world.participant(PERSON).absence is Absence.UNREACHABLE
    answers(world, "resume")
    assert world.participant(PERSON).absence is Absence.NONE
    answers(world, "pause")
    assert world.participant(PERSON).absence is Absence.PAUSED


def test_who_pauses_twice_is_away_since_the_first_time() -> None:
    world = with_person(TWO)
    answers(world, "pause")
    since = world.participant(PERSON).absent_since
    goes_on(world, days=2)
    answers(world, "pause")
    assert (world.participant(PERSON).absence, world.participant(PERSON).absent_since) == (Absence.PAUSED, since)


def test_whoever_blocked_the_bot_and_comes_back_sees_buttons_only_under_the_question_that_comes_again() -> None:
    world = with_person(TWO)
    blocks(world)
    assert answers(world, "resume") == ["This is resume.", "One?"]
    assert list(world.buttons_now(PERSON)) == [run_of(world).question]


def test_a_question_is_brought_again_once_then_once_after_a_week_by_day_and_never_again() -> None:
    world = with_person(TWO, reminder_hours=10.0)
    goes_on(world, days=60)
    assert said(world) == ["One?", "One?", "One?"]
    assert list(world.buttons_now(PERSON)) == [run_of(world).question]


def test_reminders_come_by_day() -> None:
    world = with_person(TWO, reminder_hours=10.0)
    for _ in range(24 * 9):
        before = len(said(world))
        goes_on(world, hours=1)
        if len(said(world)) > before:
            assert not is_quiet(world.participant(PERSON).run.reminded_at, world.participant(PERSON), RULES)  # type: ignore[union-attr, arg-type]


def test_an_answer_cancels_the_reminder_and_a_setting_turns_it_off() -> None:
    world = with_person(TWO, reminder_hours=24.0)
    presses(world, "a")
    presses(world, "c")
    goes_on(world, days=30)
    assert said(world) == ["One?", "Two?", "End."]
    silent = with_person(TWO, reminder_hours=0.0)
    goes_on(silent, days=30)
    assert said(silent) == ["One?"]


def test_reminders_survive_a_restart() -> None:
    world = with_person(TWO, reminder_hours=24.0)
    world.restart()
    goes_on(world, days=2)
    assert said(world) == ["One?", "One?"]


@pytest.mark.parametrize("status", [Status.START, Status.ACTIVE, Status.DOWN, Status.OUT])
@pytest.mark.parametrize("word", ["/mydata", "/misdatos", "/MEINEDATEN", "/lesmevesdades"])
def test_everybody_may_have_their_own_data(status: Status, word: str) -> None:
    world = with_person(TWO, sequence=(), person={"status": status})
    world.writes(PERSON, word)
    newly_said(world)
    sent = [each.what for each in world.telegram.sent if isinstance(each.what, OwnData)]
    assert [each.who for each in sent] == [world.who(PERSON)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_everything_and_no_html_of_people(language: str) -> None:
    stored = Stored({"_id": "p", "status": 1}, {"Tele_id": 5}, ({"answers": {"a": "<b>x</b>"}},), ({"text": "told"},))
    page = page_of(stored, language, RULES)
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "told" in page
