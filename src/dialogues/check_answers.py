# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what is computed and remembered: formulas, `save`, actions, categories, unknown keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from src.dialogues.faults import Fault, warning
from src.dialogues.formula import MalformedFormula, parse_formula
from src.dialogues.model import Kind, Message
from src.dialogues.names import (
    ACTIONS,
    DIALOGUE_KEYS,
    INPUT_KEYS,
    MESSAGE_KEYS,
    NUMBERS_OF_THE_BOT,
    VARIABLE_KEYS,
    is_own_field,
    normal,
)
from src.dialogues.readers import as_list
from src.dialogues.rules import Draft, Study, answers_stored, names_computed


def check_answers(draft: Draft, study: Study) -> Iterator[Fault]:
    """Yield what is wrong with formulas, saved fields, actions and the category."""
    dialogue = draft.dialogue
    if dialogue.title and dialogue.title not in study.categories:
        yield warning(
            f"the category {dialogue.title!r} is unknown",
            f"Known are {', '.join(sorted(study.categories))}",
        )
    known = answers_stored(dialogue) | NUMBERS_OF_THE_BOT
    computed = names_computed(dialogue)
    given, players = len(as_list(draft.document.get("points"))), len(dialogue.initial_messages)
    if given != players:
        yield warning(f"`points` has {given} formulas for {players} players", "Write one for each player")
    for source in dialogue.points:
        yield from _formula_faults("points", source, known, computed, None)
    for message in dialogue.messages.values():
        yield from _formulas_of(message, known, computed)
        yield from _saving_faults(message)
        yield from _useless_parts(message, for_two=dialogue.is_for_two)


def _formulas_of(message: Message, known: frozenset[str], computed: frozenset[str]) -> Iterator[Fault]:
    """Check `condition` and `display`; a formula of `display` may use the names computed above it."""
    for name, source in message.conditions.items():
        yield from _formula_faults(f"condition of {name!r}", source, known, computed, message.id)
    above: set[str] = set()
    for name, source in message.display.items():
        yield from _formula_faults(f"display of {name!r}", source, known | above, computed, message.id)
        above.add(name)


def _formula_faults(
    what: str, source: str, known: Collection[str], computed: Collection[str], message: str | None
) -> Iterator[Fault]:
    try:
        formula = parse_formula(source)
    except MalformedFormula as error:
        yield Fault(f"{what}: {error}", "Write it like '{age}' if int({age}) > 17 else 'young'", message)
        return
    for name in sorted(name for name in formula.names if name not in known):
        if name in computed:
            yield warning(
                f"{what}: {name!r} is computed by another `display` and not known here",
                "Compute it in the same message, above this formula",
                message,
            )
        else:
            yield Fault(
                f"{what}: no message stores the answer {name!r}",
                f"Stored are {', '.join(sorted(known))}",
                message,
            )


def _saving_faults(message: Message) -> Iterator[Fault]:
    if message.save is not None and is_own_field(message.save):
        yield Fault(f"`save` would write the bot's own field {message.save!r}", "Choose another", message.id)
    elif message.save is not None and (message.save[0] == "$" or {".", "\0"} & set(message.save)):
        yield Fault(f"`save` names the field {message.save!r}", "Leave out $ and dots", message.id)
    if message.action is not None and message.action not in ACTIONS:
        yield warning(
            f"the action {message.action!r} is unknown and does nothing",
            f"Known are {', '.join(sorted(ACTIONS))}",
            message.id,
        )


def _useless_parts(message: Message, *, for_two: bool) -> Iterator[Fault]:
    """Warn of parts that this kind of message never uses."""
    if message.kind is Kind.NO_ANSWER and message.buttons:
        yield warning("NA goes on without an answer: its buttons are useless", "Make it an SA", message.id)
    if message.triggers is not None and not for_two:
        yield warning("`triggers` needs a second player", "Name two `initial_messages`", message.id)


def check_keys(draft: Draft) -> Iterator[Fault]:
    """Warn of keys that this version does not know, in the document and in everything inside it."""
    yield from _unknown(draft.document, DIALOGUE_KEYS, "", None)
    for identifier, message in _objects(draft.document.get("messages")):
        yield from _unknown(message, MESSAGE_KEYS, "", identifier)
        if "text" not in message and not message.get("vars") and message.get("type") != Kind.WAIT:
            yield Fault("`text` is missing", 'Write "text": {"ca": "…", "es": "…"}', identifier)
        for entry in as_list(message.get("vars")):
            if isinstance(entry, Mapping):
                yield from _unknown(entry, VARIABLE_KEYS, " in `vars`", identifier)
        if isinstance(message.get("input"), Mapping):
            if message.get("type") == Kind.NO_ANSWER:
                yield warning("NA goes on without an answer: its `input` is useless", "Make it a WA", identifier)
            yield from _unknown(message["input"], INPUT_KEYS, " in `input`", identifier)


def _objects(value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield name and part of all parts of an object that are objects themselves."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if isinstance(part, Mapping):
                yield normal(str(name)), part


def _unknown(document: object, known: frozenset[str], where: str, message: str | None) -> Iterator[Fault]:
    keys = document.keys() if isinstance(document, Mapping) else ()
    for key in (str(key) for key in keys if key not in known):
        yield warning(f"the key {key!r}{where} is unknown; it is kept and does nothing", "Mend or delete it", message)
