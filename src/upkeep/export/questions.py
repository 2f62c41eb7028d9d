# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked: every question of every revision of every dialogue, with the labels of its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from src.dialogues.html import plain_text
from src.dialogues.model import Dialogue, InputKind, Message, Text
from src.engine.answers import NUMBER, time_of_day
from src.upkeep.export.tables import Labels, Type, is_whole

Key = TypeVar("Key")


class Kind(StrEnum):
    """What an answer is. `TEXT` is free text: whatever is no choice, and no number or time where one is asked for."""

    CHOICE = "choice"
    NUMBER = "number"
    TIME = "time"
    TEXT = "text"


@dataclass(frozen=True)
class Question:
    """One question as one or several revisions ask it. Equal ones are one entry of the codebook.

    `values`: what can be pressed, with its labels. `foreseen`: typed texts that the dialogue knows, in lower case.
    `save`: the field of the participant that the answer is copied to.
    """

    dialogue: str
    message: str
    variable: str
    text: Labels
    values: tuple[tuple[str, Labels], ...]
    typed: InputKind | None
    foreseen: tuple[str, ...]
    save: str | None

    def label(self, value: str) -> Labels | None:
        """Return the labels of a value that can be pressed."""
        return next((labels for known, labels in self.values if known == value), None)

    def kind(self, value: str) -> Kind:
        """Tell what an answer to this question is."""
        if self.label(value) is not None or value.strip().casefold() in self.foreseen:
            return Kind.CHOICE
        if self.typed is InputKind.NUMBER and NUMBER.fullmatch(value):
            return Kind.NUMBER
        if self.typed is InputKind.TIME and time_of_day(value) is not None:
            return Kind.TIME
        return Kind.TEXT


@dataclass(frozen=True)
class Catalogue:
    """All questions with the revisions that ask them, those of one dialogue together, in the order in which they came.

    `languages` are those of the labels, those of the study first.
    """

    languages: tuple[str, ...]
    questions: Mapping[Question, tuple[str, ...]]
    by_place: Mapping[tuple[str, str, str], Question]
    by_name: Mapping[tuple[str, str], tuple[Question, ...]]
    by_save: Mapping[str, tuple[Question, ...]]

    def asked(self, dialogue: str, revision: str, message: str, variable: str, value: str) -> Question | None:
        """Return the question that was answered; where message or revision are not known, the newest that fits."""
        found = self.by_place.get((revision, message, variable))
        if found is not None:
            return found
        named = self.by_name.get((dialogue, variable), ())
        return next((one for one in reversed(named) if one.label(value)), named[-1] if named else None)


def catalogue_of(dialogues: Sequence[Dialogue], languages: Sequence[str]) -> Catalogue:
    """Return all questions of these revisions, which come oldest first."""
    spoken = languages_of(dialogues, languages)
    revisions: dict[Question, list[str]] = {}
    by_place: dict[tuple[str, str, str], Question] = {}
    for dialogue in dialogues:
        for question in _questions(dialogue, spoken):
            revisions.setdefault(question, []).append(dialogue.revision)
            by_place[dialogue.revision, question.message, question.variable] = question
    ordered = sorted(revisions, key=lambda question: question.dialogue)
    return Catalogue(
        languages=spoken,
        questions={question: tuple(revisions[question]) for question in ordered},
        by_place=by_place,
        by_name=_grouped(((one.dialogue, one.variable), one) for one in ordered),
        by_save=_grouped((one.save, one) for one in ordered if one.save is not None),
    )


def column_type(questions: Sequence[Question]) -> Type:
    """Return what a column holds whose values are answers to these questions."""
    typed = {one.typed for one in questions if one.typed is not None}
    values = [value for one in questions for value, _ in one.values]
    if typed:
        return Type.NUMBER if typed == {InputKind.NUMBER} and not values else Type.TEXT
    return Type.INTEGER if values and all(is_whole(value) for value in values) else Type.CATEGORY


def labels_of(questions: Sequence[Question]) -> dict[str, Labels]:
    """Return the labels of all values that can be pressed; the newest, where they have changed."""
    return {value: labels for one in questions for value, labels in one.values}


def languages_of(dialogues: Iterable[Dialogue], first: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of the study, and then all others in which anything was ever written."""
    written = {language for dialogue in dialogues for text in _texts(dialogue) for language in text.by_language}
    return (*first, *sorted(written.difference(first)))


def _texts(dialogue: Dialogue) -> Iterator[Text]:
    for message in dialogue.messages.values():
        yield message.text
        yield from (button.label for button in message.buttons)


def _questions(dialogue: Dialogue, languages: Sequence[str]) -> Iterator[Question]:
    for message in dialogue.messages.values():
        for variable in _variables(message):
            buttons = [button for button in message.buttons if button.name == variable]
            is_typed = variable == message.typed
            rule = message.input if is_typed else None
            yield Question(
                dialogue=dialogue.id,
                message=message.id,
                variable=variable,
                text=_in_all(message.text, languages),
                values=tuple((button.value, _in_all(button.label, languages)) for button in buttons),
                typed=(rule.kind if rule else InputKind.TEXT) if is_typed else None,
                foreseen=tuple(sorted(text.strip().casefold() for text in rule.answers)) if rule else (),
                save=message.save,
            )


def _variables(message: Message) -> Iterable[str]:
    if not message.asks:
        return ()
    names = [button.name for button in message.buttons] + ([message.typed] if message.typed is not None else [])
    return dict.fromkeys(names)


def _in_all(text: Text, languages: Sequence[str]) -> Labels:
    if text.everywhere is not None:
        return (plain_text(text.everywhere),) * len(languages)
    return tuple(plain_text(text.by_language.get(language, "")) for language in languages)


def _grouped(pairs: Iterable[tuple[Key, Question]]) -> dict[Key, tuple[Question, ...]]:
    grouped: dict[Key, tuple[Question, ...]] = {}
    for key, question in pairs:
        grouped[key] = (*grouped.get(key, ()), question)
    return grouped
