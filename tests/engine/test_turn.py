# SPDX-License-Identifier: GPL-3.0-or-later
"""One turn after another: the same update twice, several in one batch, after a crash."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from src.engine.effects import Turn
from src.engine.events import ButtonPressed, Event, TextTyped
from src.engine.turn import REACTIONS, REMEMBERED_UPDATES, take_turn
from src.identities import TelegramId
from src.service.ports import Update
from tests.engine.samples import PERSON, answers, at, goes_on, newly_said, question, study, with_person
from tests.fakes.world import World


def test_every_kind_of_event_has_a_reaction() -> None:
    assert set(REACTIONS) == set(get_args(Event))


@pytest.mark.parametrize("text", ["hello", "yes", "pause", "/lang", "/start"])
def test_an_update_that_is_delivered_twice_changes_nothing(text: str) -> None:
    one, before = study(question()), with_person(question()).participant(PERSON)
    event = TextTyped(77, text)
    once = take_turn(before, event, at(12), one).participant
    assert take_turn(once, event, at(13), one) == Turn(once)


def test_a_press_that_is_delivered_twice_is_recorded_once() -> None:
    world = with_person(question())
    event = ButtonPressed(77, "q", world.newest_question(PERSON), "yes")
    for _ in range(2):
        world.messages.offset = None
        world.happens(PERSON, event)
    assert newly_said(world) == ["Great."]
    assert len(world.participants.texts[world.who(PERSON)]) == 1


def test_an_update_counts_although_its_number_is_lower_than_the_last_one() -> None:
    world = with_person(question())
    for number, text in ((900_000_000, "hello"), (12, "what?"), (5, "yes")):
        world.restart()
        world.telegram.waiting.clear()
        world.happens(PERSON, TextTyped(number, text))
    assert newly_said(world)[-1] == "Great."
    assert [each["text"] for each in world.participants.texts[world.who(PERSON)]] == ["hello", "what?", "yes"]


def test_as_many_updates_are_remembered_as_telegram_hands_out_at_a_time() -> None:
    one, person = study(question()), with_person(question()).participant(PERSON)
    for number in range(REMEMBERED_UPDATES + 20):
        person = take_turn(person, TextTyped(number, "hello"), at(12), one).participant
    assert person.recent_updates == tuple(range(20, REMEMBERED_UPDATES + 20))


def in_one_batch(world: World, *texts: str) -> None:
    """Let Telegram bring several messages of the person at once: one save for all of them."""
    for text in texts:
        number = next(world.numbers)
        world.telegram.waiting.append(Update(number, TelegramId(PERSON), "en", TextTyped(number, text)))
    world.messages.one_pass(0)


def test_several_messages_in_one_batch_are_all_understood() -> None:
    world = with_person(question())
    in_one_batch(world, "what?", "/lang", "yes")
    assert newly_said(world)[-1] == "Great."
    assert len(world.participants.texts[world.who(PERSON)]) == 3


def test_entries_of_the_outbox_have_ids_of_their_own_also_within_one_batch() -> None:
    world = with_person(question())
    in_one_batch(world, "hello", "/lang", "/help")
    ids = [each.id for each in world.participant(PERSON).outbox]
    assert len(set(ids)) == len(ids)


def test_dialogues_in_the_history_have_ids_of_their_own_also_within_one_batch() -> None:
    world = with_person(sequence=())
    in_one_batch(world, "pause", "pause")
    goes_on(world, minutes=5)
    ids = [each["_id"] for each in world.history(PERSON)]
    assert len(ids) == 2
    assert len(set(ids)) == len(ids)


def test_somebody_who_was_changed_by_another_process_meanwhile_loses_nothing() -> None:
    world = with_person(question())
    changed = world.participant(PERSON)
    world.participants.meddle.append(replace(changed, points=5.0, version=changed.version + 1))
    assert answers(world, "yes") == ["Great."]
    assert world.participant(PERSON).points == 5.0


def test_after_a_crash_between_two_messages_the_burst_goes_on() -> None:
    world = with_person(question())
    world.presses(PERSON, "yes")
    world.restart()
    assert newly_said(world) == ["Great."]
