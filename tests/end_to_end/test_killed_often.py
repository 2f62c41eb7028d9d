# SPDX-License-Identifier: GPL-3.0-or-later
"""Bot and database are killed at random moments, and the bot is stopped, while many people answer: no answer is lost.

tests/benchmarks/kills.py does the same a hundred times.
"""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.killing import KINDS, Arena, Blow, arena

PEOPLE = 40
KILLS = 12
STOPS = 3
LONGEST_STOP = 5.0


def test_no_answer_is_lost_and_little_is_repeated_when_bot_and_database_are_killed_again_and_again(
    tmp_path: Path,
) -> None:
    with arena(tmp_path, people=PEOPLE, stories=60) as killed:
        kills = killed.kills(KILLS)
        assert {blow.kind for blow in kills} == set(KINDS)
        assert sum(blow.in_hand for blow in kills) > KILLS
        assert max(blow.most_repeated for blow in kills) <= 1
        everything_is_kept(killed)
        stops = killed.stops(STOPS)
        assert [faults_of(stop) for stop in stops] == [[]] * STOPS
        everything_is_kept(killed)


def everything_is_kept(killed: Arena) -> None:
    """Check that every press is in the answers once and in order, and that nobody saw anything that does not belong."""
    kept = killed.kept()
    assert kept.presses > PEOPLE * 5
    assert (kept.lost, kept.doubled, kept.out_of_order, kept.strange) == (0, 0, 0, ())


def faults_of(stop: Blow) -> list[str]:
    """Return what was wrong about a stop."""
    wrong = {
        "exit code": stop.code != 0,
        "too slow": stop.seconds >= LONGEST_STOP,
        "repeats": stop.repeated > 0,
    }
    return [name for name, is_so in wrong.items() if is_so]
