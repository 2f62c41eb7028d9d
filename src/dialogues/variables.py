# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the `vars` of a message: typed answers, buttons, pictures and documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from src.dialogues.faults import Place
from src.dialogues.model import Attachment, Button, FileKind, Text
from src.dialogues.names import normal
from src.dialogues.readers import as_list, read_formula, read_name, read_text, scalar, shown

_FOLDERS = ("./", "data/", "outgoing_files/")


@dataclass
class Variables:
    """What the `vars` of one message say; `typed` names the typed answer, or is None."""

    buttons: list[Button] = field(default_factory=list)
    typed: str | None = None
    conditions: dict[str, str] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)


def read_variables(value: object, place: Place) -> Variables:
    """Return what a message's `vars` say; a single string or object is a list of one."""
    variables = Variables()
    for entry in as_list(value):
        if entry in (None, "", {}):
            continue
        if isinstance(entry, str):
            _add_typed({"name": entry}, variables, place)
        elif isinstance(entry, Mapping):
            _add(entry, variables, place)
        else:
            place.fault(f"an entry of `vars` is {shown(entry)}", "Write the answer's name or an object")
    return variables


def _add(entry: Mapping[str, object], variables: Variables, place: Place) -> None:
    kind = entry.get("type")
    add = _KINDS.get(kind) if kind is None or isinstance(kind, str) else None
    if add is None:
        place.fault(
            f"an entry of `vars` has the type {shown(kind)}",
            'Known are "button", "img", "pdf", or no type at all',
        )
        return
    add(entry, variables, place)


def _add_typed(entry: Mapping[str, object], variables: Variables, place: Place) -> None:
    name = _named(entry, variables, place)
    if name is None:
        return
    if variables.typed not in (None, name):
        place.fault(f"`vars` names two typed answers, {variables.typed!r} and {name!r}", "Keep one of them")
        return
    variables.typed = name


def _add_buttons(entry: Mapping[str, object], variables: Variables, place: Place) -> None:
    name = _named(entry, variables, place)
    texts, values = as_list(entry.get("texts")), as_list(entry.get("values"))
    if len(texts) != len(values):
        place.fault(
            f"the buttons of {name!r} have {len(texts)} `texts` and {len(values)} `values`",
            "Give every button one text and one value",
        )
    for text, value in zip(texts, values, strict=False):
        written = scalar(value)
        if written is None:
            place.fault(f"a button of {name!r} has the value {shown(value)}", "Write a short text")
        elif name is not None:
            variables.buttons.append(Button(name, normal(written), read_text(text, "texts", place)))
    if entry.get("type2") == FileKind.PICTURE or "file_name" in entry:
        _add_picture(entry, variables, place)


def _add_picture(entry: Mapping[str, object], variables: Variables, place: Place) -> None:
    _add_file(FileKind.PICTURE, entry, variables, place)


def _add_document(entry: Mapping[str, object], variables: Variables, place: Place) -> None:
    _add_file(FileKind.DOCUMENT, entry, variables, place)


def _add_file(kind: FileKind, entry: Mapping[str, object], variables: Variables, place: Place) -> None:
    name = read_text(entry.get("file_name"), "file_name", place)
    if not name.in_language("", ""):
        place.fault(f"an entry of `vars` of type {kind} names no file", 'Add "file_name"')
        return
    everywhere = None if name.everywhere is None else _below_its_folder(kind, name.everywhere)
    names = {language: _below_its_folder(kind, one) for language, one in name.by_language.items() if one}
    variables.attachments.append(Attachment(kind, Text(names, everywhere)))


def _named(entry: Mapping[str, object], variables: Variables, place: Place) -> str | None:
    """Return the name of the answer, noting the condition that belongs to it."""
    name = read_name(entry.get("name"), "name", place)
    if name is None:
        place.fault("an entry of `vars` has no name", 'Add "name": the answer is stored under it')
        return None
    condition = read_formula(entry.get("condition"), "condition", place)
    if condition:
        variables.conditions[name] = condition
    return name


def _below_its_folder(kind: FileKind, file_name: str) -> str:
    """Return a file's name relative to the folder of its kind, also where an author wrote that folder too."""
    name = normal(file_name.strip())
    for folder in (*_FOLDERS, *(("img/",) if kind is FileKind.PICTURE else ())):
        name = name.removeprefix(folder)
    return name


_KINDS = {
    None: _add_typed,
    "": _add_typed,
    "button": _add_buttons,
    "img": _add_picture,
    "pdf": _add_document,
}
