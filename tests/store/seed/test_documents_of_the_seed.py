# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents as years of a study leave them: everything that can be understood is, and nothing else is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import bson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from src.dialogues.names import normal
from src.dialogues.parse import parse_dialogue
from src.engine.state import Participant, Status
from src.identities import Pseudonym
from src.store.documents import new_document, participant_from
from src.store.seed.facts import Facts, Notes, Person
from src.store.seed.people import READERS, formed
from src.store.seed.values import time_in
from tests.dialogues.samples import button, document, message
from tests.store.people import ANNA, BERTA, NOON, participants

NUMBER, OTHER = 612_345_678, 698_765_432
ASK = message("SA", "Ready?", vars=[button("ready", "yes", "no")], next={"ready": {"yes": "age", "no": None}})
AGE = message("WA", "How old?", vars=["age"], input={"kind": "number", "next": "end"}, save="edat")
STORY = document({"ask": ASK, "age": AGE, "end": message(text="Thanks.")}, _id="història")
FACTS = Facts(
    zone=ZoneInfo("Europe/Madrid"),
    languages=("ca", "es"),
    default_language="ca",
    dialogues={"història": parse_dialogue(STORY)},
    saved=frozenset({"edat", "telefon"}),
    numbers={NUMBER: ANNA, OTHER: BERTA},
)
UNIX = NOON.timestamp()


def read(**fields: Any) -> tuple[dict[str, Any], Participant, Notes]:
    """Return a document in our form, the participant in it, and what was noted."""
    notes = Notes()
    own = formed({"_id": ANNA, **fields}, Person(ANNA, NUMBER), FACTS, notes)
    bson.encode(own)
    return own, participant_from(own, "ca"), notes


@pytest.mark.parametrize(
    ("field", "values", "expected"),
    [
        ("status", (1, "1", 1.0, "INBOT", "Status.INBOT", "in_bot"), Status.ACTIVE),
        ("language", ("es", "ES", "es_ES", "es-419", "Español", "castellano"), "es"),
        ("freq", (48, "48", "48h", "48 hores", 48.0, "48,0"), "48"),
        ("rhythm", (172800, "172800", "172800.0", "48h", "2 days, 0:00:00"), 172_800.0),
        ("horari_relats", ("MD", "md", " Md "), "MD"),
        ("timeshift_in_seconds", (-3600, "-3600", -3600.0, "-3600.0"), -3600),
        ("points", (2.5, "2.5", "2,5"), 2.5),
        ("message_id", (77, "77", 77.0), 77),
        ("games_done", (["a", "b"], {"a": 1, "b": True, "c": 0}, "a, b", [{"gameId": "a"}, None, "b"]), ("a", "b")),
    ],
)
def test_a_field_is_read_in_every_way_it_was_written(field: str, values: tuple[Any, ...], expected: object) -> None:
    names = {"horari_relats": "part_of_day", "timeshift_in_seconds": "timeshift", "message_id": "last_message_id"}
    for value in values:
        own, participant, notes = read(**{field: value})
        assert getattr(participant, names.get(field, {"games_done": "done"}.get(field, field))) == expected
        assert type(own[field]) in (int, str, float, list)
        assert not notes.unread


@pytest.mark.parametrize(
    "value", [object, "?", [], {"a": 1}, float("nan"), 1e300, -7, True, "", b"x", "1e999", "9" * 40]
)
@pytest.mark.parametrize("field", READERS)
def test_what_makes_no_sense_gets_a_default_and_is_kept_beside(field: str, value: Any) -> None:
    own, participant, notes = read(**{field: value if value is not object else datetime(2021, 5, 3, tzinfo=UTC)})
    assert participant.status in (Status.START, Status.DOWN)
    if field in own.get("as_left", {}):
        assert notes.unread == {f"the field {field}": 1}
        assert str(own["as_left"][field]) == str(value if value is not object else own["as_left"][field])
    assert formed(own, Person(ANNA, NUMBER), FACTS, Notes()) == own or value != value


@pytest.mark.parametrize(
    "value",
    [
        UNIX,
        str(UNIX),
        UNIX * 1000,
        NOON,
        NOON.replace(tzinfo=None),
        "2026-03-01 13:00:00",
        "2026-03-01T12:00:00Z",
        "2026-03-01T13:00:00+01:00",
        "01/03/2026 13:00",
        "1-03-2026 13:00:00",
        "Sun Mar  1 13:00:00 2026",
        [1, UNIX],
    ],
)
def test_a_moment_is_read_in_every_form(value: object) -> None:
    assert time_in(value, FACTS.zone) == NOON


