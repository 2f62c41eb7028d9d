# SPDX-License-Identifier: GPL-3.0-or-later
"""Who did what, when, with what result: the collection `audit`. Entries are only ever added.

Each carries the hash of the one before, and its number as `_id`: a changed or missing entry breaks the chain, and two
writers at the same time cannot both have the next number. Entries hold pseudonyms and numbers, never what people wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from src.errors import DatabaseAway
from src.store.database import Database
from src.store.reading import Document
from src.store.times import from_date, to_date

_COLLECTION = "audit"
_TRIES = 200
_FAULTS_SHOWN = 20


@dataclass(frozen=True)
class Chain:
    """What a check has found: how many entries, the hash of the last, whether a hash that was asked for is among
    them, and what is wrong.
    """

    entries: int
    last: str
    has_expected: bool
    faults: tuple[str, ...]


def record(database: Database, who: str, what: str, result: Mapping[str, Any], now: datetime) -> None:
    """Add an entry. `who` is a pseudonym or "operator", `what` a command or script, `result` numbers and names.

    Raises DatabaseAway; then the entry may be there or not.
    """
    entries = database.database[_COLLECTION]
    with database.answering():
        for _ in range(_TRIES):
            last = entries.find_one({}, sort=[("_id", -1)]) or {"_id": 0, "hash": ""}
            entry: Document = {
                "_id": int(last["_id"]) + 1,
                "time": to_date(now),
                "who": who,
                "what": what,
                "result": dict(result),
                "before": last["hash"],
            }
            entry["hash"] = hash_of(entry)
            try:
                entries.insert_one(entry)
            except DuplicateKeyError:
                # Somebody else was faster; or it was us, and the server's answer was lost.
                there = entries.find_one({"_id": entry["_id"]}, {"hash": 1})
                if there is None or there["hash"] != entry["hash"]:
                    continue
            return
    raise DatabaseAway(f"The audit log could not be written: {_TRIES} others were faster. Please try again.")


def hash_of(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything that an entry says, and so of the whole chain before it."""
    time = from_date(entry.get("time"))
    said = {key: value for key, value in entry.items() if key not in ("hash", "time")}
    said["time"] = time.isoformat(timespec="milliseconds") if time else None
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check(database: Database, expected: str = "") -> Chain:
    """Read all entries in their order and say where the chain is broken. Raises DatabaseAway."""
    count, before, faults, has_expected = 0, "", [], not expected
    with database.answering():
        for entry in database.database[_COLLECTION].find({}, sort=[("_id", 1)], batch_size=500):
            count += 1
            faults += _faults_of(entry, before)
            before = str(entry.get("hash"))
            has_expected = has_expected or before == expected
    return Chain(count, before, has_expected, tuple(faults[:_FAULTS_SHOWN]))


def _faults_of(entry: Mapping[str, Any], before: str) -> list[str]:
    faults = []
    if entry.get("before") != before:
        faults.append(f"Entry {entry['_id']} does not follow the entry before it: one was changed, or is missing.")
    if entry.get("hash") != hash_of(entry):
        faults.append(f"Entry {entry['_id']} was changed after it was written.")
    return faults
