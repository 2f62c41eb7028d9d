# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who in a database of the seed. Pseudonyms stay as they are, however the seed made them.

A participant whose document is called by the Telegram number itself gets a pseudonym, so that the number stands in
`hashes` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId
from bson.int64 import Int64

from src.hash_unhash import pseudonym_of
from src.identities import Pseudonym, TelegramId
from src.store.database import Database
from src.store.documents import RUN, RUNS_KEPT
from src.store.reading import Document, documents_of, mapping_of
from src.store.seed.facts import Notes, telegram_number

_NUMBER_NAMES = ("Tele_id", "tele_id", "telegram_id", "telegramId", "Telegram_id", "chat_id", "user_id", "id")
NO_TEXT = "a participant whose _id can be no text: left alone"
_ENTRY = frozenset({"_id", "Tele_id"})
_HEX = re.compile(r"[0-9a-fA-F]{16,}")


@dataclass
class Identities:
    """Who is who. `numbers` goes one way, `people` the other; `moving` names documents that get another `_id`.

    `for_two` names every participant, and the dialogues for two in their document. `entries` are those of `hashes`
    that are to be written, `gone` the ids of those to be taken away behind all else.
    """

    numbers: dict[int, Pseudonym] = field(default_factory=dict)
    people: dict[Pseudonym, int] = field(default_factory=dict)
    moving: dict[object, Pseudonym] = field(default_factory=dict)
    entries: dict[Pseudonym, int] = field(default_factory=dict)
    for_two: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: list[object] = field(default_factory=list)

    def know(self, who: Pseudonym, number: int) -> None:
        """Remember who this is."""
        self.numbers.setdefault(number, who)
        self.people[who] = number


def identities_of(database: Database, key: Callable[[], bytes], notes: Notes) -> Identities:
    """Read who is who; nothing is written. `key` is asked for only if somebody needs a pseudonym. Raises BotError."""
    found = Identities()
    with database.answering():
        people = list(database.clients.find({}, dict.fromkeys(_NUMBER_NAMES, 1)))
        entries = [one for one in database.hashes.find() if isinstance(one["_id"], Hashable)]
    clients = {one["_id"]: one for one in people if isinstance(one["_id"], Hashable)}
    if len(people) > len(clients):
        notes.unread[NO_TEXT] += len(people) - len(clients)
    entries.sort(key=lambda one: one["_id"] not in clients)
    later = [entry for entry in entries if not _read_entry(entry, clients, found, notes)]
    for entry in later:
        _number_as_name(entry["_id"], _number_of(entry) or 0, found, key, notes)
        found.gone.append(entry["_id"])
    for name, document in clients.items():
        _read_client(name, document, found, key, notes)
    found.for_two = dict.fromkeys((str(found.moving.get(name, name)) for name in clients), frozenset())
    found.for_two |= {str(found.moving.get(name, name)): runs for name, runs in _dialogues_for_two(database)}
    return found


def _dialogues_for_two(database: Database) -> Iterator[tuple[object, frozenset[str]]]:
    """Yield whoever has played with somebody else, and the ids of these dialogues."""
    lists = (RUN, RUNS_KEPT)
    with_two = {"$or": [{f"{each}.players.1": {"$exists": True}} for each in lists]}
    parts = {f"{each}.{part}": 1 for each in lists for part in ("_id", "players")}
    with database.answering():
        for one in database.clients.find(with_two, parts):
            runs = (mapping_of(one.get(RUN)), *documents_of(one.get(RUNS_KEPT)))
            yield one["_id"], frozenset(str(run.get("_id")) for run in runs)


def enter(database: Database, found: Identities) -> None:
    """Write down who is who, in the form that the bot reads. Raises DatabaseAway."""
    with database.answering():
        for who, number in found.entries.items():
            database.hashes.replace_one({"_id": who}, {"Tele_id": Int64(number)}, upsert=True)


