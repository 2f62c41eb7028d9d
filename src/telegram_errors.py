# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with Telegram, in our own words: refused or only later, for this person, this message or all."""

from __future__ import annotations

import re
from typing import Any

import telepot.exception
import urllib3

from src.errors import BotError, CannotReach, NotAllowed, Refused, TryLater

DEFAULT_PAUSE = 60.0
LONGEST_PAUSE = 24 * 3600.0
QUOTED = re.compile(r'"[^"]*"|\d{6,}')
"""What a refusal may quote of the message, and with it of what a person wrote; and a number that may be somebody's."""

CHAT_IS_GONE = re.compile(r"chat not found|user not found|PEER_ID_INVALID|user is deactivated", re.IGNORECASE)


def translated(error: Exception) -> BotError:
    """Return our error for one of telepot's, by the code first and the text second. No text of it holds the token."""
    if isinstance(error, telepot.exception.TelegramError):
        code = error.error_code if isinstance(error.error_code, int) else 500
        return by_code(code, str(error.description), error.json)
    if isinstance(error, telepot.exception.BadHTTPResponse):
        if error.status == 413:
            return Refused("the file is too big for Telegram")
        if error.status == 429:
            return TryLater("Telegram asks for a pause", seconds=bounded(error.response.headers.get("Retry-After")))
        # A 5xx page comes from a gate in front of Telegram, which did not let the request in; with 200 it was let in.
        return TryLater(
            f"Telegram answered with HTTP {error.status} and no JSON",
            uncertain=error.status < 400 or error.status == 504,
        )
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return TryLater("Telegram cannot be reached (TELEGRAM_API_URL, network, proxy?)")
    if isinstance(error, OSError) and not isinstance(error, urllib3.exceptions.HTTPError):
        return Refused(f"a file cannot be read: {error.strerror}")
    return TryLater(f"the connection to Telegram broke ({type(error).__name__})", uncertain=may_have_arrived(error))


def may_have_arrived(error: Exception) -> bool:
    """Tell whether the request was out before the connection broke, so that Telegram may have carried it out."""
    never_out = (urllib3.exceptions.SSLError, urllib3.exceptions.ProxyError, urllib3.exceptions.LocationValueError)
    return not isinstance(error, never_out)


def by_code(code: int, description: str, answer: Any) -> BotError:
    """Return our error for an error code of the Bot API."""
    if code == 429:
        return TryLater("Telegram asks for a pause", seconds=retry_after(answer))
    if code in (401, 404):
        return NotAllowed("Telegram does not know this token. Look at tokens.json or TELEGRAM_TOKEN.")
    if code == 403 or (code == 400 and CHAT_IS_GONE.search(description)):
        return CannotReach("Telegram does not let the bot write to this person")
    if code == 409:
        return TryLater("another program asks for this bot's updates; stop it, or its webhook", seconds=5.0)
    if code >= 500:
        return TryLater(f"Telegram has a fault of its own ({code})")
    return Refused(QUOTED.sub("…", description))


def retry_after(answer: Any) -> float:
    """Return the pause, in seconds, that an answer 429 asks for; a minute when it does not say, a day at most."""
    try:
        return bounded(answer["parameters"]["retry_after"])
    except (KeyError, TypeError):
        return DEFAULT_PAUSE


def bounded(seconds: Any) -> float:
    """Return a pause in seconds that can be kept, whatever was asked for."""
    try:
        asked = float(seconds)
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_PAUSE
    return min(asked, LONGEST_PAUSE) if asked >= 0 else DEFAULT_PAUSE
