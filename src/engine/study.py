# SPDX-License-Identifier: GPL-3.0-or-later
"""The study as the engine sees it: all dialogues, their order, and the rules that settings make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

from src.conversation_elements import PHRASES
from src.dialogues.model import Dialogue


class Pace(StrEnum):
    """When the dialogue after one of this category comes."""

    AT_ONCE = "at_once"
    RHYTHM = "rhythm"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Rules:
    """What the settings say. `reading_pause` gives the seconds to read before a text is shown (plain number, not
    scaled).

    `placeholders` fill `{name}` in every text, such as the emergency number. `phrases` are the bot's own sentences, by
    name and language. `developer`: the --dev mode.
    `reminder_hours`: a question unanswered for so long is brought again; 0: never.
    Scales multiply pauses between messages, and waits between dialogues. Quiet hours are the participant's own time.
    """

    languages: tuple[str, ...]
    default_language: str
    timezone: ZoneInfo
    quiet_from: time
    quiet_until: time
    reading_pause: Callable[[str], float]
    default_rhythm_hours: float = 24.0
    reminder_hours: float = 24.0
    pause_scale: float = 1.0
    rhythm_scale: float = 1.0
    categories: Mapping[str, Pace] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: PHRASES)
    developer: bool = False


@dataclass(frozen=True)
class Study:
    """All dialogues by id in their newest form, by revision as far as runs need them, the sequence, and the rules."""

    dialogues: Mapping[str, Dialogue]
    revisions: Mapping[str, Dialogue]
    sequence: tuple[str, ...]
    rules: Rules
