# SPDX-License-Identifier: GPL-3.0-or-later
"""A good dialogue, broken in one place after the other: the checker names that place, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.dialogues.check import Severity
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from tests.dialogues.breakages import ERRORS, Change, drop, put, top
from tests.dialogues.samples import Json, button, check, good, good_for_two, lines, message

WARNINGS: dict[str, tuple[Change, str | None, str]] = {
    "a message that nothing reaches": (put("extra", message()), "extra", "nothing leads to this message"),
    "a missing language": (
        drop("bye", "text", "de"),
        "bye",
        "language 'de': the text is missing in this language",
    ),
    "a label that is missing in a language": (
        drop("ready", "vars", 0, "texts", 1, "en"),
        "ready",
        "language 'en': the button 'no' is missing in this language",
    ),
    "an unknown key of the document": (top("autor", "x"), None, "the key 'autor' is unknown"),
    "an unknown key of a message": (put("hello", "txt", "x"), "hello", "the key 'txt' is unknown"),
    "an unknown key of vars": (
        put("ready", "vars", 0, "colour", "red"),
        "ready",
        "the key 'colour' in `vars`",
    ),
    "an unknown key of input": (put("age", "input", "min", 1), "age", "the key 'min' in `input`"),
    "an unknown action": (put("bye", "action", "fly"), "bye", "the action 'fly' is unknown"),
    "an unknown category": (top("title", "fun"), None, "the category 'fun' is unknown"),
    "a long label": (
        put("ready", "vars", 0, "texts", 0, "ca", "x" * 41),
        "ready",
        "language 'ca': the label of the button 'yes' has 41 characters",
    ),
    "a choice by typed text": (
        put("sum", "next", {"age": {"18": "page"}}),
        "sum",
        "`next` is a choice by 'age', which is typed and may be anything",
    ),
    "braces that nothing fills": (
        put("bye", "text", "ca", "{naem}"),
        "bye",
        "language 'ca': nothing fills {naem}",
    ),
    "an empty text": (put("bye", "text", ""), "bye", "the text is empty, and there is no picture"),
    "buttons that nobody can press": (
        put("hello", "vars", [button("ready", "x")]),
        "hello",
        "NA goes on without an answer: its buttons are useless",
    ),
    "a trigger without a partner": (
        put("hello", "triggers", "bye"),
        "hello",
        "`triggers` needs a second player",
    ),
    "too few points": (top("points", []), None, "`points` has 0 formulas for 1 players"),
    "a name that another message computes": (
        put("page", "display", {"twice": "'{what}{what}'"}),
        "page",
        "'what' is computed by another `display`",
    ),
}


def test_nothing_is_wrong_with_the_good_dialogues() -> None:
    assert lines(check(good())) == []
    assert lines(check(good_for_two())) == []


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_is_found_where_it_is(kind: str) -> None:
    change, where, what = ERRORS[kind]
    expect_alone(change, Severity.ERROR, where, what)


@pytest.mark.parametrize("kind", WARNINGS)
def test_a_warning_is_found_where_it_belongs(kind: str) -> None:
    change, where, what = WARNINGS[kind]
    expect_alone(change, Severity.WARNING, where, what)


FOLLOWED_BY_WARNINGS = {
    "a trigger to nowhere",
    "no messages",
    "a circle without a question",
    "a message that follows itself",
    "a choice by an answer that comes later",
    "a message that waits for nobody",
    "a typed answer that nothing follows",
    "an earlier value without a branch",
}
"""Where one mistake has several consequences that are true as well."""


def expect_alone(change: Change, severity: Severity, where: str | None, what: str) -> None:
    broken = good()
    change(broken)
    found = check(broken, names=["sample.json"])
    told = [problem for problem in found if what in str(problem)]
    assert told, lines(found)
    assert {(one.severity, one.file, one.message) for one in told} == {(severity, "sample.json", where)}
    assert all(str(one) == " ".join(str(one).split()) and one.mend for one in found)


@pytest.mark.parametrize("kind", sorted(set(ERRORS) - FOLLOWED_BY_WARNINGS))
def test_one_mistake_is_told_once(kind: str) -> None:
    broken = good()
    ERRORS[kind][0](broken)
    errors = [one for one in check(broken, names=["sample.json"]) if one.severity is Severity.ERROR]
    assert len(errors) == 1, lines(errors)


def test_all_mistakes_are_told_at_once() -> None:
    broken = good()
    for kind in (
        "a next to nowhere",
        "a field of the bot",
        "an unknown tag",
        "a missing picture",
        "no title",
    ):
        ERRORS[kind][0](broken)
    errors = [one for one in check(broken) if one.severity is Severity.ERROR]
    assert len(errors) == 5, lines(errors)


def places_in(part: Any) -> list[tuple[Any, Any]]:
    """Return every object or list inside a document, with each of its keys."""
    keys = part.keys() if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    return [place for key in keys for place in ((part, key), *places_in(part[key]))]


ODD = st.recursive(
    st.sampled_from([None, True, 0, -1, 2.5, float("nan"), "", "yes", "ready", "hello", "x" * 5_000, "\ud800", "{a}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ready", "name", "type", "next", "ca", "yes", "kind"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=2_000)
@given(data=st.data(), for_two=st.booleans())
def test_whatever_stands_anywhere_is_named_or_accepted_and_never_a_crash(data: st.DataObject, for_two: bool) -> None:
    broken = copy.deepcopy(good_for_two() if for_two else good())
    for _ in range(data.draw(st.integers(1, 3))):
        part, key = data.draw(st.sampled_from(places_in(broken)))
        part[key] = data.draw(ODD)
    found = check(broken, names=["sample.json"])
    told = {(one.what, one.message) for one in found}
    assert faults_of_parser(broken) <= told


def faults_of_parser(document: Json) -> set[tuple[str, str | None]]:
    try:
        parse_dialogue(document)
    except MalformedDialogue as malformed:
        return {(one.what, one.message) for one in malformed.problems}
    return set()
