# SPDX-License-Identifier: GPL-3.0-or-later
"""The running bot: the message loop in the main thread, the scheduler and the senders beside it, and a stop that
is clean.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from src.errors import BotError, NotAllowed
from src.service.fence import LeaseLost
from src.service.frame import LOOP_BOUND, Frame, log_refusal
from src.service.message_loop import LONG_POLL
from src.service.notes import MOST_AT_ONCE
from src.service.outage import Outage
from src.service.parts import Engine
from src.service.stopping import StopPolling

log = logging.getLogger(__name__)

SENDERS = 32
"""Thirty messages a second need three at Telegram's usual speed; the others stand by for slow answers."""

TICK = 1.0
BACKLOG_PASSES = 50
SHORTEST_POLL = 1.0
TIME_TO_FINISH = 3.0
TIME_TO_CONFIRM = 1.0
RENEW_EVERY = 2.0
WRITE_HEALTH_EVERY = 3.0

SENDER_BOUND = 180.0
"""Seconds that a sender may take for one pass: it may upload a file twice, and its text after it."""


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
        self.outage = Outage()
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
            self.start("notes", self.note_pass, 0.0)
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
        frame = self.frame("message loop")
        for _ in range(BACKLOG_PASSES):
            if self.stop.is_set() or not frame.guarded(lambda: self.poll(0)) or frame.failures:
                return

    def poll_until_stopped(self) -> None:
        """Ask Telegram for updates again and again. The stop breaks the waiting off, never a turn that has begun."""
        frame = self.frame("message loop")
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
        self.let_go()
        if self.polling:
            raise StopPolling

    def let_go(self) -> None:
        """End every waiting for something to do."""
        self.parts.agenda.close()
        self.parts.typist.agenda.close()
        self.parts.delivery.notes.close()

    def lease_pass(self) -> bool:
        """Keep the lease, or stop the process when another has it; now and then write down how the bot is."""
        if self.lease_lost:
            return False
        renewed = self.parts.lease.renew()
        self.outage.over()
        if not renewed:
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

    def note_pass(self) -> bool:
        """Write down what was delivered."""
        return self.parts.delivery.note_pass(self.parts.conversation)

    def refused(self, refusal: NotAllowed) -> None:
        """End the process: a bot that may not send is of no use, even if it still hears."""
        if self.refusal is None:  # a second signal would be the short way out, without a word
            self.refusal = refusal
            self.parts.interrupt()

    def frame(self, name: str, refused: Callable[[NotAllowed], None] = log_refusal) -> Frame:
        """Return the frame of one loop."""
        return Frame(name, self.stop, self.parts.revive, self.parts.watch, refused, self.outage)

    def start(self, name: str, one_pass: Callable[[], bool], idle: float, bound: float = LOOP_BOUND) -> None:
        """Run a loop in a thread that never holds the process back."""
        frame = self.frame(name, self.refused)
        thread = threading.Thread(target=frame.run, args=(one_pass, idle, bound), name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Let the senders finish what they have in hand, within a bound; confirm what has been handled."""
        self.stop.set()
        self.let_go()
        deadline = time.monotonic() + TIME_TO_FINISH
        confirming = threading.Thread(target=self.confirm, name="confirm", daemon=True)
        confirming.start()
        for thread in self.threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        confirming.join(max(deadline - time.monotonic(), TIME_TO_CONFIRM))
        writing = threading.Thread(target=self.write_notes, name="last notes", daemon=True)
        writing.start()
        writing.join(max(deadline - time.monotonic(), TIME_TO_CONFIRM))

    def write_notes(self) -> None:
        """Write down what was delivered, so that nothing comes twice after the next start."""
        delivery = self.parts.delivery
        try:
            while people := delivery.notes.everybody()[:MOST_AT_ONCE]:
                delivery.write_notes(self.parts.conversation, people)
        except BotError as trouble:
            log.warning("Not all that was delivered could be noted, and may come twice: %s", trouble)

    def confirm(self) -> None:
        """Tell Telegram what was handled. Should it fail, the same updates come again and change nothing."""
        try:
            self.parts.messages.confirm()
        except BotError as trouble:
            log.info("The last updates were not confirmed and will come again: %s", trouble)