def test_hours_alone_make_the_rhythm_and_history_alone_what_is_done() -> None:
    own, participant, _ = read(freq=72, game_history=[{"gameId": "a", "ended": True}, {"gameId": "lang"}, "història"])
    assert (participant.rhythm, participant.done) == (259_200.0, ("a", "història"))
    assert [one["gameId"] for one in own["game_history"]] == ["a", "lang", "història"]
    assert len({one["_id"] for one in own["game_history"]}) == 3


def in_progress(**parts: Any) -> dict[str, Any]:
    """Return a dialogue of the seed, running."""
    plain = {
        "_id": "0b0f",
        "gameId": "histo\u0300ria",  # as files made on macOS have it
        "players": [ANNA],
        "answers": {ANNA: {"ready": "yes"}},
        "timestamps_answers": {ANNA: {"ready": UNIX}},
        "timestamps_sent_messages": {ANNA: {"ask": UNIX - 5}},
        "start_time": UNIX - 9,
        "last_message": {ANNA: "age"},
        "edit_msg_ident": {ANNA: None},
    }
    return plain | parts


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"answers": {"ready": "yes"}, "timestamps_answers": {"ready": UNIX}},
        {"answers": {str(NUMBER): {"ready": "yes"}}, "last_message": {str(NUMBER): "age"}},
        {"timestamps_answers": {ANNA: {"ask.ready": UNIX}}},
        {"timestamps_answers": {ANNA: {str(UNIX): "ready"}}},
        {"timestamps_answers": {"ready.0": "2026-03-01 13:00:00"}},
        {"last_message": "age", "players": [NUMBER], "gameId": None, "game_id": "història"},
        {"edit_msg_ident": {ANNA: [NUMBER, 77]}},
        {"edit_msg_ident": {str(NUMBER): f"({NUMBER}, 77)"}},
        {"edit_msg_ident": [NUMBER, 77]},
        {"messages_ids": {ANNA: [75, 76, 77]}},
        {"edit_msg_ident": {ANNA: {"chat_id": NUMBER, "message_id": 77}}},
    ],
)
def test_a_running_dialogue_is_read_however_it_was_keyed(parts: dict[str, Any]) -> None:
    own, participant, notes = read(status=1, current_game=in_progress(**parts))
    run = participant.run
    assert run is not None
    assert not notes.unread
    assert (run.dialogue, run.at, run.started_at) == ("història", "age", NOON - timedelta(seconds=9))
    assert run.question == (77 if {"edit_msg_ident", "messages_ids"} & set(parts) else None)
    (answer,) = run.answers
    assert (answer.message, answer.name, answer.value, answer.answered_at) == ("ask", "ready", "yes", NOON)
    assert answer.asked_at == NOON - timedelta(seconds=5)
    assert str(NUMBER) not in str(own)


def test_answers_that_are_no_texts_become_texts() -> None:
    answers = {"ready": True, "age": 31, "list": ["a", "b"], "deep": {"x": 1}, "none": None}
    _, participant, _ = read(current_game=in_progress(answers={ANNA: answers}))
    assert participant.run is not None
    texts = participant.run.answer_texts()
    assert (texts["ready"], texts["age"], "none" in texts) == ("True", "31", False)
    assert (json.loads(texts["list"]), json.loads(texts["deep"])) == (["a", "b"], {"x": 1})


@pytest.mark.parametrize(
    ("for_two", "kept"),
    [
        ({BERTA: ()}, {"answers": {BERTA: {"ready": "no"}}}),  # nothing of it in her own document: kept here
        ({BERTA: ("0b0f",)}, None),  # she tells of it herself
        ({}, None),  # she has been erased
    ],
)
def test_what_the_other_said_in_a_dialogue_for_two_is_kept_once(for_two: dict[str, Any], kept: object) -> None:
    answers = {str(NUMBER): {"ready": "yes"}, str(OTHER): {"ready": "no"}}
    both = in_progress(players=[NUMBER, OTHER], answers=answers, timestamps_answers={}, ended=True)
    notes = Notes()
    document = {"_id": ANNA, "game_history": [both, both, both | {"start_time": UNIX}]}
    own = formed(document, Person(ANNA, NUMBER), replace(FACTS, for_two=for_two), notes)
    first, second = own["game_history"]
    assert (first["answers"], first["players"]) == ({"ready": "yes"}, [ANNA, BERTA])
    assert first.get("as_left") == kept
    assert first["_id"] != second["_id"]
    assert set(notes.unread) == ({"answers of a finished dialogue, or of its other player"} if kept else set())
    assert str(OTHER) not in str(own)


