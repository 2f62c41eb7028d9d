# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot's own short sentences of another study: `data/phrases.toml`, laid over `src/conversation_elements.py`."""

from __future__ import annotations

import difflib
import html
import logging
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from src.conversation_elements import PHRASES
from src.dialogues.html import plain_text, problems_of
from src.engine.wording import longest_in_profile
from src.errors import BotError
from src.paths import DATA, ROOT

PHRASES_FILE = DATA / "phrases.toml"
LAST_RESORT = "en"

LANGUAGE = re.compile(r"[a-z]{2,3}")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
FILLED = ("emergency", "contact")
SHOWN_FOR_A_MOMENT = "old_button"
"""Telegram shows this one above the chat: it has no bold there, and at most 200 characters."""

LONGEST = 4096
LONGEST_FOR_A_MOMENT = 200

Phrases = Mapping[str, Mapping[str, str]]

log = logging.getLogger(__name__)


class WrongPhrases(BotError):
    """The file of phrases cannot be used. The text has one line for each fault."""


def load_phrases(file: Path, languages: Sequence[str], default: str) -> Phrases:
    """Return the phrases by name and language: those of the file, else our own; a missing file is no error.

    Languages that are none of the study's are left out, but for English, which stands in where all else is missing.
    Each language of the study that lacks phrases gives one warning. Raises WrongPhrases.
    """
    name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)
    written = _read(file, name)
    faults = [f"{name}, {fault}" for fault in _faults(written)]
    if faults:
        raise WrongPhrases("\n".join(faults))
    kept = {*languages, LAST_RESORT}
    phrases = {
        phrase: {language: text for language, text in {**own, **written.get(phrase, {})}.items() if language in kept}
        for phrase, own in PHRASES.items()
    }
    for language in languages:
        _warn_of_missing(phrases, language, default, name)
    return phrases


def _read(file: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WrongPhrases(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongPhrases(f"{name} is no text in UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongPhrases(f'{name} is no TOML: {error}. Write [buttons_only] and below it fr = "…".') from None


def _faults(written: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong: where, what, and what would be right."""
    for phrase, texts in written.items():
        if phrase not in PHRASES:
            near = difflib.get_close_matches(phrase, PHRASES, n=1, cutoff=0.5)
            right = f"Do you mean {near[0]}?" if near else f"Known are {', '.join(PHRASES)}."
            yield f"{phrase}: there is no such phrase. {right}"
        elif not isinstance(texts, Mapping):
            yield f'{phrase}: should be a table, [{phrase}], with a line for each language like fr = "…".'
        else:
            for language, text in texts.items():
                yield from (f"{phrase}, {language}: {fault}" for fault in _faults_of(phrase, language, text))


def _faults_of(phrase: str, language: str, text: object) -> Iterator[str]:
    """Yield what is wrong with a phrase in one language."""
    if not LANGUAGE.fullmatch(language):
        yield "should be the code of a language, like fr or pt."
    elif not isinstance(text, str) or not plain_text(text).strip():
        yield 'should be a text, like "…", and not empty.'
    else:
        yield from (f"{problem}. Close every tag, use only Telegram's." for problem in problems_of(text))
        for name in dict.fromkeys(PLACEHOLDER.findall(text)):
            if name not in FILLED:
                yield f"nothing fills {{{name}}}. Known are {{emergency}} and {{contact}}."
        yield from _fault_of_length(phrase, text)


def _fault_of_length(phrase: str, text: str) -> Iterator[str]:
    if phrase == SHOWN_FOR_A_MOMENT:
        if len(text) > LONGEST_FOR_A_MOMENT or plain_text(text) != text:
            yield f"should be plain text without HTML, of at most {LONGEST_FOR_A_MOMENT} characters."
    elif most := longest_in_profile(phrase):
        if plain_text(text) != html.unescape(text):
            yield "should be plain text: Telegram shows no bold or links there."
        elif len(html.unescape(text)) > most:
            yield f"has {len(html.unescape(text))} characters; Telegram shows at most {most} there. Shorten it."
    elif len(plain_text(text)) > LONGEST:
        yield f"has {len(plain_text(text))} characters; a message may have {LONGEST}."


def _warn_of_missing(phrases: Phrases, language: str, default: str, name: str) -> None:
    missing = [phrase for phrase, texts in phrases.items() if not texts.get(language)]
    if missing:
        instead = "English" if language == default else f"{default}, or English"
        names = "all of them" if len(missing) == len(phrases) else ", ".join(missing)
        log.warning("Phrases missing in %s (people get %s): %s. Add them to %s.", language, instead, names, name)
