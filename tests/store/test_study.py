# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialogues are uploaded all or none, and whoever is in the middle of one stays with what they began."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from src.dialogues.parse import parse_dialogue, revision_of
from src.engine.study import Rules
from src.errors import DatabaseAway
from src.store import study as study_module
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.study import StudyStore
from tests.store.people import ANNA, NOON, newcomer, person

RULES = Rules(
    languages=("ca", "en"),
    default_language="ca",
    timezone=ZoneInfo("Europe/Madrid"),
    quiet_from=time(21),
    quiet_until=time(7),
    reading_pause=len,
)


def dialogue(name: str, text: str = "Hola") -> dict[str, Any]:
    """Return a document as an author would write it, with keys that MongoDB might stumble over."""
    button = {"name": "a.b", "type": "button", "texts": [{"ca": "Sí."}, {"ca": "$"}], "values": ["sí.", "$x"]}
    return {
        "_id": name,
        "title": "capacitation",
        "initial_messages": ["1"],
        "points": ["1"],
        "messages": {
            "1": {
                "type": "SA",
                "text": {"ca": text},
                "vars": [button],
                "wait": None,
                "next": {"a.b": {"sí.": "2", "$x": "2"}},
            },
            "2": {"type": "NA", "text": {"ca": "Adéu"}, "wait": None, "next": None},
        },
    }


@pytest.fixture
def store(database: Database, monkeypatch: pytest.MonkeyPatch) -> StudyStore:
    monkeypatch.setattr(study_module, "_SECONDS_BETWEEN_LOOKS", 0.0)
    return StudyStore(database)


def test_an_empty_database_has_an_empty_study(store: StudyStore) -> None:
    study = store.current(RULES)
    assert (study.dialogues, study.sequence, study.rules) == ({}, (), RULES)


def test_what_is_uploaded_is_what_is_played(store: StudyStore) -> None:
    documents = [dialogue("welcome"), dialogue("més.1")]
    assert store.upload_dialogues(documents, NOON).added == ("welcome", "més.1")
    store.upload_sequence(["més.1"], NOON)
    study = store.current(RULES)
    assert study.dialogues == {one["_id"]: parse_dialogue(one) for one in documents}
    assert study.sequence == ("més.1",)
    assert store.documents() == documents


def test_an_upload_adds_and_changes_or_replaces_all(store: StudyStore) -> None:
    store.upload_dialogues([dialogue("a"), dialogue("b")], NOON)
    second = store.upload_dialogues([dialogue("b", "other"), dialogue("c")], NOON)
    assert (second.added, second.changed, second.removed, second.unchanged) == (("c",), ("b",), (), ("a",))
    third = store.upload_dialogues([dialogue("c")], NOON, replace_all=True)
    assert (third.added, third.changed, third.removed, third.unchanged) == ((), (), ("a", "b"), ("c",))
    assert set(store.current(RULES).dialogues) == {"c"}


def test_other_processes_see_an_upload(store: StudyStore, database: Database) -> None:
    reader = StudyStore(database)
    assert reader.current(RULES).dialogues == {}
    store.upload_dialogues([dialogue("a")], NOON)
    assert set(reader.current(RULES).dialogues) == {"a"}
    store.upload_sequence(["a"], NOON)
    assert reader.current(RULES).sequence == ("a",)


