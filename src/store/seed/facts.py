# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be known to read a document of the seed, what is noted on the way, and whose numbers have to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from src.dialogues.model import Dialogue
from src.identities import Pseudonym
from src.store.reading import Document

_LARGEST_NUMBER = 2**52
_MOST_DIGITS = 16


@dataclass(frozen=True)
class Facts:
    """The study, as far as documents speak of it, and who is who. `saved`: fields that dialogues write.

    `numbers` gives the pseudonym of each Telegram number. Texts without a time zone are in `zone`. `for_two` names
    every participant, and the dialogues for two that stand in their own document.
    """

    zone: tzinfo
    languages: tuple[str, ...]
    default_language: str
    dialogues: Mapping[str, Dialogue]
    saved: frozenset[str]
    numbers: Mapping[int, Pseudonym]
    for_two: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Somebody under all names that the seed may have keyed things by: the pseudonym and the Telegram number."""

    id: Pseudonym
    number: int | None = None

    def names(self) -> frozenset[str]:
        """Return the keys that may stand for this person."""
        return frozenset({str(self.id)} | ({str(self.number)} if self.number is not None else set()))


@dataclass
class Notes:
    """What reading has found: in how many documents each thing would change, or cannot be understood.

    A note names fields and dialogues, and never a value: people wrote those.
    """

    changed: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)

    def add(self, other: Notes) -> None:
        """Count the notes of one more document, each once."""
        self.changed.update(dict.fromkeys(other.changed, 1))
        self.unread.update(dict.fromkeys(other.unread, 1))


def telegram_number(value: object) -> int | None:
    """Return a Telegram number, from a whole number or the digits of one. Telegram promises at most 52 bits."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.strip().isdecimal() and len(value) <= _MOST_DIGITS else 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return int(value) if 0 < value < _LARGEST_NUMBER else None


def without_numbers(value: Any, people: Mapping[int, Pseudonym]) -> Any:
    """Return a value in which pseudonyms stand for these people's Telegram numbers, as keys and as values."""
    if isinstance(value, Mapping):
        return {_key(key, people): without_numbers(inside, people) for key, inside in value.items()}
    if isinstance(value, list):
        return [without_numbers(inside, people) for inside in value]
    number = telegram_number(value)
    return value if number is None else people.get(number, value)


def _key(key: str, people: Mapping[int, Pseudonym]) -> str:
    number = telegram_number(key)
    return key if number is None else people.get(number, key)


def others(document: Mapping[str, Any], known: frozenset[str]) -> Document:
    """Return the part of a document that we know nothing of."""
    return {key: value for key, value in document.items() if key not in known}
