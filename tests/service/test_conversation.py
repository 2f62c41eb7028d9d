# SPDX-License-Identifier: GPL-3.0-or-later
"""A turn is saved in one piece, and only then does anything follow from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from src.engine.effects import Send
from src.engine.events import BlockedBot, ButtonPressed, Delivered, Edited, GivenUp, TextTyped, TimeArrived
from src.engine.state import Kept, Participant, Status
from src.engine.study import Rules, Study
from src.engine.turn import REACTIONS
from src.errors import DatabaseAway
from src.identities import TelegramId
from src.service.conversation import MOST_ATTEMPTS, Happened, newcomer
from tests.fakes.world import RULES, World
from tests.service.stage import (
    ANN,
    BEA,
    TROUBLE,
    WatchedParticipants,
    enrol,
    fails_at,
    small_study,
    to_be_sent,
    watched,
)


def asked(person: int = ANN) -> tuple[World, WatchedParticipants]:
    """Return a world in which this person sees the question `Ready?`."""
    world, participants = watched()
    world.writes(person, "/start")
    world.settle()
    participants.batches.clear()
    participants.loads.clear()
    return world, participants


def test_a_turn_is_one_save_with_all_that_follows_from_it() -> None:
    world, participants = watched()
    world.writes(ANN, "/start")
    document = participants.documents[world.who(ANN)]
    assert participants.batches == [{world.who(ANN)}]
    assert [each["text"] for each in document["outbox"]] == ["Ready?"]
    assert document["next_at"] is not None
    assert document["version"] == 1
    assert participants.texts[world.who(ANN)] == []  # nothing is kept before the consent


def test_whoever_was_changed_meanwhile_starts_again_from_fresh_state() -> None:
    world, participants = asked()
    before = world.participant(ANN)
    participants.meddle.append(replace(before, points=5.0, version=before.version + 1))
    world.presses(ANN, "yes")
    after = world.participant(ANN)
    assert after.points == 5.0
    assert after.run is not None
    assert after.run.answer_texts() == {"ready": "yes"}
    assert after.version == before.version + 2
    assert len(world.telegram.answered) == 1


def test_only_the_refused_one_of_a_batch_starts_again() -> None:
    world, participants = watched()
    ann, bea = enrol(world, ANN), enrol(world, BEA)
    participants.meddle.append(replace(ann, points=7.0, version=2))
    world.conversation.handle([Happened(each.id, (TextTyped(9, "hello"),)) for each in (ann, bea)])
    assert participants.batches == [{ann.id, bea.id}, {ann.id}]
    assert [world.participant(each).version for each in (ANN, BEA)] == [3, 2]
    assert [len(world.participant(each).outbox) for each in (ANN, BEA)] == [1, 1]
    assert len(participants.texts[bea.id]) == 1


def test_somebody_who_is_always_faster_counts_as_a_database_that_is_away() -> None:
    world, participants = asked()
    participants.always_slower = True
    with pytest.raises(DatabaseAway):
        world.presses(ANN, "yes")
    assert len(participants.batches) == MOST_ATTEMPTS
    assert world.telegram.answered == []


@pytest.mark.parametrize("at_the_save", [True, False])
def test_while_the_database_is_away_nothing_is_carried_out(at_the_save: bool) -> None:
    world, participants = asked()
    participants.away = not at_the_save
    participants.troubles = [DatabaseAway("away")] if at_the_save else []
    with pytest.raises(DatabaseAway):
        world.presses(ANN, "yes")
    participants.away = False
    assert world.telegram.answered == []
    assert world.agenda.sizes() == (0, 0)
    assert world.participant(ANN).outbox == ()


def test_several_events_of_a_person_are_taken_in_order_and_saved_once() -> None:
    world, participants = asked()
    who = world.who(ANN)
    question = world.newest_question(ANN)
    press = ButtonPressed(11, "q", question, "yes")
    world.conversation.handle([Happened(who, (TextTyped(10, "well"), press, TextTyped(12, "done")))])
    assert participants.batches == [{who}]
    assert world.participant(ANN).recent_updates[-3:] == (10, 11, 12)


def test_many_people_are_loaded_once_and_saved_once() -> None:
    world, participants = watched()
    everybody = [world.who(person) for person in range(1, 101)]
    world.conversation.handle([Happened(who, (TextTyped(5, "/start"),)) for who in everybody])
    assert participants.loads == [frozenset(everybody)]
    assert participants.batches == [frozenset(everybody)]


def test_whoever_has_just_been_loaded_is_not_loaded_again() -> None:
    world, participants = watched()
    ann = enrol(world, ANN)
    world.conversation.handle([Happened(ann.id, (BlockedBot(1),), known=ann)])
    assert participants.loads == []


def test_what_was_just_loaded_and_is_stale_already_is_loaded_again() -> None:
    world, participants = watched()
    stale = enrol(world, ANN)
    enrol(world, ANN, version=4, points=3.0)
    world.conversation.handle([Happened(stale.id, (TextTyped(1, "hello"),), known=stale)])
    assert participants.loads == [{stale.id}]
    assert (world.participant(ANN).points, world.participant(ANN).version) == (3.0, 5)


def test_what_changes_nothing_is_not_saved() -> None:
    world, participants = watched()
    ann = enrol(world, ANN)
    world.conversation.handle([Happened(ann.id, (Edited(3),))])
    assert participants.batches == []


def test_an_update_that_comes_twice_counts_once() -> None:
    world, participants = asked()
    press = ButtonPressed(77, "q77", world.newest_question(ANN), "yes")
    for _ in range(2):
        world.conversation.handle([Happened(world.who(ANN), (press,))])
    assert len(participants.batches) == 1
    assert set(world.telegram.answered) == {("q77", None)}


def test_a_turn_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    world, _ = watched(fails_at(small_study(), "Thanks"))
    for person in (ANN, BEA):
        world.writes(person, "/start")
        world.settle()
    on = world.newest_question(ANN)
    press = ButtonPressed(50, "q50", on, "yes")
    world.conversation.handle([Happened(world.who(ANN), (press,)), Happened(world.who(BEA), (TextTyped(51, "no"),))])
    assert "ButtonPressed could not be handled" in caplog.text
    assert world.participant(BEA).done == ("welcome",)
    assert world.participant(ANN).run is not None


def test_what_a_person_does_after_a_turn_that_failed_still_counts() -> None:
    world, _ = watched(fails_at(small_study(), "Thanks"))
    world.writes(ANN, "/start")
    world.settle()
    on = world.newest_question(ANN)
    presses = tuple(ButtonPressed(60 + place, f"q{place}", on, value) for place, value in enumerate(("yes", "no")))
    world.conversation.handle([Happened(world.who(ANN), presses)])
    assert world.participant(ANN).done == ("welcome",)


def test_a_press_is_answered_also_when_its_turn_fails() -> None:
    # telegram.md 5.21: every press is answered exactly once, also when the handler raises.
    world, _ = watched(fails_at(small_study(), "Thanks"))
    world.writes(ANN, "/start")
    world.settle()
    world.presses(ANN, "yes")
    assert len(world.telegram.answered) == 1


def test_the_log_of_a_turn_that_fails_says_where_and_not_what_a_person_wrote(caplog: pytest.LogCaptureFixture) -> None:
    world, _ = watched(fails_at(small_study(), "Ready"))
    world.writes(ANN, "my neighbour Berta")
    assert "TextTyped could not be handled" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "Berta" not in caplog.text
    assert TROUBLE not in caplog.text


@pytest.mark.parametrize("message_id", [901, None])
def test_a_question_whose_delivery_could_not_be_handled_can_be_answered(
    monkeypatch: pytest.MonkeyPatch, message_id: int | None
) -> None:
    world, _ = watched()
    world.writes(ANN, "/start")
    asked = world.participant(ANN)
    entries = [each for each in asked.outbox if isinstance(each.what, Send) and each.what.asks]
    monkeypatch.setitem(REACTIONS, Delivered, lambda *_anything: 1 // 0)
    rest = tuple(Delivered(each.id, None) for each in asked.outbox if each not in entries)
    world.conversation.handle([Happened(asked.id, (*rest, Delivered(entries[0].id, message_id)))])
    monkeypatch.undo()
    assert world.participant(ANN).outbox == ()
    world.presses(ANN, "yes", message_id or 900)
    run = world.participant(ANN).run
    assert run is not None
    assert [answer.value for answer in run.answers] == ["yes"]


def test_what_the_engine_notices_is_told_to_the_operators(caplog: pytest.LogCaptureFixture) -> None:
    world, _ = watched()
    ann = to_be_sent(world, ANN, "a text")
    world.conversation.handle([Happened(ann.id, (GivenUp("0.0", "Bad Request: message is too long"),))])
    assert "message is too long" in caplog.text
    assert "a text" not in caplog.text


@pytest.mark.parametrize(
    ("spoken", "language"),
    [("de", "de"), ("de-AT", "de"), ("EN", "en"), ("fr", "ca"), ("", "ca"), (None, "ca"), ("-", "ca")],
)
def test_a_newcomer_gets_the_language_of_their_telegram_or_the_default(spoken: str | None, language: str) -> None:
    world, _ = watched()
    world.conversation.handle([Happened(world.who(ANN), (TextTyped(1, "/start"),), spoken)])
    assert world.participant(ANN).language == language


def test_a_newcomer_has_the_rhythm_of_the_settings() -> None:
    rules = replace(RULES, default_rhythm_hours=36)
    expected = Participant(World(small_study()).who(ANN), "ca", freq="36", rhythm=36 * 3600)
    assert newcomer(expected.id, None, rules) == expected


def test_the_language_of_telegram_does_not_change_that_of_a_participant() -> None:
    world, _ = watched()
    enrol(world, ANN, language="es")
    world.writes(ANN, "hello", language="de")
    assert world.participant(ANN).language == "es"


def test_whoever_is_erased_is_erased_after_the_save_and_not_woken() -> None:
    world, participants = watched()
    ann = enrol(world, ANN, erasing=True)
    world.conversation.handle([Happened(ann.id, (TimeArrived(),))])
    assert ann.id not in participants.documents
    assert ann.id in world.pseudonyms.deleted
    assert not world.agenda.holds(ann.id)


def test_what_comes_again_of_somebody_who_was_erased_does_not_enter_them_anew() -> None:
    world, participants = watched()
    ann = enrol(world, ANN, erasing=True, recent_updates=(41, 42))
    world.conversation.handle([Happened(ann.id, (TimeArrived(),))])
    world.restart()
    come_again = Happened(ann.id, (TextTyped(41, "bye"), ButtonPressed(42, "q", 1, "erase")), person=TelegramId(ANN))
    world.conversation.handle([come_again])
    assert ann.id not in participants.documents
    assert ann.id in world.pseudonyms.deleted
    world.conversation.handle([Happened(ann.id, (TextTyped(43, "hello"),), person=TelegramId(ANN))])
    assert participants.documents[ann.id]["version"] == 1
    assert ann.id not in world.pseudonyms.deleted


def test_the_edition_of_a_kept_place_is_asked_for_too() -> None:
    world, _ = asked()
    world.presses(ANN, "yes")
    running = world.participant(ANN)
    assert running.run is not None
    kept = Kept(replace(running.run, revision="of long ago"), world.clock.now(), "paused")
    ann = enrol(world, ANN, kept=kept, status=Status.DOWN)
    wanted: list[Collection[str]] = []
    current = world.studies.current

    def noted(rules: Rules, revisions: Collection[str] = ()) -> Study:
        wanted.append(revisions)
        return current(rules, revisions)

    world.studies.current = noted  # type: ignore[method-assign]
    world.conversation.handle([Happened(ann.id, (TextTyped(9000, "resume"),))])
    assert wanted == [{"of long ago"}]