def test_without_news_the_study_is_the_same_one_and_nothing_is_read_again(
    store: StudyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.upload_dialogues([dialogue("a")], NOON)
    study = store.current(RULES)
    assert store.current(RULES) is study
    assert store.current(replace(RULES, developer=True)).rules.developer
    monkeypatch.setattr(study_module, "_SECONDS_BETWEEN_LOOKS", 60.0)
    store.current(RULES)
    monkeypatch.setattr(store, "_look", lambda: pytest.fail("the database was asked"))
    store.current(RULES)


def test_older_revisions_can_be_had_as_long_as_somebody_asks(store: StudyStore) -> None:
    old, new = dialogue("a"), dialogue("a", "other")
    store.upload_dialogues([old], NOON)
    store.upload_dialogues([new], NOON)
    study = store.current(RULES, [revision_of(old), ""])
    assert study.revisions == {revision_of(one): parse_dialogue(one) for one in (old, new)}
    assert study.dialogues == {"a": parse_dialogue(new)}
    assert set(store.current(RULES).revisions) == {revision_of(new)}


def test_a_missing_revision_is_left_out_and_logged_once(store: StudyStore, caplog: pytest.LogCaptureFixture) -> None:
    store.upload_dialogues([dialogue("a")], NOON)
    for _ in range(3):
        assert "feed" not in store.current(RULES, ["feed"]).revisions
    assert len([line for line in caplog.messages if "feed" in line]) == 1


def test_the_copy_in_the_seeds_form_is_the_study(store: StudyStore, database: Database) -> None:
    store.upload_dialogues([dialogue("a"), dialogue("b")], NOON)
    database.games.delete_one({"_id": "a"})
    database.games.insert_one({"_id": "left over"})
    store.upload_dialogues([dialogue("b", "other")], NOON)
    assert list(database.games.find(sort=[("_id", 1)])) == [dialogue("a"), dialogue("b", "other")]


def test_an_upload_that_dies_before_the_end_has_changed_nothing(
    store: StudyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.upload_dialogues([dialogue("a")], NOON)

    def away(*_: object) -> bool:
        raise DatabaseAway("away")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_written", away)
        with pytest.raises(DatabaseAway):
            store.upload_dialogues([dialogue("a", "other"), dialogue("b")], NOON)
    assert store.current(RULES).dialogues == {"a": parse_dialogue(dialogue("a"))}


def test_uploads_at_the_same_time_do_not_overwrite_each_other(database: Database) -> None:
    names = [f"d{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: StudyStore(database).upload_dialogues([dialogue(name)], NOON), names))
    assert set(StudyStore(database).current(RULES).dialogues) == set(names)


def test_a_database_of_the_seed_is_taken_over(
    store: StudyStore, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.games.insert_many([dialogue("a"), dialogue("b"), {"_id": "no dialogue"}])
    database.bot.insert_one({"_id": "x", "names_relatos": ["b", "a"], "busy": ["x", "y", "z"]})
    study = store.current(RULES)
    assert study.dialogues == {name: parse_dialogue(dialogue(name)) for name in ("a", "b")}
    assert study.sequence == ("b", "a")
    assert store.contents().version == 1
    store.current(RULES)
    assert len([line for line in caplog.messages if "cannot be used" in line]) == 1


def test_names_are_compared_in_one_form(store: StudyStore) -> None:
    composed, decomposed = "més", "me\u0301s"
    store.upload_dialogues([dialogue(decomposed)], NOON)
    store.upload_sequence([decomposed], NOON)
    study = store.current(RULES)
    assert set(study.dialogues) == {composed}
    assert study.sequence == (composed,)
    store.upload_dialogues([dialogue(composed)], NOON)
    assert set(store.current(RULES).dialogues) == {composed}


def test_after_an_upload_people_with_nothing_planned_go_on(store: StudyStore, database: Database) -> None:
    people = ParticipantStore(database)
    people.save([newcomer(person())])
    assert store.upload_dialogues([dialogue("a")], NOON).going_on == 1
    assert people.due(NOON, 5) == [(ANNA, NOON)]
    assert store.upload_sequence(["a"], NOON) == 0


def test_the_same_upload_again_changes_nothing(store: StudyStore) -> None:
    store.upload_dialogues([dialogue("a")], NOON)
    version = store.contents().version
    with_log = store.upload_dialogues([dialogue("a")], NOON)
    assert with_log.unchanged == ("a",)
    assert store.contents().version == version
    assert logging.getLogger(study_module.__name__).name == "src.store.study"
