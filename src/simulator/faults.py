# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam for things that go wrong: a hook sees every request and may return a fault for it.

A hook runs in the server's thread and must return at once. It sees the request after it was read and
counted, so that it can choose by method, chat or number.
"""

from collections.abc import Callable
from dataclasses import dataclass

from src.simulator.calls import Call
from src.simulator.refusals import TWO_POLLERS, Refusal, conflict, too_many_requests


@dataclass(frozen=True)
class Fault:
    """What happens to one request, in this order; all times in seconds.

    `delay` passes first. With `refusal`, `html_status` (its page says `retry_after` in the header, if that is set)
    or `odd_answer` the request is not carried out and answered so. Otherwise it is carried out, unless `carried_out`
    is False. Then `late` passes, and the answer is sent, or half of it (`truncated`), or the connection is closed
    instead (`unanswered`).
    """

    delay: float = 0.0
    refusal: Refusal | None = None
    html_status: int | None = None
    retry_after: int | None = None
    odd_answer: bytes | None = None
    carried_out: bool = True
    late: float = 0.0
    truncated: bool = False
    unanswered: bool = False


FOR_EVER = 24 * 3600.0

FaultHook = Callable[[Call], Fault | None]
NO_FAULT = Fault()


def no_faults(_call: Call) -> Fault | None:
    """Let every request pass."""
    return None


def slow(seconds: float) -> Fault:
    """Wait before the request is carried out."""
    return Fault(delay=seconds)


def slow_answer(seconds: float) -> Fault:
    """Carry the request out at once, and answer later."""
    return Fault(late=seconds)


def answer_lost() -> Fault:
    """Carry the request out and close the connection without an answer."""
    return Fault(unanswered=True)


def answer_truncated() -> Fault:
    """Carry the request out and close the connection in the middle of the answer."""
    return Fault(truncated=True)


def request_lost() -> Fault:
    """Close the connection and do nothing."""
    return Fault(carried_out=False, unanswered=True)


def server_error(status: int = 502) -> Fault:
    """Do nothing and answer with the HTML page of a front server."""
    return Fault(html_status=status)


def flood_wait(seconds: int) -> Fault:
    """Do nothing and answer 429 with the seconds to wait, in body and header."""
    return Fault(refusal=too_many_requests(seconds))


def flood_wait_in_the_header(seconds: int) -> Fault:
    """Do nothing and answer 429 with the page of a front server, which names the seconds in the header alone."""
    return Fault(html_status=429, retry_after=seconds)


def refused(code: int, description: str) -> Fault:
    """Do nothing and answer with this error code and this text, as JSON."""
    return Fault(refusal=Refusal(code, description))


def internal_error() -> Fault:
    """Do nothing and answer 500 as the Bot API itself words it."""
    return refused(500, "Internal Server Error: restart")


def other_poller() -> Fault:
    """Do nothing and answer 409, as if another program asked for this bot's updates."""
    return Fault(refusal=conflict(TWO_POLLERS))


def never_answered() -> Fault:
    """Carry the request out at once and never answer; the connection stays open."""
    return Fault(late=FOR_EVER)


def never_heard() -> Fault:
    """Do nothing and never answer; the connection stays open."""
    return Fault(delay=FOR_EVER)


def odd_answer(body: bytes) -> Fault:
    """Do nothing and answer 200 with something that the Bot API would never say."""
    return Fault(odd_answer=body)
