# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML as Telegram reads it: what is left of a text without its tags, and what would be refused.

The rules are those of Telegram's own parser (tdlib, MessageEntity.cpp): tags properly nested, in any case;
`</>` closes the last one; of the entities only `&lt; &gt; &amp; &quot;` and numbers are decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAGS = frozenset("a b blockquote code del em i ins pre s span strike strong tg-emoji tg-spoiler tg-time u".split())
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG = re.compile(r"""<(/?)([^\s<>"'=]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)>""")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)(?![a-zA-Z])|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));?")
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, eq=False)
class Tag:
    """A tag that is open: its name, how it was written, the one around it, and how many are open with it."""

    name: str
    source: str
    around: Tag | None
    depth: int


@dataclass(frozen=True)
class Stretch:
    """A stretch of text as it is read, entities decoded, and the innermost tag that is open there."""

    text: str
    tag: Tag | None


def plain_text(html: str) -> str:
    """Return what a participant sees: no tags, entities decoded. What is no tag stays as it is."""
    return "".join(stretch.text for stretch in stretches_of(html))


def stretches_of(html: str) -> list[Stretch]:
    """Return what a participant sees, in order, with the tags that are open at each place."""
    return _read(html)[0]


def problems_of(html: str) -> list[str]:
    """Return what Telegram would refuse in this text, in half sentences; an empty list if it is fine."""
    return _read(html)[1]


def _read(html: str) -> tuple[list[Stretch], list[str]]:
    if "<" not in html:
        return [Stretch(_decoded(html), None)], []
    stretches: list[Stretch] = []
    problems: list[str] = []
    opened: list[Tag] = []
    place = 0
    while (start := html.find("<", place)) >= 0:
        stretches.append(Stretch(_decoded(html[place:start]), _innermost(opened)))
        tag = _TAG.match(html, start)
        if tag is None or not (tag[1] or tag[2]):
            problems.append(f"there is a bare < before {html[start + 1 : start + 11]!r}; write &lt;")
            stretches.append(Stretch("<", _innermost(opened)))
            place = start + 1
            continue
        problems.extend(_closed(tag, opened) if tag[1] else _opened(tag, opened))
        place = tag.end()
    stretches.append(Stretch(_decoded(html[place:]), _innermost(opened)))
    problems.extend(f"the tag <{tag.name}> is never closed" for tag in opened)
    return stretches, problems


def _innermost(opened: list[Tag]) -> Tag | None:
    return opened[-1] if opened else None


def _opened(tag: re.Match[str], opened: list[Tag]) -> list[str]:
    name = tag[2].lower()
    if name not in _TAGS:
        return [f"the tag <{tag[2]}> is unknown to Telegram"]
    opened.append(Tag(name, tag[0], _innermost(opened), len(opened) + 1))
    if name == "span" and 'class="tg-spoiler"' not in tag[3].replace("'", '"'):
        return ['the tag <span> needs class="tg-spoiler"']
    return []


def _closed(tag: re.Match[str], opened: list[Tag]) -> list[str]:
    name = tag[2].lower()
    if name and name not in _TAGS:
        return [f"the tag </{tag[2]}> is unknown to Telegram"]
    if not opened:
        return [f"the tag </{name}> closes nothing"]
    if name in ("", opened[-1].name):
        opened.pop()
        return []
    problem = f"the tag </{name}> stands where <{opened[-1].name}> has to be closed first"
    names = [each.name for each in opened]
    if name in names:
        del opened[names.index(name) :]
    return [problem]


def _decoded(text: str) -> str:
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    if entity[1]:
        return _NAMED[entity[1]]
    code = int(entity[2]) if entity[2] else int(entity[3], 16)
    if not 0 < code <= _HIGHEST or code in _SURROGATES:
        return entity[0]
    return chr(code)
