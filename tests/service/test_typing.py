# SPDX-License-Identifier: GPL-3.0-or-later
"""`is writing …` is shown while the pause before a message runs, as long as it runs, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

from src.engine.effects import Outgoing, RemoveButtons
from src.engine.state import Participant
from src.errors import DatabaseAway, TryLater
from src.identities import Pseudonym, TelegramId
from src.service.typist import Typist
from tests.fakes.ports import NOON, FakePseudonyms
from tests.fakes.world import World
from tests.service.stage import ANN, BEA, enrol, to_be_sent, watched


def typing_in(world: World) -> Typist:
    """Let the world's conversation wake a typist too, as the running bot does."""
    typist = Typist(world.telegram, world.pseudonyms, world.agenda, world.clock)

    def wake(participant: Participant) -> None:
        world.delivery.wake(participant)
        typist.wake(participant)

    world.conversation.wake = wake
    return typist


def shown(world: World, typist: Typist, seconds: float) -> list[float]:
    """Let time pass and return after how many seconds typing was shown to anybody; what is due is sent."""
    moments = []
    for _ in range(round(seconds * 10) + 1):
        before = len(world.telegram.typing)
        while typist.one_pass(0.0):
            pass
        world.delivery.one_pass(world.conversation, wait=0.0)
        moments += [round((world.clock.now() - NOON).total_seconds(), 1)] * (len(world.telegram.typing) - before)
        world.clock.pass_by(seconds=0.1)
    return moments


def waiting(seconds: float, person: TelegramId = ANN) -> tuple[World, Typist]:
    """Return a world in which a text for this person is due in so many seconds."""
    world, _ = watched()
    typist = typing_in(world)
    typist.wake(to_be_sent(world, person, "text", at=NOON + timedelta(seconds=seconds)))
    return world, typist


def test_typing_is_shown_at_once_and_again_before_it_fades_until_the_message_is_there() -> None:
    world, typist = waiting(12)
    assert shown(world, typist, 60) == [0.0, 4.5, 9.0]
    assert world.telegram.typing == [ANN] * 3
    assert world.telegram.said_to(ANN) == ["text"]


def test_before_a_long_pause_ends_typing_is_shown_in_its_last_seconds_only() -> None:
    world, typist = waiting(50)
    assert shown(world, typist, 60) == [30.0, 34.5, 39.0, 43.5, 48.0]


def test_a_pause_too_short_to_notice_shows_nothing() -> None:
    world, typist = waiting(0.5)
    assert shown(world, typist, 5) == []


def test_removing_buttons_shows_nothing() -> None:
    world, _ = watched()
    typist = typing_in(world)
    later = NOON + timedelta(seconds=5)
    typist.wake(enrol(world, ANN, outbox=(Outgoing("1", RemoveButtons(3)),), outbox_at=later, next_at=later))
    assert shown(world, typist, 10) == []


def test_somebody_for_whom_nothing_waits_is_shown_nothing() -> None:
    world, _ = watched()
    typist = typing_in(world)
    typist.wake(enrol(world, ANN, next_at=NOON + timedelta(seconds=5)))
    assert shown(world, typist, 10) == []


def test_typing_stops_when_the_message_goes_out_sooner_than_planned() -> None:
    world, typist = waiting(15)
    shown(world, typist, 1)
    typist.wake(to_be_sent(world, ANN, "now", at=world.clock.now()))
    count = len(world.telegram.typing)
    shown(world, typist, 30)
    assert world.telegram.said_to(ANN) == ["now"]
    assert len(world.telegram.typing) == count


def test_every_pause_of_a_burst_shows_typing() -> None:
    world, _ = watched()
    typist = typing_in(world)
    typist.wake(to_be_sent(world, ANN, "a", "b", "c", at=NOON + timedelta(seconds=3), pause=3.0))
    assert shown(world, typist, 20) == [0.0, 3.1, 6.1]


def test_typing_costs_no_turn_and_no_load() -> None:
    world, participants = watched()
    typist = typing_in(world)
    typist.wake(to_be_sent(world, ANN, "text", at=NOON + timedelta(seconds=12)))
    participants.loads.clear()
    while typist.one_pass(0.0):
        pass
    assert (participants.loads, participants.batches) == ([], [])


def test_somebody_whose_identity_was_deleted_is_shown_nothing() -> None:
    world, typist = waiting(12)
    world.pseudonyms.deleted.add(world.who(ANN))
    assert typist.one_pass(0.0)
    assert world.telegram.typing == []


def test_a_database_that_is_away_stops_the_typing_of_one_and_not_of_the_others() -> None:
    class AwayForAnn(FakePseudonyms):
        def telegram_id(self, pseudonym: Pseudonym) -> TelegramId | None:
            if int(pseudonym, 16) == ANN:
                raise DatabaseAway("away")
            return super().telegram_id(pseudonym)

    world, typist = waiting(12)
    typist.wake(to_be_sent(world, BEA, "text", at=NOON + timedelta(seconds=12)))
    typist.pseudonyms = AwayForAnn()
    assert [typist.one_pass(0.0) for _ in range(3)] == [True, True, False]
    assert world.telegram.typing == [BEA]


def test_while_telegram_asks_for_a_pause_no_typing_is_sent_to_that_chat() -> None:
    # telegram.md 5.11: no request to that chat before retry_after, and sendChatAction is one.
    world, typist = waiting(0)
    world.telegram.troubles = [TryLater("flood", seconds=30.0)]
    assert shown(world, typist, 29) == []
