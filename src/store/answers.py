# SPDX-License-Identifier: GPL-3.0-or-later
"""A given answer as a document, and back: in a running dialogue, in the history, and on the way to a partner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from src.engine.state import GivenAnswer
from src.store.reading import Document, text_of
from src.store.times import from_date, to_date


def answer_document(answer: GivenAnswer) -> Document:
    """Return the answer as it is stored."""
    return {
        "message": answer.message,
        "name": answer.name,
        "value": answer.value,
        "typed": answer.typed,
        "asked_at": to_date(answer.asked_at),
        "answered_at": to_date(answer.answered_at),
    }


def answer_from(one: Mapping[str, Any], otherwise: datetime) -> GivenAnswer:
    """Read an answer; one without a time was given at the time `otherwise`."""
    return GivenAnswer(
        message=text_of(one.get("message"), ""),
        name=text_of(one.get("name"), ""),
        value=text_of(one.get("value"), ""),
        typed=one.get("typed") is True,
        asked_at=from_date(one.get("asked_at")),
        answered_at=from_date(one.get("answered_at")) or otherwise,
    )
