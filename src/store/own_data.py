# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is stored about one participant, for them to read."""

from __future__ import annotations

from collections.abc import Mapping

from src.engine.own_data import Stored
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import NOT_LOADED, RUN
from src.store.histories import runs_of, texts_of
from src.store.jobs import mass_sends_of
from src.store.pairs import without_partner
from src.store.reading import documents_of


def everything_of(database: Database, who: Pseudonym) -> Stored:
    """Return what every collection holds about them, but for who their partners were. Raises DatabaseAway."""
    with database.answering():
        account = database.clients.find_one({"_id": who}, NOT_LOADED) or {}
        identity = database.hashes.find_one({"_id": who}) or {}
        elsewhere = (*database.database["admin_tries"].find({"_id": who}), *mass_sends_of(database, who))
    running = account.get(RUN)
    if isinstance(running, Mapping):
        account[RUN] = without_partner(dict(running), who)
    account["outbox"] = [each for each in documents_of(account.get("outbox")) if each.get("kind") != "to_partner"]
    runs = tuple(without_partner(each, who) for each in runs_of(database, who))
    return Stored(account, identity, runs, tuple(texts_of(database, who)), elsewhere)
