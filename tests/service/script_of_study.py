# SPDX-License-Identifier: GPL-3.0-or-later
"""What the authors' files say, read plainly: which message comes after which answer. Nothing of the bot is used here,
so that it can be held against this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]

WAITS = {"user_settings": 0.0, "capacitation": 0.0, "compartir_vivencias": 1.0, "encontrar_soluciones_juntos": 1.0}
"""Which part of the rhythm people rest after a dialogue of this category; after any other one a quarter."""

ENDED = "(ended)"


@dataclass(frozen=True)
class Meant:
    """What an answer means: under which name and value it is recorded, and which message follows (None: the end)."""

    name: str
    value: str
    following: Any
    is_saved: bool = True


@dataclass(frozen=True)
class Script:
    """All dialogues and their order."""

    dialogues: Mapping[str, Json]
    sequence: Sequence[str]

    @classmethod
    def from_files(cls, folder: Path, sequence: Path) -> Script:
        """Read the files as they are."""
        documents = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
        dialogues = {each["_id"]: each for each in documents}
        lines = [line.strip() for line in sequence.read_text("utf-8").splitlines()]
        names = [line for line in lines if line and not line.startswith("#")]
        # Nobody is sent a dialogue for two: it begins when there is a partner.
        return cls(dialogues, [name for name in names if len(dialogues[name]["initial_messages"]) == 1])

    def first(self, dialogue: str) -> str:
        """Return the message with which a dialogue begins."""
        return str(self.dialogues[dialogue]["initial_messages"][0])

    def message(self, dialogue: str, name: str) -> Json:
        """Return a message."""
        found: Json = self.dialogues[dialogue]["messages"][name]
        return found

    def asks(self, dialogue: str, name: str) -> bool:
        """Tell whether the dialogue waits at this message for an answer."""
        return self.message(dialogue, name)["type"] in ("SA", "WA")

    def wait_after(self, dialogue: str) -> float:
        """Return which part of the rhythm people rest after it."""
        return WAITS.get(self.dialogues[dialogue]["title"], 0.25)

    def points(self, dialogue: str) -> float:
        """Return the points for a whole dialogue; this study has plain numbers."""
        return float(self.dialogues[dialogue]["points"][0])

    def burst(self, dialogue: str, start: str | None, answers: Mapping[str, str]) -> list[str]:
        """Return the messages from `start` to the next question; the last is `ENDED` if there is none."""
        found: list[str] = []
        here = start
        while here is not None:
            found.append(here)
            if self.asks(dialogue, here):
                return found
            here = resolved(self.message(dialogue, here)["next"], answers)
        return [*found, ENDED]

    def pressed(self, dialogue: str, name: str, value: str) -> Meant | None:
        """Return what a press means at this message; None: the message has no such button."""
        message = self.message(dialogue, name)
        for each in buttons_of(message):
            if value in each["values"]:
                return Meant(each["name"], value, message["next"])
        return None

    def typed(self, dialogue: str, name: str, text: str) -> Meant | None:
        """Return what a typed text means at this message; None: it has to be said again."""
        message = self.message(dialogue, name)
        for each in buttons_of(message):
            for label, value in zip(each["texts"], each["values"], strict=True):
                labels = label.values() if isinstance(label, dict) else [label]
                if text.casefold() in {value.casefold(), *(one.casefold() for one in labels)}:
                    return Meant(each["name"], value, message["next"])
        rule = message.get("input")
        if not rule:
            return None
        variable = message["vars"][0]
        asked = variable if isinstance(variable, str) else variable["name"]
        return input_meant(asked, rule, text)


def input_meant(name: str, rule: Json, text: str) -> Meant | None:
    """Return what a text means that a message asks for."""
    for expected, following in rule.get("answers", {}).items():
        if expected.casefold() == text.casefold():
            return Meant(name, text, following, is_saved=False)
    if fits(rule["kind"], text, name):
        return Meant(name, text, rule["next"])
    return Meant(name, text, rule["invalid"], is_saved=False) if rule.get("invalid") else None


def fits(kind: str, text: str, name: str) -> bool:
    """Tell whether the text is of the kind that is asked for."""
    if kind == "time":
        found = re.fullmatch(r"(\d\d):(\d\d)", text)
        return bool(found) and int(found[1]) < 24 and int(found[2]) < 60  # type: ignore[index]
    if kind == "number":
        return text.isdigit() and (name != "people" or int(text) <= 999)
    return len(text) <= 60


def buttons_of(message: Json) -> list[Json]:
    """Return the answers that are given with buttons."""
    return [each for each in message.get("vars") or [] if isinstance(each, dict) and each.get("type") == "button"]


def resolved(target: Any, answers: Mapping[str, str]) -> str | None:
    """Follow the branches of earlier answers to a message."""
    while isinstance(target, dict):
        name = next(key for key in target if key != "replace_variable")
        target = target[name][answers[name]]
    return None if target is None else str(target)
