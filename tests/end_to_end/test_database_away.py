# SPDX-License-Identifier: GPL-3.0-or-later
"""A database that goes away while people answer: nothing is confirmed, nothing is lost, and the bot goes on by itself.

tests/benchmarks/kills.py has it away for half a minute.
"""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.killing import arena
from tests.end_to_end.outages import WAYS, outage
from tests.end_to_end.own_server import own_server

SECONDS = 7.0
"""Longer than the bot waits for a server (5 s), so that its loops find out."""


def test_while_the_database_is_away_nothing_is_confirmed_and_then_nothing_is_missing_or_twice(tmp_path: Path) -> None:
    with (
        own_server(tmp_path / "server") as server,
        arena(tmp_path, people=20, stories=30, uri=server.uri) as at,
    ):
        for way in WAYS:
            away = outage(at, server, way, SECONDS)
            assert away.queued > 0
            assert not away.confirmed_meanwhile
            assert (away.said_begin, away.said_end) == (1, 1), at.project.log()
        at.crowd.settle()
        kept = at.kept()
        assert kept.presses > 100
        assert (kept.lost, kept.doubled, kept.out_of_order, kept.strange) == (0, 0, 0, ())
        assert sum(at.crowd.repeats()) == 0
