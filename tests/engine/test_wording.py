# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message looks: computed words, files, buttons in rows, the person's language."""

from __future__ import annotations

from typing import Any

import pytest

from src.conversation_elements import PHRASES
from src.dialogues.model import FileKind
from src.engine.effects import FileShown
from tests.engine.samples import (
    LANGUAGES,
    PERSON,
    answers,
    buttons,
    dialogue,
    goes_on,
    last_shown,
    na,
    presses,
    question,
    sa,
    said,
    wa,
    with_person,
)
from tests.fakes.world import World


def told(text: str, display: dict[str, str], **more: Any) -> World:
    """Return a world in which the person is asked how old they are, and then told something."""
    messages = {"ask": wa("Age?", "age", next="told"), "told": na(text, display=display)}
    return with_person(dialogue(messages), **more)


def test_a_display_formula_fills_its_name_in_the_text() -> None:
    display = {"what": "'you are ' + '{age}' if int({age}) > 17 else 'young'"}
    assert answers(told("So {what}.", display), "42") == ["So you are 42."]
    assert answers(told("So {what}.", display), "9") == ["So young."]


def test_a_display_formula_may_use_an_earlier_one_and_the_points() -> None:
    world = told("{twice} {all}", {"twice": "{age} * 2", "all": "{twice} + points"}, person={"points": 1.0})
    assert answers(world, "4") == ["8 9.0"]


def test_a_pressed_answer_is_shown_as_the_author_wrote_its_value() -> None:
    asked = sa("Who?", buttons("who", "<b>me</b>"), "told")
    world = with_person(dialogue({"ask": asked, "told": na("{x}", display={"x": "'{who}'"})}))
    assert presses(world, "<b>me</b>") == ["<b>me</b>"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ('it\'s "me"', 'it\'s "me"'),
        ("{emergency} {x}", "{emergency} {x}"),
        ("' + str(points) + '", "' + str(points) + '"),
    ],
)
def test_what_a_person_typed_never_becomes_html_or_code_or_a_name_to_be_filled(typed: str, shown: str) -> None:
    assert answers(told("You said: {x}", {"x": "'{age}'"}), typed) == [f"You said: {shown}"]


def test_a_formula_that_fails_leaves_the_text_as_it_is_and_never_logs_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = told("So {what}, {fine}.", {"what": "int({age}) + 1", "fine": "1 + 1"})
    assert answers(world, "very old") == ["So {what}, 2."]
    assert "talk, told: the formula for 'what' could not be computed: int({age}) + 1" in caplog.text
    assert "very old" not in caplog.text


def test_names_that_nobody_computes_stay_as_they_are() -> None:
    assert said(with_person(dialogue({"one": na("A {set} and {}.")}))) == ["A {set} and {}."]


def test_settings_fill_every_text_and_never_become_html() -> None:
    filled = {"emergency": "112 & 061", "contact": ""}
    texts = said(with_person(dialogue({"one": na("Call {emergency}; {contact}.")}), placeholders=filled))
    assert texts == [f"Call 112 &amp; 061; {PHRASES['contact']['en']}."]


