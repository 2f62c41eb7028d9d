# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiting list for dialogues for two: whom an index on `waits_for` finds, and how far the pairing has come.

What admins set stands in the document `pairing` of the collection `bot`; beside it each dialogue has a document of its
own for its rounds. Nobody's pseudonym stands in either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from src.identities import Pseudonym
from src.service.admin_ports import Round
from src.store.database import Database
from src.store.reading import documents_of, number_of, text_of
from src.store.times import from_date, to_date

_PAIRING = "pairing"


class WaitingListStore:
    """The port `WaitingList`. Raises DatabaseAway."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bot = database.bot

    def rounds(self) -> list[Round]:
        """Return the pairings that admins have set up."""
        with self._database.answering():
            found = self._bot.find_one({"_id": _PAIRING}) or {}
            games = [each for each in documents_of(found.get("games")) if text_of(each.get("game"), "")]
            states = {
                one["_id"]: one for one in self._bot.find({"_id": {"$in": [_key(each["game"]) for each in games]}})
            }
        return [_round(each, states.get(_key(each["game"]), {})) for each in games]

    def people(self, game: str) -> int:
        """Count those who wait for this dialogue; what that costs grows with them alone."""
        with self._database.answering():
            return self._database.clients.count_documents({"waits_for": game})

    def next(self, game: str, now: datetime, after: int, limit: int) -> list[Pseudonym]:
        """Return those who wait and may be asked now: at most `limit`, but for the first `after`."""
        waiting = {"waits_for": game, "waits_from": {"$lte": to_date(now)}}
        with self._database.answering():
            found = self._database.clients.find(waiting, {"_id": 1}).skip(after).limit(limit)
            return [Pseudonym(one["_id"]) for one in found]

    def begin(self, before: Round, begun_at: datetime, left: int) -> bool:
        """Begin the next round, if it is still the turn of that; tell whether that was so."""
        key = {"_id": _key(before.game)}
        new = {"number": before.number + 1, "begun_at": to_date(begun_at), "left": left}
        with self._database.answering():
            self._bot.update_one(key, {"$setOnInsert": {"number": 0}}, upsert=True)
            return self._bot.update_one({**key, "number": before.number}, {"$set": new}).modified_count == 1

    def note(self, current: Round, left: int) -> None:
        """Note how many pairs are to be made yet."""
        with self._database.answering():
            self._bot.update_one({"_id": _key(current.game), "number": current.number}, {"$set": {"left": left}})


def _key(game: str) -> str:
    return f"{_PAIRING} {game}"


def _round(settings: Mapping[str, Any], state: Mapping[str, Any]) -> Round:
    return Round(
        game=settings["game"],
        interval=int(number_of(settings.get("interval"), 0)),
        percent=int(number_of(settings.get("pct"), 0)),
        daytime=settings.get("daytime") is not False,
        number=int(number_of(state.get("number"), 0)),
        begun_at=from_date(state.get("begun_at")),
        left=int(number_of(state.get("left"), 0)),
    )
