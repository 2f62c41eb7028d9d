# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of updates from people who have been erased are still known to the next process."""

from __future__ import annotations

from src.store.database import Database
from src.store.forgotten_updates import ForgottenUpdates


def test_the_next_process_knows_what_was_heard_of_people_who_are_erased(database: Database) -> None:
    forgotten = ForgottenUpdates(database)
    assert 7 not in forgotten
    forgotten.add([7, 8])
    forgotten.add([8, 9])
    assert 7 in forgotten
    again = ForgottenUpdates(database)
    assert all(number in again for number in (7, 8, 9))
    assert 10 not in again


def test_the_list_has_a_bound_and_leads_to_nobody(database: Database) -> None:
    forgotten = ForgottenUpdates(database)
    forgotten.add(range(600))
    forgotten.add(range(600, 1200))
    again = ForgottenUpdates(database)
    assert 199 not in again
    assert all(number in again for number in range(200, 1200))
    note = database.bot.find_one({"_id": "forgotten_updates"})
    assert note is not None
    assert note.keys() == {"_id", "updates"}
