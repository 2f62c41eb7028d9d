# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what participants see: texts in every language, their HTML and length, buttons, files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from src.dialogues.faults import Fault, warning
from src.dialogues.html import plain_text, problems_of
from src.dialogues.model import Attachment, FileKind, Kind, Message, Text
from src.dialogues.names import FILLED_BY_THE_BOT
from src.dialogues.rules import Draft, Study

LONGEST_TEXT = 4_096
LONGEST_CAPTION = 1_024
LONGEST_LABEL = 40
MOST_BYTES_OF_A_VALUE = 64

_PLACEHOLDER = re.compile(r"\{([\w-]+)\}")


def check_texts(draft: Draft, study: Study) -> Iterator[Fault]:
    """Yield what is wrong with the texts, buttons and files of every message."""
    for message in draft.dialogue.messages.values():
        yield from _missing_languages(message, study)
        yield from _text_faults(message)
        yield from _placeholder_faults(message)
        yield from _button_faults(message)
        for attachment in message.attachments:
            yield from _file_faults(message, attachment, study)


def _missing_languages(message: Message, study: Study) -> Iterator[Fault]:
    """Warn once for each language that a text or a label of the message lacks."""
    texts = [("the text", message.text)]
    if message.waiting_text is not None:
        texts.append(("`waiting_text`", message.waiting_text))
    texts.extend((f"the button {button.value!r}", button.label) for button in message.buttons)
    for language in study.languages:
        lacking = [what for what, text in texts if _lacks(text, language)]
        if lacking:
            yield warning(
                f"{', '.join(lacking)} is missing in this language",
                "Translate it; until then the default language is sent",
                message.id,
                language,
            )


def _lacks(text: Text, language: str) -> bool:
    """Tell whether a text that exists by language does not exist in this one."""
    return text.everywhere is None and any(text.by_language.values()) and not text.by_language.get(language)


def versions_of(text: Text) -> Iterator[tuple[str | None, str]]:
    """Yield each language (None: all of them) and the text in it."""
    if text.everywhere is not None:
        yield None, text.everywhere
    else:
        yield from text.by_language.items()


def _text_faults(message: Message) -> Iterator[Fault]:
    limit = LONGEST_CAPTION if message.attachments else LONGEST_TEXT
    yield from _faults_of_html(message, "the text", message.text, limit)
    if message.waiting_text is not None:
        yield from _faults_of_html(message, "`waiting_text`", message.waiting_text, LONGEST_TEXT)
    says_something = any(text.strip() for _, text in versions_of(message.text))
    if not says_something and not message.attachments and message.kind is not Kind.WAIT:
        yield warning("the text is empty, and there is no picture", "Write something to send", message.id)


def _faults_of_html(message: Message, what: str, text: Text, limit: int) -> Iterator[Fault]:
    for language, html in versions_of(text):
        for problem in problems_of(html):
            yield Fault(f"{what}: {problem}", "Close every tag, use only Telegram's", message.id, language)
        plain = plain_text(html).strip()
        if len(plain) > limit:
            kind = "a caption" if limit == LONGEST_CAPTION else "a text"
            yield Fault(
                f"{what} has {len(plain)} characters, {kind} may have {limit}",
                "Shorten it, or split it into two messages",
                message.id,
                language,
            )
        if html.strip() and not plain:
            yield Fault(f"{what} is empty but for its tags", "Write something", message.id, language)


def _placeholder_faults(message: Message) -> Iterator[Fault]:
    """Warn of names in braces that would be shown as they are: only `display` and the bot fill them."""
    fillable = FILLED_BY_THE_BOT | message.display.keys()
    for language, html in versions_of(message.text):
        for name in sorted(set(_PLACEHOLDER.findall(html)) - fillable):
            yield warning(
                f"nothing fills {{{name}}} in the text",
                f"Compute {name!r} with `display`, or take the braces away",
                message.id,
                language,
            )


def _button_faults(message: Message) -> Iterator[Fault]:
    counts = Counter(button.value for button in message.buttons)
    for value in (value for value, count in counts.items() if count > 1):
        yield Fault(
            f"the button value {value!r} occurs {counts[value]} times",
            "Give each button of a message a value of its own",
            message.id,
        )
    for button in message.buttons:
        size = len(button.value.encode(errors="replace"))
        if not 0 < size <= MOST_BYTES_OF_A_VALUE:
            yield Fault(
                f"the button value {button.value!r} has {size} bytes; 1 to {MOST_BYTES_OF_A_VALUE} will do",
                "Choose another value; participants see the label, not the value",
                message.id,
            )
        yield from _label_faults(message, button.value, button.label)


def _label_faults(message: Message, value: str, label: Text) -> Iterator[Fault]:
    if not any(text.strip() for _, text in versions_of(label)):
        yield Fault(f"the button {value!r} has no text", "Write its label in `texts`", message.id)
    for language, text in versions_of(label):
        if len(text) > LONGEST_LABEL:
            yield warning(
                f"the label of the button {value!r} has {len(text)} characters",
                f"Telegram cuts long labels; stay below {LONGEST_LABEL + 1}",
                message.id,
                language,
            )


def _file_faults(message: Message, attachment: Attachment, study: Study) -> Iterator[Fault]:
    folder = "data/outgoing_files/" + ("img/" if attachment.kind is FileKind.PICTURE else "")
    for language, name in versions_of(attachment.file_name):
        if leaves_its_folder(name):
            yield Fault(f"the file {name!r} lies outside {folder}", "Put it there", message.id, language)
        elif not study.known_files(attachment.kind, name):
            yield Fault(f"the file {folder}{name} is missing", "Put it there, or mend the name", message.id, language)


def leaves_its_folder(name: str) -> bool:
    """Tell whether a file's name leads out of its folder: absolute, with `..`, or no name at all."""
    parts = name.replace("\\", "/").split("/")
    return not name or ".." in parts or "\0" in name or parts[0] == "" or parts[0].endswith(":")
