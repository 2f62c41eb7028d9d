# SPDX-License-Identifier: GPL-3.0-or-later
"""A small study to play with: a question that comes again and again, and behind its buttons all that can be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HELLO = "Hello, this is a playground."
ASK = "What next?"
WRITE = "Write something."
PICTURE = "This is a picture."
RICH = "<b>Rich</b> &amp; <i>short</i>"
TOLD = "<b>You have told:</b>\n\n{told}\n\n<i>Is that all?</i>"
NEWS = "There is news."
LONG_PAUSE = 7
TEN = tuple(f"Number {number}" for number in range(10))
CHOICES = ("again", "ten", "write", "picture", "letter", "rich", "long", "wait", "end")


def _statement(text: str, then: str | None, *, wait: float | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "NA", "text": text, "wait": wait, "next": then, **more}


def _question(text: str, name: str, values: tuple[str, ...], then: Any) -> dict[str, Any]:
    button = {"name": name, "type": "button", "texts": [value.capitalize() for value in values], "values": list(values)}
    return {"type": "SA", "text": text, "vars": [button], "wait": None, "next": then}


def _typed(text: str, name: str, then: str, **more: int) -> dict[str, Any]:
    rule = {"kind": "text", "next": then, **more}
    return {"type": "WA", "text": text, "vars": [name], "input": rule, "wait": None, "next": None}


def _welcome() -> dict[str, Any]:
    ways = {value: value for value in CHOICES} | {"again": "ask", "ten": "number0"}
    messages = {
        "hello": _statement(HELLO, "ask"),
        "ask": _question(ASK, "choice", CHOICES, {"choice": ways}),
        "write": _typed(WRITE, "word", "written"),
        "written": _statement("You wrote: {said}", "ask", display={"said": "'{word}'"}),
        "picture": _statement(PICTURE, "ask", vars=[{"name": "p", "type": "img", "file_name": "circle.png"}]),
        "letter": _statement("A letter.", "ask", vars=[{"name": "l", "type": "pdf", "file_name": "consent_en.pdf"}]),
        "rich": _statement(RICH, "ask"),
        "long": _typed(WRITE, "tale", "told", max_length=4096),
        "told": _question(TOLD, "all", ("all",), "ask") | {"display": {"told": "'{tale}'"}},
        "wait": _statement("Wait.", "waited", wait=LONG_PAUSE),
        "waited": _statement("You have waited.", "ask"),
        "end": _statement("Goodbye.", None, action="legal_yes"),
    }
    for number, text in enumerate(TEN):
        messages[f"number{number}"] = _statement(text, f"number{number + 1}" if number < 9 else "ask")
    return _dialogue("welcome", "hello", messages)


def _news() -> dict[str, Any]:
    return _dialogue(
        "news", "news", {"news": _question(NEWS, "read", ("read",), "thanks"), "thanks": _statement("Thanks.", None)}
    )


def _dialogue(name: str, first: str, messages: dict[str, Any]) -> dict[str, Any]:
    return {"_id": name, "title": "user_settings", "initial_messages": [first], "points": ["0"], "messages": messages}


def put_into(data: Path) -> None:
    """Put the playground in the place of a study's welcome and sequence; the settings' dialogues stay."""
    for made in (_welcome(), _news()):
        path = data / "gamesInfo" / f"{made['_id']}.json"
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
    (data / "bot" / "sequence.txt").write_text("welcome\nnews\n", "utf-8")
