# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checker says of dialogues for two, and of invitations: each mistake in one line; of good ones, nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from tests.dialogues.breakages import Change, drop, put, top
from tests.dialogues.samples import Json, button, check, document, good, good_for_two, in_all, lines, message


def duet() -> Json:
    """Return a dialogue in which the second player waits, hears the first one's answer, and both compare another."""
    following = {"replace_variable": "told", "told": {"sea": "sea", "wood": "wood"}}
    return document(
        {
            "tell": message("SA", in_all("Where?"), vars=[button("told", "sea", "wood")], next="both", triggers="hear"),
            "wait": message("WA", in_all("One moment")),
            "hear": message(text=in_all("The other says"), next=following),
            "sea": message(text=in_all("sea"), next="both"),
            "wood": message(text=in_all("wood"), next="both"),
            "both": message(
                "CA",
                in_all("And now?"),
                vars=[button("both", "stay", "go")],
                waiting_text=in_all("One moment"),
                next={
                    "replace_variable": "both",
                    "both": {"stay": "end", "go": {"both": {"stay": "end", "go": "end"}}},
                },
            ),
            "end": message(text=in_all("The end")),
        },
        first=["tell", "wait"],
        points=["1", "1"],
    )


def invitation() -> Json:
    """Return a dialogue that asks whether somebody would like to play."""
    return document(
        {
            "ask": message(
                "SA", in_all("Together?"), vars=[button("go", "yes", "no")], next={"go": {"yes": "good", "no": "well"}}
            ),
            "good": message(text=in_all("Good"), action="2p_answer"),
            "well": message(text=in_all("Well"), action="2p_answer"),
        }
    )


@pytest.mark.parametrize("good_one", [duet, invitation, good_for_two])
def test_nothing_is_said_of_a_good_one(good_one: Callable[[], Json]) -> None:
    assert lines(check(good_one())) == []


def test_a_dialogue_for_two_in_the_sequence_needs_an_invitation() -> None:
    alone = {**duet(), "_id": "duet"}
    asking = {**invitation(), "_id": "asking"}
    assert lines(check(alone, sequence=["duet"])) == [
        "warning: sequence.txt: 'duet' is for two players, and no dialogue asks whether anybody would like to play. "
        "Add a dialogue for one player with the action '2p_answer'."
    ]
    assert lines(check(alone, asking, sequence=["duet"])) == []
    assert lines(check(alone)) == []


BROKEN: dict[str, tuple[Callable[[], Json], Change, str]] = {
    "nobody triggers": (
        duet,
        drop("tell", "triggers"),
        "error: sample.json, message 'wait': it can't be left: the second player waits here, and nothing in the first "
        "player's part triggers",
    ),
    "the player triggers themselves": (
        duet,
        lambda whole: (drop("tell", "triggers")(whole), put("sea", "triggers", "hear")(whole)),
        "error: sample.json, message 'wait': it can't be left: the second player waits here",
    ),
    "a trigger that nobody waits for": (
        duet,
        put("hear", "triggers", "end"),
        "warning: sample.json, message 'hear': `triggers` sends 'end' to the first player, who never waits for it",
    ),
    "only one of them compares": (
        duet,
        put("tell", "next", "end"),
        "error: sample.json, message 'both': it can't be left: the second player waits here for an answer, and the "
        "first player meets no CA",
    ),
    "a player without an end": (
        duet,
        lambda whole: (
            put("end", "type", "SA")(whole),
            put("end", "vars", [button("e", "x")])(whole),
            put("end", "next", "end")(whole),
        ),
        "error: sample.json: the first player never comes to an end",
    ),
    "a partner's answer without a branch": (
        duet,
        drop("hear", "next", "told", "wood"),
        "error: sample.json, message 'hear': `next` has no branch for 'told' = 'wood'",
    ),
    "a partner's answer without a branch in a comparison": (
        duet,
        drop("both", "next", "both", "go"),
        "error: sample.json, message 'both': `next` has no branch for 'both' = 'go'",
    ),
    "an own answer without a branch behind the partner's": (
        duet,
        drop("both", "next", "both", "go", "both", "go"),
        "error: sample.json, message 'both': `next` has no branch for 'both' = 'go'",
    ),
    "an answer that nobody gives": (
        duet,
        put("hear", "next", {"replace_variable": "tld", "tld": {"sea": "sea"}}),
        "error: sample.json, message 'hear': `next` asks for the answer 'tld', which no message stores",
    ),
    "a waiting text without a comparison": (
        duet,
        put("tell", "waiting_text", in_all("Wait")),
        "warning: sample.json, message 'tell': only a CA shows `waiting_text`",
    ),
    "a waiting text without a partner": (
        good,
        lambda whole: (put("hello", "type", "CA")(whole), put("hello", "waiting_text", in_all("Wait"))(whole)),
        "warning: sample.json, message 'hello': `waiting_text` needs a second player",
    ),
    "a comparison without a partner": (
        good,
        put("ready", "type", "CA"),
        "error: sample.json, message 'ready': it can't be left: CA waits for another player, and there is none",
    ),
    "a WA without a trigger and without a partner": (
        good,
        lambda whole: (drop("age", "input")(whole), drop("age", "vars")(whole)),
        "error: sample.json, message 'age': it can't be left: WA without a typed answer waits for a trigger",
    ),
    "a formula for each player is missing": (
        duet,
        top("points", ["1"]),
        "warning: sample.json: `points` has 1 formulas for 2 players",
    ),
    "three players": (duet, top("initial_messages", ["tell", "wait", "wait"]), "`initial_messages` names 3 messages"),
    "messages that send one another on": (
        duet,
        lambda whole: (put("sea", "triggers", "wood")(whole), put("wood", "triggers", "sea")(whole)),
        "error: sample.json, message 'sea': 'sea' → 'wood' → 'sea' is a circle without a question",
    ),
    "different numbers of comparisons": (
        good_for_two,
        lambda whole: (
            top("initial_messages", ["begin", "first"])(whole),
            put("first", message("CA", in_all("?"), vars=[button("f", "x")], next="same"))(whole),
        ),
        "warning: sample.json: the players answer different numbers of CA: 1 and 2",
    ),
    "an invitation that nobody can accept": (
        invitation,
        put("ask", "vars", 0, "values", ["maybe", "no"]),
        "nobody can accept this invitation: no button has a value that means yes",
    ),
    "an invitation that nobody can decline": (
        invitation,
        put("ask", "vars", 0, "values", ["yes", "ok"]),
        "nobody can decline this invitation: every button has a value that means yes",
    ),
    "an invitation in a dialogue for two": (
        duet,
        put("end", "action", "2p_answer"),
        "error: sample.json, message 'end': the action '2p_answer' stands in a dialogue for two",
    ),
    "a waiting text that is missing in a language": (
        duet,
        drop("both", "waiting_text", "de"),
        "warning: sample.json, message 'both', language 'de': `waiting_text` is missing in this language",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_mistake_is_named_in_one_line(name: str) -> None:
    whole, change, said = BROKEN[name]
    broken = copy.deepcopy(whole())
    change(broken)
    found = lines(check(broken))
    assert sum(said in line for line in found) == 1, found
    assert all("\n" not in line for line in found)
