# SPDX-License-Identifier: GPL-3.0-or-later
"""How the bot is, in the collection `bot`: written by the running one, read by any other process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pymongo

from src.errors import BotError
from src.service.health import Facts, Holder, Vitals
from src.store.database import Database, open_database
from src.store.lease import LASTS, is_gone
from src.store.server_notes import HOST, Files, find
from src.store.times import from_date

_HEALTH = "health"
"""The document that `Database.healthy` counts its checks in, too."""
_SECONDS_TO_ANSWER = 4


def write_vitals(database: Database, vitals: Vitals) -> None:
    """Write down how the bot is now, over what was there. Raises DatabaseAway."""
    with database.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
        database.bot.update_one(
            {"_id": _HEALTH}, {"$set": {**vars(vitals), "counts": dict(vitals.counts)}}, upsert=True
        )


def look(uri: str, name: str, folder: Path, now: datetime) -> Facts:
    """Look at a bot from outside, by the database that it uses; none is started, and none is kept from ending."""
    address = uri or _embedded(folder)
    if address is None:
        return Facts(now)
    try:
        with open_database(address, name, folder) as database:
            return _facts(database, now)
    except BotError:
        return Facts(now)


def _embedded(folder: Path) -> str | None:
    """Return the address of the embedded database that runs for this folder, None if none does."""
    server = find(Files(folder.resolve()))
    return f"mongodb://{HOST}:{server.port}/?directConnection=true" if server else None


def _facts(database: Database, now: datetime) -> Facts:
    with database.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
        found = {one["_id"]: one for one in database.bot.find({"_id": {"$in": ["lease", _HEALTH]}})}
        due = database.clients.find_one({"next_at": {"$lte": now}}, {"next_at": 1}, sort=[("next_at", 1)])
    return Facts(
        now,
        readable=True,
        writable=database.healthy(),
        vitals=_vitals(found.get(_HEALTH, {})),
        holder=_holder(found.get("lease", {}), now),
        oldest_due=from_date((due or {}).get("next_at")),
    )


def _vitals(written: Mapping[str, Any]) -> Vitals | None:
    at, started = from_date(written.get("at")), from_date(written.get("started"))
    if at is None or started is None:
        return None
    return Vitals(
        at,
        started,
        from_date(written.get("polled")),
        from_date(written.get("scheduled")),
        int(written.get("agenda", 0)),
        int(written.get("in_hand", 0)),
        {str(kind): int(count) for kind, count in written.get("counts", {}).items()},
        str(written.get("version", "")),
    )


def _holder(lease: Mapping[str, Any], now: datetime) -> Holder | None:
    if lease.get("holder") is None:
        return None
    since, until = from_date(lease.get("since")), from_date(lease.get("until"))
    facts = Facts(now)
    return Holder(
        host=str(lease.get("host", "")),
        pid=int(lease.get("pid", 0)),
        term=int(lease.get("term", 0)),
        age=facts.age(since),
        renewed=facts.age(until - LASTS) if until else None,
        gone=is_gone(lease),
    )
