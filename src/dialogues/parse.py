# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a `Dialogue` of a JSON document, from a file or from the collection `gamesInfo`.

Tolerant: all forms that dialogues of the seed may have are understood; what cannot be is named, all at once.
Ids, answer names, button values and file names come out in Unicode's form NFC, so that they can be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from src.dialogues.choices import read_input, read_next
from src.dialogues.faults import Fault, Place
from src.dialogues.legacy import TypedAnswer, typed_answer_of_the_seed
from src.dialogues.model import Dialogue, Input, InputKind, Kind, Message, Next
from src.dialogues.names import normal
from src.dialogues.readers import (
    as_list,
    read_formula,
    read_map,
    read_name,
    read_number,
    read_text,
    read_truth,
    shown,
)
from src.dialogues.variables import Variables, read_variables
from src.errors import BotError

_MOST_PLAYERS = 2
_DIGITS_OF_REVISION = 32


class MalformedDialogue(BotError):
    """A document is no dialogue. `problems` holds all that was found; the text names the first."""

    def __init__(self, dialogue: str, problems: Sequence[Fault]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"dialogue {dialogue!r}: {problems[0]}{more}")
        self.dialogue = dialogue
        self.problems = tuple(problems)


def parse_dialogue(document: Mapping[str, object]) -> Dialogue:
    """Return the dialogue that a document describes; raise MalformedDialogue if it has faults."""
    faults: list[Fault] = []
    dialogue = read_dialogue(document, faults)
    if faults:
        raise MalformedDialogue(dialogue.id, faults)
    return dialogue


def read_dialogue(document: Mapping[str, object], faults: list[Fault]) -> Dialogue:
    """Return as much of a dialogue as can be understood, and add everything else to `faults`."""
    place = Place(faults)
    identifier = read_name(document.get("_id"), "_id", place) or ""
    if not identifier:
        place.fault("`_id` is missing", "Add it; it equals the file's name without .json")
    title = read_name(document.get("title"), "title", place)
    if title is None:
        place.fault("`title` is missing", "Add the dialogue's category")
    first = _read_first_messages(document.get("initial_messages"), place)
    return Dialogue(
        id=identifier,
        title=title or "",
        initial_messages=first,
        points=_read_points(document.get("points"), len(first), place),
        messages=_read_messages(document.get("messages"), identifier, place),
        skip=read_truth(document.get("skip"), "skip", place),
        repeatable=read_truth(document.get("repeatable"), "repeatable", place),
        revision=_read_revision(document, place),
    )


def _read_revision(document: Mapping[str, object], place: Place) -> str:
    try:
        return revision_of(document)
    except RecursionError:
        place.fault("the document is nested too deeply", "No part of a dialogue needs more than some levels")
        return ""


def revision_of(document: Mapping[str, object]) -> str:
    """Return 32 hexadecimal digits that say which content this is.

    They are the same for a file and for the document that MongoDB gives back: neither the order of keys,
    nor 1 instead of 1.0, nor the Unicode form of `_id` makes a difference.
    """
    whole = {**document, "_id": normal(str(document.get("_id")))}
    text = json.dumps(_plain(whole), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS_OF_REVISION]


def _plain(value: object) -> object:
    """Return a JSON value with whole numbers as int, whatever container and number types the source uses."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _read_first_messages(value: object, place: Place) -> tuple[str, ...]:
    names = [read_name(entry, "initial_messages", place) for entry in as_list(value)]
    first = tuple(name for name in names if name is not None)
    if not 0 < len(first) <= _MOST_PLAYERS:
        place.fault(f"`initial_messages` names {len(first)} messages", "Name one for one player, two for two players")
    return first


def _read_points(value: object, players: int, place: Place) -> tuple[str, ...]:
    """Return one formula for each player; where none is given there are no points."""
    points = [read_formula(entry, "points", place) or "0" for entry in as_list(value)]
    return tuple(points + ["0"] * (players - len(points)))


def _read_messages(value: object, dialogue: str, place: Place) -> dict[str, Message]:
    documents = read_map(value, "messages", place, 'Write {"id": {"type": "NA", …}}')
    if not documents:
        place.fault("`messages` is missing or empty", "Add at least the message of `initial_messages`")
    if isinstance(value, Mapping) and len(value) > len(documents):
        place.fault("two messages have the same id (in another Unicode form)", "Give every message an id of its own")
    messages: dict[str, Message] = {}
    for identifier, document in documents.items():
        inside = place.inside(identifier)
        if isinstance(document, Mapping):
            messages[identifier] = _read_message(identifier, document, dialogue, inside)
        else:
            inside.fault(f"the message is {shown(document)}, not an object", 'Write {"type": "NA", …}')
    return messages


def _read_message(identifier: str, document: Mapping[str, object], dialogue: str, place: Place) -> Message:
    kind = _read_kind(document.get("type"), place)
    variables = read_variables(document.get("vars"), place)
    following = read_next(document.get("next"), place)
    display = read_map(document.get("display"), "display", place, 'Write {"name": "formula"}')
    formulas = {name: read_formula(formula, "display", place) for name, formula in display.items()}
    seed = typed_answer_of_the_seed(dialogue, identifier)
    typed_input = _input_of(kind, document.get("input"), variables, following, seed, place)
    waiting = document.get("waiting_text")
    return Message(
        id=identifier,
        kind=kind,
        text=read_text(document.get("text"), "text", place),
        next=following,
        buttons=() if kind is Kind.WAIT else tuple(variables.buttons),
        typed=_typed_name(typed_input, variables, seed, identifier),
        conditions=variables.conditions,
        attachments=tuple(variables.attachments),
        save=read_name(document.get("save"), "save", place),
        wait=read_number(document.get("wait"), "wait", place),
        display={name: formula for name, formula in formulas.items() if formula is not None},
        action=read_name(document.get("action"), "action", place),
        triggers=read_name(document.get("triggers"), "triggers", place),
        waiting_text=None if waiting is None else read_text(waiting, "waiting_text", place),
        input=typed_input,
    )


def _read_kind(value: object, place: Place) -> Kind:
    text = value.strip().upper() if isinstance(value, str) else ""
    if text not in tuple(Kind):
        place.fault(f"`type` is {shown(value)}", "Write NA, SA, CA or WA")
        return Kind.NO_ANSWER
    return Kind(text)


def _input_of(
    kind: Kind,
    written: object,
    variables: Variables,
    following: Next,
    seed: TypedAnswer | None,
    place: Place,
) -> Input | None:
    """Return what follows a typed answer, or None where no text is expected.

    Every message that waits for text gets an `Input`: a WA that has one in its file, or is in the seed's
    table, or names an answer; an SA or CA that goes on and has no buttons, or names a typed answer. Any other
    WA waits for the partner.
    """
    given = read_input(written, following, place)
    if kind is Kind.NO_ANSWER:
        return None
    if given is not None:
        return given
    if kind is Kind.WAIT:
        if seed is not None and following is None:
            return seed.input
        return Input(InputKind.TEXT, following) if variables.typed or variables.buttons else None
    wants_text = variables.typed is not None or not variables.buttons
    return Input(InputKind.TEXT, following) if wants_text and following is not None else None


def _typed_name(
    typed_input: Input | None, variables: Variables, seed: TypedAnswer | None, identifier: str
) -> str | None:
    """Return the name under which typed text is stored; without any in the file it is the message's id."""
    if typed_input is None:
        return None
    if seed is not None and typed_input is seed.input:
        return seed.stores
    if variables.typed is not None:
        return variables.typed
    if variables.buttons:
        return variables.buttons[0].name
    return identifier
