# SPDX-License-Identifier: GPL-3.0-or-later
"""A place is kept in the edition of the dialogue in which it was, whatever its authors upload meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from src.dialogues.model import Dialogue
from src.engine.study import Rules, Study
from tests.engine.samples import answers, buttons, dialogue, na, presses, sa, study, with_person


def edition(number: int) -> Dialogue:
    messages = {
        "one": sa(f"One, edition {number}?", buttons("first", "a", "b"), "two"),
        "two": sa(f"Two, edition {number}?", buttons("second", "c", "d"), "end"),
        "end": na(f"End, edition {number}."),
    }
    return dialogue(messages)


@dataclass
class Shelf:
    """Hands out the newest edition, and of the older ones those alone that are asked for, as the database does."""

    study: Study
    older: tuple[Dialogue, ...]

    def current(self, rules: Rules, revisions: Collection[str] = ()) -> Study:
        asked = {each.revision: each for each in self.older if each.revision in revisions}
        return replace(self.study, revisions={**self.study.revisions, **asked})


def test_who_comes_back_goes_on_in_the_edition_in_which_they_were() -> None:
    world = with_person(edition(1))
    presses(world, "a")
    answers(world, "pause")
    world.conversation.studies = Shelf(study(edition(2)), (edition(1),))
    assert answers(world, "resume") == ["This is resume.", "Two, edition 1?"]
    assert presses(world, "c") == ["End, edition 1."]
