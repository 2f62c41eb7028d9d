# SPDX-License-Identifier: GPL-3.0-or-later
"""The file with everything that is stored about a person: made in memory when it is sent, so never stored itself."""

from __future__ import annotations

from collections.abc import Callable

from src.engine.effects import ForTelegram, OwnData
from src.engine.own_data import Stored, page_of
from src.engine.study import Rules
from src.engine.wording import phrase_of
from src.identities import Pseudonym, TelegramId
from src.service.ports import MadeFile, Telegram

FILE_NAME = "my_data.html"


class WithOwnData:
    """Sends what the fenced Telegram sends, and people's own data, read with `everything_of`."""

    def __init__(self, telegram: Telegram, everything_of: Callable[[Pseudonym], Stored], rules: Rules) -> None:
        self._telegram = telegram
        self._everything_of = everything_of
        self._rules = rules
        self.updates = telegram.updates
        self.send_made = telegram.send_made
        self.answer_press = telegram.answer_press
        self.show_typing = telegram.show_typing

    def send(self, to: TelegramId, what: ForTelegram) -> int | None:
        """Send a message; raises DatabaseAway too, with nothing sent."""
        if not isinstance(what, OwnData):
            return self._telegram.send(to, what)
        page = page_of(self._everything_of(what.who), what.language, self._rules)
        caption = phrase_of("my_data", what.language, self._rules)
        return self._telegram.send_made(to, MadeFile(FILE_NAME, page.encode("utf-8"), caption))
