# SPDX-License-Identifier: GPL-3.0-or-later
"""What one player's document tells the other one's, by way of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from src.engine.state import GivenAnswer
from src.identities import Pseudonym


class NewsKind(StrEnum):
    """What one player's document tells the other one's."""

    SET_ASIDE = "set_aside"
    PROPOSED = "proposed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    TRIGGERED = "triggered"
    ENDED = "ended"
    GONE = "gone"


@dataclass(frozen=True)
class News:
    """One piece of news from one player to the other. `id` is its own for ever: handled twice it changes nothing.

    `dialogue` and `revision` name the dialogue for two; `message` is the one to be shown (TRIGGERED); `answer` is
    the one just given (ANSWERED).
    """

    id: str
    pair: str
    sender: Pseudonym
    kind: NewsKind
    dialogue: str
    revision: str = ""
    message: str | None = None
    answer: GivenAnswer | None = None


@dataclass(frozen=True)
class ToPartner:
    """Tell the other player; it stays in the outbox until it is in the other one's document. Telegram has no part."""

    to: Pseudonym
    news: News

    @property
    def pause(self) -> float:
        """Nobody has to read this: there is no pause before it."""
        return 0.0
