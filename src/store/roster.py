# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding participants without reading their histories: who fits a choice, who waits longest, how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from pymongo.collection import Collection

from src.engine.state import Participant, Status
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import NOT_LOADED, RUN, participant_from
from src.store.histories import FILED, PARTICIPANT
from src.store.reading import Document

T = TypeVar("T")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_AFTER_HEX = "g"
"""Sorts behind every hex digit: ids that begin alike lie between the beginning and it."""


@dataclass(frozen=True)
class Traits:
    """What participants have in common; None: does not matter. `dialogue` is the running one."""

    status: Status | None = None
    language: str | None = None
    dialogue: str | None = None


def ids_with(database: Database, traits: Traits) -> list[Pseudonym]:
    """Return all participants with these traits, by their ids. Raises DatabaseAway."""
    wanted: Document = {}
    if traits.status is not None:
        # The seed project left the status out of documents of people who had only just come.
        wanted["status"] = {"$in": [0, None]} if traits.status is Status.START else int(traits.status)
    if traits.language is not None:
        wanted["language"] = traits.language
    if traits.dialogue is not None:
        wanted[f"{RUN}.gameId"] = traits.dialogue
    with database.answering():
        return sorted(Pseudonym(one["_id"]) for one in database.clients.find(wanted, {"_id": 1}))


def is_known(database: Database, name: str) -> bool:
    """Tell whether a participant has exactly this id, in `clients`, `hashes` or what is filed. Raises DatabaseAway."""
    with database.answering():
        return any(found.find_one({key: name}, {"_id": 1}) is not None for found, key in _places(database))


def ids_beginning(database: Database, beginning: str, limit: int = 2) -> list[Pseudonym]:
    """Return participants whose id begins so, also those of whom only `hashes`, or what is filed, knows; at most
    `limit`. Raises DatabaseAway.
    """
    between = {"$gte": beginning, "$lt": beginning + _AFTER_HEX}
    found: set[str] = set()
    with database.answering():
        for collection, key in _places(database):
            while len(found) < limit:
                # One after the other: somebody has many entries in what is filed.
                one = collection.find_one({key: between | {"$nin": sorted(found)}}, {key: 1})
                if one is None:
                    break
                found.add(str(one[key]))
    return [Pseudonym(one) for one in sorted(found)][:limit]


def _places(database: Database) -> Iterator[tuple[Collection[Document], str]]:
    """Yield where participants are known, and the field that holds their id."""
    yield database.clients, "_id"
    yield database.hashes, "_id"
    yield from ((database.database[name], PARTICIPANT) for name in FILED)


def counts(database: Database) -> dict[tuple[int, str | None], int]:
    """Count participants by status and running dialogue, without loading anybody. Raises DatabaseAway."""
    group: list[Document] = [
        {"$group": {"_id": {"status": "$status", "dialogue": f"${RUN}.gameId"}, "people": {"$sum": 1}}}
    ]
    counted: dict[tuple[int, str | None], int] = {}
    with database.answering():
        for one in database.clients.aggregate(group):
            status, dialogue = one["_id"].get("status"), one["_id"].get("dialogue")
            place = status if isinstance(status, int) else 0, str(dialogue) if dialogue else None
            counted[place] = counted.get(place, 0) + int(one["people"])
    return counted


def waiting_longest(database: Database, limit: int, default_language: str) -> list[Participant]:
    """Return at most `limit` participants: what is due longest first, then what comes soonest, then who was silent
    longest among those for whom nothing is planned. Raises DatabaseAway.
    """
    with database.answering():
        planned = database.clients.find({"next_at": {"$gte": _BEGINNING}}, NOT_LOADED).sort("next_at", 1)
        found = list(planned.limit(limit))
        if len(found) < limit:
            rest = database.clients.find({"next_at": None}, NOT_LOADED).sort([("heard_at", 1), ("_id", 1)])
            found += list(rest.limit(limit - len(found)))
    return [participant_from(one, default_language) for one in found]


def batches(people: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return ids, or whatever there is of each, in portions."""
    return (people[begin : begin + size] for begin in range(0, len(people), size))
