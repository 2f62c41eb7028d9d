# SPDX-License-Identifier: GPL-3.0-or-later
"""Participants whom the seed project left are taken over as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from src.engine.state import Participant, Status
from src.service.ports import Saving
from src.store.database import Database
from src.store.documents import participant_from
from src.store.participants import ParticipantStore
from src.store.takeover import adopt, plan_idle
from src.store.times import to_unix
from tests.store.people import ANNA, BERTA, NOON


def in_the_middle() -> dict[str, Any]:
    """Return a participant of the seed project in the middle of a dialogue."""
    return {
        "_id": ANNA,
        "status": 1,
        "language": "es",
        "freq": 48,
        "rhythm": 172800,
        "points": 3,
        "games_done": ["welcome"],
        "edat": "25-34",
        "number_of_something": 7,
        "end_of_last_game_of_type_CT": to_unix(NOON),
        "current_game": {
            "_id": "0b0f",
            "gameId": "C9M1",
            "players": [ANNA],
            "answers": {ANNA: {"agree": "yes", "often": 2}},
            "timestamps_answers": {ANNA: {"agree": to_unix(NOON)}},
            "timestamps_sent_messages": {"1": to_unix(NOON)},
            "start_time": to_unix(NOON),
            "last_message": {ANNA: "2"},
            "edit_msg_ident": {ANNA: [123456789, 77]},
            "custom_data": {"kept": "as it is"},
        },
    }


def test_somebody_in_the_middle_of_a_dialogue_is_at_the_same_message() -> None:
    found = participant_from(in_the_middle(), "ca")
    assert (found.status, found.language, found.freq, found.rhythm) == (Status.ACTIVE, "es", "48", 172800.0)
    assert (found.points, found.done, found.fields) == (3.0, ("welcome",), {"edat": "25-34"})
    assert found.run is not None
    assert (found.run.dialogue, found.run.at, found.run.question, found.run.revision) == ("C9M1", "2", 77, "")
    assert found.run.answer_texts() == {"agree": "yes", "often": "2"}
    assert found.dialogue_at == NOON + timedelta(hours=48)


def test_an_empty_document_gets_defaults() -> None:
    assert participant_from({"_id": ANNA}, "ca") == Participant(id=ANNA, language="ca")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current_game", "nonsense"),
        ("current_game", {"gameId": "C9M1"}),
        ("games_done", None),
        ("rhythm", "often"),
        ("rhythm", "nan"),
        ("rhythm", 1e300),
        ("end_of_last_game_of_type_CT", "yesterday"),
        ("end_of_last_game_of_type_CT", 1e300),
        ("message_id", None),
        ("outbox", [{"kind": "pigeon"}]),
        ("points", None),
        ("timeshift_in_seconds", "east"),
    ],
)
def test_odd_values_get_defaults_too(field: str, value: object) -> None:
    found = participant_from({"_id": ANNA, "end_of_last_game_of_type_CT": 1.0, field: value}, "ca")
    assert (found.run, found.done, found.points, found.outbox) == (None, (), 0.0, ())


@pytest.mark.parametrize(("value", "status"), [(None, Status.START), ("1", Status.ACTIVE), (4, Status.DOWN)])
def test_an_unknown_status_is_no_consent(value: object, status: Status) -> None:
    assert participant_from({"_id": ANNA, "status": value}, "ca").status is status


def test_what_we_do_not_know_stays_untouched(database: Database) -> None:
    database.clients.insert_one(in_the_middle())
    store = ParticipantStore(database)
    before = store.load([ANNA])[ANNA]
    assert before.version == 1
    assert before.run is not None
    run = replace(before.run, at="3", question=78)
    after = replace(before, run=run, points=4.0, rhythm=3600.0, version=2)
    assert store.save([Saving(before, after)]) == frozenset()
    stored = database.clients.find_one({"_id": ANNA})
    assert stored is not None
    assert stored["number_of_something"] == 7
    assert stored["current_game"]["custom_data"] == {"kept": "as it is"}
    assert stored["current_game"]["last_message"] == {ANNA: "3"}
    assert "123456789" not in repr(stored)
    assert store.load([ANNA])[ANNA] == after


def test_idle_people_of_the_seed_go_on_when_their_rhythm_says_so(database: Database) -> None:
    idle = in_the_middle() | {"current_game": None}
    database.clients.insert_many([idle, idle | {"_id": BERTA, "status": 2}])
    assert adopt(database) == 2
    assert adopt(database) == 0
    assert plan_idle(database, NOON) == 1
    store = ParticipantStore(database)
    assert store.due(NOON, 10) == [(ANNA, NOON)]
    assert store.load([ANNA])[ANNA].dialogue_at == NOON + timedelta(hours=48)
