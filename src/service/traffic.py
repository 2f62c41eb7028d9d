# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the messages that Telegram has taken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from src.engine.effects import ForTelegram, Send
from src.identities import TelegramId
from src.service.ports import Clock, MadeFile, Telegram, Update

EVERY = 5.0
"""Seconds after which the count is written down; a crash forgets so much of it."""


class CountingTelegram:
    """The Telegram port, with a count of what was sent."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._lock = threading.Lock()
        self._sent = 0

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:
        """Return what has arrived."""
        return self._telegram.updates(offset, wait)

    def send(self, to: TelegramId, what: ForTelegram) -> int | None:
        """Send, and count it if it is a message."""
        message_id = self._telegram.send(to, what)
        if isinstance(what, Send):
            self._count()
        return message_id

    def send_made(self, to: TelegramId, file: MadeFile) -> int:
        """Send a file that was made for one person, and count it."""
        message_id = self._telegram.send_made(to, file)
        self._count()
        return message_id

    def _count(self) -> None:
        with self._lock:
            self._sent += 1

    def answer_press(self, query_id: str, text: str | None) -> None:
        """Stop the progress bar."""
        self._telegram.answer_press(query_id, text)

    def show_typing(self, to: TelegramId) -> None:
        """Show that the bot is writing."""
        self._telegram.show_typing(to)

    def note(self, write: Callable[[int, datetime], None], clock: Clock) -> bool:
        """Write down what was sent since the last time; a count that could not be written is kept."""
        with self._lock:
            sent = self._sent
        if sent:
            write(sent, clock.now())
            with self._lock:
                self._sent -= sent
        return False
