# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that participants may write at any moment, in one table. The README is held against it by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Wish(StrEnum):
    """What a person wants with a command."""

    START = "start"
    LEAVE = "leave"
    PAUSE = "pause"
    RESUME = "resume"
    SETTING = "setting"
    HELP = "help"
    FORGET_ME = "forget_me"
    MY_DATA = "my_data"
    FORGET_DONE = "forget_done"


@dataclass(frozen=True)
class Command:
    """One command. `words` count with and without a slash, `slashed` only with one.

    `dialogue` is what a setting starts. `developer`: only in developer mode.
    `menu`: the word that Telegram's menu shows in each language; else it is the first one.
    """

    wish: Wish
    meaning: str
    words: tuple[str, ...] = ()
    slashed: tuple[str, ...] = ()
    dialogue: str | None = None
    developer: bool = False
    menu: Mapping[str, str] = field(default_factory=dict)


COMMANDS = (
    Command(
        Wish.LEAVE,
        "leave the study",
        words=("baixa", "baja", "unsubscribe", "abmelden"),
        menu={"ca": "baixa", "es": "baja", "en": "unsubscribe", "de": "abmelden"},
    ),
    Command(Wish.START, "begin, or see the open question again", slashed=("start",)),
    Command(
        Wish.PAUSE,
        "stop receiving dialogues",
        words=("pausar", "pause", "pausieren"),
        menu={"ca": "pausar", "es": "pausar", "en": "pause", "de": "pausieren"},
    ),
    Command(
        Wish.RESUME,
        "go on after a pause",
        words=("reprendre", "reanudar", "resume", "fortsetzen"),
        menu={"ca": "reprendre", "es": "reanudar", "en": "resume", "de": "fortsetzen"},
    ),
    Command(Wish.SETTING, "how often stories come", slashed=("freq",), dialogue="frequencia_relats"),
    Command(Wish.SETTING, "the language", slashed=("lang",), dialogue="lang"),
    Command(Wish.SETTING, "another time zone", slashed=("world",), dialogue="world"),
    Command(Wish.SETTING, "the time of day for stories", slashed=("dia",), dialogue="hour"),
    Command(Wish.SETTING, "the questions about oneself", slashed=("sociodem",), dialogue="sociodem"),
    Command(
        Wish.MY_DATA,
        "get everything that is stored",
        slashed=("mydata", "lesmevesdades", "misdatos", "meinedaten"),
        menu={"ca": "lesmevesdades", "es": "misdatos", "en": "mydata", "de": "meinedaten"},
    ),
    Command(
        Wish.FORGET_ME,
        "have everything erased",
        slashed=("forgetme", "oblidam", "olvidame", "vergissmich"),
        dialogue="forgetme",
        menu={"ca": "oblidam", "es": "olvidame", "en": "forgetme", "de": "vergissmich"},
    ),
    Command(
        Wish.HELP,
        "what can be written",
        slashed=("help", "ajuda", "ayuda", "hilfe"),
        menu={"ca": "ajuda", "es": "ayuda", "de": "hilfe"},
    ),
    Command(Wish.FORGET_DONE, "play all dialogues again", slashed=("delete_games_done",), developer=True),
)

BY_WORD = {word: command for command in COMMANDS for word in command.words}
BY_SLASH = BY_WORD | {word: command for command in COMMANDS for word in command.slashed}


def command_in(text: str, *, developer: bool) -> Command | None:
    """Return the command that the text is, in any case, with `@botname` and with words behind it; None: it is none.

    Without a slash the word must stand alone: a sentence that begins with "pause" is a sentence.
    """
    said = text.strip().casefold()
    if said.startswith("/"):
        command = BY_SLASH.get(said[1:].split(maxsplit=1)[0].split("@")[0]) if said[1:].strip() else None
    else:
        command = BY_WORD.get(said.strip(" .!"))
    return None if command and command.developer and not developer else command
