# SPDX-License-Identifier: GPL-3.0-or-later
"""What each loop of the bot does around its passes: it goes on after trouble, and beats for the watch."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable

from src.errors import BotError, DatabaseAway, NotAllowed, TryLater
from src.service.failures import described
from src.service.outage import Outage
from src.service.watch import Watch

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
REVIVING = 120.0
LOOP_BOUND = 60.0
"""Seconds that a loop may take for one pass."""


def log_refusal(refusal: NotAllowed) -> None:
    """Say why a loop ends."""
    log.error("%s", refusal)


class Frame:
    """What a loop does around its passes: go on after trouble, with growing pauses, and say so once; and beat."""

    def __init__(
        self,
        name: str,
        stop: threading.Event,
        revive: Callable[[], None],
        watch: Watch | None = None,
        refused: Callable[[NotAllowed], None] = log_refusal,
        outage: Outage | None = None,
    ) -> None:
        self.name = name
        self.refused = refused
        self.stop = stop
        self.revive = revive
        self.watch = watch or Watch()
        self.outage = outage or Outage()
        self.failures = 0
        self.told = False

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
        if self.told:
            log.info("%s: works again, after %d failed attempts", self.name, self.failures)
        self.failures, self.told = 0, False
        return found

    def pause_after(self, trouble: BotError) -> None:
        """Wait as long as is asked for, or longer and longer; tell it once, of the database all together."""
        self.failures += 1
        if isinstance(trouble, DatabaseAway):
            self.outage.found(self.name, trouble)
        elif not self.told:
            log.warning("%s: %s Trying again.", self.name, trouble)
            self.told = True
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
        if not self.outage.may_revive():
            return
        try:
            self.revive()
        except BotError as trouble:
            self.outage.hopeless(trouble)
