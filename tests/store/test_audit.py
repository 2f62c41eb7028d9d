# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log: a chain that several writers do not fork, and that shows what was changed or taken away."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from src.store.audit import check, record
from src.store.database import Database

NOW = datetime(2026, 3, 4, 11, 0, 0, 123456, tzinfo=UTC)


def test_writers_at_the_same_time_make_one_chain(database: Database) -> None:
    def write(name: str) -> None:
        for number in range(10):
            record(database, "operator", name, {"done": number}, NOW)

    threads = [threading.Thread(target=write, args=(f"script {each}",)) for each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    chain = check(database)
    assert (chain.entries, chain.faults) == (40, ())


def test_a_changed_a_missing_and_a_cut_off_entry_are_found(database: Database) -> None:
    for number in range(5):
        record(database, "operator", "rm_user.py", {"erased": number}, NOW)
    last = check(database).last
    entries = database.database["audit"]
    entries.update_one({"_id": 2}, {"$set": {"result": {"erased": 7}}})
    assert check(database).faults == ("Entry 2 was changed after it was written.",)
    entries.delete_one({"_id": 2})
    assert len(check(database).faults) == 1
    entries.update_one({"_id": 2}, {"$setOnInsert": {"x": 1}}, upsert=True)
    entries.delete_many({"_id": {"$gte": 2}})
    assert check(database).faults == ()
    assert not check(database, last).has_expected
