# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram's HTML: the few tags it knows, its strictness and the exact texts of its refusals."""

import re
from dataclasses import dataclass, replace

from src.simulator.entities import Entity, Formatted, in_order, utf16_length
from src.simulator.refusals import Refusal, bad_request

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([A-Za-z]+));?")
_NAME = re.compile(r"[^\s>]*")
_END_TAG = re.compile(r"([^\s>]*)\s*(>?)")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+)))?")


@dataclass(frozen=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    text_begins: int


def parse_html(source: str) -> Formatted:
    """Return plain text and entities of `source`; raise Refusal 400 with Telegram's text if it is wrong.

    The offsets in the refusals count UTF-8 bytes, as Telegram's do.
    """
    return _Parser(source).run()


def _decode(source: str) -> str:
    """Replace the four named and the numeric references; everything else stays as it is written."""
    return _REFERENCE.sub(_decoded, source)


def _decoded(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return _REFERENCES.get(name, match.group())
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < number < 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return match.group()
    return chr(number)


class _Parser:
    """One walk through one text, from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def run(self) -> Formatted:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end_tag()
            elif self._source[self._at] == "<":
                self._start_tag()
            else:
                self._text()
        if self._open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return _without_code_languages(Formatted("".join(self._parts), in_order(self._entities)))

    def _text(self) -> None:
        end = self._source.find("<", self._at)
        end = len(self._source) if end < 0 else end
        text = _decode(self._source[self._at : end])
        self._parts.append(text)
        self._length += utf16_length(text)
        self._at = end

    def _start_tag(self) -> None:
        begin = self._at
        match = _NAME.match(self._source, begin + 1)
        assert match is not None, "the pattern matches the empty text too"
        name = match.group().lower()
        if match.end() == len(self._source):
            raise _wrong(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if name not in _KINDS:
            raise _wrong(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(begin, match.end())
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self._open.append(_OpenTag(name, attributes, self._length, len(self._parts)))

    def _attributes(self, begin: int, at: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            while at < len(self._source) and self._source[at].isspace():
                at += 1
            if self._source.startswith(">", at):
                self._at = at + 1
                return attributes
            match = _ATTRIBUTE.match(self._source, at)
            if match is None or match.end() == len(self._source):
                raise _wrong(f"Unclosed start tag at byte offset {self._bytes(begin)}")
            values = [value for value in match.groups()[1:] if value is not None]
            attributes[match.group(1).lower()] = _decode(values[0]) if values else ""
            at = match.end()

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _wrong(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        match = _END_TAG.match(self._source, begin + 2)
        assert match is not None, "the pattern matches the empty text too"
        name, closed = match.groups()
        if not closed:
            raise _wrong(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        expected = self._open[-1].name
        if name and name.lower() != expected:
            raise _wrong(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{expected}>", found "</{name.lower()}>"'
            )
        self._at = match.end()
        self._close(self._open.pop())

    def _close(self, tag: _OpenTag) -> None:
        length = self._length - tag.offset
        if length == 0:
            return
        entity = Entity(_KINDS[tag.name], tag.offset, length)
        if tag.name == "pre":
            entity = self._with_language(entity)
        if tag.name == "code":
            entity = replace(entity, language=tag.attributes.get("class", "").removeprefix("language-"))
        if tag.name == "blockquote" and "expandable" in tag.attributes:
            entity = replace(entity, kind="expandable_blockquote")
        if tag.name == "tg-emoji":
            entity = replace(entity, custom_emoji_id=tag.attributes.get("emoji-id", ""))
        if tag.name == "a":
            inside = "".join(self._parts[tag.text_begins :])
            entity = replace(entity, url=tag.attributes.get("href") or inside)
        if tag.name != "a" or _is_address(entity.url):
            self._entities.append(entity)

    def _with_language(self, entity: Entity) -> Entity:
        """Fold `<pre><code class="language-x">` into one entity, as Telegram does."""
        last = self._entities[-1] if self._entities else None
        if last and (last.kind, last.offset, last.length) == ("code", entity.offset, entity.length):
            self._entities.pop()
            return replace(entity, language=last.language)
        return entity

    def _bytes(self, at: int) -> int:
        return len(self._source[:at].encode())


def _without_code_languages(text: Formatted) -> Formatted:
    """Forget the language of inline code; only a whole `pre` block has one."""
    kept = (replace(one, language="") if one.kind == "code" else one for one in text.entities)
    return Formatted(text.plain, tuple(kept))


def _is_address(url: str) -> bool:
    """Tell whether Telegram would make a link of it; otherwise it shows the text alone."""
    return re.match(r"(?:https?|tg|ton|mailto|tel):\S|[\w-]+(\.[\w-]+)+", url, re.IGNORECASE) is not None


def _wrong(text: str) -> Refusal:
    return bad_request(f"can't parse entities: {text}")
