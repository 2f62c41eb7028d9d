# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the ways through a dialogue: every one leads somewhere, none runs in a circle, nobody is stranded.

A choice by a button's answer needs a branch for every value that can arrive there; a missing one is an error.
A choice by typed text can never have a branch for everything (the format has no fallback): that is a warning,
and what has no branch keeps the question. An answer that was not given on some of the ways is a warning too,
on all of them an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from src.dialogues.answers_on_the_way import Gaps, asked_at, gaps_of
from src.dialogues.faults import Fault, warning
from src.dialogues.model import Dialogue, Kind, Message
from src.dialogues.rules import Draft, answers_stored, links_of, targets_of


def check_links(draft: Draft) -> Iterator[Fault]:
    """Yield every `next`, `initial_messages`, `triggers` and `input` that names no message."""
    ids = draft.dialogue.messages.keys() | draft.broken
    for first in draft.dialogue.initial_messages:
        if first not in ids:
            yield _to_nowhere("initial_messages", first, ids, None)
    for message in draft.dialogue.messages.values():
        for key, target in dict.fromkeys(links_of(message)):
            if target not in ids:
                yield _to_nowhere(key, target, ids, message.id)


def _to_nowhere(key: str, target: str, ids: set[str], message: str | None) -> Fault:
    close = get_close_matches(target, ids, n=1)
    mend = f"Perhaps {close[0]!r} is meant" if close else "Write the id of a message of this dialogue"
    return Fault(f"`{key}` names {target!r}, which is no message", mend, message)


def check_ways(draft: Draft) -> Iterator[Fault]:
    """Yield choices without a branch, messages that nobody can leave, and circles without a question."""
    dialogue = draft.dialogue
    stored, gaps = answers_stored(dialogue), gaps_of(dialogue)
    for message in dialogue.messages.values():
        yield from _faults_of_choices(message, stored, gaps.get(message.id, Gaps()))
        yield from _faults_of_waiting(draft, message)
    yield from _circles(dialogue)


def check_reach(draft: Draft) -> Iterator[Fault]:
    """Warn of messages to which no way leads from the beginning."""
    reached = _reached(draft.dialogue)
    for identifier in draft.dialogue.messages:
        if identifier not in reached:
            yield warning("nothing leads to this message", "Lead there with a `next`, or delete it", identifier)


def _faults_of_choices(message: Message, stored: frozenset[str], gaps: Gaps) -> Iterator[Fault]:
    unknown = sorted(asked_at(message) - stored)
    for name in unknown:
        yield Fault(
            f"`next` asks for the answer {name!r}, which no message stores",
            "Use the name of a button or of a typed answer of this dialogue",
            message.id,
        )
    if unknown:
        return
    for name, values in gaps.values.items():
        yield Fault(
            f"`next` has no branch for {name!r} = {', '.join(map(repr, sorted(values)))}",
            'Add a branch: null, an id, or another choice, as in {"value": "id"}',
            message.id,
        )
    for name in sorted(gaps.unanswered):
        yield _may_be_unanswered(name, message, always=name not in gaps.reached)
    for name in sorted(gaps.typed):
        yield warning(
            f"`next` is a choice by {name!r}, which is typed and may be anything",
            "Use `input` with `answers`, or buttons; what has no branch keeps the question",
            message.id,
        )


def _may_be_unanswered(name: str, message: Message, *, always: bool) -> Fault:
    mend = "Ask before, or choose by another answer"
    if always:
        return Fault(f"`next` asks for the answer {name!r}, which is never given before", mend, message.id)
    return warning(f"`next` asks for {name!r}, which is not given on all ways here", mend, message.id)


def _faults_of_waiting(draft: Draft, message: Message) -> Iterator[Fault]:
    """Yield what keeps a participant at a message for ever."""
    dialogue = draft.dialogue
    if message.kind is Kind.COMPARE and not dialogue.is_for_two and message.asks:
        yield Fault(
            "it can't be left: CA waits for another player, and there is none",
            "Make it an SA, or name two `initial_messages`",
            message.id,
        )
    if message.kind is not Kind.WAIT:
        return
    if message.input is None:
        if dialogue.is_for_two:
            return  # whether anything triggers is looked at for each player, in `check_pairs`
        yield Fault(
            "it can't be left: WA without a typed answer waits for a trigger, and nothing triggers",
            "Name a typed answer in `vars` and write `input`, or make it an NA",
            message.id,
        )
    elif message.input.next is None and not _says_what_follows(draft, message):
        yield Fault(
            "it can't be left: nothing follows the typed answer",
            'Write `input`, as in {"kind": "text", "next": "id"}',
            message.id,
        )


def _says_what_follows(draft: Draft, message: Message) -> bool:
    """Tell whether the file says with `input` that the dialogue ends after the typed answer."""
    written = draft.written(message.id).get("input")
    return isinstance(written, Mapping) and "next" in written


def _circles(dialogue: Dialogue) -> Iterator[Fault]:
    """Yield one fault for every circle of messages that ask nothing."""
    silent = {
        identifier: [target for target in targets_of(message.next) if target in dialogue.messages]
        for identifier, message in dialogue.messages.items()
        if message.kind is Kind.NO_ANSWER
    }
    if dialogue.is_for_two:
        _add_triggers(silent, dialogue)
    seen: set[str] = set()
    for identifier in silent:
        if identifier not in seen:
            circle = _circle_from(identifier, silent, seen)
            if circle:
                yield Fault(
                    f"{' → '.join(map(repr, circle))} is a circle without a question",
                    "Let one of them ask something, or end",
                    circle[0],
                )


def _add_triggers(silent: dict[str, list[str]], dialogue: Dialogue) -> None:
    """Let silent messages lead to what they send to the other player: two may send one another on for ever."""
    for identifier, targets in silent.items():
        trigger = dialogue.messages[identifier].triggers
        if trigger is not None and trigger in dialogue.messages:
            targets.append(trigger)


def _circle_from(start: str, silent: dict[str, list[str]], seen: set[str]) -> list[str] | None:
    """Return the messages of a circle that can be reached from `start`, or None; notes what it has seen."""
    way: list[str] = []
    waiting = [(start, iter(silent[start]))]
    way.append(start)
    seen.add(start)
    while waiting:
        target = next(waiting[-1][1], None)
        if target is None:
            waiting.pop()
            way.pop()
        elif target in way:
            return [*way[way.index(target) :], target]
        elif target in silent and target not in seen:
            seen.add(target)
            way.append(target)
            waiting.append((target, iter(silent[target])))
    return None


def _reached(dialogue: Dialogue) -> set[str]:
    """Return the ids of all messages that something leads to."""
    reached: set[str] = set()
    waiting = list(dialogue.initial_messages)
    while waiting:
        here = waiting.pop()
        if here in reached or here not in dialogue.messages:
            continue
        reached.add(here)
        waiting.extend(target for _, target in links_of(dialogue.messages[here]))
    return reached
