# SPDX-License-Identifier: GPL-3.0-or-later
"""Presses on inline buttons, and the bot's answers to them."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from src.simulator.refusals import bad_request

LONGEST_ANSWER = 200
SECONDS_TO_ANSWER = 60.0
KEPT = 10_000

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True)
class Press:
    """One callback query. The times are those of the clock; `answered_at` is None until the bot answers."""

    query_id: str
    person_id: int
    message_id: int
    data: str
    asked_at: float
    answered_at: float | None = None
    text: str = ""
    show_alert: bool = False


class Presses:
    """The last ten thousand presses; the oldest are forgotten, as Telegram forgets them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_id: dict[str, Press] = {}

    def ask(self, person_id: int, message_id: int, data: str) -> Press:
        """Remember a new press and return it."""
        query_id = str(secrets.randbelow(9 * 10**17) + 10**17)
        press = Press(query_id, person_id, message_id, data, self._clock())
        self._by_id[query_id] = press
        if len(self._by_id) > KEPT:
            del self._by_id[next(iter(self._by_id))]
        return press

    def answer(self, query_id: str, text: str, show_alert: bool) -> Press:
        """Note the answer; raise Refusal if the query is unknown, too old or answered already."""
        press = self._by_id.get(query_id)
        now = self._clock()
        if press is None or press.answered_at is not None or now - press.asked_at > SECONDS_TO_ANSWER:
            raise bad_request(_TOO_OLD)
        if len(text) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        answered = replace(press, answered_at=now, text=text, show_alert=show_alert)
        self._by_id[query_id] = answered
        return answered

    def all(self) -> list[Press]:
        """Return all presses that are remembered, oldest first."""
        return list(self._by_id.values())

    def load(self, presses: Iterable[Press]) -> None:
        """Take over the presses of an earlier run."""
        self._by_id = {press.query_id: press for press in presses}
