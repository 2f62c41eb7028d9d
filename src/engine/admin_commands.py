# SPDX-License-Identifier: GPL-3.0-or-later
"""What admins may write, in one table: the code runs on it, /help shows it, the README is held against it by a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

GAME = r"(?P<game>\S+)"
ID = r"(?P<id>[0-9a-fA-F]{1,32})"


@dataclass(frozen=True)
class AdminCommand:
    """One command. `form` is what its arguments must look like; the names of its groups are the arguments' names.

    A word may have several lines: the first whose form fits is carried out. `does` is unique.
    """

    does: str
    usage: str
    meaning: str
    form: str = ""

    @property
    def word(self) -> str:
        """Return the command's word, without the slash."""
        return self.usage[1:].split()[0]

    def read(self, arguments: str) -> Mapping[str, str] | None:
        """Return the arguments by name; None if they do not fit."""
        found = re.fullmatch(self.form, arguments, re.DOTALL)
        return found.groupdict() if found else None


ADMIN_COMMANDS = (
    AdminCommand("admin_off", "/admin off", "be no admin any more", "off"),
    AdminCommand("global", "/global GAME", "begin a dialogue with everyone active who has not done it", GAME),
    AdminCommand("broadcast", "/broadcast TEXT", "send a text to everyone active, busy or waiting", "(?P<text>.+)"),
    AdminCommand("jobs", "/jobs", "show the mass sends"),
    AdminCommand("job_send", "/jobs send N", "start a mass send that was shown to you", r"send\s+(?P<job>\d{1,9})"),
    AdminCommand("job_try", "/jobs try N", "send it to yourself first", r"try\s+(?P<job>\d{1,9})"),
    AdminCommand("job_cancel", "/jobs cancel N", "cancel a mass send", r"cancel\s+(?P<job>\d{1,9})"),
    AdminCommand("status", "/status", "how the study and the bot are"),
    AdminCommand("whereabouts", "/status ID", "where one participant is, and what comes next", ID),
    AdminCommand("clear", "/clear", "see how many dialogues are running, to end them all"),
    AdminCommand("clear_all", "/clear all", "end all running dialogues", "all"),
    AdminCommand("clear_one", "/clear ID", "end the running dialogue of one participant", ID),
    AdminCommand(
        "set",
        "/set GAME interval|pct|daytime VALUE",
        "pairing for a dialogue for two: every so many seconds, so many percent of those who wait, in the daytime only",
        rf"{GAME}\s+(?P<name>interval|pct|daytime)\s+(?P<value>\S+)",
    ),
    AdminCommand("reload_games", "/reload_games", "look at the dialogues and the sequence again"),
    AdminCommand("reload_users", "/reload_users", "look at the participants again"),
    AdminCommand("save", "/save", "make sure that everything is in the database"),
    AdminCommand("play", "/jugar GAME", "begin a dialogue yourself", GAME),
    AdminCommand(
        "play_with",
        "/jugar GAME ID",
        "play a dialogue for two with a participant, who is asked first",
        rf"{GAME}\s+{ID}",
    ),
    AdminCommand("message", "/msg ID TEXT", "send a text to one participant", rf"{ID}\s+(?P<text>.+)"),
    AdminCommand("help", "/help", "see this list"),
)

WORD = re.compile(r"\s*/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def lines_of(word: str) -> tuple[AdminCommand, ...]:
    """Return the lines of the table for a word; none if it is no word for admins."""
    return tuple(each for each in ADMIN_COMMANDS if each.word == word)


def split_word(text: str) -> tuple[str, str] | None:
    """Return the word of a text that begins with a slash, in small letters, and what stands behind it."""
    found = WORD.fullmatch(text)
    return (found[1].lower(), (found[2] or "").strip()) if found else None
