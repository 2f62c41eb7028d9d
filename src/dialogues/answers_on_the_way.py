# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows answers through a dialogue: which values may be known when a choice asks for them.

A choice may ask for an earlier answer, and not every value of it leads to that choice: whoever said no left
long ago. So all ways are walked from the first message on, with the values of the answers that the choice
asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from src.dialogues.formula import FormulaFailed, parse_formula
from src.dialogues.model import Choice, Dialogue, Kind, Message, Next
from src.dialogues.rules import choices_in, targets_of

ANYTHING = None
"""The value of a typed answer: it may be any text."""

Known = frozenset[tuple[str, str | None]]
"""Answers that are known at some point, with their values; an answer that was not given is not in it."""

Answers = Mapping[str, set[str | None]]
"""All values that answers may have, by their names."""

MOST_STEPS = 20_000


@dataclass
class Gaps:
    """What a message's choices lack: values without branch, answers that may be missing or are typed.

    `reached` are the answers that were there in at least one case.
    """

    values: dict[str, set[str]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Step:
    """What may happen at a message: an answer is stored (or none), and `following` says where to go."""

    stored: tuple[str, str | None] | None
    following: Next


def gaps_of(dialogue: Dialogue) -> dict[str, Gaps]:
    """Return for every message that chooses by an answer what its choices lack, on all ways to it."""
    choosing = [message for message in dialogue.messages.values() if asked_at(message)]
    earlier = {message.id: asked_at(message) for message in choosing if _asks_for_earlier(message)}
    before = _known_before(dialogue, set().union(*earlier.values())) if earlier else {}
    gaps: dict[str, Gaps] = {}
    partners = _answers_of_partners(dialogue)
    for message in choosing:
        known = before.get(message.id)
        if message.id in earlier and not before:
            known = _known_before(dialogue, earlier[message.id]).get(message.id)
        gaps[message.id] = _gaps_at(message, known or {frozenset()}, partners)
        if message.id in earlier and not known:
            # No way leads here, or there are too many: only the message's own answers can be judged.
            gaps[message.id].unanswered.clear()
    return gaps


def _asks_for_earlier(message: Message) -> bool:
    """Tell whether a choice of this message may need more than the answer that is given here."""
    stored = [{step.stored[0]} if step.stored else set() for step in _steps_at(message)]
    return any(not asked_at(message) <= names for names in stored)


def _gaps_at(message: Message, before: set[Known], partners: Answers) -> Gaps:
    gaps = Gaps()
    for known in before:
        for step in _steps_at(message):
            _fill_gaps(gaps, step.following, dict(_after(known, step)), partners)
    return gaps


def asked_at(message: Message) -> set[str]:
    """Return the names of all answers that choices of this message ask for."""
    return {choice.answer for step in _steps_at(message) for choice in choices_in(step.following)}


def _fill_gaps(gaps: Gaps, following: Next, known: Mapping[str, str | None], partners: Answers) -> None:
    if not isinstance(following, Choice):
        return
    name, values = following.answer, _values_at(following, known, partners)
    if not values:
        gaps.unanswered.add(name)
        return
    gaps.reached.add(name)
    for value in values:
        if value is ANYTHING:
            gaps.typed.add(name)
            for branch in following.branches.values():
                _fill_gaps(gaps, branch, known, partners)
        elif value not in following.branches:
            gaps.values.setdefault(name, set()).add(value)
        else:
            _fill_gaps(gaps, following.branches[value], known, partners)


def _values_at(choice: Choice, known: Mapping[str, str | None], partners: Answers) -> set[str | None]:
    """Return the values that a choice may find; the partner's count where the person has none, or it asks for those."""
    own = {known[choice.answer]} if choice.answer in known else set()
    if own and not choice.replaces:
        return own
    return own | partners.get(choice.answer, set())


def _answers_of_partners(dialogue: Dialogue) -> Answers:
    """Return all values that the answers of a dialogue for two may have; nothing in one for one player."""
    found: dict[str, set[str | None]] = {}
    for message in dialogue.messages.values() if dialogue.is_for_two else ():
        for step in _steps_at(message):
            if step.stored is not None:
                found.setdefault(step.stored[0], set()).add(step.stored[1])
    return found


def _known_before(dialogue: Dialogue, names: set[str]) -> dict[str, set[Known]]:
    """Return for every message which values of these answers may be known when it is reached."""
    before: dict[str, set[Known]] = {}
    triggered = [message.triggers for message in dialogue.messages.values() if message.triggers is not None]
    waiting: list[tuple[str, Known]] = [(first, frozenset()) for first in dialogue.initial_messages]
    for _ in range(MOST_STEPS):
        if not waiting:
            return before
        here, known = waiting.pop()
        message = dialogue.messages.get(here)
        if message is None or known in before.setdefault(here, set()):
            continue
        before[here].add(known)
        for step in _steps_at(message):
            after = frozenset(pair for pair in _after(known, step) if pair[0] in names)
            decided = _decided(step, dict(after), names) if dialogue.is_for_two else names
            waiting.extend((target, after) for target in _targets(step.following, dict(after), decided))
        if message.kind is Kind.WAIT:
            waiting.extend((target, known) for target in triggered)
    return {}  # too many ways to walk: better no finding than a wrong one


def _after(known: Known, step: _Step) -> Known:
    """Return what is known when a step has been taken."""
    if step.stored is None:
        return known
    return frozenset(pair for pair in known if pair[0] != step.stored[0]) | {step.stored}


def _decided(step: _Step, known: Mapping[str, str | None], names: set[str]) -> set[str]:
    """Return the answers that alone decide between two players: not those that the partner may have given."""
    asked = {choice.answer for choice in choices_in(step.following) if choice.replaces}
    return (names & known.keys()) - asked


def _targets(following: Next, known: Mapping[str, str | None], names: set[str]) -> Iterator[str]:
    """Yield where a `next` leads with these answers; all branches where an answer is not looked at."""
    if not isinstance(following, Choice):
        yield from targets_of(following)
        return
    value = known.get(following.answer)
    if following.answer not in names or (value is ANYTHING and following.answer in known):
        for branch in following.branches.values():
            yield from _targets(branch, known, names)
    elif value is not None and value in following.branches:
        yield from _targets(following.branches[value], known, names)


def _steps_at(message: Message) -> Iterator[_Step]:
    """Yield everything that may happen at a message."""
    if message.ends:
        return
    if message.kind is Kind.NO_ANSWER or (message.kind is Kind.WAIT and message.input is None):
        yield _Step(None, message.next)
        return
    for name, value in possible_presses(message):
        yield _Step((name, value), message.next)
    if message.input is not None and message.typed is not None:
        typed = (message.typed, ANYTHING)
        yield _Step(typed, message.input.next)
        yield _Step(typed, message.input.invalid)
        for following in message.input.answers.values():
            yield _Step(typed, following)


def possible_presses(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the answers that buttons can give, without those that their condition always refuses."""
    for button in message.buttons:
        condition = message.conditions.get(button.name)
        if condition is None or _may_hold(condition, button.name, button.value):
            yield button.name, button.value


def _may_hold(condition: str, name: str, value: str) -> bool:
    """Tell whether a condition may accept this value; true when that depends on more than the value."""
    try:
        formula = parse_formula(condition)
        if formula.names != {name} or "points" in condition or "time" in condition:
            return True
        return bool(formula.evaluate({name: value}, points=0, time=0))
    except FormulaFailed:
        return True
