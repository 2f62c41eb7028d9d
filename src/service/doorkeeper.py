# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges passwords, in a thread of its own: that takes a tenth of a second by intention, and nobody waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from src.engine.effects import TryPassword
from src.engine.events import PasswordChecked
from src.errors import BotError
from src.service.admin_ports import Audit, Tries
from src.service.conversation import Conversation, Happened
from src.service.ports import Clock

log = logging.getLogger(__name__)

USUAL = 0.1
"""Seconds that a comparison takes, until we have seen one."""


class Doorkeeper:
    """Lets admins in. Whoever is locked out gets the answer that a wrong password gets, after the same time."""

    def __init__(
        self,
        is_password: Callable[[str], bool],
        tries: Tries,
        conversation: Conversation,
        clock: Clock,
        audit: Audit,
    ) -> None:
        self.is_password = is_password
        self.tries = tries
        self.conversation = conversation
        self.clock = clock
        self.audit = audit
        self.lasts = USUAL
        self.stop = threading.Event()

    def judge(self, happened: Happened, tried: TryPassword) -> None:
        """Judge a try and tell the engine. Raises DatabaseAway."""
        right = self.is_right(happened, tried)
        event = PasswordChecked(tried.update, right, tried.message_id, tried.is_new)
        self.conversation.handle([replace(happened, events=(event,))])

    def is_right(self, happened: Happened, tried: TryPassword) -> bool:
        """Count the try first and compare then, so that no crash gives a try for nothing."""
        now = self.clock.now()
        if not self.tries.count(happened.who, now):
            self.stop.wait(self.lasts)
            return False
        begin = time.monotonic()
        try:
            right = self.is_password(tried.password)
        except BotError as trouble:
            log.error("The password of admins cannot be compared: %s", trouble)
            return False
        self.lasts = time.monotonic() - begin
        if right:
            self.tries.forget(happened.who)
        else:
            log.warning("%s tried a wrong password for admins.", happened.who)
            self.audit(happened.who, "/admin", {"accepted": 0}, now)
        return right
