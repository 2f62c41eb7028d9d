# SPDX-License-Identifier: GPL-3.0-or-later
"""The database goes away for a while, at any moment, while people answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.end_to_end.killing import Arena
from tests.end_to_end.own_server import OwnServer

KILLED, HUNG, HUNG_AND_KILLED = "killed", "hung", "hung and killed"
WAYS = (KILLED, HUNG, HUNG_AND_KILLED)
UNDER_WAY = 0.5
"""Seconds in which Telegram may still be told of what was saved just before."""

BEGINS = "Nothing is confirmed or sent meanwhile"
IS_OVER = "The database works again"


@dataclass(frozen=True)
class Away:
    """One outage: in which way and for how long; how many presses waited at Telegram at its end, and whether any was
    confirmed meanwhile; after how many seconds messages came again; how many lines told of its beginning and its end,
    and how many there were of any kind.
    """

    way: str
    seconds: float
    queued: int
    confirmed_meanwhile: bool
    recovered_after: float
    said_begin: int
    said_end: int
    lines: int


def outage(at: Arena, server: OwnServer, way: str, seconds: float) -> Away:
    """Let the server be away for so long, from a random moment on; return when messages come again."""
    at.crowd.at_rest = False
    at.crowd.wait_for_progress(len(at.crowd.people))
    time.sleep(at.chance.uniform(0, 0.5))
    before = at.project.log().count("\n")
    if way == KILLED:
        server.kill()
    else:
        server.hang()
    queued = queue_during(at, seconds)
    if way == HUNG_AND_KILLED:
        server.kill()
    begin = time.monotonic()
    if way == HUNG:
        server.go_on()
    else:
        server.start()
    at.crowd.wait_for_progress()
    recovered = time.monotonic() - begin
    at.crowd.wait_for_progress(len(at.crowd.people))
    lines = at.project.log().splitlines()[before:]
    return Away(
        way,
        seconds,
        queued=queued[-1],
        confirmed_meanwhile=queued != sorted(queued),
        recovered_after=recovered,
        said_begin=sum(BEGINS in line for line in lines),
        said_end=sum(IS_OVER in line for line in lines),
        lines=len(lines),
    )


def queue_during(at: Arena, seconds: float) -> list[int]:
    """Return how many updates Telegram keeps for the bot, again and again during so many seconds."""
    until = time.monotonic() + seconds
    time.sleep(UNDER_WAY)
    queued = [at.telegram.pending_updates()]
    while time.monotonic() < until:
        time.sleep(0.05)
        queued.append(at.telegram.pending_updates())
    return queued
