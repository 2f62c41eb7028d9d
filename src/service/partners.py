# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands news from one player's outbox to the other player's document."""

from __future__ import annotations

from src.engine.effects import Outgoing
from src.engine.events import Delivered, Event, FromPartner, PartnerUnknown
from src.engine.news import ToPartner
from src.service.conversation import Conversation, Happened


def hand_over(conversation: Conversation, entry: Outgoing) -> list[Event]:
    """Bring an entry of the outbox into the partner's document; return what the sender's document has to note.

    When this returns the partner has it, so the entry may go. Should we die in between, it is handed over once more,
    and its id changes nothing then. Raises DatabaseAway: the entry stays.
    """
    told = entry.what
    assert isinstance(told, ToPartner)  # the caller has looked
    if told.to not in conversation.participants.load([told.to]):
        return [Delivered(entry.id, None), PartnerUnknown(told.news.pair)]
    conversation.handle([Happened(told.to, (FromPartner(told.news),))])
    return [Delivered(entry.id, None)]
