# SPDX-License-Identifier: GPL-3.0-or-later
"""One request of a bot, however it was encoded: a method, text parameters and uploaded files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from src.simulator.refusals import bad_request

TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """What a bot asks for. Every parameter is text; lists and objects are JSON, as Telegram has it."""

    method: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def chat_id(self) -> int | None:
        """Return the chat that is named, or None if none is or it is no number."""
        try:
            return int(self.parameters.get("chat_id", ""))
        except ValueError:
            return None

    def text(self, name: str) -> str:
        """Return the parameter, or the empty text."""
        return self.parameters.get(name, "")

    def flag(self, name: str) -> bool:
        """Return the parameter as yes or no; the words count in any case."""
        return self.text(name).strip().lower() in TRUE

    def number(self, name: str, default: int = 0) -> int:
        """Return the parameter as a whole number; `default` if it is missing or is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def json(self, name: str) -> Any:
        """Return the parameter read as JSON, or None if it is missing; raise Refusal if it is broken."""
        source = self.text(name)
        if not source:
            return None
        try:
            return json.loads(source)
        except ValueError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error


def as_parameter(value: object) -> str:
    """Return a value of a JSON body as the text that it would be in a form."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
