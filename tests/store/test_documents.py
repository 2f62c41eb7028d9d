# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored of a participant is what is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bson import decode, encode
from bson.codec_options import CodecOptions
from hypothesis import given, settings
from hypothesis import strategies as some

from src.engine.effects import KeepRun
from src.engine.state import GivenAnswer, Participant
from src.store.documents import changes, new_document, participant_document, participant_from
from src.store.keys import key_of, name_of
from src.store.runs import history_document
from src.store.times import to_date, to_unix
from tests.store.people import ANNA, NOON, names, participants, person, run

_AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)

SEED_NAMES = set(
    "_id status language freq rhythm horari_relats timeshift_in_seconds points dnd game_dnd games_done current_game"
    " game_history message_history end_of_last_game_of_type_CT message_id".split()
)
SEED_NAMES_OF_A_FINISHED_DIALOGUE = set(
    "_id gameId players answers timestamps_answers timestamps_sent_messages ended start_time end_time skip_status"
    " skip_waiting custom_data".split()
)
SEED_NAMES_OF_THE_RUNNING_ONE = set("messages_ids last_message ignore ca_complete edit_msg_ident".split())


def through_the_wire(document: dict[str, Any]) -> dict[str, Any]:
    return decode(encode(document), _AWARE)


@settings(deadline=None, max_examples=300)
@given(participants)
def test_every_participant_comes_back_exactly(participant: Participant) -> None:
    document = through_the_wire(participant_document(participant))
    assert participant_from(document, "ca") == participant
    assert participant_document(participant_from(document, "ca")) == participant_document(participant)


@settings(deadline=None, max_examples=200)
@given(participants)
def test_no_key_means_something_to_mongodb(participant: Participant) -> None:
    def keys(value: object) -> list[str]:
        if isinstance(value, list):
            return [key for one in value for key in keys(one)]
        if isinstance(value, dict):
            return [*value, *(key for one in value.values() for key in keys(one))]
        return []

    for key in keys(new_document(participant)):
        assert key
        assert not key.startswith("$")
        assert "." not in key
        assert "\0" not in key


@given(names, names)
def test_a_name_can_be_told_from_its_key(name: str, other: str) -> None:
    assert name_of(key_of(name)) == name
    assert (key_of(name) == key_of(other)) == (name == other)


@given(some.text(alphabet="abcä 19_-%", min_size=1))
def test_ordinary_names_are_their_own_keys(name: str) -> None:
    assert key_of(name) == name or "%" in name


@settings(deadline=None, max_examples=200)
@given(participants, participants)
def test_changes_lead_from_one_state_to_the_other(before: Participant, after: Participant) -> None:
    after = replace(after, id=before.id)
    document = through_the_wire(participant_document(before))
    changed, removed = changes(before, after)
    for key in removed:
        del document[key]
    for key, value in changed.items():
        first, _, second = key.partition(".")
        (document[first] if second else document)[second or first] = value
    assert participant_from(through_the_wire(document), "ca") == after


def test_only_what_changed_is_written() -> None:
    before = replace(person(), run=run(), next_at=NOON)
    answered = run(answers=(GivenAnswer("hello", "ready", "yes", False, NOON, NOON),))
    after = replace(before, run=answered, next_at=None, version=2)
    changed, removed = changes(before, after)
    assert set(changed) == {
        "current_game.answers",
        "current_game.timestamps_answers",
        "current_game.given",
        "version",
    }
    assert set(removed) == {"next_at"}


def test_times_are_cut_to_the_millisecond_everywhere() -> None:
    finer = NOON + timedelta(microseconds=1999)
    cut = NOON + timedelta(milliseconds=1)
    exact, rough = replace(person(), next_at=finer), replace(person(), next_at=cut)
    assert participant_document(exact) == participant_document(rough)
    assert to_date(finer) == cut
    assert to_unix(finer) == NOON.timestamp() + 0.001


def test_the_seeds_names_are_kept() -> None:
    document = new_document(replace(person(), run=run()))
    assert set(document) >= SEED_NAMES
    assert set(document["current_game"]) >= SEED_NAMES_OF_A_FINISHED_DIALOGUE | SEED_NAMES_OF_THE_RUNNING_ONE
    finished = history_document(KeepRun(run(), NOON, ended=True), ANNA)
    assert set(finished) >= SEED_NAMES_OF_A_FINISHED_DIALOGUE
    assert not set(finished) & SEED_NAMES_OF_THE_RUNNING_ONE
    assert (finished["ended"], finished["end_time"]) == (True, NOON.timestamp())


def test_analysts_find_answers_by_name_and_saved_fields_as_they_know_them() -> None:
    answered = run(answers=(GivenAnswer("hello", "age", "25-34", False, NOON, NOON),), sent_at={"hello": NOON})
    document = participant_document(replace(person(), run=answered, fields={"edat": "25-34"}, rhythm=86400.0))
    assert document["edat"] == "25-34"
    assert document["rhythm"] == "86400"
    assert document["current_game"]["answers"] == {"age": "25-34"}
    assert document["current_game"]["timestamps_answers"] == {"age": NOON.timestamp()}
    assert document["current_game"]["timestamps_sent_messages"] == {"hello": NOON.timestamp()}
    assert document["current_game"]["last_message"] == {ANNA: "hello"}
