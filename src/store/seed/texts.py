# SPDX-License-Identifier: GPL-3.0-or-later
"""What people typed or pressed, as the seed kept it: as texts, as little documents, or as whole messages of Telegram.

Of these the text stays and when it came. Names, numbers and pictures go: the bot keeps none. So does a password.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from src.engine.admins import without_password
from src.store.reading import Document, mapping_of
from src.store.seed.facts import Facts, Person, others, without_numbers
from src.store.seed.values import time_in
from src.store.times import to_unix

_TEXTS = ("text", "data", "caption", "msg", "message", "content", "answer", "value")
_TIMES = ("time", "date", "timestamp", "t", "datetime")
_OF_TELEGRAM = frozenset({"from", "chat", "chat_instance", "message_id", "update_id"})


def texts_in(entries: Iterable[object], person: Person, facts: Facts) -> tuple[list[Document], int]:
    """Return the entries of a history as we write them, and how many held no text, such as stickers."""
    read = [_text(entry, person, facts) for entry in entries]
    found = [one for one in read if one is not None]
    return found, len(read) - len(found)


def _text(entry: object, person: Person, facts: Facts) -> Document | None:
    if entry is None:
        return None
    if isinstance(entry, str):
        return {"time": None, "text": without_password(entry)}
    if isinstance(entry, list):
        return _pair(entry, facts)
    if not isinstance(entry, Mapping):
        return {"time": None, "text": str(entry)}
    if entry.keys() == {"time", "text"} and isinstance(entry["text"], str) and _is_unix(entry["time"]):
        return dict(entry) | {"text": without_password(entry["text"])}
    return _document(entry, person, facts)


def _is_unix(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _pair(entry: list[Any], facts: Facts) -> Document:
    """Read a list: the first time in it, and all texts."""
    times = [time for each in entry if (time := time_in(each, facts.zone))]
    texts = [each for each in entry if isinstance(each, str) and time_in(each, facts.zone) is None]
    return {"time": to_unix(times[0] if times else None), "text": without_password(" ".join(texts))}


def _document(entry: Mapping[str, Any], person: Person, facts: Facts) -> Document | None:
    is_raw = not _OF_TELEGRAM.isdisjoint(entry)
    name = next((each for each in _TEXTS if isinstance(entry.get(each), str)), None)
    when, time = _time(entry, facts)
    used = frozenset(each for each in (name, when) if each)
    if is_raw and name is None:
        return None
    if name is None:
        rest = without_numbers(others(entry, used), {person.number: person.id} if person.number is not None else {})
        return {"time": to_unix(time), "text": json.dumps(rest, ensure_ascii=False, default=str)}
    kept = {} if is_raw else others(entry, used | {"_id"})
    return {"time": to_unix(time), "text": without_password(entry[name]), **kept}


def _time(entry: Mapping[str, Any], facts: Facts) -> tuple[str | None, datetime | None]:
    for where in (entry, mapping_of(entry.get("message"))):
        for name in _TIMES:
            time = time_in(where.get(name), facts.zone)
            if time is not None:
                return name, time
    return None, None
