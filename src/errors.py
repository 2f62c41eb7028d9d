# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that the project foresees. Each one's text is one line for the operator: what, where, why, how to mend it."""

from __future__ import annotations

from src.identities import Pseudonym


class BotError(Exception):
    """Something foreseen went wrong; doors print its text and exit with 1."""


class DatabaseAway(BotError):
    """The database does not answer; what was asked for has not happened, or may be asked for again safely."""


class NotKept(BotError):
    """The database refuses these participants' documents for good, as when one has grown too big; others were written.

    `who` holds their pseudonyms; `overtaken` those of people whom somebody else changed at the same time.
    """

    def __init__(self, who: frozenset[Pseudonym], overtaken: frozenset[Pseudonym] = frozenset()) -> None:
        super().__init__(f"The database refuses the documents of {len(who)} participants: {', '.join(sorted(who))}.")
        self.who = who
        self.overtaken = overtaken


class CannotReach(BotError):
    """Telegram refuses this chat for good: blocked, deactivated, unknown."""


class TryLater(BotError):
    """Telegram could not do it now; `seconds` is the pause it asks for, or None.

    `uncertain` is true when the request may have been carried out all the same (the answer was lost).
    """

    def __init__(self, reason: str, *, seconds: float | None = None, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.uncertain = uncertain


class Refused(BotError):
    """Telegram refuses this one request for good (its form, its size, a message that is gone); the chat is fine."""


class NotAllowed(BotError):
    """Telegram does not know the token. No retry helps."""
