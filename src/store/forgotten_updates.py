# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of the last updates from people who have been erased, in the collection `bot`.

Telegram brings an update again that was handled and not confirmed, as after a crash. Somebody who was erased in
between would write to us anew, to our eyes, and be entered again. Numbers alone, all in one list: they lead to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from src.store.database import Database
from src.store.reading import mapping_of

_NOTE = "forgotten_updates"
_KEPT = 1000
"""Telegram brings again what is a day old at most, and few people are erased in a day."""


class ForgottenUpdates:
    """What was handled of people who are here no more. Only the bot that has the lease uses it. Raises DatabaseAway."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.answering():
            found = mapping_of(database.bot.find_one({"_id": _NOTE}))
        self._numbers = {number for number in found.get("updates", ()) if isinstance(number, int)}

    def add(self, updates: Sequence[int]) -> None:
        """Note them durably; to be called before the person is erased."""
        new = [each for each in updates if each not in self._numbers]
        if not new:
            return
        pushed = {"updates": {"$each": new, "$slice": -_KEPT}}
        with self._database.answering():
            self._database.bot.update_one({"_id": _NOTE}, {"$push": pushed}, upsert=True)
        self._numbers |= set(new)

    def __contains__(self, update: object) -> bool:
        """Tell whether an update was handled once, of somebody who has been erased since."""
        return update in self._numbers
