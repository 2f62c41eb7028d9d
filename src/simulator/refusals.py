# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which the local Bot API says no, to the bot and to the people's side."""

from collections.abc import Mapping

from src.errors import BotError

TWO_POLLERS = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Refusal(BotError):
    """The Bot API answers a request with `ok: false`; code and text are those of Telegram."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


class TooLarge(BotError):
    """A request is larger than Telegram's front server lets through; it answers in HTML, not in JSON."""


class NotPossible(BotError):
    """Someone on the people's side wants what a person in Telegram could not do either."""


class NotInTime(BotError):
    """Something that was waited for did not happen before the time ran out."""


class PortTaken(BotError):
    """The local Bot API cannot listen where it was told to."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"The local Bot API cannot listen on {host}:{port} ({reason}). Choose another port.")


class StateUnreadable(BotError):
    """The file with the state of an earlier run is not one of ours."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} is not a state file of the local Bot API. Move it away to begin anew.")


def bad_request(text: str) -> Refusal:
    """Return the refusal 400 with Telegram's prefix in front of `text`."""
    return Refusal(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refusal:
    """Return the refusal 403 with Telegram's prefix in front of `text`."""
    return Refusal(403, f"Forbidden: {text}")


def conflict(text: str) -> Refusal:
    """Return the refusal 409 with Telegram's prefix in front of `text`."""
    return Refusal(409, f"Conflict: {text}")


def too_many_requests(seconds: int) -> Refusal:
    """Return the refusal 429, with the seconds to wait in the text and in the parameters."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
