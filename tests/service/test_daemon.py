# SPDX-License-Identifier: GPL-3.0-or-later
"""The running bot as a whole: what was missed is heard first, and a stop is clean and bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from src.engine.effects import Sendable
from src.engine.events import TextTyped
from src.errors import BotError, DatabaseAway, NotAllowed, TryLater
from src.identities import TelegramId
from src.service.daemon import TIME_TO_CONFIRM, TIME_TO_FINISH, Daemon, Engine, StopPolling
from src.service.delivery import Typist
from src.service.ports import Update
from tests.fakes.ports import FakeTelegram
from tests.fakes.world import World
from tests.service.stage import ANN, WallClock, WatchedParticipants, small_study, to_be_sent

Happening = Callable[[], None]


@dataclass
class PolledTelegram(FakeTelegram):
    """A long poll does one of `meanwhile` at each question, and then the signal to stop comes."""

    meanwhile: list[Happening] = field(default_factory=list)
    sent_at_polls: list[int] = field(default_factory=list)
    takes: threading.Event | None = None
    began: threading.Event = field(default_factory=threading.Event)

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:
        found = super().updates(offset, wait)
        self.sent_at_polls.append(len(self.sent))
        if wait == 0 or found:
            return found
        if not self.meanwhile:
            raise StopPolling
        self.meanwhile.pop(0)()
        return super().updates(offset, wait)

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        self.began.set()
        if self.takes is not None:
            self.takes.wait(20)
        return super().send(to, what)


@dataclass
class Running:
    """A bot that is ready to run, in the world around it."""

    telegram: PolledTelegram = field(default_factory=PolledTelegram)
    has_lease: bool = True

    def __post_init__(self) -> None:
        participants = WatchedParticipants()
        self.world = World(small_study(), clock=WallClock(), telegram=self.telegram, participants=participants)
        world = self.world
        self.answering = ThreadPoolExecutor(1)
        parts = Engine(
            world.messages,
            world.scheduler,
            world.delivery,
            Typist(world.telegram, world.pseudonyms, world.agenda, world.clock),
            world.conversation,
            world.agenda,
            revive=lambda: None,
            renew_lease=lambda: self.has_lease,
            answering=self.answering,
            interrupt=self.stop,
        )
        self.daemon = Daemon(parts)

    def stop(self) -> None:
        self.daemon.stop.set()

    def wait_for(self, holds: Callable[[], bool], seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end:
            time.sleep(0.005)
        assert holds()


@pytest.fixture
def bot() -> Iterator[Running]:
    running = Running()
    yield running
    if running.telegram.takes is not None:
        running.telegram.takes.set()
    running.daemon.finish()


def starts(number: int) -> Update:
    return Update(number, TelegramId(number), "en", TextTyped(number, "/start"))


def test_what_came_while_the_bot_was_away_is_heard_before_anything_is_sent(bot: Running) -> None:
    to_be_sent(bot.world, 5000, "news", at=bot.world.clock.now())
    bot.telegram.waiting = [starts(number) for number in range(1, 301)]
    bot.daemon.run()
    assert len(bot.world.participants.documents) == 301
    assert bot.telegram.sent_at_polls[:4] == [0, 0, 0, 0]
    assert bot.telegram.offsets[:4] == [None, 101, 201, 301]


def test_a_message_that_comes_is_answered_and_what_was_handled_is_confirmed(bot: Running) -> None:
    def ann_writes() -> None:
        bot.telegram.waiting = [starts(7)]

    bot.telegram.meanwhile = [ann_writes, lambda: bot.wait_for(lambda: bool(bot.telegram.sent))]
    bot.daemon.run()
    assert bot.telegram.said_to(TelegramId(7)) == ["Ready?"]
    assert bot.telegram.offsets[-1] == 8
    assert bot.telegram.waiting == []


def test_somebody_whom_nobody_woke_is_found_and_served(bot: Running) -> None:
    to_be_sent(bot.world, ANN, "news", at=bot.world.clock.now())
    bot.world.agenda.take(0.0)
    bot.world.agenda.done(bot.world.who(ANN))
    bot.telegram.meanwhile = [lambda: bot.wait_for(lambda: bool(bot.telegram.sent))]
    bot.daemon.run()
    assert bot.telegram.said_to(ANN) == ["news"]


def test_an_idle_bot_stops_at_once(bot: Running) -> None:
    begin = time.monotonic()
    bot.daemon.run()
    assert time.monotonic() - begin < 1
    assert not any(thread.is_alive() for thread in bot.daemon.threads)


def test_a_stop_lets_the_message_in_hand_be_finished(bot: Running) -> None:
    bot.telegram.takes = threading.Event()
    to_be_sent(bot.world, ANN, "one", "two", at=bot.world.clock.now())
    threading.Timer(0.4, bot.telegram.takes.set).start()
    bot.telegram.meanwhile = [lambda: bot.wait_for(bot.telegram.began.is_set)]
    bot.daemon.run()
    assert bot.telegram.said_to(ANN) == ["one"]
    assert [each.id for each in bot.world.participant(ANN).outbox] == ["0.1"]


def test_a_stop_does_not_wait_for_a_sending_that_never_ends(bot: Running) -> None:
    bot.telegram.takes = threading.Event()
    to_be_sent(bot.world, ANN, "one", at=bot.world.clock.now())
    bot.telegram.meanwhile = [lambda: bot.wait_for(bot.telegram.began.is_set)]
    begin = time.monotonic()
    bot.daemon.run()
    assert time.monotonic() - begin < TIME_TO_FINISH + TIME_TO_CONFIRM + 1
    assert len(bot.world.participant(ANN).outbox) == 1


def test_answers_to_presses_that_wait_do_not_hold_the_stop_up(bot: Running) -> None:
    go_on = threading.Event()
    for _ in range(3):
        bot.answering.submit(go_on.wait, 20)
    begin = time.monotonic()
    bot.daemon.run()
    go_on.set()
    assert time.monotonic() - begin < 1


def test_a_wrong_token_ends_the_bot_with_a_word(bot: Running) -> None:
    def refuse() -> None:
        raise NotAllowed("Telegram does not know this token.")

    bot.telegram.meanwhile = [refuse]
    with pytest.raises(NotAllowed):
        bot.daemon.run()
    assert not any(thread.is_alive() for thread in bot.daemon.threads)


@pytest.mark.parametrize("trouble", [TryLater("away"), DatabaseAway("away"), ZeroDivisionError()])
def test_trouble_while_polling_ends_nothing(bot: Running, trouble: Exception) -> None:
    def fail() -> None:
        raise trouble

    def ann_writes() -> None:
        bot.telegram.waiting = [starts(7)]

    bot.telegram.meanwhile = [fail, ann_writes]
    bot.daemon.run()
    assert bot.world.participant(7).version >= 1


def test_a_database_that_is_away_at_the_start_is_waited_for_and_nothing_is_confirmed(bot: Running) -> None:
    assert isinstance(bot.world.participants, WatchedParticipants)
    bot.world.participants.troubles = [DatabaseAway("away")]
    bot.telegram.waiting = [starts(7)]
    bot.daemon.run()
    assert bot.telegram.offsets[:3] == [None, None, 8]
    assert bot.world.participant(7).version >= 1


def test_a_bot_that_lost_its_lease_stops_and_says_why(bot: Running) -> None:
    bot.has_lease = False
    bot.telegram.meanwhile = [lambda: bot.wait_for(bot.daemon.stop.is_set)]
    with pytest.raises(BotError, match="taken over"):
        bot.daemon.run()


def test_a_signal_breaks_the_long_poll_off_but_not_a_turn(bot: Running) -> None:
    bot.daemon.ask_to_stop()
    assert bot.daemon.stop.is_set()
    other = Running()
    other.daemon.polling = True
    with pytest.raises(StopPolling):
        other.daemon.ask_to_stop()
    other.daemon.finish()


def test_a_second_signal_goes_the_short_way_out(bot: Running) -> None:
    bot.daemon.ask_to_stop()
    with pytest.raises(SystemExit) as ended:
        bot.daemon.ask_to_stop()
    assert ended.value.code != 0


def test_a_turn_during_which_the_signal_comes_is_saved_and_confirmed(bot: Running) -> None:
    def signal_during_the_turn(*_: object) -> None:
        bot.daemon.ask_to_stop()

    bot.world.conversation.wake = signal_during_the_turn
    bot.telegram.waiting = [starts(7)]
    bot.daemon.run()
    assert bot.world.participant(7).version == 1
    assert bot.telegram.waiting == []
