# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a study is translated: counted in texts that participants see, language by language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from src.dialogues.model import Dialogue, Text


@dataclass(frozen=True)
class Translation:
    """One language: how many of all texts it has, and how many it lacks in which dialogue."""

    language: str
    translated: int
    texts: int
    lacking: Mapping[str, int]

    @property
    def per_cent(self) -> int:
        """Return the share in per cent, rounded down: 100 means that nothing is missing."""
        return 100 * self.translated // self.texts if self.texts else 100


def translations(dialogues: Sequence[Dialogue], languages: Sequence[str]) -> list[Translation]:
    """Return for each language how much of these dialogues is translated into it."""
    return [_translation(dialogues, language) for language in languages]


def texts_in(dialogue: Dialogue) -> Iterator[Text]:
    """Yield everything that participants read in a dialogue: texts of messages, labels of buttons. Empty ones do not
    count.
    """
    for message in dialogue.messages.values():
        waiting = [message.waiting_text] if message.waiting_text is not None else []
        texts = [message.text, *waiting, *(button.label for button in message.buttons)]
        yield from (text for text in texts if text.everywhere or any(text.by_language.values()))


def _translation(dialogues: Sequence[Dialogue], language: str) -> Translation:
    lacking: dict[str, int] = {}
    texts = 0
    for dialogue in dialogues:
        there = [_is_there(text, language) for text in texts_in(dialogue)]
        texts += len(there)
        if not all(there):
            lacking[dialogue.id] = there.count(False)
    return Translation(language, texts - sum(lacking.values()), texts, lacking)


def _is_there(text: Text, language: str) -> bool:
    """Tell whether a text is written in the language; one for all languages is written in each of them."""
    return text.everywhere is not None or bool(text.by_language.get(language, "").strip())
