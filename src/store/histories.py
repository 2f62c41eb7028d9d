# SPDX-License-Identifier: GPL-3.0-or-later
"""Histories: the newest entries lie in the participant's document, older ones in collections of their own."""

from __future__ import annotations

from src.identities import Pseudonym
from src.store.database import Database

FILED = ("game_history", "message_history")


def erase_history(database: Database, who: Pseudonym) -> None:
    """Take away all filed entries of a participant. Raises DatabaseAway."""
    with database.answering():
        for name in FILED:
            database.database[name].delete_many({"participant": who})
