# SPDX-License-Identifier: GPL-3.0-or-later
"""An update is confirmed only after its turn is in the database."""

from __future__ import annotations

import pytest

from src.engine.events import TextTyped
from src.errors import DatabaseAway, TryLater
from src.identities import TelegramId
from src.service.message_loop import PORTION
from src.service.ports import Update
from tests.fakes.ports import FakeTelegram
from tests.fakes.world import World
from tests.service.stage import ANN, BEA, enrol, small_study, watched


def text(number: int, said: str, person: int = ANN) -> Update:
    return Update(number, TelegramId(person), "en", TextTyped(number, said))


def test_the_offset_moves_only_after_the_save() -> None:
    world, participants = watched()
    world.telegram.waiting = [text(7, "/start"), text(8, "hello")]
    assert world.messages.one_pass(0)
    assert (participants.saves, world.telegram.offsets) == (1, [None])
    assert not world.messages.one_pass(0)
    assert world.telegram.offsets == [None, 9]


def test_while_the_database_is_away_the_same_updates_come_again() -> None:
    world, participants = watched()
    world.telegram.waiting = [text(7, "/start")]
    participants.troubles = [DatabaseAway("away"), DatabaseAway("away")]
    for _ in range(2):
        with pytest.raises(DatabaseAway):
            world.messages.one_pass(0)
    assert world.messages.offset is None
    assert world.messages.one_pass(0)
    assert world.telegram.offsets == [None, None, None]
    assert participants.saves == 1


def test_a_crash_before_the_confirmation_repeats_nothing() -> None:
    world, participants = watched()
    world.writes(ANN, "/start")
    world.restart()
    assert world.messages.one_pass(0)
    assert participants.saves == 1
    assert world.participant(ANN).version == 1


def test_updates_that_mean_nothing_to_us_are_passed_over() -> None:
    world, participants = watched()
    world.telegram.waiting = [Update(5), text(6, "/start"), Update(7)]
    assert world.messages.one_pass(0)
    assert world.messages.offset == 8
    assert participants.saves == 1


def test_a_page_without_meaning_is_confirmed_without_asking_the_database() -> None:
    world, participants = watched()
    participants.away = True
    world.telegram.waiting = [Update(5), Update(6)]
    assert world.messages.one_pass(0)
    assert world.messages.offset == 7


def test_updates_of_a_page_are_gathered_by_person_in_their_order() -> None:
    world, participants = watched()
    world.telegram.waiting = [text(1, "/start"), text(2, "/start", BEA), text(3, "a"), text(4, "b", BEA), text(5, "c")]
    world.messages.one_pass(0)
    assert world.participant(ANN).recent_updates == (1, 3, 5)
    assert world.participant(BEA).recent_updates == (2, 4)
    assert participants.batches == [{world.who(ANN), world.who(BEA)}]


def test_three_pages_of_a_backlog_are_all_handled() -> None:
    world, participants = watched()
    world.telegram.waiting = [text(number, "/start", number) for number in range(1, 301)]
    passes = [world.messages.one_pass(0) for _ in range(4)]
    assert passes == [True, True, True, False]
    assert len(participants.documents) == 300
    assert max(map(len, participants.batches)) == PORTION


def test_update_numbers_that_jump_down_after_an_idle_week_are_handled() -> None:
    world, participants = watched()
    enrol(world, ANN)
    world.messages.handle([text(5000, "one")])
    world.messages.handle([text(200, "two")])
    assert [each["text"] for each in participants.texts[world.who(ANN)]] == ["one", "two"]
    assert world.messages.offset == 201


def test_without_updates_nothing_happens() -> None:
    world, participants = watched()
    assert not world.messages.handle([])
    assert (participants.loads, participants.batches, world.messages.offset) == ([], [], None)


def test_at_the_end_what_was_handled_is_confirmed_without_waiting() -> None:
    world, _ = watched()
    world.writes(ANN, "/start")
    offset = world.messages.offset
    world.messages.confirm()
    assert world.telegram.offsets[-1] == offset
    assert world.telegram.waiting == []


def test_a_bot_that_has_handled_nothing_confirms_nothing() -> None:
    world, _ = watched()
    world.messages.confirm()
    assert world.telegram.offsets == []


def test_what_telegram_raises_is_not_swallowed_and_moves_nothing() -> None:
    class Away(FakeTelegram):
        def updates(self, offset: int | None, wait: int) -> list[Update]:
            raise TryLater("Telegram cannot be reached")

    world = World(small_study(), telegram=Away())
    with pytest.raises(TryLater):
        world.messages.one_pass(0)
    assert world.messages.offset is None
