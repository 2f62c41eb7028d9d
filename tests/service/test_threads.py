# SPDX-License-Identifier: GPL-3.0-or-later
"""Several senders at once, as in the running bot: in order for each person, in parallel for all, at Telegram's pace."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from src.engine.effects import Sendable
from src.identities import TelegramId
from src.service.daemon import SENDERS
from src.service.limiter import Limiter
from tests.fakes.ports import FakeTelegram
from tests.fakes.world import World
from tests.service.stage import ANN, BEA, WallClock, small_study, to_be_sent


@dataclass
class TimedTelegram(FakeTelegram):
    """Notes when each message began, and whether two for the same person were on their way at once."""

    begun: list[float] = field(default_factory=list)
    on_their_way: Counter[TelegramId] = field(default_factory=Counter)
    at_once: list[TelegramId] = field(default_factory=list)
    takes: dict[TelegramId, threading.Event] = field(default_factory=dict)
    seconds: float = 0.0

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        with self.lock:
            self.begun.append(time.monotonic())
            self.on_their_way[to] += 1
            self.at_once += [to] if self.on_their_way[to] > 1 else []
        if to in self.takes:
            self.takes[to].wait(10)
        time.sleep(self.seconds)
        with self.lock:
            self.on_their_way[to] -= 1
        return super().send(to, what)


def threaded(telegram: TimedTelegram, per_second: float = 0) -> World:
    world = World(small_study(), clock=WallClock(), telegram=telegram)
    world.limiter = Limiter(per_second, time.monotonic)
    world.restart()
    return world


@contextmanager
def senders(world: World, count: int) -> Iterator[None]:
    """Let so many senders work, and stop them at the end."""

    def work() -> None:
        while not world.delivery.stop.is_set():
            world.delivery.one_pass(world.conversation)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        world.delivery.stop.set()
        world.agenda.close()
        for thread in threads:
            thread.join(5)


def wait_until(world: World, sent: int, seconds: float = 10.0) -> None:
    """Return as soon as so many messages were sent."""
    end = time.monotonic() + seconds
    while len(world.telegram.sent) < sent and time.monotonic() < end:
        time.sleep(0.005)
    assert len(world.telegram.sent) >= sent


def test_each_person_has_one_message_on_its_way_at_a_time_and_in_order() -> None:
    telegram = TimedTelegram(seconds=0.002)
    world = threaded(telegram)
    texts = [f"{number}" for number in range(20)]
    with senders(world, 8):
        for person in range(1, 21):
            to_be_sent(world, person, *texts, at=world.clock.now())
        wait_until(world, 400)
    assert telegram.at_once == []
    assert all(telegram.said_to(TelegramId(person)) == texts for person in range(1, 21))


def test_nobody_waits_for_somebody_else_whose_message_is_slow() -> None:
    slow = threading.Event()
    world = threaded(TimedTelegram(takes={ANN: slow}))
    with senders(world, 2):
        to_be_sent(world, ANN, "slow", at=world.clock.now())
        time.sleep(0.05)
        begin = time.monotonic()
        to_be_sent(world, BEA, *"abcde", at=world.clock.now())
        wait_until(world, 5)
        assert time.monotonic() - begin < 1
        assert world.telegram.said_to(BEA) == list("abcde")
        slow.set()
        wait_until(world, 6)
    assert world.telegram.said_to(ANN) == ["slow"]


def test_a_message_is_sent_as_soon_as_somebody_is_woken() -> None:
    world = threaded(TimedTelegram())
    with senders(world, 3):
        time.sleep(0.1)
        begin = time.monotonic()
        to_be_sent(world, ANN, "now", at=world.clock.now())
        wait_until(world, 1)
        assert time.monotonic() - begin < 0.5


def test_a_mass_send_after_a_quiet_time_keeps_the_pace_from_its_first_moment_on() -> None:
    # telegram.md 5.15: the sliding windows are never exceeded. Senders that waited must not have saved tokens up.
    telegram = TimedTelegram()
    world = threaded(telegram, per_second=30)
    with senders(world, SENDERS):
        time.sleep(0.6)
        for person in range(1, 101):
            to_be_sent(world, person, "news", at=world.clock.now())
        time.sleep(0.6)
    window = 0.2
    fullest = max(sum(begin <= at < begin + window for at in telegram.begun) for begin in telegram.begun)
    late = 3  # a thread may come late to a message whose token it took in time
    assert fullest <= 30 * window + 1 + late


def test_a_stop_does_not_wait_for_senders_who_wait() -> None:
    world = threaded(TimedTelegram(), per_second=1)
    begin = time.monotonic()
    with senders(world, SENDERS):
        for person in range(1, 50):
            to_be_sent(world, person, "news", at=world.clock.now())
        time.sleep(0.1)
    assert time.monotonic() - begin < 1
