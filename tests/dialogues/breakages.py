# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to break the good dialogue: what is changed, where that shows, and what the checker says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.dialogues.samples import Json, button, in_all, message

Change = Callable[[Json], object]


def put(*path: Any) -> Change:
    """Return a change that puts the last of `path` where the keys before it lead, below `messages`."""
    *keys, last, value = path

    def change(document: Json) -> None:
        part: Any = document["messages"]
        for key in keys:
            part = part[key]
        part[last] = value

    return change


def top(key: str, value: object) -> Change:
    """Return a change of a key of the document itself."""
    return lambda document: document.update({key: value})


def drop(*path: Any) -> Change:
    """Return a change that deletes the last key of `path`, below `messages`."""
    *keys, last = path

    def change(document: Json) -> None:
        part: Any = document["messages"]
        for key in keys:
            part = part[key]
        del part[last]

    return change


ERRORS: dict[str, tuple[Change, str | None, str]] = {
    "an unknown kind": (put("hello", "type", "XX"), "hello", "`type` is 'XX'. Write NA, SA, CA or WA"),
    "no title": (top("title", None), None, "`title` is missing"),
    "no messages": (top("messages", {}), None, "`messages` is missing or empty"),
    "a message that is no object": (put("sum", ["x"]), "sum", "the message is ['x'], not an object"),
    "a message without a text": (drop("hello", "text"), "hello", "`text` is missing"),
    "a text of a wrong type": (put("hello", "text", ["x"]), "hello", "`text` is ['x']"),
    "a wait that is no number": (put("hello", "wait", "soon"), "hello", "`wait` is 'soon'"),
    "another id than the file": (top("_id", "other"), None, "`_id` is 'other', not the file's name"),
    "a first message that is none": (top("initial_messages", ["hallo"]), None, "Perhaps 'hello' is meant"),
    "a next to nowhere": (put("hello", "next", "redy"), "hello", "`next` names 'redy', which is no message"),
    "a branch to nowhere": (
        put("ready", "next", "ready", "no", "nowhere"),
        "ready",
        "`next` names 'nowhere', which is no message",
    ),
    "a trigger to nowhere": (put("hello", "triggers", "x9"), "hello", "`triggers` names 'x9'"),
    "an input to nowhere": (put("age", "input", "next", "x9"), "age", "`input` names 'x9'"),
    "an invalid to nowhere": (put("age", "input", "invalid", "x9"), "age", "`input` names 'x9'"),
    "an expected text to nowhere": (
        put("age", "input", "answers", {"NO": "x9"}),
        "age",
        "`input` names 'x9'",
    ),
    "a value without a branch": (
        drop("ready", "next", "ready", "dontsave"),
        "ready",
        "`next` has no branch for 'ready' = 'dontsave'",
    ),
    "an earlier value without a branch": (
        drop("mood", "next", "ready", "yes"),
        "mood",
        "`next` has no branch for 'ready' = 'yes'",
    ),
    "a value without a branch deep inside": (
        drop("page", "next", "mood", "bad", "ready", "dontsave"),
        "page",
        "`next` has no branch for 'ready' = 'dontsave'",
    ),
    "a choice by an answer that nobody gives": (
        put("page", "next", {"moood": {"good": "bye"}}),
        "page",
        "`next` asks for the answer 'moood', which no message stores",
    ),
    "a choice by an answer that comes later": (
        put("hello", "next", {"ready": {"yes": "ready", "no": "ready", "dontsave": "ready"}}),
        "hello",
        "`next` asks for the answer 'ready', which is never given before",
    ),
    "a message that waits for nobody": (
        put("age", message("WA", in_all("?"), next="sum")),
        "age",
        "it can't be left: WA without a typed answer waits for a trigger",
    ),
    "a typed answer that nothing follows": (drop("age", "input"), "age", "it can't be left: nothing follows"),
    "a CA in a dialogue for one": (
        put("ready", "type", "CA"),
        "ready",
        "it can't be left: CA waits for another",
    ),
    "a circle without a question": (put("page", "next", "sum"), "sum", "'sum' → 'page' → 'sum' is a circle"),
    "a message that follows itself": (put("sum", "next", "sum"), "sum", "'sum' → 'sum' is a circle"),
    "a formula that does not parse": (put("sum", "display", "what", "1 +"), "sum", "it is no formula"),
    "a formula that calls something": (
        put("sum", "display", "what", "open('{age}')"),
        "sum",
        "only the functions int, str, float are allowed",
    ),
    "a formula with an unknown answer": (
        put("sum", "display", "what", "'{agee}'"),
        "sum",
        "display of 'what': no message stores the answer 'agee'",
    ),
    "a condition that does not parse": (
        put("mood", "vars", 0, "condition", "{mood} = 1"),
        "mood",
        "condition of 'mood': the formula '{mood} = 1' is refused",
    ),
    "points that do not parse": (top("points", ["one"]), None, "points: the formula 'one' is refused"),
    "points by an unknown answer": (top("points", ["{x}"]), None, "points: no message stores the answer 'x'"),
    "a field of the bot": (put("ready", "save", "status"), "ready", "`save` would write the bot's own field"),
    "a part of a field of the bot": (put("ready", "save", "current_game.x"), "ready", "bot's own field"),
    "a field with a dollar": (put("ready", "save", "$set"), "ready", "`save` names the field '$set'"),
    "a missing picture": (
        put("mood", "vars", 0, "file_name", "see.png"),
        "mood",
        "the file data/outgoing_files/img/see.png is missing",
    ),
    "a missing document": (
        put("page", "vars", 0, "file_name", {"ca": "no.pdf"}),
        "page",
        "language 'ca': the file data/outgoing_files/no.pdf is missing",
    ),
    "a file outside": (put("mood", "vars", 0, "file_name", "../../x.png"), "mood", "lies outside"),
    "an absolute file": (put("mood", "vars", 0, "file_name", "/etc/passwd"), "mood", "lies outside"),
    "a text that is too long": (
        put("bye", "text", "de", "<b>" + "x" * 4_097 + "</b>"),
        "bye",
        "language 'de': the text has 4097 characters, a text may have 4096",
    ),
    "a caption that is too long": (
        put("mood", "text", "en", "x" * 1_025),
        "mood",
        "language 'en': the text has 1025 characters, a caption may have 1024",
    ),
    "an unknown tag": (
        put("bye", "text", "es", "a<br>b"),
        "bye",
        "language 'es': the text: the tag <br> is unknown",
    ),
    "an unclosed tag": (
        put("bye", "text", "ca", "<b>a"),
        "bye",
        "language 'ca': the text: the tag <b> is never",
    ),
    "nothing but tags": (put("bye", "text", "ca", "<b> </b>"), "bye", "the text is empty but for its tags"),
    "a value that is too long": (
        lambda one: one["messages"].update(bye=message("SA", in_all("x"), vars=[button("z", "ы" * 33)])),
        "bye",
        "has 66 bytes; 1 to 64 will do",
    ),
    "an empty value": (
        lambda one: one["messages"].update(
            bye=message("SA", "x", vars=[{"name": "z", "type": "button", "texts": ["a"], "values": [""]}])
        ),
        "bye",
        "has 0 bytes",
    ),
    "a value that is there twice": (
        lambda one: one["messages"].update(bye=message("SA", "x", vars=[button("z", "a"), button("y", "a")])),
        "bye",
        "the button value 'a' occurs 2 times",
    ),
    "more texts than values": (
        lambda one: one["messages"]["ready"]["vars"][0]["values"].pop(),
        "ready",
        "3 `texts` and 2 `values`",
    ),
    "a button without a label": (
        put("ready", "vars", 0, "texts", 1, {"ca": ""}),
        "ready",
        "the button 'no' has no text",
    ),
}
