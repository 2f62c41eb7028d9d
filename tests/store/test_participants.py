# SPDX-License-Identifier: GPL-3.0-or-later
"""Participants are saved in one piece, or not at all when somebody else was faster."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pymongo
import pytest
from hypothesis import HealthCheck, given, settings
from pymongo import monitoring

from src.engine.effects import KeepRun, KeepText
from src.engine.state import Participant
from src.errors import BotError, NotKept
from src.identities import Pseudonym
from src.service.ports import Participants, Saving
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.takeover import plan_idle
from tests.store.people import (
    ANNA,
    BERTA,
    NOON,
    newcomer,
    number,
    one_more_point,
    participants,
    person,
    run,
)


@pytest.fixture
def store(database: Database) -> Participants:
    return ParticipantStore(database)


def test_a_newcomer_is_stored_once(store: Participants) -> None:
    assert store.load([ANNA]) == {}
    assert store.save([newcomer(person())]) == frozenset()
    assert store.save([newcomer(replace(person(), points=9.0))]) == {ANNA}
    assert store.load([ANNA, BERTA]) == {ANNA: person()}


def test_whoever_comes_second_is_told_and_changes_nothing(store: Participants) -> None:
    store.save([newcomer(person())])
    assert store.save([one_more_point(person())]) == frozenset()
    assert store.save([one_more_point(person())]) == {ANNA}
    assert store.load([ANNA])[ANNA] == replace(person(), points=1.0, version=2)


def test_somebody_erased_in_the_meantime_is_not_made_anew(store: Participants, database: Database) -> None:
    store.save([newcomer(person())])
    database.clients.delete_one({"_id": ANNA})
    assert store.save([one_more_point(person())]) == {ANNA}
    assert store.load([ANNA]) == {}


def test_of_many_savings_only_those_that_came_too_late_are_named(store: Participants) -> None:
    people = [person(number(place)) for place in range(50)]
    assert store.save([newcomer(one) for one in people]) == frozenset()
    assert store.save([one_more_point(one) for one in people[:10]]) == frozenset()
    late = store.save([one_more_point(one) for one in people] + [newcomer(person(ANNA))])
    assert late == {one.id for one in people[:10]}
    assert all(one.points == 1 for one in store.load([one.id for one in people]).values())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(participants, participants)
def test_any_state_is_stored_and_changed_exactly(
    store: Participants, database: Database, first: Participant, second: Participant
) -> None:
    database.clients.delete_many({})
    first, second = replace(first, version=1), replace(second, id=first.id, version=2)
    assert store.save([newcomer(first)]) == frozenset()
    assert store.load([first.id]) == {first.id: first}
    assert store.save([Saving(first, second)]) == frozenset()
    assert store.load([first.id]) == {first.id: second}


def test_histories_grow_and_are_not_loaded(store: Participants, database: Database) -> None:
    first = replace(newcomer(person()), texts=(KeepText("hola", NOON),))
    store.save([first])
    finished = KeepRun(run(), NOON, ended=True)
    again = replace(one_more_point(person()), runs=(finished,), texts=(KeepText("a", NOON), KeepText("b", NOON)))
    store.save([again])
    stored = database.clients.find_one({"_id": ANNA})
    assert stored is not None
    assert [one["text"] for one in stored["message_history"]] == ["hola", "a", "b"]
    assert [one["gameId"] for one in stored["game_history"]] == ["welcome"]
    assert stored["message_history"][0]["time"] == NOON.timestamp()


def test_threads_that_save_the_same_people_lose_no_point(store: Participants) -> None:
    people = [number(place) for place in range(3)]
    store.save([newcomer(person(who)) for who in people])

    def twenty_points(_: int) -> None:
        missing = dict.fromkeys(people, 20)
        while any(missing.values()):
            wanted = [who for who in people if missing[who]]
            savings = [one_more_point(one) for one in store.load(wanted).values()]
            late = store.save(savings)
            for saving in savings:
                missing[saving.before.id] -= saving.before.id not in late

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(twenty_points, range(8)))
    assert {one.points for one in store.load(people).values()} == {160.0}
    assert {one.version for one in store.load(people).values()} == {161}


def test_a_write_that_was_done_without_an_answer_is_known_as_ours(
    store: ParticipantStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save([newcomer(person())])
    write = store._write
    # The first attempt is carried out, but its answer is lost with the server; the client sends it once more.
    monkeypatch.setattr(store, "_write", lambda updates: (write(updates), write(updates))[1])
    saving = replace(one_more_point(person()), texts=(KeepText("hola", NOON),))
    assert store.save([saving]) == frozenset()
    assert store.save([newcomer(person(BERTA))]) == frozenset()
    stored = database.clients.find_one({"_id": ANNA})
    assert stored is not None
    assert (stored["points"], stored["version"], len(stored["message_history"])) == (1.0, 2, 1)


def test_whoever_was_built_upon_before_they_could_look_is_told_to_begin_anew(
    store: ParticipantStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save([newcomer(person())])
    other, write, saving = ParticipantStore(database), store._write, one_more_point(person())

    def answer_lost(updates: list[pymongo.UpdateOne]) -> tuple[int, list[int]]:
        write(updates)
        assert other.save([one_more_point(saving.after)]) == frozenset()
        return write(updates)

    monkeypatch.setattr(store, "_write", answer_lost)
    assert store.save([saving]) == {ANNA}
    assert store.load([ANNA])[ANNA].points == 2.0


@pytest.mark.parametrize(
    ("moved_before", "then", "lost"),
    [
        (1, "built upon", {0}),  # the usual case: one was moved, and another one built upon before we could look
        (1, "erased", {0}),
        (2, "built upon", {0, 1}),  # which of the two was it? Both begin anew
        (0, "built upon", set()),
    ],
)
def test_who_was_written_and_built_upon_at_once_is_told_from_who_was_overtaken(
    store: ParticipantStore,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    moved_before: int,
    then: str,
    lost: set[int],
) -> None:
    people = [person(number(place)) for place in range(3)]
    store.save([newcomer(one) for one in people])
    other = ParticipantStore(database)

    def moves(who: Pseudonym) -> None:
        assert not other.save([one_more_point(other.load([who])[who])])

    look = store._lost

    def meddled(*arguments: Any) -> frozenset[Pseudonym]:
        moves(people[1].id) if then == "built upon" else other.erase(people[1].id)
        return look(*arguments)

    for _ in range(moved_before):
        moves(people[0].id)
    monkeypatch.setattr(store, "_lost", meddled)
    late = store.save([one_more_point(one) for one in people])
    assert late == {people[place].id for place in lost}


def test_a_document_that_somebody_made_odd_stops_nobody_else(store: Participants, database: Database) -> None:
    store.save([newcomer(person()), newcomer(person(BERTA))])
    database.clients.update_one({"_id": ANNA}, {"$set": {"message_history": "odd"}})
    said = (KeepText("hola", NOON),)
    with pytest.raises(NotKept) as refusal:
        store.save([replace(one_more_point(person(who)), texts=said) for who in (ANNA, BERTA)])
    assert refusal.value.who == {ANNA}
    assert store.load([BERTA])[BERTA].points == 1.0


def test_an_erased_participant_is_gone_with_all_histories(store: Participants, database: Database) -> None:
    store.save([replace(newcomer(person()), texts=(KeepText("hola", NOON),)), newcomer(person(BERTA))])
    store.erase(ANNA)
    store.erase(ANNA)
    assert set(store.load([ANNA, BERTA])) == {BERTA}
    assert database.clients.count_documents({}) == 1


def test_who_is_due_comes_in_the_order_of_time(store: Participants) -> None:
    late, early, later = NOON - timedelta(hours=1), NOON - timedelta(hours=2), NOON + timedelta(seconds=1)
    for place, time in enumerate((late, later, None, early)):
        store.save([newcomer(replace(person(number(place)), next_at=time))])
    assert store.due(NOON, 10) == [(number(3), early), (number(0), late)]
    assert store.due(NOON, 1) == [(number(3), early)]


def test_who_is_due_is_asked_of_the_index(store: Participants, database: Database) -> None:
    store.save([newcomer(replace(person(), next_at=NOON))])
    plan = database.clients.find({"next_at": {"$lte": NOON}}, {"next_at": 1}).limit(5).explain()
    assert "IXSCAN" in repr(plan["queryPlanner"]["winningPlan"])


def test_a_batch_is_one_request(database: Database) -> None:
    commands: list[str] = []

    class Listener(monitoring.CommandListener):
        def started(self, event: monitoring.CommandStartedEvent) -> None:
            commands.append(event.command_name)

        def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

        def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    host, port = database.database.client.address or ("", 0)
    with pymongo.MongoClient[dict[str, Any]](
        host, port, directConnection=True, tz_aware=True, event_listeners=[Listener()]
    ) as client:
        store = ParticipantStore(Database(client, database.database.name, "The database", None))
        people = [person(number(place)) for place in range(30)]
        store.save([newcomer(one) for one in people])
        store.save([one_more_point(one) for one in people])
    assert commands.count("update") == 2
    assert "find" not in commands


def test_people_with_nothing_planned_go_on_when_there_is_news(store: Participants) -> None:
    waiting = replace(person(number(1)), dialogue_at=NOON + timedelta(hours=3))
    planned = replace(person(number(2)), next_at=NOON + timedelta(hours=9))
    busy = replace(person(number(3)), run=run())
    for one in (person(), waiting, planned, busy):
        store.save([newcomer(one)])
    assert plan_idle(store._database, NOON) == 2  # type: ignore[attr-defined]
    assert dict(store.due(NOON + timedelta(days=1), 10)) == {
        ANNA: NOON,
        number(1): NOON + timedelta(hours=3),
        number(2): NOON + timedelta(hours=9),
    }
    assert store.load([ANNA])[ANNA].version == 2


def test_a_document_that_is_too_large_is_refused_without_a_word_of_it(store: Participants) -> None:
    store.save([newcomer(person())])
    secret = "what somebody wrote "
    saving = replace(one_more_point(person()), texts=(KeepText(secret * 900_000, NOON),))
    with pytest.raises(BotError) as refusal:
        store.save([saving])
    assert "what somebody wrote" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert store.load([ANNA])[ANNA] == person()
