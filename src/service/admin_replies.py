# SPDX-License-Identifier: GPL-3.0-or-later
"""What an admin asks for, and what they read and the audit log keeps: the form of every command's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from src.engine.effects import AdminWish, Send, Sendable
from src.engine.splitting import parts_of
from src.engine.study import Study
from src.errors import BotError
from src.identities import Pseudonym

MOST_PERCENT = 100


@dataclass(frozen=True)
class Reply:
    """What an admin reads, and what the audit log keeps; None: nothing was done that it should keep."""

    what: tuple[Sendable, ...]
    result: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Asked:
    """Who asks for what; `study` is the newest."""

    who: Pseudonym
    arguments: Mapping[str, str]
    message_id: int | None
    study: Study


def audited(wish: AdminWish) -> str:
    """Return what was asked for, without any text."""
    said = [value for name, value in wish.arguments.items() if name != "text"]
    return " ".join([wish.does, *said])


def in_parts(what: Sendable) -> tuple[Sendable, ...]:
    """Return a message in parts that Telegram takes; buttons stand below the last one."""
    if not isinstance(what, Send):
        return (what,)
    *before, last = parts_of(what.text)
    return (*(Send(part) for part in before), replace(what, text=last))


def value_of(name: str, written: str) -> int | bool:
    """Read the value of a setting. Raises BotError."""
    if name == "daytime":
        words = {
            "true": True,
            "yes": True,
            "on": True,
            "1": True,
            "false": False,
            "no": False,
            "off": False,
            "0": False,
        }
        if written.lower() not in words:
            raise BotError(f"daytime is true or false, not {written}.")
        return words[written.lower()]
    if not written.isdecimal() or len(written) > 9:
        raise BotError(f"{name} is a whole number, not {written}.")
    number = int(written)
    if name == "pct" and number > MOST_PERCENT:
        raise BotError(f"pct is a number from 0 to {MOST_PERCENT}, not {written}.")
    if name == "interval" and number == 0:
        raise BotError("interval is a number of seconds from 1 on.")
    return number
