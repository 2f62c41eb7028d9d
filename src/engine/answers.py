# SPDX-License-Identifier: GPL-3.0-or-later
"""What a press or a typed text means to the message that asks now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from src.dialogues.formula import FormulaFailed, parse_formula
from src.dialogues.model import Input, InputKind, Message, Next
from src.engine.state import Participant

TIME = re.compile(r"\s*(\d{1,2})\s*[:.,;]\s*(\d{2})\s*")
NUMBER = re.compile(r"\s*[+-]?\d{1,15}([.,]\d{1,15})?\s*")


@dataclass(frozen=True)
class Understood:
    """The answer counts: it is stored under `name`, and the dialogue goes on with `next`.

    `may_save`: it may be copied to the participant's field; not so for a text that sends the dialogue elsewhere.
    """

    name: str
    value: str
    next: Next
    typed: bool = False
    may_save: bool = True


@dataclass(frozen=True)
class NotUnderstood:
    """The question stays; the phrase of this name tells why."""

    phrase: str


Reading = Understood | NotUnderstood


def read_press(
    message: Message, value: str, known: Mapping[str, str], participant: Participant, now: datetime
) -> Reading:
    """Understand a press on one of the message's own buttons."""
    for button in message.buttons:
        if button.value == value:
            return accepted(message, Understood(button.name, value, message.next), known, participant, now)
    return NotUnderstood("buttons_only")


def read_text(
    message: Message, text: str, known: Mapping[str, str], participant: Participant, now: datetime
) -> Reading:
    """Understand a typed text: the label or value of a button counts as a press, else the message may ask for text."""
    said = text.strip().casefold()
    for button in message.buttons:
        labels = (button.label.everywhere or "", *button.label.by_language.values(), button.value)
        if said and said in {label.strip().casefold() for label in labels}:
            return accepted(message, Understood(button.name, button.value, message.next), known, participant, now)
    if message.typed is None or message.input is None:
        return NotUnderstood("buttons_only")
    return read_input(message, message.typed, message.input, text.strip(), known, participant, now)


def read_input(
    message: Message,
    name: str,
    rule: Input,
    text: str,
    known: Mapping[str, str],
    participant: Participant,
    now: datetime,
) -> Reading:
    """Understand a text where the message asks for one."""
    for expected, target in rule.answers.items():
        if expected.strip().casefold() == text.casefold():
            return Understood(name, text, target, typed=True, may_save=False)
    value = READERS[rule.kind](text)
    wrong = "too_long" if len(text) > rule.max_length else COMPLAINTS[rule.kind] if value is None else None
    if value is not None and wrong is None:
        reading = accepted(message, Understood(name, value, rule.next, typed=True), known, participant, now)
        if isinstance(reading, Understood):
            return reading
        wrong = reading.phrase
    if rule.invalid is None:
        return NotUnderstood(wrong or "another_answer")
    return Understood(name, text[: rule.max_length], rule.invalid, typed=True, may_save=False)


def accepted(
    message: Message, reading: Understood, known: Mapping[str, str], participant: Participant, now: datetime
) -> Reading:
    """Hold the answer against the message's condition for it. A condition that cannot be computed stands in no
    one's way.
    """
    condition = message.conditions.get(reading.name)
    if condition is None:
        return reading
    try:
        values = {**known, reading.name: reading.value}
        holds = parse_formula(condition).evaluate(values, points=participant.points, time=now.timestamp())
    except FormulaFailed:
        return NotUnderstood("another_answer") if reading.typed else reading
    return reading if holds else NotUnderstood("another_answer")


def time_of_day(text: str) -> time | None:
    """Read `17:30`, also with a point, a comma or a semicolon; None: this is no time of day."""
    found = TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def _read_time(text: str) -> str | None:
    clock = time_of_day(text)
    return clock.strftime("%H:%M") if clock else None


def _read_number(text: str) -> str | None:
    return text.replace(",", ".") if NUMBER.fullmatch(text) else None


def _read_text(text: str) -> str | None:
    return text or None


READERS = {InputKind.TEXT: _read_text, InputKind.TIME: _read_time, InputKind.NUMBER: _read_number}
COMPLAINTS = {
    InputKind.TEXT: "please_write",
    InputKind.TIME: "not_a_time",
    InputKind.NUMBER: "not_a_number",
}
