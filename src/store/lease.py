# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs the bot on this database: one process at a time, as long as it keeps saying so.

The lease is one document: the holder, a `term` that grows with each new holder, a `beat` that grows with each renewal.
A renewal holds for LASTS seconds. Two machines' clocks may differ, so nobody compares times with another: who waits
takes over when the same beat stood there for LASTS seconds of its *own* clock, and the holder trusts its lease only
until LASTS seconds, less a margin, after the *beginning* of its last renewal. The second always ends before the first.
"""

from __future__ import annotations

import logging
import math
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pymongo
from pymongo.errors import DuplicateKeyError

from src.errors import BotError, DatabaseAway
from src.store.database import Database
from src.store.processes import Process, machine, myself
from src.store.reading import Document
from src.store.times import from_date

LASTS = timedelta(seconds=12)
MARGIN = timedelta(seconds=2)
"""A request that passed the fence in its last moment reaches Telegram within this time."""

LONG_OVER = timedelta(minutes=5)
"""No two clocks differ by so much: a lease whose time was over so long ago needs no watching."""

ASK_EVERY = 2.0
"""Seconds between two questions of a standby for the lease."""

_LEASE = "lease"
_SECONDS_TO_ANSWER = 4

log = logging.getLogger(__name__)


class LeaseHeld(BotError):
    """Another bot has the lease; `who` says which."""

    def __init__(self, lease: Mapping[str, Any]) -> None:
        since = from_date(lease.get("since"))
        began = f", since {since:%Y-%m-%d %H:%M:%S} UTC" if since else ""
        where = f" (process {lease.get('pid')} on {lease.get('host')}{began})" if lease else ""
        self.who = f"A bot already runs on this database{where}"
        super().__init__(f"{self.who}; stop it first.")


def seconds() -> float:
    """Return seconds that only grow, also while the process is stopped or the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """The right to run, in the collection `bot`. `now` is the clock that people read. Raises DatabaseAway."""

    def __init__(self, database: Database, now: Callable[[], datetime], clock: Callable[[], float] = seconds) -> None:
        self._database = database
        self._now = now
        self._clock = clock
        self._holder = uuid.uuid4().hex
        self._term = 0
        self._certain_until = -math.inf
        self._seen: tuple[object, ...] = ()
        self._seen_at = 0.0

    @property
    def term(self) -> int:
        """Return the number of our time as the holder; 0: it never was ours."""
        return self._term

    def holds(self) -> bool:
        """Tell, without asking anybody, whether the lease is certainly ours now."""
        return self._clock() < self._certain_until

    def take(self) -> None:
        """Become the one that runs; raise LeaseHeld when another does.

        Free is a lease that was given back, whose holder was a process of this machine that is no more, or that nobody
        has renewed all the time while we asked again and again.
        """
        began = self._clock()
        try:
            with self._database.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
                found = self._found()
                if found is None:
                    self._insert()
                elif found.get("holder") == self._holder or self._is_free(found):
                    self._replace(found)
                found = self._found() or {}
        except DatabaseAway:
            self._seen = ()  # The holder could not renew it either, and gets its time anew.
            raise
        if found.get("holder") != self._holder:
            raise LeaseHeld(found)
        self._term = int(found.get("term", 1))
        self._certain(began)

    def may_be_over(self) -> bool:
        """Tell whether, by the clocks that people read, nobody renews the lease any more: asking again is worth it."""
        with self._database.answering():
            until = from_date((self._found() or {}).get("until"))
        return until is None or until <= self._now()

    def renew(self) -> bool:
        """Keep the right for another while; false, then and for ever, when somebody else has it by now."""
        began = self._clock()
        with self._database.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
            mine = {"_id": _LEASE, "holder": self._holder, "term": self._term}
            change = {"$set": {"until": self._now() + LASTS}, "$inc": {"beat": 1}}
            kept = self._database.bot.update_one(mine, change).matched_count == 1
        if kept:
            self._certain(began)
        else:
            self._certain_until = -math.inf
        return kept

    def release(self) -> None:
        """Let others run; nothing happens when it was not ours. The term stays, so that it can grow."""
        self._certain_until = -math.inf
        with self._database.answering(), pymongo.timeout(_SECONDS_TO_ANSWER):
            mine = {"_id": _LEASE, "holder": self._holder, "term": self._term}
            self._database.bot.update_one(mine, {"$set": {"holder": None, "until": self._now()}})

    def _certain(self, began: float) -> None:
        self._certain_until = began + (LASTS - MARGIN).total_seconds()

    def _found(self) -> Document | None:
        return self._database.bot.find_one({"_id": _LEASE})

    def _is_free(self, found: Mapping[str, Any]) -> bool:
        seen = tuple(found.get(name) for name in ("holder", "term", "beat", "until"))
        if seen != self._seen:
            self._seen, self._seen_at = seen, self._clock()
        unchanged = self._clock() - self._seen_at
        until = from_date(found.get("until"))
        long_over = until is None or until + LONG_OVER <= self._now()
        return found.get("holder") is None or long_over or is_gone(found) or unchanged >= LASTS.total_seconds()

    def _insert(self) -> None:
        try:
            self._database.bot.insert_one({"_id": _LEASE, **self._document(1)})
        except DuplicateKeyError:
            pass  # Somebody was faster; whoever reads next sees who.

    def _replace(self, found: Mapping[str, Any]) -> None:
        # Only what we have just seen is replaced; somebody faster changed it, and keeps it.
        seen = {"_id": _LEASE, **{name: found.get(name) for name in ("holder", "term", "beat", "until")}}
        self._database.bot.update_one(seen, {"$set": self._document(int(found.get("term") or 0) + 1)})

    def _document(self, term: int) -> Document:
        me, now = myself(), self._now()
        return {
            "holder": self._holder,
            "term": term,
            "beat": 0,
            "host": socket.gethostname(),
            "machine": machine(),
            "pid": me.pid,
            "started": me.started,
            "since": now,
            "until": now + LASTS,
        }


