# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bot tells about itself: name, descriptions, and commands by scope and language."""

import re
from typing import Any

from src.simulator.calls import Call
from src.simulator.entities import Json
from src.simulator.refusals import bad_request

LONGEST = {"name": 64, "description": 512, "short_description": 120}
MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_MEANING = 256

_WITHOUT_CHAT = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"},
)
_WITH_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})
_LANGUAGE = re.compile(r"[a-z]{2}")


class Profile:
    """The texts and commands of one bot. An empty language is the fallback for all others."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, str]] = {name: {} for name in LONGEST}
        self._commands: dict[str, list[Json]] = {}

    def set_text(self, name: str, call: Call) -> None:
        """Set name, description or short description for one language; an empty text removes it."""
        text = call.text(name)
        if len(text) > LONGEST[name]:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        language = _language(call)
        self._texts[name].pop(language, None)
        if text:
            self._texts[name][language] = text

    def text(self, name: str, language: str) -> str:
        """Return the text in this language, else the fallback, else the empty text."""
        texts = self._texts[name]
        return texts.get(language) or texts.get("", "")

    def set_commands(self, call: Call) -> None:
        """Set the commands of one scope and language; an empty list removes them."""
        commands = _commands(call)
        key = _key(_scope(call), _language(call))
        self._commands.pop(key, None)
        if commands:
            self._commands[key] = commands

    def delete_commands(self, call: Call) -> None:
        """Remove the commands of one scope and language, so that a wider scope counts again."""
        self._commands.pop(_key(_scope(call), _language(call)), None)

    def commands(self, call: Call) -> list[Json]:
        """Return the commands of exactly this scope and language."""
        return self._commands.get(_key(_scope(call), _language(call)), [])

    def commands_for(self, chat_id: int, language_code: str) -> list[Json]:
        """Return what the menu of a private chat shows: the narrowest scope wins, then the language."""
        language = language_code.split("-")[0].lower()
        for scope in (f"chat:{chat_id}", "all_private_chats", "default"):
            for each in (language, ""):
                if found := self._commands.get(_key(scope, each)):
                    return found
        return []

    def dump(self) -> Json:
        """Return everything for the state file."""
        texts = {name: dict(by_language) for name, by_language in self._texts.items()}
        return {"texts": texts, "commands": dict(self._commands)}

    def load(self, body: Json) -> None:
        """Take over what `dump` gave."""
        self._texts |= {name: dict(texts) for name, texts in body["texts"].items() if name in LONGEST}
        self._commands = dict(body["commands"])


def _key(scope: str, language: str) -> str:
    return f"{scope}/{language}"


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _scope(call: Call) -> str:
    scope = call.json("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind = scope.get("type")
    if kind in _WITHOUT_CHAT:
        return str(kind)
    if kind not in _WITH_CHAT:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if "chat_id" not in scope:
        raise bad_request("can't parse BotCommandScope: chat_id is empty")
    member = f":{scope.get('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{scope['chat_id']}{member}"


def _commands(call: Call) -> list[Json]:
    given = call.json("commands")
    if given is None:
        given = []
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(each) for each in given]


def _command(body: Any) -> Json:
    if not isinstance(body, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    word = str(body.get("command", "")).strip().removeprefix("/")
    meaning = str(body.get("description", "")).strip()
    for text, most, label in (
        (word, LONGEST_COMMAND, "command"),
        (meaning, LONGEST_MEANING, "command description"),
    ):
        if not text:
            raise bad_request(f"{label} must be non-empty")
        if len(text) > most:
            raise bad_request(f"{label} length must not exceed {most}")
    if not re.fullmatch(r"[a-z0-9_]+", word):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": word, "description": meaning}