def test_what_telegram_told_of_a_person_goes_and_what_they_answered_stays() -> None:
    own, _, notes = read(
        first_name="Núria",
        username="nuria",
        phone="+34 612 34 56 78",
        chat_id=NUMBER,
        anything=str(NUMBER),
        telefon="+34 612 34 56 78",
        edat=31,
        counts={"a.b": 1},
        custom_data={"seen": [NUMBER]},
    )
    assert own["telefon"] == "+34 612 34 56 78"
    assert (own["edat"], own["counts"]) == ("31", {"a.b": 1})
    text = str(own).replace("+34 612 34 56 78", "", 1)
    assert [each for each in ("Núria", "nuria", str(NUMBER), "+34") if each in text] == []
    assert notes.changed["names and numbers of Telegram go"] > 0


def test_of_what_people_wrote_the_text_stays_and_the_time() -> None:
    sender = {"id": NUMBER, "first_name": "Núria"}
    press = {"id": "1", "from": sender, "message": {"chat": sender, "date": int(UNIX)}, "data": "yes"}
    own, _, notes = read(
        message_history=[
            {"time": UNIX, "text": "hola"},
            {"message_id": 1, "from": sender, "chat": sender, "date": int(UNIX), "text": "bon dia"},
            press,
            {"message_id": 2, "from": sender, "chat": sender, "date": int(UNIX), "sticker": {"emoji": "x"}},
            "adeu",
            [UNIX, "tard"],
            {"msg": "ja", "timestamp": "2026-03-01 13:00:00"},
            {"time": UNIX, "text": "/admin open sesame"},
            {"odd": 1},
            None,
        ]
    )
    kept = [(one["time"], one["text"]) for one in own["message_history"]]
    assert kept[:3] == [(UNIX, "hola"), (UNIX, "bon dia"), (UNIX, "yes")]
    assert kept[3:6] == [(None, "adeu"), (UNIX, "tard"), (UNIX, "ja")]
    assert (len(kept), kept[7]) == (8, (None, '{"odd": 1}'))
    assert "sesame" not in str(own)
    assert "Núria" not in str(own)
    assert notes.changed["messages without a text go, such as stickers and pictures"] == 1


@pytest.mark.parametrize("is_done", [True, False])
def test_a_dialogue_that_had_ended_is_finished_once(is_done: bool) -> None:
    own, participant, _ = read(games_done=["història"] if is_done else [], current_game=in_progress(ended=True))
    assert len(own["game_history"]) == is_done
    assert (participant.run is None) is is_done
    assert participant.run is None or participant.run.over


def test_a_dialogue_that_stands_in_the_history_does_not_run_any_more() -> None:
    own, participant, _ = read(current_game=in_progress(), game_history=[in_progress(ended=True)])
    assert (participant.run, len(own["game_history"])) == (None, 1)


def possible(one: Participant) -> Participant:
    """Return somebody as our bot could have written them in this study."""
    done = tuple(normal(name) for name in one.done if name)
    plain = replace(one, language="es", part_of_day="Ma", freq="24", done=done, story_ended_at=NOON)
    return replace(plain, timeshift=one.timeshift % 40_000, rhythm=min(one.rhythm, 3e7))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(participants.map(possible))
def test_a_document_of_ours_is_left_as_it_is(one: Participant) -> None:
    mine: dict[str, Any] = bson.decode(bson.encode(new_document(one)), bson.codec_options.CodecOptions(tz_aware=True))
    notes = Notes()
    own = formed(mine, Person(one.id, NUMBER), FACTS, notes)
    assert participant_from(own, "ca") == participant_from(mine, "ca")
    assert notes.unread == {}


leaves = some.none() | some.booleans() | some.integers(-(2**60), 2**60) | some.floats() | some.text(max_size=9)
leaves |= some.sampled_from([ANNA, str(NUMBER), NUMBER, UNIX, str(UNIX), "ask", "age", "ready", "yes", "història"])
keys = some.sampled_from([ANNA, str(NUMBER), "ready", "a.b", "text", "time", "gameId", "ended", "_id", "players"])
anything = some.recursive(
    leaves, lambda each: some.lists(each, max_size=3) | some.dictionaries(keys, each, max_size=3), max_leaves=9
)
fields = some.sampled_from([*READERS, "current_game", "game_history", "message_history", "edat", "as_left", "other"])
games = some.dictionaries(some.sampled_from(list(in_progress())), anything).map(lambda parts: in_progress(**parts))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.dictionaries(fields, anything), some.none() | games, some.lists(games | anything, max_size=3))
def test_nothing_that_stands_anywhere_stops_the_reading_and_a_second_time_changes_nothing(
    left: dict[str, Any], running: Any, finished: list[Any]
) -> None:
    own, participant, _ = read(**{**left, "current_game": running, "game_history": finished})
    assert participant.id == ANNA
    again, person = formed(own, Person(ANNA, NUMBER), FACTS, Notes()), Pseudonym(ANNA)
    assert bson.encode(again) == bson.encode(own), person
