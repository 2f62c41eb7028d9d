# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to reach in a dialogue, walks that reach it, and what a report says is missing."""

from __future__ import annotations

from typing import Any

from src.dialogues.model import Dialogue
from src.dialogues.parse import parse_dialogue
from src.upkeep.coverage import coverage_of, reached_by
from src.upkeep.exploring import covering_walks, explore
from src.upkeep.recording import stage_among
from src.upkeep.scenes import Back, Stage
from src.upkeep.walks import Recorded
from src.upkeep.ways import Way, ways_of
from tests.fakes.world import RULES

SET_STAGE = stage_among((), RULES)


def asks(name: str, values: str, following: object, **more: object) -> dict[str, Any]:
    variable = {"name": name, "type": "button", "texts": values.split(), "values": values.split()}
    return {"type": "SA", "text": "?", "vars": [variable | more], "next": following}


def tells(following: object = None) -> dict[str, Any]:
    return {"type": "NA", "text": "…", "next": following}


def dialogue(**messages: object) -> Dialogue:
    document = {"_id": "d", "title": "t", "initial_messages": [next(iter(messages))], "points": ["0"]}
    return parse_dialogue(document | {"messages": messages})


def missing(of: Dialogue, *walks: tuple[Any, ...]) -> list[str]:
    (found,) = coverage_of({of.id: of}, ["en"], [Recorded(of.id, "en", walk) for walk in walks], SET_STAGE)
    return [str(way) for way in found.missing]


def stage(of: Dialogue) -> Stage:
    return SET_STAGE(of, "en")


def walks_of(of: Dialogue) -> list[tuple[Any, ...]]:
    return [tuple(walk) for walk in covering_walks(explore(stage(of)), "en")]


BRANCHES = dialogue(
    one=asks("colour", "red blue", "two"),
    two=asks("size", "big small", "three"),
    three=tells({"colour": {"red": "warm", "blue": "cold"}}),
    warm=tells(),
    cold=tells(),
)
TYPED = dialogue(
    age={
        "type": "WA",
        "text": "?",
        "vars": [{"name": "age", "condition": "int({age}) >= 70"}],
        "input": {"kind": "number", "next": "end", "invalid": "again", "answers": {"NO": "end"}},
        "next": None,
    },
    again=asks("more", "yes no", {"more": {"yes": "age", "no": "end"}}),
    end=tells(),
)


def test_messages_answers_and_branches_by_earlier_answers_have_to_be_reached() -> None:
    assert [str(way) for way in ways_of(BRANCHES)] == [
        "one", "one (colour = red)", "one (colour = blue)", "two", "two (size = big)", "two (size = small)",
        "three", "three (if colour = red)", "three (if colour = blue)", "warm", "cold",
    ]  # fmt: skip
    assert [str(way) for way in ways_of(TYPED)][:4] == [
        "age", "age (age typed: valid)", "age (age typed: invalid)", "age (age typed: NO)",
    ]  # fmt: skip


def test_the_report_names_what_no_walk_reaches() -> None:
    assert missing(BRANCHES, ("red", "big")) == [
        "one (colour = blue)", "two (size = small)", "three (if colour = blue)", "cold",
    ]  # fmt: skip
    assert missing(BRANCHES, ("red", "big"), ("blue", "small")) == []
    assert len(missing(BRANCHES)) == len(ways_of(BRANCHES))


def test_a_walk_counts_in_the_language_in_which_it_was_read() -> None:
    lang = dialogue(ask=asks("language", "en de", "done") | {"save": "language"}, done=tells())
    reached = reached_by(stage(lang), ["de"])
    assert ("en", Way("ask", "language = de")) in reached
    assert ("de", Way("done")) in reached
    assert ("en", Way("done")) not in reached


def test_walks_that_are_made_reach_everything_and_go_on_before_they_end() -> None:
    for each in (BRANCHES, TYPED):
        assert missing(each, *walks_of(each)) == []
    assert walks_of(BRANCHES) == [("red", "big", Back("two"), "small", Back("one"), "blue", "big")]


def test_a_text_that_satisfies_the_condition_is_found_by_itself() -> None:
    ((first, *_),) = walks_of(TYPED)
    assert "70" in walks_of(TYPED)[0] or "1000" in walks_of(TYPED)[0]
    assert first != ""


def test_a_button_that_its_condition_refuses_counts_as_pressed() -> None:
    never = dialogue(ask=asks("n", "1 2", "end", condition="int({n}) > 1"), end=tells())
    assert missing(never, *walks_of(never)) == []


def test_a_circle_of_questions_does_not_keep_anybody() -> None:
    menu = dialogue(menu=asks("way", "a b out", {"way": {"a": "menu", "b": "menu", "out": "end"}}), end=tells())
    assert walks_of(menu) == [("a", "b", "out")]


def test_a_message_that_nothing_leads_to_stays_missing_and_nothing_hangs() -> None:
    lonely = dialogue(ask=asks("x", "1", "end"), end=tells(), lonely=tells("end"))
    assert missing(lonely, *walks_of(lonely)) == ["lonely"]


def test_a_dialogue_without_a_question_is_one_walk() -> None:
    assert walks_of(dialogue(only=tells())) == [()]
