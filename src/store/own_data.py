# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is stored about one participant, for them to read."""

from __future__ import annotations

from src.engine.own_data import Stored
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import NOT_LOADED
from src.store.histories import runs_of, texts_of
from src.store.jobs import mass_sends_of


def everything_of(database: Database, who: Pseudonym) -> Stored:
    """Return what every collection holds about them. Raises DatabaseAway."""
    with database.answering():
        account = database.clients.find_one({"_id": who}, NOT_LOADED) or {}
        identity = database.hashes.find_one({"_id": who}) or {}
        elsewhere = (*database.database["admin_tries"].find({"_id": who}), *mass_sends_of(database, who))
    return Stored(account, identity, tuple(runs_of(database, who)), tuple(texts_of(database, who)), elsewhere)
