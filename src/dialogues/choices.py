# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads where a dialogue goes on: `next` in all its forms, and `input` for typed text."""

from __future__ import annotations

from collections.abc import Mapping

from src.dialogues.faults import Place
from src.dialogues.model import Choice, Input, InputKind, Next
from src.dialogues.names import normal
from src.dialogues.readers import read_map, read_name, read_number, scalar, shown

_LONGEST_TYPED = 200
_DEEPEST_CHOICE = 20
_MEND = 'Write null, a message\'s id, or {"answer": {"value": "id"}}'


def read_next(value: object, place: Place, depth: int = 0) -> Next:
    """Return where `next` leads: None for the end, an id, or a choice (which may hold further choices)."""
    if isinstance(value, Mapping) and depth <= _DEEPEST_CHOICE:
        return _read_choice({normal(str(key)): part for key, part in value.items()}, place, depth)
    text = scalar(value)
    if text is None and value is not None:
        place.fault(f"`next` is {shown(value)}", _MEND)
    return normal(text) if text else None


def _read_choice(document: Mapping[str, object], place: Place, depth: int) -> Next:
    name = _name_of_answer(document, place)
    if name is None:
        return None
    branches = document[name]
    if not isinstance(branches, Mapping):
        place.fault(f"the choice by {name!r} in `next` holds {shown(branches)}", _MEND)
        return None
    read = {normal(str(answer)): read_next(part, place, depth + 1) for answer, part in branches.items()}
    return Choice(name, read, replaces="replace_variable" in document)


def _name_of_answer(document: Mapping[str, object], place: Place) -> str | None:
    """Return the key under which the branches stand: what `replace_variable` names, else the only key."""
    others = [key for key in document if key != "replace_variable"]
    if "replace_variable" in document:
        name = read_name(document["replace_variable"], "replace_variable", place)
        if name in others:
            return name
    if len(others) == 1:
        return others[0]
    place.fault(f"`next` is a choice by {len(others)} answers ({shown(others)})", _MEND)
    return None


def read_input(value: object, fallback: Next, place: Place) -> Input | None:
    """Return what follows a typed answer, or None without `input`; `fallback` stands in for its `next`."""
    if value is None:
        return None
    document = read_map(value, "input", place, 'Write {"kind": "text", "next": "id"}')
    kind = document.get("kind", InputKind.TEXT)
    if kind not in tuple(InputKind):
        place.fault(f"the `kind` of `input` is {shown(kind)}", "Known are text, time and number")
        kind = InputKind.TEXT
    answers = read_map(document.get("answers"), "answers", place, 'Write {"NO": "id"}')
    return Input(
        kind=InputKind(str(kind)),
        next=read_next(document["next"], place) if "next" in document else fallback,
        invalid=read_name(document.get("invalid"), "invalid", place),
        answers={text: read_next(part, place) for text, part in answers.items()},
        max_length=int(read_number(document.get("max_length"), "max_length", place) or _LONGEST_TYPED),
    )
