# SPDX-License-Identifier: GPL-3.0-or-later
"""Every trace of one participant, taken away from every collection."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from src.identities import Pseudonym
from src.service.ports import Participants
from src.store.database import Database
from src.store.digests import DIGESTS
from src.store.histories import FILED, erase_history
from src.store.jobs import forget_in_jobs
from src.store.pairs import forget_in_pairs
from src.store.pseudonyms import PseudonymStore
from src.store.reading import Document

log = logging.getLogger(__name__)

_PASSED_OVER = frozenset({"gamesInfo", "dialogue_revisions", "files", "audit"})
"""What authors wrote, and Telegram's names of it: nobody stands in there. And the audit log, which is only ever added
to: of operators' work it holds numbers alone; the pseudonym of an admin, without the identity, leads to nobody.
"""
_ONE_TO_A_PERSON = ("hashes", "clients", *FILED, DIGESTS)


def traces(database: Database, who: Pseudonym) -> dict[str, int]:
    """Count the documents of each collection that are or hold something of this participant. Raises DatabaseAway."""
    with database.answering():
        found = {name: database.database[name].count_documents({_key(name): who}) for name in _ONE_TO_A_PERSON}
        found |= {name: sum(1 for _ in _holding(database, name, who)) for name in _others(database)}
    return {name: count for name, count in found.items() if count}


def erase_everywhere(database: Database, who: Pseudonym) -> None:
    """Take away every trace. Who this is goes first: should we die in between, what is left leads back to nobody.

    The document goes behind what is filed, so that whoever is interrupted finds them again. A turn that the bot has in
    hand finds no document at its version any more, and so writes nothing; but it may be filing something, or enter the
    identity once more, which therefore go last, too. Raises DatabaseAway; may be repeated.
    """
    with database.answering():
        database.hashes.delete_one({"_id": who})
        forget_in_pairs(database, who)
        _erase_beside(database, who)
        database.clients.delete_one({"_id": who})
        erase_history(database, who)
        if database.clients.find_one({"_id": who}, {"_id": 1}) is None:
            database.hashes.delete_one({"_id": who})


def erase_participant(
    database: Database, pseudonyms: PseudonymStore, participants: Participants, who: Pseudonym
) -> None:
    """Take away every trace of somebody who wishes so, out of the memory of the running bot too. Raises DatabaseAway.

    The document says that they are to be erased: as long as it is there, the scheduler finds it and we begin again.
    """
    pseudonyms.forget(who)
    with database.answering():
        forget_in_pairs(database, who)
        _erase_beside(database, who)
    participants.erase(who)
    erase_history(database, who)
    log.info("A participant has been erased at their own wish.")


def _erase_beside(database: Database, who: Pseudonym) -> None:
    """Take away what leads to them beside their identity and their document."""
    erase_history(database, who)
    forget_in_jobs(database, who)
    for name in _others(database):
        _take_out(database, name, who)


def _key(name: str) -> str:
    return "participant" if name in FILED else "_id"


def _others(database: Database) -> list[str]:
    names = database.database.list_collection_names()
    return sorted(name for name in names if name not in _PASSED_OVER | set(_ONE_TO_A_PERSON) and "system." not in name)


def _holding(database: Database, name: str, who: Pseudonym) -> Iterator[Document]:
    return (one for one in database.database[name].find() if _is_of(one, who) or any(_places(one, who)))


def _is_of(document: Document, who: Pseudonym) -> bool:
    return document.get("_id") == who or document.get("participant") == who


def _take_out(database: Database, name: str, who: Pseudonym) -> None:
    """Delete what is the participant's own; take their id out of what is everybody's, and touch nothing beside."""
    collection = database.database[name]
    for document in list(_holding(database, name, who)):
        if _is_of(document, who):
            collection.delete_one({"_id": document["_id"]})
            continue
        for operator, place in _places(document, who):
            collection.update_one({"_id": document["_id"]}, {operator: {place: who if operator == "$pull" else ""}})


def _places(value: object, who: Pseudonym, place: str = "") -> Iterator[tuple[str, str]]:
    """Find the id as a value, as a key and in lists, at any depth; return what takes it away there."""
    if isinstance(value, list):
        if who in value:
            yield "$pull", place
        for number, item in enumerate(value):
            if item != who:
                yield from _places(item, who, f"{place}.{number}")
    elif isinstance(value, dict):
        for key, item in value.items():
            inside = f"{place}.{key}" if place else key
            if who in (key, item):
                yield "$unset", inside
            else:
                yield from _places(item, who, inside)
