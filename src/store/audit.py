# SPDX-License-Identifier: GPL-3.0-or-later
"""Who changed what by hand: the collection `audit`, only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from src.store.database import Database


def record(database: Database, who: str, what: str, result: Mapping[str, Any], now: datetime) -> None:
    """Note that somebody did something, and what came of it. Raises DatabaseAway."""
    with database.answering():
        database.database["audit"].insert_one({"time": now, "who": who, "what": what, "result": dict(result)})
