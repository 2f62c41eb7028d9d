# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog makes of what it sees: what is only slow or waits is left alone, what hangs is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from src.service.health import OLDEST_BEAT, OLDEST_POLL, Facts, Holder, Vitals
from src.store.bot_processes import is_bot
from src.store.processes import Process
from src.watchdog import LONGEST_START, Bot, State, judge, judge_twice

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VITALS = Vitals(NOON, NOON, NOON, NOON, 0, 0, {}, "v")
HOLDER = Holder("host", 7, 1, 100.0, 1.0, gone=False)
WELL = Facts(NOON, readable=True, writable=True, vitals=VITALS, holder=HOLDER)
SILENT = replace(WELL, vitals=replace(VITALS, at=NOON - timedelta(seconds=OLDEST_BEAT + 1)))
WITHOUT_LEASE = replace(WELL, holder=None)
KILLED = replace(WELL, holder=replace(HOLDER, gone=True))
NO_DATABASE = Facts(NOON)
THE_HOLDER = Bot(Process(7, 1), halted=False, age=5000.0)
NEW = Bot(Process(8, 1), halted=False, age=3.0)
OLD = Bot(Process(9, 1), halted=False, age=LONGEST_START + 1)
STANDBY = replace(OLD, standby=True)


@pytest.mark.parametrize(
    ("facts", "here", "embedded", "state", "ended"),
    [
        (WELL, [THE_HOLDER], True, State.RUNS, []),
        (WELL, [], False, State.RUNS, []),  # on another machine
        (WELL, [THE_HOLDER, STANDBY], False, State.RUNS, []),
        (replace(WELL, oldest_due=NOON - timedelta(hours=1)), [THE_HOLDER], True, State.UNWELL, []),
        (
            replace(WELL, vitals=replace(VITALS, polled=NOON - timedelta(seconds=OLDEST_POLL + 1))),
            [THE_HOLDER],
            True,
            State.UNWELL,
            [],
        ),
        (SILENT, [THE_HOLDER], True, State.HANGS, [7]),
        (SILENT, [THE_HOLDER, STANDBY], False, State.HANGS, [7]),
        (SILENT, [STANDBY], False, State.STARTS, []),  # it takes over by itself
        (SILENT, [], False, State.MISSING, []),
        (replace(SILENT, holder=replace(HOLDER, age=2.0)), [THE_HOLDER], True, State.STARTS, []),
        (replace(KILLED, holder=replace(HOLDER, age=2.0, gone=True)), [], True, State.MISSING, []),
        (KILLED, [], True, State.MISSING, []),
        (WITHOUT_LEASE, [], True, State.MISSING, []),
        (WITHOUT_LEASE, [NEW], True, State.STARTS, []),
        (WITHOUT_LEASE, [replace(NEW, halted=True)], True, State.HANGS, [8]),
        (WITHOUT_LEASE, [OLD, NEW], True, State.HANGS, [9]),
        (NO_DATABASE, [], True, State.MISSING, []),
        (NO_DATABASE, [NEW], True, State.STARTS, []),
        (NO_DATABASE, [OLD], True, State.HANGS, [9]),
        (NO_DATABASE, [], False, State.AWAY, []),
        (NO_DATABASE, [THE_HOLDER], False, State.AWAY, []),
        (replace(SILENT, writable=False), [THE_HOLDER], True, State.AWAY, []),
    ],
)
def test_each_thing_that_can_be_seen_has_its_own_answer(
    facts: Facts, here: list[Bot], embedded: bool, state: State, ended: list[int]
) -> None:
    finding = judge(facts, here, embedded=embedded)
    assert (finding.state, [process.pid for process in finding.in_the_way]) == (state, ended)
    assert finding.reason.endswith(".")


def test_only_what_is_seen_twice_counts() -> None:
    looks = iter([judge(SILENT, [THE_HOLDER], embedded=True), judge(WELL, [THE_HOLDER], embedded=True)])
    waited: list[None] = []
    assert judge_twice(lambda: next(looks), lambda: waited.append(None)).state is State.RUNS
    assert waited == [None]


@pytest.mark.parametrize(
    ("line", "folder", "developer", "expected"),
    [
        ("python3 -u main.py", "/srv/a bot", False, True),
        ("python3 ../a bot/main.py", "/srv/x", False, False),  # split at the blank: two words, none of them ours
        (".venv/bin/python /srv/a%bot/main.py --standby", "/", False, True),
        ("python3 main.py --dev", "/srv/a bot", True, True),
        ("python3 main.py --dev", "/srv/a bot", False, False),
        ("python3 main.py --health", "/srv/a bot", False, False),
        ("python3 main.py --demo", "/srv/a bot", False, False),
        ("python3 main.py", "/srv/another", False, False),
        ("vim main.py", "/srv/a bot", False, False),
        ("", "/srv/a bot", False, False),
    ],
)
def test_a_process_of_this_bot_is_known_by_its_command_line(
    line: str, folder: str, developer: bool, expected: bool
) -> None:
    words = tuple(word.replace("%", " ") for word in line.split())
    assert is_bot(words, Path(folder), Path("/srv/a bot/main.py"), developer) == expected
