# SPDX-License-Identifier: GPL-3.0-or-later
"""What is over leaves the participant's document for collections of its own, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from src.engine.effects import KeepRun, KeepText
from src.identities import Pseudonym
from src.store import histories
from src.store.database import Database
from src.store.histories import MOST_RUNS, MOST_TEXTS, erase_history, file_away, finished_runs, runs_of, texts_of
from src.store.participants import ParticipantStore
from tests.store.people import ANNA, BERTA, NOON, newcomer, one_more_point, person, run


def lived(database: Database, who: Pseudonym, runs: int, texts: int) -> None:
    """Give somebody so many finished dialogues and texts."""
    store = ParticipantStore(database)
    if not store.load([who]):
        store.save([newcomer(person(who))])
    before = len(runs_of(database, who))
    for number in range(before, before + runs):
        over = KeepRun(replace(run(), id=f"run {number}"), NOON + timedelta(days=number), ended=True)
        store.save([replace(one_more_point(store.load([who])[who]), runs=(over,))])
    said = tuple(KeepText(f"text {number}", NOON + timedelta(seconds=number)) for number in range(texts))
    store.save([replace(one_more_point(store.load([who])[who]), texts=said)])


def in_document(database: Database, who: Pseudonym) -> tuple[int, int]:
    found = database.clients.find_one({"_id": who})
    assert found is not None
    return len(found["game_history"]), len(found["message_history"])


def everything(database: Database) -> tuple[object, ...]:
    counted = database.clients.aggregate([*finished_runs(), {"$group": {"_id": "$participant", "n": {"$sum": 1}}}])
    return runs_of(database, ANNA), texts_of(database, ANNA), sorted((one["_id"], one["n"]) for one in counted)


@pytest.mark.parametrize(("runs", "texts"), [(MOST_RUNS, 3), (1, MOST_TEXTS), (MOST_RUNS, MOST_TEXTS)])
def test_what_is_over_is_moved_and_read_as_before(database: Database, runs: int, texts: int) -> None:
    lived(database, ANNA, runs, texts)
    lived(database, BERTA, 1, 1)
    before = everything(database)
    assert file_away(database, ANNA)
    assert in_document(database, ANNA) == (0, 0)
    assert everything(database) == before
    assert [one["_id"] for one in runs_of(database, ANNA)] == [f"run {number}" for number in range(runs)]
    assert len(texts_of(database, ANNA)) == texts


def test_a_few_stay_where_they_are(database: Database) -> None:
    lived(database, ANNA, MOST_RUNS - 1, MOST_TEXTS - 1)
    assert not file_away(database, ANNA)
    assert in_document(database, ANNA) == (MOST_RUNS - 1, MOST_TEXTS - 1)


def test_the_bot_goes_on_from_the_state_that_it_knew(database: Database) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    store = ParticipantStore(database)
    before = store.load([ANNA])[ANNA]
    file_away(database, ANNA)
    assert store.save([one_more_point(before)]) == {ANNA}, "whoever knew the document of before begins anew"
    after = store.load([ANNA])[ANNA]
    assert replace(after, version=before.version) == before


@pytest.mark.parametrize("stop_after", [1, 2])
def test_filing_that_breaks_off_is_done_again_without_doubles(
    database: Database, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    lived(database, ANNA, MOST_RUNS, MOST_TEXTS)
    before = everything(database)
    whole: Callable[..., None] = histories._insert
    calls = []

    def killed(*arguments: Any) -> None:
        calls.append(1)
        whole(*arguments)
        if len(calls) == stop_after:
            raise KeyboardInterrupt

    monkeypatch.setattr(histories, "_insert", killed)
    with pytest.raises(KeyboardInterrupt):
        file_away(database, ANNA)
    assert (runs_of(database, ANNA), texts_of(database, ANNA)) == before[:2]
    monkeypatch.setattr(histories, "_insert", whole)
    lived(database, ANNA, 1, 0)
    assert file_away(database, ANNA)
    assert len(runs_of(database, ANNA)) == MOST_RUNS + 1
    assert everything(database)[1] == before[1]


def test_nothing_of_somebody_who_is_erased_meanwhile_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(database, ANNA, MOST_RUNS, MOST_TEXTS)
    lived(database, BERTA, MOST_RUNS, MOST_TEXTS)
    file_away(database, BERTA)
    whole = histories._insert

    def erased_first(*arguments: Any) -> None:
        ParticipantStore(database).erase(ANNA)
        whole(*arguments)

    monkeypatch.setattr(histories, "_insert", erased_first)
    assert not file_away(database, ANNA)
    for name in ("game_history", "message_history"):
        assert {one["participant"] for one in database.database[name].find()} == {BERTA}


def test_what_is_filed_of_one_person_can_be_erased(database: Database) -> None:
    for who in (ANNA, BERTA):
        lived(database, who, MOST_RUNS, MOST_TEXTS)
        file_away(database, who)
    erase_history(database, ANNA)
    erase_history(database, ANNA)
    assert (runs_of(database, ANNA), texts_of(database, ANNA)) == ([], [])
    assert len(runs_of(database, BERTA)) == MOST_RUNS


def test_two_people_may_have_a_dialogue_of_the_same_id(database: Database) -> None:
    for who in (ANNA, BERTA):
        lived(database, who, MOST_RUNS, 0)
        file_away(database, who)
    assert [one["_id"] for one in runs_of(database, ANNA)] == [one["_id"] for one in runs_of(database, BERTA)]
    assert database.database["game_history"].count_documents({}) == 2 * MOST_RUNS


def test_odd_entries_and_equal_ones_are_kept_each_for_itself(database: Database) -> None:
    lived(database, ANNA, 0, 0)
    texts = ["plain", "plain", {"time": 5.0, "text": "ok"}, {"time": 5.0, "text": "ok"}]
    runs = [{"gameId": "a"}, {"gameId": "b"}, {"_id": "same", "gameId": "c"}, {"_id": "same", "gameId": "d"}]
    database.clients.update_one({"_id": ANNA}, {"$set": {"message_history": texts, "game_history": runs}})
    before = texts_of(database, ANNA), runs_of(database, ANNA)
    assert file_away(database, ANNA)
    assert sorted(str(one["text"]) for one in texts_of(database, ANNA)) == ["ok", "ok", "plain", "plain"]
    assert sorted(one["gameId"] for one in runs_of(database, ANNA)) == ["a", "b", "c", "d"]
    assert [sorted(map(str, one)) for one in before] == [
        sorted(map(str, one)) for one in (texts_of(database, ANNA), runs_of(database, ANNA))
    ]


def test_what_is_no_list_is_left_as_it_is(database: Database) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    database.clients.update_one({"_id": ANNA}, {"$set": {"message_history": "odd"}})
    assert file_away(database, ANNA)
    found = database.clients.find_one({"_id": ANNA}) or {}
    assert (found["game_history"], found["message_history"]) == ([], "odd")


def test_a_dialogue_that_stands_in_both_places_is_counted_once(database: Database) -> None:
    lived(database, ANNA, MOST_RUNS, 0)
    document = database.clients.find_one({"_id": ANNA}) or {}
    file_away(database, ANNA)
    database.clients.update_one({"_id": ANNA}, {"$set": {"game_history": document["game_history"]}})
    assert len(list(database.clients.aggregate(finished_runs()))) == len(runs_of(database, ANNA)) == MOST_RUNS
