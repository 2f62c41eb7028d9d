# SPDX-License-Identifier: GPL-3.0-or-later
"""Filed dialogues in short: nothing is lost, doubled, or left of somebody who is gone, wherever it breaks off."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from src.engine.state import Absence, Status
from src.identities import Pseudonym
from src.store import histories
from src.store.counted import Counted, everybody
from src.store.database import Database
from src.store.digests import DIGESTS, Ran, made_for, ran_from
from src.store.histories import MOST_RUNS, erase_history, file_away
from src.store.participants import ParticipantStore
from tests.store.people import ANNA, BERTA, NOON
from tests.store.test_histories import lived

START = NOON.timestamp()


def only(database: Database) -> Counted:
    (person,) = everybody(database, (), answers=True)
    return person


def test_runs_are_read_alike_before_and_after_they_are_filed(database: Database) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    before = only(database)
    assert file_away(database, ANNA)
    assert only(database).runs == before.runs
    assert len(before.runs) == MOST_RUNS
    lived(database, ANNA, MOST_RUNS, 0)
    file_away(database, ANNA)
    lived(database, ANNA, 1, 0)
    assert len(only(database).runs) == 2 * MOST_RUNS + 1
    digest = database.database[DIGESTS].find_one({"_id": ANNA})
    assert digest is not None
    assert len(digest["runs"]) == len(digest["answers"]) == 3, "what was filed before, and each of the two filings"


@pytest.mark.parametrize("stops_in", ["_insert", "note_filed"])
def test_a_filing_that_breaks_off_leaves_each_run_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, stops_in: str
) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    before = only(database)
    whole: Callable[..., None] = getattr(histories, stops_in)

    def killed(*arguments: Any) -> None:
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(histories, stops_in, killed)
    with pytest.raises(KeyboardInterrupt):
        file_away(database, ANNA)
    assert only(database).runs == before.runs
    monkeypatch.setattr(histories, stops_in, whole)
    lived(database, ANNA, 1, 0)
    file_away(database, ANNA)
    assert len(only(database).runs) == MOST_RUNS + 1


def test_what_an_older_program_filed_comes_into_the_first_digest(database: Database) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    file_away(database, ANNA)
    database.database[DIGESTS].delete_many({})
    lived(database, ANNA, MOST_RUNS, 0)
    file_away(database, ANNA)
    assert len(only(database).runs) == 2 * MOST_RUNS


def test_a_report_makes_the_digests_that_are_missing_once(database: Database) -> None:
    for who in (ANNA, BERTA):
        lived(database, who, MOST_RUNS, 0)
        file_away(database, who)
    database.database[DIGESTS].delete_one({"_id": ANNA})
    first = sorted(str(one) for one in everybody(database, ()))
    assert database.database[DIGESTS].count_documents({}) == 2
    assert sorted(str(one) for one in everybody(database, ())) == first
    assert first[0].count("Ran(") == first[1].count("Ran(") == MOST_RUNS


def test_nothing_of_somebody_who_is_erased_comes_back_by_a_report(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    file_away(database, ANNA)
    erase_history(database, ANNA)
    assert database.database[DIGESTS].count_documents({}) == 0
    lived(database, ANNA, MOST_RUNS, 0)
    file_away(database, ANNA)
    database.database[DIGESTS].delete_many({})
    ParticipantStore(database).erase(ANNA)  # the report has read the filed runs, and the person goes before it writes
    made_for(database, [ANNA])
    assert database.database[DIGESTS].count_documents({}) == 0


def test_a_digest_holds_neither_answers_nor_texts(database: Database) -> None:
    lived(database, ANNA, 0, 0)
    run = {
        "_id": "r",
        "gameId": "welcome",
        "start_time": START,
        "end_time": START + 60,
        "ended": True,
        "answers": {"age": "zqsecretqz"},
        "timestamps_answers": {"age": START + 7.9},
        "timestamps_sent_messages": {"hello": START, "bye": START + 50},
        "given": [{"value": "zqsecretqz"}],
    }
    database.clients.update_one({"_id": ANNA}, {"$set": {"game_history": [run] * MOST_RUNS}})
    file_away(database, ANNA)
    digest = json.dumps(database.database[DIGESTS].find_one({"_id": ANNA}))
    assert "zqsecretqz" not in digest
    assert only(database).runs == (Ran("welcome", START, START + 60, True, "bye", (7,)),)


@pytest.mark.parametrize(
    ("document", "read"),
    [
        ({"gameId": "a"}, Ran("a", 0.0, None, False, "", ())),
        ({"gameId": "a", "start_time": NOON, "ended": True}, Ran("a", START, None, True, "", ())),
        ({"gameId": "a", "end_time": START}, Ran("a", START, START, False, "", ())),
        ({"gameId": "a", "start_time": "odd", "timestamps_answers": 5}, Ran("a", 0.0, None, False, "", ())),
        (
            {"gameId": "a", "start_time": START, "timestamps_answers": {"me": {"q": START + 3}}},
            Ran("a", START, None, False, "", (3,)),
        ),
        (
            {"gameId": "a", "start_time": START, "revision": "r", "timestamps_sent_messages": {"m%2En": START}},
            Ran("a", START, None, False, "m.n", ()),
        ),
        ({"gameId": "a", "start_time": START, "last_message": {"x": "m"}}, Ran("a", START, None, False, "m", ())),
    ],
)
def test_runs_of_any_form_are_read(document: dict[str, Any], read: Ran) -> None:
    assert ran_from(document) == read


@pytest.mark.parametrize("document", [None, "odd", {}, {"gameId": 5}, []])
def test_what_is_no_run_is_left_out(document: object) -> None:
    assert ran_from(document) is None


def test_odd_participants_are_counted_too(database: Database) -> None:
    odd = {"_id": "x", "status": "7", "absence": 5, "game_history": "odd", "outbox": 3, "current_game": []}
    database.clients.insert_many([odd, {"_id": "y", "reachable": False}])
    found = {(one.status, one.absence, len(one.runs)) for one in everybody(database, ("gender",))}
    assert found == {(Status.DOWN, Absence.NONE, 0), (Status.START, Absence.UNREACHABLE, 0)}
    assert Pseudonym("x") not in str(list(everybody(database, ())))
