# SPDX-License-Identifier: GPL-3.0-or-later
"""What Telegram shows of the bot in each language: the menu of commands, and its descriptions. Told when changed."""

from __future__ import annotations

import hashlib
import html
import json
import logging
from collections.abc import Iterator
from typing import Any, Protocol

from src.engine.commands import COMMANDS, Command, Wish
from src.engine.study import Rules
from src.engine.wording import longest_in_profile, phrase_of
from src.errors import BotError
from src.telegram_bot import TelegramBot

log = logging.getLogger(__name__)

PRIVATE = {"type": "all_private_chats"}

Told = tuple[str, dict[str, Any]]
"""A method of the Bot API and its parameters."""


class Note(Protocol):
    """What was told last: a digest, and the languages. Raises DatabaseAway."""

    def read(self) -> tuple[str, tuple[str, ...]]:
        """Return what was told last; empty if nothing was."""
        ...

    def write(self, digest: str, languages: tuple[str, ...]) -> None:
        """Note what has been told."""
        ...


def show_menu(telegram: TelegramBot, rules: Rules, note: Note) -> None:
    """Tell Telegram what has changed. Should that fail, the bot runs all the same and tries again at its next start."""
    languages = known_to_telegram(rules)
    told = [each for language in ("", *languages) for each in profile_in(language, rules)]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf-8")).hexdigest()
    try:
        before, spoken = note.read()
        if before == digest:
            return
        gone = [each for language in spoken if language not in languages for each in nothing_in(language)]
        for method, params in (*told, *gone):
            telegram.set_profile(method, params)
        note.write(digest, languages)
    except BotError as trouble:
        log.warning("Menu and descriptions could not be set, the next start tries again: %s", trouble)


def known_to_telegram(rules: Rules) -> tuple[str, ...]:
    """Return the study's languages that Telegram has codes for: those of two letters."""
    return tuple(each for each in rules.languages if len(each) == 2)


def profile_in(language: str, rules: Rules) -> Iterator[Told]:
    """Yield what to tell in a language; the empty one is for all others, in the study's default language."""
    spoken = language or rules.default_language
    code = {"language_code": language}
    commands = [entry(each, spoken, rules) for each in COMMANDS if rules.developer or not each.developer]
    yield "setMyCommands", {"commands": commands, "scope": PRIVATE, **code}
    yield "setMyDescription", {"description": told_in("bot_description", spoken, rules), **code}
    yield "setMyShortDescription", {"short_description": told_in("bot_short_description", spoken, rules), **code}


def nothing_in(language: str) -> Iterator[Told]:
    """Yield what takes a language back that the study no longer has."""
    code = {"language_code": language}
    yield "setMyCommands", {"commands": [], "scope": PRIVATE, **code}
    yield "setMyDescription", {"description": "", **code}
    yield "setMyShortDescription", {"short_description": "", **code}


def entry(command: Command, language: str, rules: Rules) -> dict[str, str]:
    """Return a command as the menu shows it: the word of the language, and what it does."""
    words = (*command.slashed, *command.words)
    if command.developer:
        return {"command": words[0], "description": command.meaning}
    name = words[0] if command.wish is Wish.SETTING else command.wish.value
    return {"command": command.menu.get(language, words[0]), "description": told_in(f"menu_{name}", language, rules)}


def told_in(name: str, language: str, rules: Rules) -> str:
    """Return a phrase as plain text. The phrases themselves fit; what settings fill in may make one too long."""
    text, most = html.unescape(phrase_of(name, language, rules)), longest_in_profile(name)
    if most is not None and len(text) > most:
        log.warning(
            "%s, %s: with CONTACT or EMERGENCY_NUMBERS filled in it has %d characters; Telegram shows %d.",
            name,
            language,
            len(text),
            most,
        )
        return text[:most]
    return text
