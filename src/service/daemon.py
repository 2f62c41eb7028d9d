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

from src.errors import BotError, DatabaseAway, NotAllowed, TryLater
from src.service.failures import described
from src.service.fence import LeaseLost
from src.service.message_loop import LONG_POLL
from src.service.parts import Engine
from src.service.stopping import StopPolling
from src.service.watch import Watch

log = logging.getLogger(__name__)

SENDERS = 32
"""Thirty messages a second need three at Telegram's usual speed; the others stand by for slow answers."""

TICK = 1.0
BACKLOG_PASSES = 50
SHORTEST_POLL = 1.0
LONGEST_PAUSE = 30.0
TIME_TO_FINISH = 3.0
TIME_TO_CONFIRM = 1.0
RENEW_EVERY = 2.0
WRITE_HEALTH_EVERY = 3.0

LOOP_BOUND = 60.0
SENDER_BOUND = 180.0
"""Seconds that a loop may take for one pass; a sender may upload a file twice, and its text after it."""

REVIVING = 120.0


class Frame:
    """What a loop does around its passes: go on after trouble, with growing pauses, and say so once; and beat."""

    def __init__(
        self,
        name: str,
        stop: threading.Event,
        revive: Callable[[], None],
        watch: Watch | None = None,
        refused: Callable[[NotAllowed], None] = lambda refusal: log.error("%s", refusal),
    ) -> None:
        self.name = name
        self.refused = refused
        self.stop = stop
        self.revive = revive
        self.watch = watch or Watch()
        self.failures = 0

    def run(self, one_pass: Callable[[], bool], idle: float, bound: float = LOOP_BOUND) -> None:
        """Work until the stop; wait `idle` seconds after a pass that found nothing. No pass may take longer than
        `bound` seconds.
        """
        self.watch.enter(self.name, bound)
        try:
            while not self.stop.is_set():
                if not self.guarded(one_pass):
                    self.stop.wait(idle)
        except NotAllowed as refusal:
            self.refused(refusal)
        finally:
            self.watch.leave()

    def guarded(self, one_pass: Callable[[], bool]) -> bool:
        """Do one pass; after trouble, wait. Return what the pass returned, True after trouble."""
        self.watch.beat()
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
        pause = max(pause, asked or 0.0)
        self.watch.beat(pause)
        self.stop.wait(pause)

    def bring_database_back(self) -> None:
        """Start the embedded database again if it has died; a real one is only waited for.

        Meanwhile all loops queue for it, and none of them hangs.
        """
        self.watch.excuse(REVIVING)
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
        self.written_at = -WRITE_HEALTH_EVERY
        self.over = threading.Event()
        self.refusal: NotAllowed | None = None

    def run(self) -> None:
        """Start the threads and poll. Raises NotAllowed or LeaseLost; returns after a clean stop."""
        parts = self.parts
        parts.watch.enter("message loop", LOOP_BOUND)
        threading.Thread(target=parts.watch.run, args=(self.over,), name="watch", daemon=True).start()
        try:
            self.start("lease", self.lease_pass, RENEW_EVERY)
            self.poll_backlog()
            self.start("scheduler", self.scheduler_pass, TICK)
            self.start("typing", parts.typist.one_pass, 0.0)
            for number in range(SENDERS):
                self.start(f"sender {number + 1}", self.sender_pass, 0.0, SENDER_BOUND)
            for name, one_pass in parts.loops.items():
                self.start(name, self.pass_of(one_pass), TICK)
            self.poll_until_stopped()
        except StopPolling:
            if not self.lease_lost:
                log.info("Stopping: what is in hand is finished, what is not sent yet stays in the database.")
        finally:
            self.finish()
            parts.watch.leave()
            self.over.set()
        if self.refusal is not None:
            raise self.refusal
        if self.lease_lost:
            raise LeaseLost("Another bot has taken over this database; this one has stopped.")

    def poll_backlog(self) -> None:
        """Hear first what people said while we were away, then send: their answer may have made a message needless."""
        frame = Frame("message loop", self.stop, self.parts.revive, self.parts.watch)
        for _ in range(BACKLOG_PASSES):
            if self.stop.is_set() or not frame.guarded(lambda: self.poll(0)) or frame.failures:
                return

    def poll_until_stopped(self) -> None:
        """Ask Telegram for updates again and again. The stop breaks the waiting off, never a turn that has begun."""
        frame = Frame("message loop", self.stop, self.parts.revive, self.parts.watch)
        while not self.stop.is_set():
            begin = time.monotonic()
            if not frame.guarded(self.poll) and time.monotonic() - begin < SHORTEST_POLL:
                # Somebody between us and Telegram answers at once with nothing: that must not become a storm.
                self.stop.wait(SHORTEST_POLL)

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

    def lease_pass(self) -> bool:
        """Keep the lease, or stop the process when another has it; now and then write down how the bot is."""
        if self.lease_lost:
            return False
        if not self.parts.lease.renew():
            self.lease_lost = True
            self.parts.interrupt()
        elif time.monotonic() - self.written_at >= WRITE_HEALTH_EVERY:
            self.parts.write_health(self.parts.health.vitals(self.parts.agenda))
            self.written_at = time.monotonic()
        return False

    def scheduler_pass(self) -> bool:
        """Look who is due, as long as we may."""
        if not self.parts.lease.holds():
            return False
        found = self.parts.scheduler.one_pass()
        self.parts.health.scheduled()
        return found

    def pass_of(self, one_pass: Callable[[], bool]) -> Callable[[], bool]:
        """Return the pass of a loop that does nothing while we may not run."""
        return lambda: self.parts.lease.holds() and one_pass()

    def sender_pass(self) -> bool:
        """Send to one person, as long as we may."""
        if not self.parts.lease.holds():
            self.stop.wait(TICK)
            return False
        return self.parts.delivery.one_pass(self.parts.conversation)

    def refused(self, refusal: NotAllowed) -> None:
        """End the process: a bot that may not send is of no use, even if it still hears."""
        if self.refusal is None:  # a second signal would be the short way out, without a word
            self.refusal = refusal
            self.parts.interrupt()

    def start(self, name: str, one_pass: Callable[[], bool], idle: float, bound: float = LOOP_BOUND) -> None:
        """Run a loop in a thread that never holds the process back."""
        frame = Frame(name, self.stop, self.parts.revive, self.parts.watch, self.refused)
        thread = threading.Thread(target=frame.run, args=(one_pass, idle, bound), name=name, daemon=True)
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

    def confirm(self) -> None:
        """Tell Telegram what was handled. Should it fail, the same updates come again and change nothing."""
        try:
            self.parts.messages.confirm()
        except BotError as trouble:
            log.info("The last updates were not confirmed and will come again: %s", trouble)
