# SPDX-License-Identifier: GPL-3.0-or-later
"""A bot that runs as a whole, threads and all, in a world of fakes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from src.engine.effects import Sendable
from src.engine.events import TextTyped
from src.identities import TelegramId
from src.service.daemon import Daemon
from src.service.health import Health, Vitals
from src.service.parts import Engine
from src.service.ports import Update
from src.service.stopping import StopPolling
from src.service.typist import Typist
from src.service.watch import Watch
from tests.fakes.ports import FakeTelegram
from tests.fakes.world import World
from tests.service.stage import WallClock, WatchedParticipants, small_study

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
    lease_is_certain: bool = True
    written: list[Vitals] = field(default_factory=list)

    def __post_init__(self) -> None:
        participants = WatchedParticipants()
        self.world = World(small_study(), clock=WallClock(), telegram=self.telegram, participants=participants)
        world = self.world
        parts = Engine(
            world.messages,
            world.scheduler,
            world.delivery,
            Typist(world.telegram, world.pseudonyms, world.agenda, world.clock),
            world.conversation,
            world.agenda,
            revive=lambda: None,
            lease=self,
            interrupt=self.stop,
            health=Health(world.clock),
            write_health=self.written.append,
            watch=Watch(end=self.stop),
        )
        self.daemon = Daemon(parts)

    def stop(self) -> None:
        self.daemon.stop.set()

    def holds(self) -> bool:
        return self.has_lease and self.lease_is_certain

    def renew(self) -> bool:
        return self.has_lease

    def wait_for(self, holds: Callable[[], bool], seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end:
            time.sleep(0.005)
        assert holds()


def starts(number: int) -> Update:
    return Update(number, TelegramId(number), "en", TextTyped(number, "/start"))
