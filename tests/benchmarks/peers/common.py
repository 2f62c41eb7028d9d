# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: disable-error-code="import-not-found,unused-ignore"
"""What both peers keep, in the same way: one document a person, one read and one conditional write a press."""

from __future__ import annotations

import os
from typing import Any

from pymongo import AsyncMongoClient

from tests.benchmarks.questions import BUTTONS, name_of

TOKEN = os.environ.get("TELEGRAM_TOKEN", "")
URL = os.environ.get("TELEGRAM_API_URL", "")
WAIT = 25
"""Seconds of the long poll, the same as in our bot."""


class Answers:
    """Answers and positions. A write is acknowledged when it is on the disk, as in our bot."""

    def __init__(self) -> None:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            os.environ["MONGODB_URI"], w="majority", journal=True, retryWrites=True, tz_aware=True
        )
        self._people = client["peer"]["people"]

    async def begin(self, person: int) -> int:
        """Put somebody at the first question."""
        await self._people.update_one({"_id": person}, {"$set": {"position": 0, "answers": {}}}, upsert=True)
        return 0

    async def keep(self, person: int, value: str) -> int | None:
        """Store an answer and the next position in one write; return that, or None if somebody was faster."""
        found = await self._people.find_one({"_id": person}, {"position": 1})
        if found is None or found["position"] >= BUTTONS:
            return None
        position = int(found["position"])
        change = {f"answers.{name_of(position)}": value, "position": position + 1}
        written = await self._people.update_one({"_id": person, "position": position}, {"$set": change})
        return position + 1 if written.modified_count == 1 else None
