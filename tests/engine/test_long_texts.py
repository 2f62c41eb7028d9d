# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that are too long for one message go in parts, and those too long for a caption behind their file."""

from __future__ import annotations

import pytest

from src.dialogues.html import plain_text, problems_of
from src.dialogues.model import FileKind
from src.engine.effects import FileShown, Send
from src.engine.splitting import LONGEST_CAPTION
from tests.engine.samples import (
    PERSON,
    answers,
    buttons,
    dialogue,
    goes_on,
    last_shown,
    na,
    newly_said,
    presses,
    run_of,
    sa,
    wa,
    with_person,
)
from tests.fakes.world import World


def read(*parts: str) -> str:
    """Return what is read of all parts, without blanks."""
    return "".join("".join(plain_text(part).split()) for part in parts)


PARAGRAPH = "<b>" + "Word. " * 340 + "</b>"
LONG = "\n\n".join([PARAGRAPH] * 3)
SECONDS = 5.0


def shown_in_parts() -> World:
    """Return a world in which the person was asked something long, with buttons."""
    messages = {"ask": sa(LONG, buttons("ok", "yes"), "end"), "end": na("End.")}
    return with_person(dialogue(messages), reading_pause=lambda text: SECONDS if len(text) > 3000 else 1.0)


def sends(world: World) -> list[Send]:
    return [each for each in world.shown(PERSON) if each.message == "ask"]


def test_a_long_question_goes_in_parts_and_its_keyboard_stands_under_the_last() -> None:
    world = shown_in_parts()
    assert [(len(each.buttons), each.asks) for each in sends(world)] == [(0, False), (1, True)]
    assert read(*(each.text for each in sends(world))) == read(LONG)
    assert run_of(world).question == world.newest_question(PERSON)
    assert presses(world, "yes") == ["End."]


def test_each_part_has_the_time_that_it_takes_to_read_it() -> None:
    assert [each.pause for each in sends(shown_in_parts())] == [SECONDS, 1.0]


def test_the_authors_pause_stands_before_the_first_part_alone() -> None:
    messages = {"one": na("1", "two", wait=30), "two": na(LONG)}
    world = with_person(dialogue(messages))
    assert [each.pause for each in world.shown(PERSON)] == [2.0, 30.0, 2.0]


def test_each_part_is_an_entry_of_its_own_so_that_a_crash_repeats_one_at_most() -> None:
    world = with_person(dialogue({"ask": wa("?", "said", next="told"), "told": na(LONG)}))
    world.writes(PERSON, "yes")
    outbox = world.participant(PERSON).outbox
    assert [isinstance(each.what, Send) and each.what.message for each in outbox] == ["told", "told"]
    goes_on(world, seconds=2)
    world.restart()
    assert len(world.participant(PERSON).outbox) == 1
    assert len(newly_said(world)) == 1


def test_a_text_that_grows_by_what_somebody_typed_goes_in_parts_too() -> None:
    told = na("You said:\n\n{x}", display={"x": "'{age}'"})
    world = with_person(dialogue({"ask": wa("Age?", "age", next="told", max_length=20_000), "told": told}))
    parts = answers(world, "<3 " * 2000)
    assert parts[0] == "You said:"
    assert [problems_of(part) for part in parts] == [[]] * len(parts)
    assert read(*parts[1:]) == "<3" * 2000


def picture(text: str) -> World:
    """Return a world in which the person gets a picture with this text."""
    asked = [{"name": "pic", "type": "img", "file_name": "sea.png"}, buttons("ok", "yes")]
    return with_person(dialogue({"ask": sa(text, asked, "end"), "end": na("End.")}))


@pytest.mark.parametrize("text", ["x" * LONGEST_CAPTION, f"<b>{'😀' * LONGEST_CAPTION}</b>"])
def test_a_text_that_fits_is_the_caption(text: str) -> None:
    assert [(each.text, each.file is None) for each in picture(text).shown(PERSON)] == [(text, False)]


def test_a_text_too_long_for_a_caption_comes_behind_its_file() -> None:
    world = picture("x " * 600)
    seen = [(each.file, len(each.text) > 0, len(each.buttons), each.asks) for each in world.shown(PERSON)]
    assert seen == [(FileShown(FileKind.PICTURE, "sea.png"), False, 0, False), (None, True, 1, True)]
    assert [each.pause for each in world.shown(PERSON)] == [2.0, 0.0]
    assert presses(world, "yes") == ["End."]


def test_a_text_too_long_for_anything_comes_behind_its_file_in_parts() -> None:
    world = picture(LONG)
    assert [(each.file is None, len(each.buttons)) for each in world.shown(PERSON)] == [
        (False, 0),
        (True, 0),
        (True, 1),
    ]
    assert last_shown(world).asks


def test_a_question_in_parts_that_is_asked_again_comes_whole() -> None:
    world = shown_in_parts()
    assert read(*answers(world, "/start")) == read(LONG)
    assert list(world.buttons_now(PERSON)) == [run_of(world).question]