def clear(database: Database, found: Identities) -> None:
    """Take away entries that another one stands for now. Raises DatabaseAway."""
    with database.answering():
        for name in found.gone:
            database.hashes.delete_one({"_id": name})


def _read_entry(entry: Mapping[str, Any], clients: Mapping[Any, Any], found: Identities, notes: Notes) -> bool:
    """Take an entry of `hashes` in; return False for one that is called by the Telegram number itself."""
    number, name = _number_of(entry), entry["_id"]
    if number is None:
        notes.unread["an entry of hashes whose Telegram number cannot be read: nobody can write to them"] += 1
        return True
    if telegram_number(name) == number:
        return False
    who = _pseudonym_of(entry, clients)
    if who is None:
        notes.unread["an entry of hashes that names no participant"] += 1
        return True
    if number in found.numbers:
        notes.unread["a Telegram number with several pseudonyms: the bot goes by one of them"] += 1
    found.know(who, number)
    if who != name or set(entry) != _ENTRY or type(entry["Tele_id"]) not in (int, Int64):
        found.entries[who] = number
        notes.changed["entries of hashes: the Telegram number is a number, in Tele_id, and nothing stands beside"] += 1
    if who != name:
        found.gone.append(name)
    return True


def _number_of(entry: Mapping[str, Any]) -> int | None:
    """Return the Telegram number that a document holds: under one of the names for it, or else as its own."""
    names = (*_NUMBER_NAMES, "_id")
    return next((number for name in names if (number := telegram_number(entry.get(name))) is not None), None)


def _pseudonym_of(entry: Mapping[str, Any], clients: Mapping[Any, Any]) -> Pseudonym | None:
    """Return the pseudonym of an entry of `hashes`: its `_id`, or a text beside it that a participant is called by."""
    if isinstance(entry["_id"], str) or entry["_id"] in clients:
        return _as_text(entry["_id"])
    texts = [value for name, value in entry.items() if name != "_id" and isinstance(value, str)]
    known = (value for value in texts if value in clients and telegram_number(value) is None)
    likely = (value for value in texts if _HEX.fullmatch(value))
    found = next(iter((*known, *likely)), None)
    return _as_text(entry["_id"]) if found is None and isinstance(entry["_id"], int) else _as_text(found)


def _as_text(name: object) -> Pseudonym | None:
    """Return an id as the text that it is from now on; None for what can be none."""
    if isinstance(name, bytes):
        return Pseudonym(name.hex())
    return Pseudonym(str(name)) if isinstance(name, str | int | ObjectId) else None


def _read_client(name: object, document: Document, found: Identities, key: Callable[[], bytes], notes: Notes) -> None:
    """Take a participant in: one who is called by the number, or by what is no text, or whom `hashes` does not hold."""
    who = _as_text(name)
    if name in found.moving:
        return
    if who is None:
        notes.unread[NO_TEXT] += 1
        return
    number = telegram_number(name)
    if number is not None and who not in found.people:
        _number_as_name(name, number, found, key, notes)
        return
    if who != name:
        notes.changed["ids that were no texts become texts"] += 1
        found.moving[name] = who
    if who in found.people:
        return
    number = _number_of({each: value for each, value in document.items() if each != "_id"})
    if number is None or number in found.numbers:
        notes.unread["a participant whom hashes does not hold: nobody can write to them"] += 1
        return
    found.know(who, number)
    found.entries[who] = number
    notes.changed["participants whose Telegram number moves to hashes"] += 1


def _number_as_name(name: object, number: int, found: Identities, key: Callable[[], bytes], notes: Notes) -> None:
    """Give somebody a pseudonym who went by the Telegram number."""
    who = found.numbers.get(number) or pseudonym_of(TelegramId(number), key())
    if who not in found.people:
        notes.changed["people who went by their Telegram number get a pseudonym"] += 1
        found.know(who, number)
        found.entries[who] = number
    found.moving[name] = who
