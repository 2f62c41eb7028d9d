# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed answers of dialogues that were written for the seed project, which had this table in its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from src.dialogues.model import Input, InputKind


@dataclass(frozen=True)
class TypedAnswer:
    """What a message of the seed stores under which name, and what follows."""

    stores: str
    input: Input


_LOCAL_TIME = TypedAnswer("time", Input(InputKind.TIME, "3si_c", invalid="3si_else", answers={"NO": "3si_nvr"}))

_TABLE: Mapping[tuple[str, str], TypedAnswer] = {
    ("sociodem_coact", "p_3"): TypedAnswer("area", Input(InputKind.TEXT, "p_3c")),
    ("sociodem_coact", "p_3-2"): TypedAnswer("area", Input(InputKind.TEXT, "p_3c-2")),
    ("sociodem_coact", "p_4"): TypedAnswer("codi", Input(InputKind.TEXT, "p_4c")),
    ("sociodem_coact", "p_4-2"): TypedAnswer("codi", Input(InputKind.TEXT, "p_4c-2")),
    ("world", "3si"): _LOCAL_TIME,
    ("world", "3si_else"): _LOCAL_TIME,
}


def typed_answer_of_the_seed(dialogue: str, message: str) -> TypedAnswer | None:
    """Return what the seed did with text typed at this message, or None."""
    return _TABLE.get((dialogue, message))
