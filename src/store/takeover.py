# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes to many participants at once: those whom the seed project left, and those for whom there is news."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from src.engine.state import Status
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import RUN, RUNS_KEPT, TEXTS_KEPT
from src.store.reading import Document


def adopt(database: Database, ids: Collection[Pseudonym] | None = None) -> int:
    """Give documents of the seed project (of these participants, or all) a first version; return how many there were.

    Everything else that they lack gets its default when it is read. Asked again, nothing happens.
    """
    which: Document = {} if ids is None else {"_id": {"$in": list(ids)}}
    with database.answering():
        for history in (RUNS_KEPT, TEXTS_KEPT):
            database.clients.update_many({**which, history: None}, {"$set": {history: []}})
        return database.clients.update_many({**which, "version": None}, {"$set": {"version": 1}}).modified_count


def plan_idle(database: Database, now: datetime) -> int:
    """Let active participants for whom nothing is planned look for a next dialogue; return how many there are.

    After the end of the sequence nothing is planned any more; when it grows, the study so goes on by itself.
    """
    idle: Document = {
        "status": Status.ACTIVE.value,
        RUN: None,
        "next_at": None,
        "outbox": {"$in": [None, []]},
    }
    at_its_time = {"$set": {"next_at": {"$ifNull": ["$dialogue_at", now]}, "version": {"$add": ["$version", 1]}}}
    adopt(database)
    with database.answering():
        return database.clients.update_many(idle, [at_its_time]).modified_count
