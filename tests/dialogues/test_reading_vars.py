# SPDX-License-Identifier: GPL-3.0-or-later
"""How `vars` is read: typed answers, buttons, pictures and documents."""

from __future__ import annotations

from typing import Any

import pytest

from src.dialogues.model import Attachment, Button, FileKind, Text
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from tests.dialogues.samples import button, document, in_all, message, parsed_message


def test_a_string_is_the_name_of_a_typed_answer() -> None:
    assert parsed_message(type="WA", vars=["age"]).typed == "age"


def test_an_object_with_a_name_alone_is_a_typed_answer_too() -> None:
    assert parsed_message(type="WA", vars=[{"name": "age"}]).typed == "age"


@pytest.mark.parametrize("written", ["age", {"name": "age"}])
def test_vars_may_be_the_only_entry_itself(written: object) -> None:
    assert parsed_message(type="WA", vars=written).typed == "age"


@pytest.mark.parametrize("written", [None, [], {}, "", [None, ""]])
def test_vars_may_be_empty_in_many_ways(written: object) -> None:
    one = parsed_message(type="WA", vars=written)
    assert (one.typed, one.buttons, one.attachments) == (None, (), ())


def test_buttons_have_the_texts_and_values_in_their_order() -> None:
    one = parsed_message(type="SA", vars=[button("ready", "yes", "no")])
    assert one.buttons == (
        Button("ready", "yes", Text(in_all("yes"))),
        Button("ready", "no", Text(in_all("no"))),
    )


def test_several_entries_of_buttons_stand_one_after_the_other() -> None:
    one = parsed_message(type="SA", vars=[button("a", "1", "2"), button("b", "3")])
    assert [(each.name, each.value) for each in one.buttons] == [("a", "1"), ("a", "2"), ("b", "3")]


def test_labels_may_be_one_for_all_languages_and_numbers() -> None:
    entry = {"name": "scale", "type": "button", "texts": ["low", 5], "values": ["1", "5"]}
    assert [each.label.everywhere for each in parsed_message(type="SA", vars=[entry]).buttons] == ["low", "5"]


def test_values_that_are_no_texts_are_compared_as_texts() -> None:
    entry = {"name": "v", "type": "button", "texts": ["a"] * 5, "values": [1, 2.0, 2.5, True, False]}
    values = [each.value for each in parsed_message(type="SA", vars=[entry]).buttons]
    assert values == ["1", "2", "2.5", "true", "false"]


def test_a_condition_belongs_to_its_answer() -> None:
    one = parsed_message(type="SA", vars=[button("a", "1", condition="{a} > 0"), {"name": "b", "condition": True}])
    assert one.conditions == {"a": "{a} > 0", "b": "true"}


def test_a_picture_may_come_with_buttons() -> None:
    one = parsed_message(type="SA", vars=[button("a", "1", type2="img", file_name="sea.png")])
    assert one.attachments == (Attachment(FileKind.PICTURE, Text(everywhere="sea.png")),)
    assert len(one.buttons) == 1


def test_a_picture_without_buttons_needs_no_name() -> None:
    one = parsed_message(vars=[{"type": "img", "file_name": "sea.png"}])
    assert one.attachments == (Attachment(FileKind.PICTURE, Text(everywhere="sea.png")),)


def test_a_document_has_one_file_or_one_for_each_language() -> None:
    one = parsed_message(vars=[{"name": "d", "type": "pdf", "file_name": "a.pdf"}])
    assert one.attachments == (Attachment(FileKind.DOCUMENT, Text(everywhere="a.pdf")),)
    two = parsed_message(vars=[{"name": "d", "type": "pdf", "file_name": {"ca": "a.pdf", "es": "b.pdf"}}])
    assert two.attachments[0].file_name.by_language == {"ca": "a.pdf", "es": "b.pdf"}


@pytest.mark.parametrize(
    ("kind", "written", "name"),
    [
        ("img", "data/outgoing_files/img/sea.png", "sea.png"),
        ("img", "./img/sea.png", "sea.png"),
        ("img", "summer/sea.png", "summer/sea.png"),
        ("pdf", "outgoing_files/a.pdf", "a.pdf"),
        ("pdf", "img/a.pdf", "img/a.pdf"),
        ("pdf", "../a.pdf", "../a.pdf"),
    ],
)
def test_a_file_is_named_from_the_folder_of_its_kind(kind: str, written: str, name: str) -> None:
    one = parsed_message(vars=[{"type": kind, "file_name": written}])
    assert one.attachments[0].file_name.everywhere == name


def test_a_wa_shows_no_buttons_but_their_name_is_that_of_the_typed_answer() -> None:
    one = parsed_message(type="WA", vars=[button("area", "x")], next="two")
    assert (one.buttons, one.typed) == ((), "area")


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (5, "an entry of `vars` is 5"),
        ({"name": "a", "type": "video"}, "has the type 'video'"),
        ({"name": "a", "type": ["img"]}, "has the type ['img']"),
        ({"type": "button", "texts": ["a"], "values": ["a"]}, "has no name"),
        ({"name": "a", "type": "button", "texts": ["a"], "values": []}, "1 `texts` and 0 `values`"),
        ({"name": "a", "type": "button", "texts": ["a"], "values": [{}]}, "has the value {}"),
        ({"name": "a", "type": "pdf"}, "names no file"),
        ({"name": "a", "type": "img", "file_name": {}}, "names no file"),
    ],
)
def test_what_cannot_be_understood_is_named(entry: Any, what: str) -> None:
    with pytest.raises(MalformedDialogue, match="message 'one'") as caught:
        parse_dialogue(document({"one": message("SA", vars=[entry])}))
    assert what in str(caught.value)


def test_two_typed_answers_in_one_message_are_a_fault() -> None:
    with pytest.raises(MalformedDialogue, match="two typed answers, 'a' and 'b'"):
        parse_dialogue(document({"one": message("WA", vars=["a", {"name": "b"}])}))
