# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a broadcast: checked as dialogues are, and put together for each language of the study."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from src.dialogues.html import plain_text, problems_of
from src.engine.splitting import LONGEST_TEXT, MOST_BYTES


@dataclass(frozen=True)
class Paragraph:
    """A stretch of lines; `language` None is for everybody."""

    text: str
    language: str | None = None


@dataclass(frozen=True)
class Broadcast:
    """The HTML for each language; `problems` in half sentences: then nothing may be sent."""

    texts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_broadcast(text: str, languages: Sequence[str], default: str) -> Broadcast:
    """Return what each language gets: its own paragraphs, and those without a tag such as `en:`.

    A language without a paragraph of its own gets those of the default language, or else of the first that has any.
    """
    paragraphs = paragraphs_of(text, languages)
    own = [each.language for each in paragraphs if each.language is not None]
    instead = default if default in own else own[0] if own else None
    texts = {each: text_for(each if each in own else instead, paragraphs) for each in languages}
    faults = [f"{language}: {fault}" for language, said in texts.items() for fault in faults_of(said)]
    return Broadcast(texts, tuple(dict.fromkeys(faults)))


def paragraphs_of(text: str, languages: Sequence[str]) -> list[Paragraph]:
    """Cut at empty lines, and before each line that begins with the tag of a language of the study."""
    tag = re.compile(rf"\s*({'|'.join(map(re.escape, languages))})\s*:\s?", re.IGNORECASE)
    found: list[Paragraph] = []
    is_new = True
    for line in text.strip().splitlines():
        tagged = tag.match(line)
        if not line.strip():
            is_new = True
        elif tagged:
            found.append(Paragraph(line[tagged.end() :], tagged[1].lower()))
            is_new = False
        elif is_new:
            found.append(Paragraph(line))
            is_new = False
        else:
            found[-1] = Paragraph(f"{found[-1].text}\n{line}", found[-1].language)
    return found


def text_for(language: str | None, paragraphs: Sequence[Paragraph]) -> str:
    """Return the paragraphs for a language, with those for everybody."""
    return "\n\n".join(each.text.strip() for each in paragraphs if each.language in (None, language))


def faults_of(text: str) -> list[str]:
    """Return what Telegram would refuse."""
    faults = problems_of(text)
    length = len(plain_text(text).strip())
    if length == 0:
        faults.append("there is nothing to be read")
    if length > LONGEST_TEXT:
        faults.append(f"the text has {length} characters, a message may have {LONGEST_TEXT}")
    elif len(text.encode()) > MOST_BYTES:
        faults.append(f"with its tags the text has more than {MOST_BYTES} bytes")
    return faults