def test_a_language_that_a_text_lacks_gives_the_default_one_then_any() -> None:
    texts: dict[str, Any] = {"one": na({"ca": "Hola", "de": "Hallo"}, "two"), "two": na({"es": "Adiós"})}
    assert said(with_person(dialogue(texts))) == ["Hola", "Adiós"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_gets_its_text(language: str) -> None:
    text = {each: f"in {each}" for each in LANGUAGES}
    assert said(with_person(dialogue({"one": na(text)}), person={"language": language})) == [f"in {language}"]


def rows_of(*labels: str) -> list[int]:
    """Return how many buttons stand in each row."""
    values = [str(number) for number in range(len(labels))]
    variable = {"name": "a", "type": "button", "texts": list(labels), "values": values}
    world = with_person(dialogue({"ask": sa("?", variable, "end"), "end": na()}))
    assert [each.label for row in last_shown(world).buttons for each in row] == list(labels)
    assert [each.value for row in last_shown(world).buttons for each in row] == values
    return [len(row) for row in last_shown(world).buttons]


def test_short_buttons_stand_side_by_side() -> None:
    assert rows_of("Yes", "No") == [2]
    assert rows_of("12345", "12345", "12345") == [3]


def test_longer_buttons_stand_one_below_the_other() -> None:
    assert rows_of("12345", "12345", "123456") == [1, 1, 1]


def test_at_most_eight_buttons_stand_in_a_row() -> None:
    assert rows_of(*"12345678") == [8]
    assert rows_of(*"123456789") == [8, 1]


def test_the_length_of_the_labels_counts_in_the_persons_language() -> None:
    texts = [{"en": "Yes", "de": "Selbstverständlich"}, {"en": "No", "de": "Nein"}]
    asked = sa("?", {"name": "a", "type": "button", "texts": texts, "values": ["y", "n"]}, "end")
    one = dialogue({"ask": asked, "end": na()})
    assert len(last_shown(with_person(one)).buttons) == 1
    assert len(last_shown(with_person(one, person={"language": "de"})).buttons) == 2


def test_a_label_that_is_missing_gives_the_value() -> None:
    asked = sa("?", {"name": "a", "type": "button", "texts": [""], "values": ["y"]}, "end")
    world = with_person(dialogue({"ask": asked, "end": na()}))
    assert last_shown(world).buttons[0][0].label == "y"


def picture(name: Any = "sea.png") -> dict[str, Any]:
    return {"name": "pic", "type": "img", "file_name": name}


def document(name: Any = "page.pdf") -> dict[str, Any]:
    return {"name": "doc", "type": "pdf", "file_name": name}


def test_a_picture_carries_the_text_as_its_caption() -> None:
    world = with_person(dialogue({"one": na("The sea.", vars=[picture()])}))
    assert [(each.text, each.file) for each in world.shown(PERSON)] == [
        ("The sea.", FileShown(FileKind.PICTURE, "sea.png"))
    ]


def test_a_picture_may_come_with_the_buttons() -> None:
    asked = sa("Like it?", [buttons("like", "yes", type2="img", file_name="sea.png")], "end")
    world = with_person(dialogue({"ask": asked, "end": na("End.")}))
    assert last_shown(world).file == FileShown(FileKind.PICTURE, "sea.png")
    assert len(last_shown(world).buttons) == 1
    assert presses(world, "yes") == ["End."]


@pytest.mark.parametrize(("language", "name"), [("de", "seite.pdf"), ("ca", "full.pdf"), ("en", "full.pdf")])
def test_a_file_may_differ_by_language(language: str, name: str) -> None:
    files = document({"ca": "full.pdf", "de": "seite.pdf"})
    world = with_person(dialogue({"one": na("Read.", vars=[files])}), person={"language": language})
    assert last_shown(world).file == FileShown(FileKind.DOCUMENT, name)


def test_of_several_files_the_last_one_carries_text_and_buttons() -> None:
    asked = sa("Ready?", [document(), picture(), buttons("a", "yes")], "end")
    world = with_person(dialogue({"ask": asked, "end": na("End.")}))
    seen = [(each.file.name if each.file else "", each.text, len(each.buttons)) for each in world.shown(PERSON)]
    assert seen == [("page.pdf", "", 0), ("sea.png", "Ready?", 1)]
    assert presses(world, "yes") == ["End."]


def test_a_message_without_a_question_has_no_buttons() -> None:
    world = with_person(dialogue({"one": na("1", "two", vars=[buttons("a", "yes")]), "two": na("2")}))
    assert [each.buttons for each in world.shown(PERSON)] == [(), ()]


def test_developers_read_the_name_of_each_dialogue_before_it() -> None:
    world = with_person(question(), developer=True)
    assert said(world) == ["<code>talk</code>", "Ready?"]


def test_the_name_of_a_dialogue_never_becomes_html() -> None:
    world = with_person(question("I <3 you"), developer=True)
    assert said(world)[0] == "<code>I &lt;3 you</code>"


def test_the_time_to_read_counts_what_is_read_and_not_the_tags() -> None:
    read: list[str] = []

    def reading(text: str) -> float:
        read.append(text)
        return 3.0

    world = with_person(dialogue({"one": na('<b>Hi</b> <a href="x">you</a> &amp; me')}), reading_pause=reading)
    goes_on(world, minutes=1)
    assert read == ["Hi you & me"]
