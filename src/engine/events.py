# SPDX-License-Identifier: GPL-3.0-or-later
"""What can happen to a participant. Each event is handled in one turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from src.engine.effects import Sendable
from src.engine.news import News
from src.identities import Pseudonym


@dataclass(frozen=True)
class TextTyped:
    """The person wrote a text message; `update` is Telegram's number of the update, `message_id` of the message."""

    update: int
    text: str
    message_id: int | None = None


@dataclass(frozen=True)
class ButtonPressed:
    """The person pressed a button of `message_id`; None: Telegram no longer knows the message."""

    update: int
    query_id: str
    message_id: int | None
    value: str


@dataclass(frozen=True)
class OtherContent:
    """The person sent something that is no text: a sticker, a voice message, a picture, a place, …"""

    update: int


@dataclass(frozen=True)
class Edited:
    """The person changed a message that has been read already: nothing follows from it."""

    update: int


@dataclass(frozen=True)
class BlockedBot:
    """The person blocked the bot."""

    update: int


@dataclass(frozen=True)
class UnblockedBot:
    """The person may be written to again; that alone restarts nothing."""

    update: int


@dataclass(frozen=True)
class TimeArrived:
    """The participant's `next_at` has come and the outbox is empty."""


@dataclass(frozen=True)
class Delivered:
    """Telegram has taken an entry of the outbox; `message_id` is the new message's, None for an edit.

    None for a message, too, that Telegram has probably taken twice without telling us.
    `has_buttons`: the message stands there with buttons. `at`: when it was taken, if that was not just now.
    """

    outgoing: str
    message_id: int | None
    has_buttons: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class PutOff:
    """An attempt to send the entry failed; try again after so many `seconds`. `doubtful`: or it did not fail."""

    outgoing: str
    seconds: float
    doubtful: bool = False


@dataclass(frozen=True)
class WaitsForMorning:
    """It is night where the person is, and nobody has asked for the dialogue that is waiting in the outbox."""

    outgoing: str


@dataclass(frozen=True)
class GivenUp:
    """Telegram refuses this entry for good; the chat is fine. The dialogue goes on without it."""

    outgoing: str
    reason: str


@dataclass(frozen=True)
class Unreachable:
    """Telegram refuses the whole chat for good: the person blocked the bot, or is gone."""


@dataclass(frozen=True)
class FromPartner:
    """The other player's document tells something."""

    news: News


@dataclass(frozen=True)
class InvitePartner:
    """An admin plays a dialogue for two, and this is the person whom they want to play it with."""

    game: str
    partner: Pseudonym


@dataclass(frozen=True)
class PartnerUnknown:
    """There is no document (any more) of the person whom this news was for."""

    pair: str


@dataclass(frozen=True)
class PasswordChecked:
    """Whether the password was `right` that somebody tried in the message `message_id`. `is_new`: that was the first
    that was heard of them.
    """

    update: int
    right: bool
    message_id: int | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Told:
    """There is something to be said to an admin, or by one to this participant."""

    what: tuple[Sendable, ...]


@dataclass(frozen=True)
class MassText:
    """A mass send has come to this participant: the HTML in each language of the study."""

    job: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class MassDialogue:
    """A mass send offers this participant a dialogue; `last`: it will not come again later."""

    job: str
    dialogue: str
    last: bool = False


@dataclass(frozen=True)
class Withdrawn:
    """A mass send was cancelled: what has not gone out yet is taken back."""

    job: str


@dataclass(frozen=True)
class Cleared:
    """An admin ends the running dialogue."""


FromTelegram = TextTyped | ButtonPressed | OtherContent | Edited | BlockedBot | UnblockedBot
FromAdmins = PasswordChecked | Told | MassText | MassDialogue | Withdrawn | Cleared
FromPlayers = FromPartner | PartnerUnknown | InvitePartner
Event = (
    FromTelegram | TimeArrived | Delivered | PutOff | WaitsForMorning | GivenUp | Unreachable | FromAdmins | FromPlayers
)
