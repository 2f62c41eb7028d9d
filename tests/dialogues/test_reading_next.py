# SPDX-License-Identifier: GPL-3.0-or-later
"""How `next` is read in all its forms, how `input` is, and the seed's own typed answers."""

from __future__ import annotations

from typing import Any

import pytest

from src.dialogues.model import Choice, Input, InputKind, Message
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from tests.dialogues.samples import button, document, message, parsed, parsed_message


@pytest.mark.parametrize("written", [None, ""])
def test_null_is_the_end(written: object) -> None:
    assert parsed_message(next=written).next is None


@pytest.mark.parametrize(("written", "meant"), [("two", "two"), (3, "3")])
def test_a_string_is_a_message(written: object, meant: str) -> None:
    assert parsed_message(next=written).next == meant


def test_a_choice_leads_from_each_value_to_a_message_or_the_end() -> None:
    one = parsed_message(next={"ready": {"yes": "two", "no": None}})
    assert one.next == Choice("ready", {"yes": "two", "no": None})


def test_a_choice_may_hold_further_choices() -> None:
    one = parsed_message(next={"a": {"x": {"b": {"y": {"c": {"z": "end"}}}}, "w": None}})
    inner = Choice("b", {"y": Choice("c", {"z": "end"})})
    assert one.next == Choice("a", {"x": inner, "w": None})


def test_replace_variable_names_the_answer_to_choose_by() -> None:
    one = parsed_message(next={"replace_variable": "sex", "sex": {"f": "two"}})
    assert one.next == Choice("sex", {"f": "two"}, replaces=True)


def test_replace_variable_chooses_among_several_keys() -> None:
    one = parsed_message(next={"now": {"x": "three"}, "replace_variable": "sex", "sex": {"f": "two"}})
    assert one.next == Choice("sex", {"f": "two"}, replaces=True)


def test_replace_variable_works_inside_a_choice_too() -> None:
    one = parsed_message(next={"a": {"x": {"replace_variable": "b", "b": {"y": "two"}}}})
    assert one.next == Choice("a", {"x": Choice("b", {"y": "two"}, replaces=True)})


@pytest.mark.parametrize(
    "written",
    [
        ["two"],
        {},
        {"yes": "two", "no": "three"},
        {"ready": "two"},
        {"ready": ["two"]},
        {"ready": {"yes": ["two"]}},
    ],
)
def test_any_other_form_of_next_is_a_fault(written: Any) -> None:
    with pytest.raises(MalformedDialogue, match=r"message 'one'.*next"):
        parse_dialogue(document({"one": message(next=written)}))


def test_a_next_that_is_nested_for_ever_is_a_fault_and_no_crash() -> None:
    nested: Any = "two"
    for _ in range(300):
        nested = {"a": {"x": nested}}
    with pytest.raises(MalformedDialogue):
        parse_dialogue(document({"one": message(next=nested)}))


def test_input_says_what_follows_a_typed_answer() -> None:
    written = {
        "kind": "time",
        "next": "two",
        "invalid": "one",
        "answers": {"NO": "three", "MAYBE": None},
        "max_length": 50,
    }
    one = parsed_message(type="WA", vars=["at"], input=written)
    assert one.typed == "at"
    assert one.input == Input(InputKind.TIME, "two", "one", {"NO": "three", "MAYBE": None}, 50)


def test_input_needs_neither_kind_nor_limit_and_takes_the_next_of_the_message() -> None:
    one = parsed_message(type="WA", vars=["at"], input={"max_length": "20"}, next="two")
    assert one.input == Input(InputKind.TEXT, "two", max_length=20)
    assert parsed_message(type="WA", input={"next": {"a": {"x": "two"}}}).input == Input(
        InputKind.TEXT, Choice("a", {"x": "two"})
    )


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ({"kind": "date", "next": "two"}, "`kind` of `input` is 'date'"),
        ({"kind": ["text"]}, "`kind` of `input`"),
        ("text", "`input` is 'text'"),
        ({"answers": ["NO"]}, "`answers` is"),
        ({"max_length": "long"}, "`max_length` is"),
    ],
)
def test_an_input_of_another_shape_is_a_fault(written: object, what: str) -> None:
    with pytest.raises(MalformedDialogue) as caught:
        parse_dialogue(document({"one": message("WA", input=written)}))
    assert what in str(caught.value)


def test_a_wa_that_names_an_answer_waits_for_text() -> None:
    one = parsed_message(type="WA", vars=["age"], next="two")
    assert (one.typed, one.input) == ("age", Input(InputKind.TEXT, "two"))


def test_a_wa_that_names_none_waits_for_the_partner() -> None:
    one = parsed_message(type="WA")
    assert (one.typed, one.input, one.asks) == (None, None, True)


def test_an_sa_without_buttons_waits_for_text() -> None:
    named = parsed_message(type="SA", vars=["age"], next={"age": {"3": "two"}})
    assert (named.typed, named.input) == ("age", Input(InputKind.TEXT, Choice("age", {"3": "two"})))


def test_typed_text_without_a_name_is_stored_under_the_id_of_the_message() -> None:
    assert parsed_message(type="SA", next="two").typed == "one"
    assert parsed_message(type="WA", input={"next": "two"}).typed == "one"


def test_typed_text_beside_buttons_is_stored_under_their_name() -> None:
    one = parsed_message(type="SA", vars=[button("size", "s")], next="two", input={"next": "two"})
    assert one.typed == "size"


def test_no_text_is_expected_where_nothing_waits_for_any() -> None:
    for one in (
        parsed_message(type="NA", vars=["age"], next="two"),
        parsed_message(type="SA", vars=["age"]),
        parsed_message(type="SA", vars=[button("a", "x")], next="two"),
    ):
        assert (one.typed, one.input) == (None, None)


def seed_message(dialogue: str, identifier: str, **more: Any) -> Message:
    return parsed({identifier: {"type": "WA", "text": "?", **more}}, _id=dialogue).messages[identifier]


@pytest.mark.parametrize(
    ("identifier", "stores", "follows"),
    [
        ("p_3", "area", "p_3c"),
        ("p_3-2", "area", "p_3c-2"),
        ("p_4", "codi", "p_4c"),
        ("p_4-2", "codi", "p_4c-2"),
    ],
)
def test_typed_answers_of_the_seeds_sociodem_follow_its_table(identifier: str, stores: str, follows: str) -> None:
    one = seed_message("sociodem_coact", identifier, save="where", next=None)
    assert (one.typed, one.save, one.input) == (stores, "where", Input(InputKind.TEXT, follows))


@pytest.mark.parametrize("identifier", ["3si", "3si_else"])
def test_the_local_time_of_the_seeds_world_follows_its_table(identifier: str) -> None:
    one = seed_message("world", identifier, vars=["hora"])
    assert one.typed == "time"
    assert one.input == Input(InputKind.TIME, "3si_c", invalid="3si_else", answers={"NO": "3si_nvr"})


def test_a_file_that_says_itself_what_follows_overrules_the_table() -> None:
    one = seed_message("world", "3si", vars=["hour"], input={"kind": "text", "next": "two"})
    assert (one.typed, one.input) == ("hour", Input(InputKind.TEXT, "two"))


def test_the_table_is_for_these_dialogues_alone() -> None:
    assert seed_message("another", "p_3").input is None
    assert seed_message("world", "p_3").input is None
