# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running or finished dialogue for two keeps of the partner, as a document, and back."""

from __future__ import annotations

from datetime import datetime

from src.engine.state import Pair, Run
from src.identities import Pseudonym
from src.store.answers import answer_document, answer_from
from src.store.reading import Document, documents_of, mapping_of, number_of, text_of, texts_of
from src.store.times import from_date, to_date


def players_of(run: Run, player: Pseudonym) -> list[Pseudonym]:
    """Return who plays, in the order of the roles; an invitation is read by one."""
    if run.pair is None or run.pair.invites:
        return [player]
    return [player, run.pair.partner] if run.pair.role == 0 else [run.pair.partner, player]


def pair_document(pair: Pair) -> Document:
    """Return what is kept of the partner."""
    return {
        "id": pair.id,
        "partner": pair.partner,
        "role": pair.role,
        "game": pair.game,
        "deadline": to_date(pair.deadline),
        "invites": pair.invites,
        "told": pair.told,
        "answers": [answer_document(answer) for answer in pair.answers],
        "triggered": list(pair.triggered),
        "compared": pair.compared,
        "partner_over": pair.partner_over,
    }


def pair_from(value: object, started_at: datetime) -> Pair | None:
    """Read it; None in a dialogue for one. Without a deadline the partner's time has been over for long."""
    found = mapping_of(value)
    partner = text_of(found.get("partner"), "")
    if not partner:
        return None
    return Pair(
        id=text_of(found.get("id"), ""),
        partner=Pseudonym(partner),
        role=int(number_of(found.get("role"), 0)),
        game=text_of(found.get("game"), ""),
        deadline=from_date(found.get("deadline")) or started_at,
        invites=found.get("invites") is True,
        told=int(number_of(found.get("told"), 0)),
        answers=tuple(answer_from(one, started_at) for one in documents_of(found.get("answers"))),
        triggered=texts_of(found.get("triggered")),
        compared=found.get("compared") is True,
        partner_over=found.get("partner_over") is True,
    )
