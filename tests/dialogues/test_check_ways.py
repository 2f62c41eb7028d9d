# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ways through a dialogue the checker accepts, and which ones strand somebody."""

from __future__ import annotations

from src.dialogues.check import Severity
from tests.dialogues.samples import Json, button, check, document, in_all, lines, message


def found_in(messages: Json, **more: object) -> list[str]:
    return lines(check(document(messages, **more)))  # type: ignore[arg-type]  # only keys of a document


def ask(name: str, *values: str, **more: object) -> Json:
    return message("SA", "?", vars=[button(name, *values)], **more)


END = message(text="The end")


def test_who_left_earlier_needs_no_branch_later() -> None:
    messages = {
        "one": ask("a", "stay", "go", next={"a": {"stay": "two", "go": None}}),
        "two": message(next={"a": {"stay": "end"}}),
        "end": END,
    }
    assert found_in(messages) == []


def test_every_value_that_may_arrive_needs_a_branch() -> None:
    messages = {
        "one": ask("a", "x", "y", "z", next={"a": {"x": "two", "y": "two", "z": None}}),
        "two": message(next={"a": {"x": "end"}}),
        "end": END,
    }
    assert found_in(messages) == [
        "error: sample.json, message 'two': `next` has no branch for 'a' = 'y'. "
        'Add a branch: null, an id, or another choice, as in {"value": "id"}.'
    ]


def test_only_the_last_answer_of_a_name_counts() -> None:
    messages = {
        "one": ask("a", "x", next="two"),
        "two": ask("a", "y", next="three"),
        "three": message(next={"a": {"y": "end"}}),
        "end": END,
    }
    assert found_in(messages) == []


def test_an_answer_that_only_some_give_is_a_warning() -> None:
    messages = {
        "one": ask("a", "x", "y", next={"a": {"x": "two", "y": "three"}}),
        "two": ask("b", "z", next="three"),
        "three": message(next={"b": {"z": "end"}}),
        "end": END,
    }
    assert found_in(messages) == [
        "warning: sample.json, message 'three': `next` asks for 'b', which is not given on all ways here. "
        "Ask before, or choose by another answer."
    ]


def test_answers_that_depend_on_each_other_are_followed_together() -> None:
    messages = {
        "one": ask("a", "x", "y", next={"a": {"x": "two", "y": "three"}}),
        "two": ask("b", "z", next="three"),
        "three": message(next={"a": {"x": {"b": {"z": "end"}}, "y": "end"}}),
        "end": END,
    }
    assert found_in(messages) == []


def test_a_question_may_be_asked_again_until_it_is_answered_well() -> None:
    messages = {"one": ask("a", "again", "enough", next={"a": {"again": "one", "enough": "end"}}), "end": END}
    assert found_in(messages) == []


def test_a_value_that_the_condition_refuses_needs_no_branch() -> None:
    asked = button("a", "1", "2", "3", condition="{a} > 1")
    messages = {"one": message("SA", "?", vars=[asked], next={"a": {"2": "end", "3": "end"}}), "end": END}
    assert found_in(messages) == []


def test_a_condition_that_needs_more_than_the_value_excludes_none() -> None:
    asked = button("a", "1", "2", condition="{a} > points")
    messages = {"one": message("SA", "?", vars=[asked], next={"a": {"2": "end"}}), "end": END}
    assert ["no branch for 'a' = '1'" in line for line in found_in(messages)] == [True]


def test_values_that_are_no_texts_find_their_branch() -> None:
    asked = {"name": "a", "type": "button", "texts": ["one", "yes"], "values": [1, True]}
    messages = {"one": message("SA", "?", vars=[asked], next={"a": {"1": "end", "true": "end"}}), "end": END}
    assert found_in(messages) == []


def test_each_entry_of_buttons_stores_its_own_answer() -> None:
    two = [button("a", "x"), button("b", "y")]
    messages = {"one": message("SA", "?", vars=two, next={"a": {"x": "end"}}), "end": END}
    assert ["'a', which is not given on all ways here" in line for line in found_in(messages)] == [True]


