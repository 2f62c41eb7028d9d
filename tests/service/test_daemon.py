# SPDX-License-Identifier: GPL-3.0-or-later
"""The running bot as a whole: what was missed is heard first, and a stop is clean and bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from src.errors import BotError, DatabaseAway, NotAllowed, TryLater
from src.identities import TelegramId
from src.service.daemon import TIME_TO_CONFIRM, TIME_TO_FINISH
from src.service.stopping import StopPolling
from tests.service.running import Running, starts
from tests.service.stage import ANN, WatchedParticipants, to_be_sent


@pytest.fixture
def bot() -> Iterator[Running]:
    running = Running()
    yield running
    if running.telegram.takes is not None:
        running.telegram.takes.set()
    running.daemon.finish()


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
    threading.Timer(1.6, bot.telegram.takes.set).start()
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


def test_a_bot_that_is_not_sure_of_its_lease_sends_nothing_until_it_is(bot: Running) -> None:
    bot.lease_is_certain = False
    to_be_sent(bot.world, ANN, "news", at=bot.world.clock.now())

    def sent_nothing() -> None:
        time.sleep(0.3)
        assert bot.telegram.sent == []
        bot.lease_is_certain = True

    bot.telegram.meanwhile = [sent_nothing, lambda: bot.wait_for(lambda: len(bot.telegram.sent) == 1)]
    bot.daemon.run()
    assert bot.telegram.said_to(ANN) == ["news"]


def test_how_the_bot_is_gets_written_down_while_it_runs(bot: Running) -> None:
    bot.telegram.meanwhile = [lambda: bot.wait_for(lambda: bool(bot.written))]
    bot.daemon.run()
    assert bot.written[0].in_hand == 0


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
