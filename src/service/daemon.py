# SPDX-License-Identifier: GPL-3.0-or-later
"""The running bot: the message loop in the main thread, the scheduler and the senders beside it, and a stop that
is clean.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from src.errors import BotError, DatabaseAway, NotAllowed, TryLater
from src.service.agenda import Agenda
from src.service.conversation import Conversation
from src.service.delivery import Delivery, Typist
from src.service.failures import described
from src.service.message_loop import LONG_POLL, MessageLoop
from src.service.scheduler import Scheduler

log = logging.getLogger(__name__)

SENDERS = 12
"""Thirty messages a second need three at Telegram's usual speed; the others stand by for slow answers."""

TICK = 1.0
BACKLOG_PASSES = 50
LONGEST_PAUSE = 30.0
TIME_TO_FINISH = 3.0
TIME_TO_CONFIRM = 1.0


class StopPolling(BaseException):
    """Raised by the signal handler in the main thread: breaks the long poll off at once. No error, hence no
    Exception.
    """


@dataclass(frozen=True)
class Engine:
    """The parts of a running bot.

    `revive` brings an embedded database back that has died; `renew_lease` tells whether we may still run;
    `answering` carries out answers to pressed buttons; `interrupt` makes the main thread hear a stop signal.
    """

    messages: MessageLoop
    scheduler: Scheduler
    delivery: Delivery
    typist: Typist
    conversation: Conversation
    agenda: Agenda
    revive: Callable[[], None]
    renew_lease: Callable[[], bool]
    answering: Executor
    interrupt: Callable[[], None]


class Frame:
    """What a loop does around its passes: go on after trouble, with growing pauses, and say so once."""

    def __init__(self, name: str, stop: threading.Event, revive: Callable[[], None]) -> None:
        self.name = name
        self.stop = stop
        self.revive = revive
        self.failures = 0

    def run(self, one_pass: Callable[[], bool], idle: float) -> None:
        """Work until the stop; wait `idle` seconds after a pass that found nothing."""
        try:
            while not self.stop.is_set():
                if not self.guarded(one_pass):
                    self.stop.wait(idle)
        except NotAllowed as refusal:
            # The message loop meets the same refusal, and ends the process.
            log.error("%s: %s", self.name, refusal)

    def guarded(self, one_pass: Callable[[], bool]) -> bool:
        """Do one pass; after trouble, wait. Return what the pass returned, True after trouble."""
        try:
            found = one_pass()
        except NotAllowed:
            raise
        except BotError as trouble:
            self.pause_after(trouble)
            return True
        except Exception as error:  # noqa: BLE001
            # One bad pass must not end the loop.
            self.pause_after(TryLater(f"a pass failed, {described(error)}."))
            return True
        if self.failures:
            log.info("%s: works again, after %d failed attempts", self.name, self.failures)
            self.failures = 0
        return found

    def pause_after(self, trouble: BotError) -> None:
        """Wait as long as is asked for, or longer and longer; log the first time only."""
        self.failures += 1
        if self.failures == 1:
            log.warning("%s: %s Trying again.", self.name, trouble)
        asked = trouble.seconds if isinstance(trouble, TryLater) else None
        pause = min(0.5 * 2 ** min(self.failures, 10), LONGEST_PAUSE / 1.25) * random.uniform(0.75, 1.25)  # noqa: S311
        if isinstance(trouble, DatabaseAway):
            pause = min(pause, 2.0)
            self.bring_database_back()
        self.stop.wait(max(pause, asked or 0.0))

    def bring_database_back(self) -> None:
        """Start the embedded database again if it has died; a real one is only waited for."""
        try:
            self.revive()
        except BotError as trouble:
            log.warning("%s: %s", self.name, trouble)


class Daemon:
    """Runs the parts until `StopPolling` is raised in the main thread or Telegram does not know the token any more."""

    def __init__(self, parts: Engine) -> None:
        self.parts = parts
        self.stop = parts.delivery.stop
        self.polling = False
        self.threads: list[threading.Thread] = []
        self.lease_lost = False

    def run(self) -> None:
        """Start the threads and poll. Raises NotAllowed; returns after a clean stop."""
        parts = self.parts
        try:
            self.poll_backlog()
            self.start("scheduler", self.scheduler_pass, TICK)
            self.start("typing", parts.typist.one_pass, 0.0)
            for number in range(SENDERS):
                self.start(f"sender {number + 1}", lambda: parts.delivery.one_pass(parts.conversation), 0.0)
            self.poll_until_stopped()
        except StopPolling:
            log.info("Stopping: what is in hand is finished, what is not sent yet stays in the database.")
        finally:
            self.finish()
        if self.lease_lost:
            raise BotError("Another bot has taken over this database; this one has stopped.")

    def poll_backlog(self) -> None:
        """Hear first what people said while we were away, then send: their answer may have made a message needless."""
        try:
            for _ in range(BACKLOG_PASSES):
                if not self.poll(0):
                    return
        except NotAllowed:
            raise
        except BotError as trouble:
            log.info("What has come in meanwhile is fetched later: %s", trouble)

    def poll_until_stopped(self) -> None:
        """Ask Telegram for updates again and again. The stop breaks the waiting off, never a turn that has begun."""
        frame = Frame("message loop", self.stop, self.parts.revive)
        while not self.stop.is_set():
            frame.guarded(self.poll)

    def poll(self, wait: int = LONG_POLL) -> bool:
        """Do one pass of the message loop."""
        self.polling = True
        try:
            updates = self.parts.messages.fetch(wait)
        finally:
            self.polling = False
        return self.parts.messages.handle(updates)

    def ask_to_stop(self) -> None:
        """Stop soon; called by the signal handler, in the main thread. A second call goes the short way out."""
        if self.stop.is_set():
            raise SystemExit(1)
        self.stop.set()
        self.parts.agenda.close()
        self.parts.typist.agenda.close()
        if self.polling:
            raise StopPolling

    def scheduler_pass(self) -> bool:
        """Keep the lease and look who is due."""
        if not self.parts.renew_lease():
            self.lease_lost = True
            self.parts.interrupt()
            return False
        return self.parts.scheduler.one_pass()

    def start(self, name: str, one_pass: Callable[[], bool], idle: float) -> None:
        """Run a loop in a thread that never holds the process back."""
        frame = Frame(name, self.stop, self.parts.revive)
        thread = threading.Thread(target=frame.run, args=(one_pass, idle), name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Let the senders finish what they have in hand, within a bound; confirm what has been handled."""
        self.stop.set()
        self.parts.agenda.close()
        self.parts.typist.agenda.close()
        deadline = time.monotonic() + TIME_TO_FINISH
        confirming = threading.Thread(target=self.confirm, name="confirm", daemon=True)
        confirming.start()
        for thread in self.threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        confirming.join(max(deadline - time.monotonic(), TIME_TO_CONFIRM))
        self.parts.answering.shutdown(wait=False, cancel_futures=True)

    def confirm(self) -> None:
        """Tell Telegram what was handled. Should it fail, the same updates come again and change nothing."""
        try:
            self.parts.messages.confirm()
        except BotError as trouble:
            log.info("The last updates were not confirmed and will come again: %s", trouble)