def test_typed_text_that_is_expected_leads_on_by_itself() -> None:
    rule = {"kind": "text", "next": "end", "answers": {"NO": "two", "YES": {"a": {"x": "end"}}}}
    messages = {
        "one": ask("a", "x", next="type"),
        "type": message("WA", "?", vars=["typed"], input=rule),
        "two": message(next={"a": {"x": "end"}}),
        "end": END,
    }
    assert found_in(messages) == []


def test_a_wa_may_end_the_dialogue_when_its_file_says_so() -> None:
    assert found_in({"one": message("WA", "?", vars=["typed"], input={"kind": "text", "next": None})}) == []


def test_an_sa_that_asks_and_ends_is_no_fault() -> None:
    assert found_in({"one": ask("a", "x", "y")}) == []


def test_an_sa_without_buttons_waits_for_text_and_goes_on() -> None:
    assert found_in({"one": message("SA", "?", vars=["typed"], next="end"), "end": END}) == []


def test_a_circle_with_a_question_in_it_is_no_fault() -> None:
    messages = {
        "one": message(next="two"),
        "two": ask("a", "x", "y", next={"a": {"x": "one", "y": None}}),
    }
    assert found_in(messages) == []


def test_a_circle_is_found_behind_a_choice_too() -> None:
    messages = {
        "ask": ask("a", "x", "y", next="one"),
        "one": message(next={"a": {"x": "two", "y": None}}),
        "two": message(next="one"),
    }
    assert ["'one' → 'two' → 'one' is a circle" in line for line in found_in(messages)] == [True]


def test_a_partner_may_lead_out_of_a_wa_and_a_trigger_reaches_its_message() -> None:
    messages = {
        "one": ask("a", "x", "y", next="end", triggers="told"),
        "wait": message("WA", "Wait"),
        "told": message(next="end"),
        "end": END,
    }
    assert found_in(messages, first=["one", "wait"]) == []


def test_without_a_trigger_a_wa_for_two_strands_the_second_player() -> None:
    messages = {"one": ask("a", "x", next="end"), "wait": message("WA", "Wait"), "end": END}
    assert ["'wait': it can't be left" in line for line in found_in(messages, first=["one", "wait"])] == [True]


def test_both_players_may_begin_with_the_same_message() -> None:
    messages = {"one": message("CA", "?", vars=[button("a", "x")], next="end"), "end": END}
    assert found_in(messages, first=["one", "one"]) == []


def test_a_dialogue_of_the_seed_follows_the_seeds_table() -> None:
    def typed(**more: object) -> Json:
        return {"type": "WA", "text": in_all("?"), "wait": None, "next": None, **more}

    hour = {"what": "'{time}'"}
    messages = {
        "3si": typed(save="hour"),
        "3si_else": typed(save="hour"),
        "3si_c": message(text=in_all("It is {what}"), display=hour),
        "3si_nvr": message(text=in_all("As you like")),
    }
    assert found_in(messages, _id="world") == []
    broken = {name: one for name, one in messages.items() if name != "3si_nvr"}
    assert all("`input` names '3si_nvr'" in line for line in found_in(broken, _id="world"))


def test_when_a_link_is_broken_what_lay_behind_it_is_not_told_as_well() -> None:
    messages = {"one": message(next="tow"), "two": message(next="three"), "three": END}
    assert ["Perhaps 'two' is meant" in line for line in found_in(messages)] == [True]


def test_a_dialogue_with_very_many_ways_is_checked_in_no_time() -> None:
    names = [f"answer{number}" for number in range(30)]
    values = [f"value{number}" for number in range(8)]
    messages: Json = {
        name: ask(name, *values, next=following) for name, following in zip(names, [*names[1:], "choose"], strict=True)
    }
    for number, name in enumerate(names):
        following = f"choose{number + 1}" if number < 29 else None
        messages[f"choose{number or ''}"] = message(next={name: dict.fromkeys(values, following)})
    problems = check(document(messages))
    assert [one for one in problems if one.severity is Severity.ERROR] == []
