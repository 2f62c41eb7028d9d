# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialogues to read, check and break: for one player and for two, with everything the format has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from src.dialogues.check import Problem, SourceFile, check_dialogues
from src.dialogues.model import Dialogue, FileKind, Message
from src.dialogues.parse import parse_dialogue

Json = dict[str, Any]

LANGUAGES = ("ca", "es", "en", "de")
CATEGORIES = ("user_settings", "capacitation", "compartir_vivencias", "textos_informativos")
FILES = frozenset({(FileKind.PICTURE, "sea.png"), (FileKind.DOCUMENT, "consent_ca.pdf")})


def in_all(text: str) -> dict[str, str]:
    """Return a text in all languages of the study."""
    return {language: f"{text} ({language})" for language in LANGUAGES}


def button(name: str, *values: str, **more: Any) -> Json:
    """Return the `vars` entry of an answer with one button for each value."""
    return {
        "name": name,
        "type": "button",
        "texts": [in_all(value) for value in values],
        "values": list(values),
        **more,
    }


def message(kind: str = "NA", text: Any = "Hello", **more: Any) -> Json:
    """Return a message; without `next` it ends the dialogue."""
    return {"type": kind, "text": text, "wait": None, "next": None, **more}


def document(messages: Json, first: Sequence[str] = (), **more: Any) -> Json:
    """Return a dialogue with these messages, beginning with the first one unless others are named."""
    beginning = list(first) or [next(iter(messages))]
    return {
        "_id": "sample",
        "title": "capacitation",
        "initial_messages": beginning,
        "points": ["1"] * len(beginning),
        "messages": messages,
        **more,
    }


def good() -> Json:
    """Return a dialogue for one player in which nothing is wrong."""
    ask_age = {"kind": "number", "next": "sum", "invalid": "age", "answers": {"NO": "bye"}, "max_length": 3}
    return document(
        {
            "hello": message(text=in_all("<b>Hello</b> &amp; welcome"), next="ready", wait=2),
            "ready": message(
                "SA",
                in_all("Ready?"),
                vars=[button("ready", "yes", "no", "dontsave")],
                save="is_ready",
                next={"ready": {"yes": "mood", "dontsave": "mood", "no": None}},
            ),
            "mood": message(
                "SA",
                in_all("How are you?"),
                vars=[button("mood", "good", "bad", type2="img", file_name="sea.png")],
                next={"replace_variable": "ready", "ready": {"yes": "age", "dontsave": "page"}},
            ),
            "age": message("WA", in_all("How old are you?"), vars=["age"], input=ask_age),
            "sum": message(
                text=in_all("So {what}. Call {emergency}."),
                display={"what": "'you are {age}' if int({age}) > 17 else 'you are young'"},
                next="page",
            ),
            "page": message(
                text=in_all("Read this"),
                vars=[{"name": "doc", "type": "pdf", "file_name": {"ca": "consent_ca.pdf"}}],
                next={"mood": {"good": "bye", "bad": {"ready": {"yes": "bye", "dontsave": None}}}},
            ),
            "bye": message("SA", in_all("Bye!"), action="update_rhythm"),
        }
    )


def good_for_two() -> Json:
    """Return a dialogue for two players in which nothing is wrong."""
    return document(
        {
            "begin": message("SA", "Choose", vars=[button("first", "a", "b")], next="tell"),
            "tell": message(text="Told", triggers="heard", next="same"),
            "wait": message("WA", "Wait"),
            "heard": message(text="Your turn", next="same"),
            "same": message(
                "CA",
                in_all("Both answer"),
                vars=[button("same", "x", "y")],
                waiting_text=in_all("One moment"),
                next={"same": {"x": "end", "y": "end"}},
            ),
            "end": message(text="The end"),
        },
        first=["begin", "wait"],
        points=["1", "1 + {points}"],
    )


def parsed(messages: Json, **more: Any) -> Dialogue:
    """Return the dialogue with these messages."""
    return parse_dialogue(document(messages, **more))


def parsed_message(**parts: Any) -> Message:
    """Return a message that has these parts."""
    return parsed({"one": {"type": "NA", "text": "Hello", **parts}}).messages["one"]


def is_known(kind: FileKind, name: str) -> bool:
    """Tell whether the sample study has this file."""
    return (kind, name) in FILES


def check(*documents: Json, names: Sequence[str] = (), sequence: Sequence[str] = ()) -> list[Problem]:
    """Return what is wrong with dialogues in files of these names (their `_id`, if none is given)."""
    file_names = list(names) or [f"{one.get('_id')}.json" for one in documents]
    files = [SourceFile(name, one) for name, one in zip(file_names, documents, strict=True)]
    return check_files(files, sequence=sequence)


def check_files(
    files: Sequence[SourceFile], *, sequence: Sequence[str] = (), known_dialogues: Collection[str] = ()
) -> list[Problem]:
    """Return what is wrong with these files, seen by the sample study."""
    return check_dialogues(
        files,
        languages=LANGUAGES,
        known_files=is_known,
        categories=CATEGORIES,
        sequence=sequence,
        known_dialogues=known_dialogues,
    )


def lines(problems: Sequence[Problem]) -> list[str]:
    """Return the problems as an author sees them."""
    return [str(problem) for problem in problems]
