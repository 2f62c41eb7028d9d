# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 26 and 28: what is too long comes in parts, and a file goes up to Telegram once."""

from __future__ import annotations

from src.simulator import faults
from tests.checklist.playground import ASK, PICTURE, WRITE
from tests.checklist.stage import Stage
from tests.end_to_end.project import wait_until

LONGEST_TEXT = 4096
TALE = "\n\n".join(f"Part {number}: {'a <word> & more ' * 27}the very end." for number in range(9))
WRONG_ID = faults.refused(400, "Bad Request: wrong file identifier/HTTP URL specified")


def uploads(stage: Stage) -> list[int]:
    """Return for each picture sent since `watch` how many bytes went up with it: none by its id."""
    return [sum(len(each.content) for each in call.files.values()) for call in stage.watched("sendPhoto")]


def sees_the_picture(stage: Stage, person: int, times: int = 1) -> None:
    """Let somebody ask for the picture, and wait until it is there, and the next question."""
    asked = stage.texts(person).count(ASK)
    stage.press(person, "picture")
    stage.wait_for(person, PICTURE, times=times)
    stage.wait_for(person, ASK, times=asked + 1)


def test_26_a_long_text_comes_in_parts_in_order_and_the_keyboard_on_the_last(stage: Stage) -> None:
    person = stage.newcomer()
    stage.press(person, "long")
    stage.wait_for(person, WRITE)
    before = len(stage.telegram.chat(person))
    stage.telegram.write(person, TALE)
    stage.telegram.wait_for(person, lambda chat: chat[-1].has_button("all"), 20)
    parts = [each for each in stage.telegram.chat(person)[before:] if each.from_bot]
    assert len(parts) == 2
    assert all(len(part.plain) <= LONGEST_TEXT for part in parts)
    assert [bool(part.buttons) for part in parts] == [False, True]
    # The local Bot API takes valid HTML alone; it is the paragraphs that stay whole.
    assert [[entity.kind for entity in part.entities] for part in parts] == [["bold"], ["italic"]]
    whole = "\n\n".join(part.plain for part in parts)
    assert whole == f"You have told:\n\n{TALE}\n\nIs that all?"
    stage.press(person, "all", "Is that all?")
    stage.wait_for(person, ASK, times=2)


def test_28_a_file_goes_up_once_also_after_a_restart_and_a_refused_id_once_more(own_stage: Stage) -> None:
    stage = own_stage
    one, other = stage.newcomers(2)
    stage.watch()
    failed = stage.telegram.faults.add(faults.server_error(502), ("sendPhoto",), times=1)
    sees_the_picture(stage, one)
    first, second = uploads(stage)
    assert failed.happened == 1
    assert first == second > 0
    sees_the_picture(stage, other)
    assert stage.bot.stop()[0] == 0
    stage.start_again()
    sees_the_picture(stage, one, times=2)
    assert uploads(stage) == [first, first, 0, 0]
    refused = stage.telegram.faults.add(WRONG_ID, ("sendPhoto",), times=1)
    sees_the_picture(stage, other, times=2)
    wait_until(lambda: refused.happened == 1, "the id is not refused")
    assert uploads(stage) == [first, first, 0, 0, 0, first]
    sees_the_picture(stage, one, times=3)
    assert uploads(stage)[6:] == [0]
