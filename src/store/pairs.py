# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running or finished dialogue for two keeps of the partner, as a document, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from src.engine.state import Pair, Run
from src.identities import Pseudonym
from src.store.answers import answer_document, answer_from
from src.store.database import Database
from src.store.reading import Document, documents_of, mapping_of, number_of, text_of, texts_of
from src.store.times import from_date, to_date

ERASED = Pseudonym("erased")
"""What stands in the place of a partner who is not in the study any more; nobody is called so."""

_HISTORY = "game_history"
_PARTNER_NOW = "current_game.pair.partner"


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
        "given": [answer_document(answer) for answer in pair.answers],
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
        answers=tuple(answer_from(one, started_at) for one in documents_of(found.get("given"))),
        triggered=texts_of(found.get("triggered")),
        compared=found.get("compared") is True,
        partner_over=found.get("partner_over") is True,
    )


def without_partner(run: Document, player: Pseudonym) -> Document:
    """Return a running or finished dialogue as its player may read it: it does not say who the other one was."""
    pair = run.get("pair")
    known = {key: value for key, value in pair.items() if key != "partner"} if isinstance(pair, Mapping) else pair
    players = run.get("players")
    own = [each for each in players if each == player] if isinstance(players, list) else players
    return {key: {"pair": known, "players": own}.get(key, value) for key, value in run.items()}


def forget_in_pairs(database: Database, who: Pseudonym) -> None:
    """Take somebody who is erased out of their partners' documents, and what they answered there. Raises DatabaseAway.

    Who is playing with them just now is free again at once. The histories are found by way of their own ones, so this
    comes before those are erased; it may be repeated.
    """
    with database.answering():
        for one in database.clients.find({_PARTNER_NOW: who}, {"_id": 1}):
            _free(database, one["_id"], who)
        for partner in _partners_of(database, who):
            _forget_in_history(database, partner, who)


def _free(database: Database, partner: Pseudonym, who: Pseudonym) -> None:
    now = to_date(datetime.now(UTC))
    playing = {"_id": partner, _PARTNER_NOW: who, "current_game.pair.invites": {"$ne": True}}
    over = {"current_game.pair.given": [], "current_game.pair.partner_over": True, "next_at": now}
    clients = database.clients
    clients.update_one(playing, {"$set": over})
    # An invitation goes on: whoever accepts it finds nobody there.
    known = clients.find_one({"_id": partner}, {"current_game.players": 1}) or {}
    changed = {_PARTNER_NOW: ERASED, "current_game.players": _unnamed(mapping_of(known.get("current_game")), who)}
    clients.update_one({"_id": partner, _PARTNER_NOW: who}, {"$set": changed, "$inc": {"version": 1}})


def _partners_of(database: Database, who: Pseudonym) -> set[Pseudonym]:
    """Return with whom somebody has played a dialogue to the end, or to its middle."""
    own = database.clients.find_one({"_id": who}, {f"{_HISTORY}.players": 1}) or {}
    runs = [*documents_of(own.get(_HISTORY)), *database.database[_HISTORY].find({"participant": who}, {"players": 1})]
    return {Pseudonym(each) for run in runs for each in texts_of(run.get("players"))} - {who, ERASED}


def _forget_in_history(database: Database, partner: Pseudonym, who: Pseudonym) -> None:
    own = database.clients.find_one({"_id": partner}, {_HISTORY: 1}) or {}
    for place, run in enumerate(documents_of(own.get(_HISTORY))):
        if who in texts_of(run.get("players")):
            # Should the runs have moved on meanwhile, another one stands in this place and is left alone.
            same = {"_id": partner, f"{_HISTORY}.{place}.pair.partner": who}
            changes = {f"{_HISTORY}.{place}.{key}": value for key, value in _forgotten(run, who).items()}
            database.clients.update_one(same, {"$set": changes, "$inc": {"version": 1}})
    filed = database.database[_HISTORY]
    for run in list(filed.find({"participant": partner, "players": who})):
        filed.update_one({"_id": run["_id"]}, {"$set": _forgotten(run, who)})


def _forgotten(run: Mapping[str, Any], who: Pseudonym) -> Document:
    return {"players": _unnamed(run, who), "pair.partner": ERASED, "pair.given": []}


def _unnamed(run: Mapping[str, Any], who: Pseudonym) -> list[str]:
    return [ERASED if each == who else each for each in texts_of(run.get("players"))]
