# SPDX-License-Identifier: GPL-3.0-or-later
"""What Telegram shows of the bot: told in each language, and told again only when it has changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from src.conversation_elements import PHRASES
from src.engine.commands import COMMANDS, command_in
from src.errors import DatabaseAway
from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.telegram_bot import TelegramBot
from src.telegram_menu import show_menu
from tests.fakes.world import RULES
from tests.service.local_telegram import TOKEN, local_api

METHODS = ("setMyCommands", "setMyDescription", "setMyShortDescription")


@dataclass
class NoteInMemory:
    """What was told last."""

    digest: str = ""
    languages: tuple[str, ...] = ()
    away: bool = False

    def read(self) -> tuple[str, tuple[str, ...]]:
        if self.away:
            raise DatabaseAway("The database is away.")
        return self.digest, self.languages

    def write(self, digest: str, languages: tuple[str, ...]) -> None:
        self.digest, self.languages = digest, languages


@pytest.fixture
def api() -> Iterator[LocalBotApi]:
    with local_api() as api:
        yield api


@pytest.fixture
def bot(api: LocalBotApi, tmp_path: Path) -> TelegramBot:
    return TelegramBot(TOKEN, tmp_path, url=api.url)


def told(api: LocalBotApi) -> list[int]:
    """Return how often each of the three methods was called."""
    return [api.request_counts().get(method, 0) for method in METHODS]


def menu(api: LocalBotApi, language: str) -> dict[str, str]:
    """Return the menu that somebody with this language in their Telegram app sees."""
    person = api.add_person("Somebody", language)
    return {each["command"]: each["description"] for each in api.commands(person)}


WORDS = {
    "ca": "baixa start pausar reprendre freq lang world dia sociodem lesmevesdades oblidam ajuda",
    "es": "baja start pausar reanudar freq lang world dia sociodem misdatos olvidame ayuda",
    "en": "unsubscribe start pause resume freq lang world dia sociodem mydata forgetme help",
    "de": "abmelden start pausieren fortsetzen freq lang world dia sociodem meinedaten vergissmich hilfe",
}


@pytest.mark.parametrize("language", WORDS)
def test_each_language_has_a_menu_of_its_own_words(api: LocalBotApi, bot: TelegramBot, language: str) -> None:
    show_menu(bot, RULES, NoteInMemory())
    assert list(menu(api, language)) == WORDS[language].split()
    assert menu(api, language)["dia"] == PHRASES["menu_dia"][language]
    assert menu(api, "fr") == menu(api, "ca")  # the study's default language
    wishes = [command_in(f"/{word}", developer=False) for word in menu(api, language)]
    assert wishes == [command for command in COMMANDS if not command.developer]


def test_it_is_told_once_and_again_when_it_changes(api: LocalBotApi, bot: TelegramBot) -> None:
    note = NoteInMemory()
    show_menu(bot, RULES, note)
    show_menu(bot, RULES, note)
    assert told(api) == [5, 5, 5]
    other: Mapping[str, Mapping[str, str]] = {**PHRASES, "menu_pause": {"en": "rest &amp; breathe"}}
    show_menu(bot, replace(RULES, phrases=other), note)
    assert told(api) == [10, 10, 10]
    assert menu(api, "en")["pause"] == "rest & breathe"


def test_a_language_that_the_study_has_no_longer_loses_its_menu(api: LocalBotApi, bot: TelegramBot) -> None:
    note = NoteInMemory()
    show_menu(bot, RULES, note)
    show_menu(bot, replace(RULES, languages=("ca", "en")), note)
    assert menu(api, "de") == menu(api, "ca")
    assert list(menu(api, "en")) == WORDS["en"].split()


# Fault: src/telegram_menu.py: the note is written although Telegram has refused; the menu never comes.
@pytest.mark.parametrize("trouble", [faults.refused(400, "Bad Request: BOT_COMMAND_INVALID"), faults.server_error()])
def test_a_refusal_is_told_to_the_operators_and_the_next_start_tries_again(
    api: LocalBotApi, bot: TelegramBot, trouble: faults.Fault, caplog: pytest.LogCaptureFixture
) -> None:
    note = NoteInMemory()
    api.set_faults(lambda call: trouble if call.method == "setMyCommands" else None)
    with caplog.at_level(logging.WARNING):
        show_menu(bot, RULES, note)
    assert "the next start tries again" in caplog.messages[-1]
    assert TOKEN not in caplog.text
    assert menu(api, "en") == {}
    api.set_faults(None)
    show_menu(bot, RULES, note)
    assert list(menu(api, "en")) == WORDS["en"].split()


def test_without_the_database_nothing_is_told_and_nothing_fails(api: LocalBotApi, bot: TelegramBot) -> None:
    show_menu(bot, RULES, NoteInMemory(away=True))
    assert told(api) == [0, 0, 0]


def test_what_a_setting_makes_too_long_is_told_and_cut(
    api: LocalBotApi, bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    phrases = {**PHRASES, "menu_help": {"en": "ask {contact}"}}
    rules = replace(
        RULES, languages=("en",), default_language="en", phrases=phrases, placeholders={"contact": "x" * 300}
    )
    with caplog.at_level(logging.WARNING):
        show_menu(bot, rules, NoteInMemory())
    assert "menu_help, en: with CONTACT or EMERGENCY_NUMBERS filled in it has 304 characters" in caplog.text
    assert menu(api, "en")["help"] == f"ask {'x' * 252}"
