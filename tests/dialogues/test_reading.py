# SPDX-License-Identifier: GPL-3.0-or-later
"""How a dialogue and its messages are read, in all the forms that files of the seed may have."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from src.dialogues.model import Kind, Text
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from tests.dialogues.samples import document, good, good_for_two, message, parsed, parsed_message


def problems_of(broken: dict[str, Any]) -> list[str]:
    with pytest.raises(MalformedDialogue) as caught:
        parse_dialogue(broken)
    return [str(problem) for problem in caught.value.problems]


def test_a_dialogue_is_read_with_all_that_the_document_says() -> None:
    dialogue = parse_dialogue({**good(), "skip": True, "repeatable": True})
    assert (dialogue.id, dialogue.title, dialogue.points) == ("sample", "capacitation", ("1",))
    assert dialogue.initial_messages == ("hello",)
    assert list(dialogue.messages) == ["hello", "ready", "mood", "age", "sum", "page", "bye"]
    assert dialogue.skip
    assert dialogue.repeatable


def test_one_first_message_means_one_player_and_two_mean_two() -> None:
    assert not parse_dialogue(good()).is_for_two
    assert parse_dialogue(good_for_two()).is_for_two


def test_skip_and_repeatable_are_false_when_they_are_missing() -> None:
    dialogue = parse_dialogue(good())
    assert (dialogue.skip, dialogue.repeatable) == (False, False)


@pytest.mark.parametrize(("written", "meant"), [(1, True), (0, False), ("true", True), ("False", False), (None, False)])
def test_truth_may_be_written_in_other_ways(written: object, meant: bool) -> None:
    assert parse_dialogue({**good(), "skip": written}).skip is meant


def test_names_in_the_form_of_macos_become_the_usual_form_everywhere() -> None:
    def decomposed(text: str) -> str:
        return unicodedata.normalize("NFD", text)

    dialogue = parsed(
        {
            decomposed("començar"): message(
                "SA",
                vars=[
                    {
                        "name": decomposed("opció"),
                        "type": "button",
                        "texts": ["x"],
                        "values": [decomposed("sí")],
                    }
                ],
                next={"opció": {"sí": "fí"}},
            ),
            decomposed("fí"): message(
                vars=[{"name": "p", "type": "img", "file_name": decomposed("cançó.png")}],
                display={decomposed("què"): "'{opció}'"},
            ),
        },
        _id=decomposed("cançó"),
    )
    assert dialogue.id == "cançó"
    assert dialogue.initial_messages == ("començar",)
    assert set(dialogue.messages) == {"començar", "fí"}
    asked = dialogue.messages["començar"].buttons[0]
    assert (asked.name, asked.value) == ("opció", "sí")
    assert dialogue.messages["fí"].attachments[0].file_name.everywhere == "cançó.png"
    assert list(dialogue.messages["fí"].display) == ["què"]


def test_two_messages_whose_ids_differ_only_in_unicode_form_are_a_fault() -> None:
    broken = document({"fí": message(), unicodedata.normalize("NFD", "fí"): message()})
    assert "two messages have the same id" in problems_of(broken)[0]


@pytest.mark.parametrize("kind", ["NA", "SA", "CA", "WA"])
def test_each_of_the_four_kinds_is_known(kind: str) -> None:
    assert parsed_message(type=kind).kind is Kind(kind)


def test_a_text_is_one_for_all_languages_or_one_for_each() -> None:
    assert parsed_message(text="Hi").text == Text(everywhere="Hi")
    assert parsed_message(text={"ca": "Hola", "fr": "Salut"}).text == Text({"ca": "Hola", "fr": "Salut"})


def test_a_missing_or_null_text_is_empty() -> None:
    assert parsed({"one": {"type": "NA"}}).messages["one"].text == Text()
    assert parsed_message(text={"ca": None}).text == Text({"ca": ""})


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(None, None), ("", None), (3, 3.0), (0, 0.0), (2.5, 2.5), ("4", 4.0), (" 2,5 ", 2.5)],
)
def test_wait_is_a_number_of_seconds_or_null_also_as_a_text(written: object, seconds: float | None) -> None:
    assert parsed_message(wait=written).wait == seconds


@pytest.mark.parametrize("written", ["soon", -1, True, [1], "nan", "inf"])
def test_a_wait_that_is_no_number_is_a_fault(written: object) -> None:
    assert "`wait` is" in problems_of(document({"one": message(wait=written)}))[0]


def test_everything_optional_may_be_missing() -> None:
    one = parsed({"one": {"type": "NA", "text": "Hello"}}).messages["one"]
    assert one.next is None
    assert (len(one.buttons), len(one.attachments)) == (0, 0)
    assert (one.typed, one.save, one.wait, one.action, one.triggers, one.waiting_text) == (None,) * 6
    assert one.display == one.conditions == {}


def test_save_action_triggers_and_waiting_text_are_kept() -> None:
    one = parsed_message(save="age", action="legal_yes", triggers="two", waiting_text="Wait")
    assert (one.save, one.action, one.triggers) == ("age", "legal_yes", "two")
    assert one.waiting_text == Text(everywhere="Wait")


def test_an_unknown_action_is_kept_and_is_no_fault_of_the_form() -> None:
    assert parsed_message(action="fly").action == "fly"


def test_unknown_keys_are_no_fault() -> None:
    dialogue = parsed({"one": message(colour="red", vars=[{"name": "a", "size": 3}])}, author="Anna")
    assert set(dialogue.messages) == {"one"}


@pytest.mark.parametrize("written", [None, {}, ""])
def test_display_may_be_empty(written: object) -> None:
    assert parsed_message(display=written).display == {}


def test_display_keeps_its_order_and_takes_numbers_as_formulas() -> None:
    assert list(parsed_message(display={"b": "1 + 1", "a": 2}).display.items()) == [
        ("b", "1 + 1"),
        ("a", "2"),
    ]


@pytest.mark.parametrize(("written", "formulas"), [(["2"], ("2",)), ([2], ("2",)), ("2", ("2",)), (None, ("0",))])
def test_points_may_be_numbers_or_missing(written: object, formulas: tuple[str, ...]) -> None:
    assert parse_dialogue({**good(), "points": written}).points == formulas


def test_every_player_has_a_formula_for_points() -> None:
    assert parse_dialogue({**good_for_two(), "points": ["3"]}).points == ("3", "0")


def test_a_message_of_kind_na_sa_or_ca_without_next_ends_and_a_wa_waits() -> None:
    assert [parsed_message(type=kind).ends for kind in ("NA", "SA", "CA", "WA")] == [True, True, True, False]


def test_all_faults_are_found_at_once_and_the_text_is_one_clear_line() -> None:
    broken = document({"one": message("XX", wait="soon"), "two": 5}, title=None)
    with pytest.raises(MalformedDialogue) as caught:
        parse_dialogue(broken)
    assert len(caught.value.problems) == 4
    assert str(caught.value) == ("dialogue 'sample': `title` is missing. Add the dialogue's category. (and 3 more)")
    places = [problem.message for problem in caught.value.problems]
    assert places == [None, "one", "one", "two"]


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("_id", None, "`_id` is missing"),
        ("_id", ["x"], "`_id` is ['x']"),
        ("initial_messages", [], "names 0 messages"),
        ("initial_messages", ["hello", "bye", "age"], "names 3 messages"),
        ("messages", None, "`messages` is missing"),
        ("messages", ["hello"], "`messages` is ['hello']"),
        ("points", [{}], "`points` is {}"),
        ("skip", "perhaps", "`skip` is 'perhaps'"),
    ],
)
def test_a_document_of_another_shape_is_refused(key: str, value: object, what: str) -> None:
    assert any(what in line for line in problems_of({**good(), key: value}))


def test_nothing_at_all_is_refused_with_a_line_for_each_thing_that_is_missing() -> None:
    assert len(problems_of({})) == 4