@contextmanager
def leased(database: Database, now: Callable[[], datetime], *, standby: bool) -> Iterator[Lease]:
    """Hold the right to run on this database. If another bot does: refuse, or wait for it as a standby."""
    lease = Lease(database, now)
    wait_for(lease, database, standby=standby)
    try:
        yield lease
    finally:
        try:
            lease.release()
        except BotError as trouble:
            log.info("The lease runs out by itself: %s", trouble)


MOST_ATTEMPTS = 3
"""A database that dies while a bot starts is brought back so often; then the bot gives up."""


def wait_for(lease: Lease, database: Database, *, standby: bool) -> None:
    """Take the lease. A standby asks as long as it takes, anybody else only while nobody seems to renew it."""
    said: set[type[BotError]] = set()
    for attempt in count(1):
        try:
            lease.take()
        except (LeaseHeld, DatabaseAway) as trouble:
            is_away = isinstance(trouble, DatabaseAway)
            if not standby and (attempt == MOST_ATTEMPTS if is_away else not lease.may_be_over()):
                raise
            if type(trouble) not in said:
                why = trouble.who if isinstance(trouble, LeaseHeld) else trouble
                log.info("Waiting, and asking again every %.0f s. %s", ASK_EVERY, why)
            said.add(type(trouble))
            bring_back(database, trouble)
            time.sleep(ASK_EVERY)
        else:
            log.info("The lease is ours; it is number %d.", lease.term)
            return


def bring_back(database: Database, trouble: BotError) -> None:
    """Start an embedded database again that died together with the bot that used it."""
    if isinstance(trouble, DatabaseAway):
        with suppress(BotError):
            database.revive()


def is_gone(lease: Mapping[str, Any]) -> bool:
    """Tell whether the holder was a process of this machine that is no more."""
    holder = Process(int(lease.get("pid", 0)), int(lease.get("started", 0)))
    return lease.get("machine") == machine() and not holder.is_alive()
