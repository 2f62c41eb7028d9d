# SPDX-License-Identifier: GPL-3.0-or-later
"""How a report is to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from src.reports.described import Description, called
from src.reports.small_groups import shown
from src.reports.words import word


@dataclass(frozen=True)
class Wishes:
    """The report's language, the smallest group that is told, the sequence of dialogues, the title of each dialogue by
    its id, what fields mean, and the moment, in the study's time zone.
    """

    language: str
    smallest: int
    sequence: Sequence[str]
    categories: Mapping[str, str]
    description: Description
    now: datetime

    def word(self, name: str, **filled: object) -> str:
        """Return a word in the report's language."""
        return word(name, self.language, **filled)

    def number(self, people: int) -> str:
        """Return a number of people as it may be told."""
        return shown(people, self.smallest)

    def called(self, names: Mapping[str, str]) -> str:
        """Return a name of the description in the report's language."""
        return called(names, self.language)

    def category(self, title: str) -> str:
        """Return how a category of dialogues is called."""
        names = self.description.categories.get(title)
        return self.called(names) if names else title or self.word("no_category")
