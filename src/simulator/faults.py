# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam for things that go wrong: a hook sees every request and may return a fault for it.

A hook runs in the server's thread and must return at once. It sees the request after it was read and
counted, so that it can choose by method, chat or number.
"""

from collections.abc import Callable
from dataclasses import dataclass

from src.simulator.calls import Call
from src.simulator.refusals import Refusal, too_many_requests


@dataclass(frozen=True)
class Fault:
    """What happens to one request, in this order; all times in seconds.

    `delay` passes first. With `refusal` or `html_status` the request is not carried out and answered so.
    Otherwise it is carried out, unless `carried_out` is False. Then `late` passes, and the answer is sent,
    or half of it (`truncated`), or the connection is closed instead (`unanswered`).
    """

    delay: float = 0.0
    refusal: Refusal | None = None
    html_status: int | None = None
    carried_out: bool = True
    late: float = 0.0
    truncated: bool = False
    unanswered: bool = False


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
