# SPDX-License-Identifier: GPL-3.0-or-later
"""The fence around Telegram: only the process that certainly has the lease polls and sends.

Whether it has is asked of a clock, not of the database, right before each request. A process that was stopped, or cut
off from the database, so finds the fence closed before it hears that another one has taken over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from src.engine.effects import ForTelegram
from src.errors import BotError, DatabaseAway
from src.identities import TelegramId
from src.service.health import Health
from src.service.ports import MadeFile, Telegram, Update
from src.service.watch import Watch

log = logging.getLogger(__name__)

Sent = TypeVar("Sent")

MOST_SECONDS_OF_AN_ANSWER = 20.0
"""So much longer than asked for may a long poll take: the adapter's time-outs, and some more."""


class LeaseLost(BotError):
    """Another bot runs on this database by now."""


class Lease(Protocol):
    """The right to poll and to send."""

    def holds(self) -> bool:
        """Tell, without asking anybody, whether it is certainly ours now."""
        ...

    def renew(self) -> bool:
        """Keep it for another while; False when somebody else has it by now. Raises DatabaseAway."""
        ...


class FencedTelegram:
    """The Telegram port of a running bot: nothing passes without the lease, troubles are counted, and the loop that
    asks is seen to go on.
    """

    def __init__(self, telegram: Telegram, holds: Callable[[], bool], health: Health, watch: Watch) -> None:
        self._telegram = telegram
        self._holds = holds
        self._health = health
        self._watch = watch

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:
        """Return what has arrived; without the lease raise DatabaseAway, also when it was lost while we waited."""
        self._pass()
        self._watch.beat(wait + MOST_SECONDS_OF_AN_ANSWER)
        try:
            found = self._telegram.updates(offset, wait)
        except BotError as trouble:
            self._health.count(trouble)
            raise
        self._watch.beat()
        self._health.polled()
        self._pass()
        return found

    def send(self, to: TelegramId, what: ForTelegram) -> int | None:
        """Send a message; without the lease raise DatabaseAway, so that it stays in the outbox as it is."""
        return self._guarded(lambda: self._telegram.send(to, what))

    def send_made(self, to: TelegramId, file: MadeFile) -> int:
        """Send a file that was made for one person, under the same conditions."""
        return self._guarded(lambda: self._telegram.send_made(to, file))

    def _guarded(self, send: Callable[[], Sent]) -> Sent:
        self._watch.beat()
        self._pass()
        try:
            return send()
        except BotError as trouble:
            self._health.count(trouble)
            raise
        finally:
            self._watch.beat()

    def answer_press(self, query_id: str, text: str | None) -> None:
        """Stop the progress bar, if we may."""
        if self._holds():
            self._telegram.answer_press(query_id, text)

    def show_typing(self, to: TelegramId) -> None:
        """Show that the bot is writing, if we may."""
        if self._holds():
            self._telegram.show_typing(to)

    def _pass(self) -> None:
        if not self._holds():
            raise DatabaseAway("The lease could not be renewed in time; nothing is fetched or sent until it is.")
