# SPDX-License-Identifier: GPL-3.0-or-later
"""What admins look up and set: who is waiting, tries at the password, settings of dialogues for two, traffic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from src.identities import Pseudonym
from src.service.admin_ports import Waiting
from src.store.database import Database
from src.store.documents import RUN
from src.store.reading import mapping_of
from src.store.times import from_date, to_date

MOST_TRIES = 5
LOCKED_FOR = timedelta(hours=1)
_PAIRING = "pairing"
_TRAFFIC = "traffic"
_SLOT = 600
"""Seconds for which sent messages are counted together."""


class PeopleStore:
    """The port `People`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, now: datetime) -> Waiting:
        """Tell how much there is to do."""
        clients = self._database.clients
        asked = f"{RUN}.edit_msg_ident"
        open_question = {RUN: {"$ne": None}, f"{RUN}.over": {"$ne": True}, asked: {"$ne": None}}
        oldest = {"$group": {"_id": None, "people": {"$sum": 1}, "since": {"$min": "$heard_at"}}}
        with self._database.answering():
            due = clients.count_documents({"next_at": {"$lte": now}})
            first = clients.find_one({"next_at": {"$lte": now}}, {"next_at": 1}, sort=[("next_at", 1)]) if due else None
            found = next(iter(clients.aggregate([{"$match": open_question}, oldest])), {})
        return Waiting(
            due, from_date((first or {}).get("next_at")), int(found.get("people", 0)), from_date(found.get("since"))
        )

    def starting_with(self, prefix: str) -> list[Pseudonym]:
        """Return at most two participants whose pseudonym begins so."""
        within = {"$gte": prefix.lower(), "$lt": prefix.lower() + "g"}
        with self._database.answering():
            return [Pseudonym(one["_id"]) for one in self._database.clients.find({"_id": within}, {"_id": 1}).limit(2)]

    def in_dialogues(self, after: str, limit: int) -> list[Pseudonym]:
        """Return people with a running dialogue, in the order of their pseudonyms."""
        running = {"_id": {"$gt": after}, RUN: {"$ne": None}}
        with self._database.answering():
            found = self._database.clients.find(running, {"_id": 1}, sort=[("_id", 1)]).limit(limit)
            return [Pseudonym(one["_id"]) for one in found]

    def healthy(self) -> bool:
        """Tell whether the database really reads and writes."""
        return self._database.healthy()

    def traffic(self, now: datetime) -> tuple[int, int]:
        """Return how many messages were sent in the last hour and in the last day, to ten minutes."""
        with self._database.answering():
            found = self._database.bot.find_one({"_id": _TRAFFIC}) or {}
        slots = {int(slot): int(count) for slot, count in mapping_of(found.get("sent")).items()}
        latest = slot_of(now)
        return (
            sum(count for slot, count in slots.items() if slot > latest - 3600 // _SLOT),
            sum(count for slot, count in slots.items() if slot > latest - 86_400 // _SLOT),
        )

    def set_pairing(self, game: str, name: str, value: int | bool) -> Mapping[str, int | bool]:
        """Keep a setting of a dialogue for two; return all of its settings."""
        others = [each for each in self._pairings() if each["game"] != game]
        own = {**pairing_of(self._database, game), name: value}
        with self._database.answering():
            self._database.bot.update_one(
                {"_id": _PAIRING}, {"$set": {"games": [*others, {"game": game, **own}]}}, upsert=True
            )
        return own

    def _pairings(self) -> list[Mapping[str, object]]:
        with self._database.answering():
            found = self._database.bot.find_one({"_id": _PAIRING}) or {}
        return list(found.get("games", ()))


def pairing_of(database: Database, game: str) -> dict[str, int | bool]:
    """Return what admins have set for a dialogue for two: `interval` in seconds, `pct`, `daytime`; what was set."""
    with database.answering():
        found = database.bot.find_one({"_id": _PAIRING}) or {}
    own: dict[str, int | bool] = next((each for each in found.get("games", ()) if each.get("game") == game), {})
    return {name: value for name, value in own.items() if name != "game"}


def slot_of(now: datetime) -> int:
    """Return the number of the ten minutes that `now` lies in."""
    return int(now.timestamp()) // _SLOT


def note_traffic(database: Database, sent: int, now: datetime) -> None:
    """Add messages that were sent just now, and forget those of the day before. Raises DatabaseAway."""
    slot = slot_of(now)
    with database.answering():
        found = database.bot.find_one({"_id": _TRAFFIC}) or {}
        old = [key for key in mapping_of(found.get("sent")) if int(key) <= slot - 86_400 // _SLOT]
        forgotten = {"$unset": {f"sent.{key}": "" for key in old}} if old else {}
        database.bot.update_one({"_id": _TRAFFIC}, {"$inc": {f"sent.{slot}": sent}, **forgotten}, upsert=True)


class TryStore:
    """The port `Tries`: the collection `admin_tries`. What is older than an hour goes with the next try of anybody.

    It stands apart from the participants, because also people are counted who are no participants yet.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tries = database.database["admin_tries"]

    def count(self, who: Pseudonym, now: datetime) -> bool:
        """Count a try before it is judged; False: there were too many, and this one does not count."""
        with self._database.answering():
            self._tries.delete_many({"until": {"$lte": now}})
            found = self._tries.find_one({"_id": who})
            if found is not None and int(found["tries"]) >= MOST_TRIES:
                return False
            counted = {"$inc": {"tries": 1}, "$set": {"until": to_date(now + LOCKED_FOR)}}
            self._tries.update_one({"_id": who}, counted, upsert=True)
        return True

    def forget(self, who: Pseudonym) -> None:
        """Forget the tries of somebody who knew the password, or who is erased."""
        with self._database.answering():
            self._tries.delete_one({"_id": who})
