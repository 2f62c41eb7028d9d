# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs the bot on this database: one process at a time, as long as it keeps saying so."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from src.errors import BotError
from src.store.database import Database
from src.store.processes import Process, machine, myself
from src.store.reading import Document
from src.store.times import from_date

LASTS = timedelta(seconds=15)
_LEASE = "lease"


class Lease:
    """The right to run, in the collection `bot`. Times come from the caller's clock. Raises DatabaseAway."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = uuid.uuid4().hex

    def take(self, now: datetime) -> None:
        """Become the one that runs; raise BotError when another does.

        Free is a lease that ran out, or whose holder was a process of this machine that is no more.
        """
        with self._database.answering():
            found = self._found()
            if found is None:
                self._insert(now)
            elif _is_over(found, now) or found.get("holder") == self._holder:
                # Only what we have just seen is replaced; somebody faster changed it, and keeps it.
                seen = {"_id": _LEASE, "holder": found.get("holder"), "until": found.get("until")}
                self._database.bot.update_one(seen, {"$set": self._document(now)})
            found = self._found()
        if found is None or found.get("holder") != self._holder:
            raise BotError(_already_runs(found or {}))

    def renew(self, now: datetime) -> bool:
        """Keep the right for another while; false when somebody else has it by now."""
        with self._database.answering():
            mine = {"_id": _LEASE, "holder": self._holder}
            return self._database.bot.update_one(mine, {"$set": {"until": now + LASTS}}).matched_count == 1

    def release(self) -> None:
        """Let others run; nothing happens when it was not ours."""
        with self._database.answering():
            self._database.bot.delete_one({"_id": _LEASE, "holder": self._holder})

    def _found(self) -> Document | None:
        return self._database.bot.find_one({"_id": _LEASE})

    def _insert(self, now: datetime) -> None:
        try:
            self._database.bot.insert_one({"_id": _LEASE, **self._document(now)})
        except DuplicateKeyError:
            pass  # Somebody was faster; whoever reads next sees who.

    def _document(self, now: datetime) -> Document:
        me = myself()
        return {
            "holder": self._holder,
            "host": socket.gethostname(),
            "machine": machine(),
            "pid": me.pid,
            "started": me.started,
            "since": now,
            "until": now + LASTS,
        }


def _is_over(lease: Mapping[str, Any], now: datetime) -> bool:
    until = from_date(lease.get("until"))
    if until is None or until <= now:
        return True
    holder = Process(int(lease.get("pid", 0)), int(lease.get("started", 0)))
    return lease.get("machine") == machine() and not holder.is_alive()


def _already_runs(lease: Mapping[str, Any]) -> str:
    since = from_date(lease.get("since"))
    began = f", since {since:%Y-%m-%d %H:%M:%S} UTC" if since else ""
    where = f" (process {lease.get('pid')} on {lease.get('host')}{began})"
    return f"A bot already runs on this database{where if lease else ''}; stop it first."
