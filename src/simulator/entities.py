# SPDX-License-Identifier: GPL-3.0-or-later
"""Formatted text as Telegram keeps it: plain text plus entities that say which part looks how."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]

_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,:;!?)\]]")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\w)")
_NO_LINK_INSIDE = frozenset({"code", "pre", "text_link"})


@dataclass(frozen=True)
class Entity:
    """A stretch of text with a look; offset and length count UTF-16 code units, as Telegram does."""

    kind: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    custom_emoji_id: str = ""

    @property
    def end(self) -> int:
        """Return the first UTF-16 code unit behind the stretch."""
        return self.offset + self.length

    def as_json(self) -> Json:
        """Return the MessageEntity object of the Bot API."""
        body: Json = {"type": self.kind, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "custom_emoji_id"):
            if getattr(self, name):
                body[name] = getattr(self, name)
        return body


@dataclass(frozen=True)
class Formatted:
    """Text without markup, and its entities in the order of their beginning."""

    plain: str
    entities: tuple[Entity, ...] = ()


def entity_from_json(body: Json) -> Entity:
    """Read one MessageEntity object; a missing or wrong field raises KeyError, TypeError or ValueError."""
    extras = {name: str(body[name]) for name in ("url", "language", "custom_emoji_id") if name in body}
    return Entity(str(body["type"]), int(body["offset"]), int(body["length"]), **extras)


def utf16_length(text: str) -> int:
    """Return how many UTF-16 code units the text has."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Sort by beginning, the longer one first, so that outer ones come before inner ones."""
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def stripped(text: Formatted) -> Formatted:
    """Cut blanks and line breaks off both ends, as Telegram does, and cut the entities to fit."""
    plain = text.plain.strip()
    begin = utf16_length(text.plain) - utf16_length(text.plain.lstrip())
    end = begin + utf16_length(plain)
    kept = []
    for entity in text.entities:
        first, last = max(entity.offset, begin), min(entity.end, end)
        if last > first:
            kept.append(replace(entity, offset=first - begin, length=last - first))
    return Formatted(plain, tuple(kept))


def with_links(text: Formatted) -> Formatted:
    """Add the entities that Telegram finds by itself: web addresses and commands."""
    taken = [entity for entity in text.entities if entity.kind in _NO_LINK_INSIDE]
    found = list(text.entities)
    for kind, pattern in (("url", _LINK), ("bot_command", _COMMAND)):
        for match in pattern.finditer(text.plain):
            new = Entity(kind, utf16_length(text.plain[: match.start()]), utf16_length(match.group()))
            if not any(new.offset < other.end and other.offset < new.end for other in taken):
                taken.append(new)
                found.append(new)
    return Formatted(text.plain, in_order(found))
