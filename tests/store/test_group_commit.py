# SPDX-License-Identifier: GPL-3.0-or-later
"""Savings of many threads are written together, each caller learns what became of its own, nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

import pytest

from src.engine.state import Participant
from src.errors import DatabaseAway, NotKept
from src.identities import Pseudonym
from src.service.ports import Saving
from src.store.group_commit import GroupCommit, Written


def saving(who: str) -> Saving:
    before = Participant(Pseudonym(who), "en", version=1)
    return Saving(before, replace(before, version=2))


class Server:
    """Writes that can be held up, fail, or refuse somebody."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.goes_on = threading.Event()
        self.refuses: frozenset[Pseudonym] = frozenset()
        self.too_big: frozenset[Pseudonym] = frozenset()
        self.trouble: BaseException | None = None

    def write(self, savings: Sequence[Saving]) -> Written:
        self.goes_on.wait(10)
        self.writes.append([each.before.id for each in savings])
        if self.trouble is not None:
            raise self.trouble
        return Written(self.refuses, self.too_big).of(savings)


def together(server: Server, callers: Sequence[Sequence[Saving]]) -> list[frozenset[Pseudonym] | BaseException]:
    """Let each caller save in a thread of its own, the first one a moment before the others."""
    group = GroupCommit(server.write, writers=1)
    with ThreadPoolExecutor(len(callers)) as threads:
        waiting = [threads.submit(group.save, savings) for savings in callers]
        while len(group._waiting) < len(callers) - 1:
            threading.Event().wait(0.005)
        server.goes_on.set()
        return [each.exception(10) or each.result() for each in waiting]


def test_whoever_comes_during_a_write_is_in_the_next_one_with_all_others() -> None:
    server = Server()
    results = together(server, [[saving(str(number))] for number in range(8)])
    assert results == [frozenset()] * 8
    assert sorted(len(each) for each in server.writes) == [1, 7]
    assert sorted(chain.from_iterable(server.writes)) == [str(number) for number in range(8)]


def test_each_caller_learns_only_of_its_own() -> None:
    server = Server()
    server.refuses = frozenset({Pseudonym("3"), Pseudonym("5")})
    results = together(server, [[saving(str(number))] for number in range(8)])
    assert [bool(each) for each in results] == [number in (3, 5) for number in range(8)]


def test_a_document_that_is_refused_troubles_its_own_caller_alone() -> None:
    server = Server()
    server.too_big = frozenset({Pseudonym("2")})
    results = together(server, [[saving(str(number))] for number in range(4)])
    assert [isinstance(each, NotKept) for each in results] == [False, False, True, False]


# Fault: src/store/group_commit.py: who is in a write that is under way is taken into the next beside it.
def test_one_participant_is_never_in_two_writes_at_once_and_nobody_waits_for_ever() -> None:
    under_way: Counter[str] = Counter()
    twice: list[str] = []
    written: Counter[str] = Counter()
    door = threading.Lock()

    def write(savings: Sequence[Saving]) -> Written:
        names = [each.before.id for each in savings]
        with door:
            under_way.update(names)
            twice.extend(name for name in names if under_way[name] > 1)
        time.sleep(0.001)
        with door:
            under_way.subtract(names)
            written.update(names)
        return Written()

    group = GroupCommit(write)
    callers = [["a", "b", "c"], ["a"], ["b"], ["c"], ["d"], ["a", "d"]]

    def many(names: Sequence[str]) -> None:
        for _ in range(50):
            assert group.save([saving(name) for name in names]) == frozenset()

    with ThreadPoolExecutor(len(callers)) as threads:
        for each in [threads.submit(many, names) for names in callers]:
            each.result(30)
    assert twice == []
    assert written == {"a": 150, "b": 100, "c": 100, "d": 100}


def test_one_participant_is_never_twice_in_one_write() -> None:
    server = Server()
    together(server, [[saving("a")], [saving("b"), saving("c")], [saving("b")], [saving("b")]])
    assert all(len(each) == len(set(each)) for each in server.writes)
    assert sorted(chain.from_iterable(server.writes)) == ["a", "b", "b", "b", "c"]


@pytest.mark.parametrize("trouble", [DatabaseAway("away"), ValueError("odd")])
def test_an_error_reaches_all_whom_it_concerns(trouble: Exception) -> None:
    server = Server()
    server.trouble = trouble
    assert together(server, [[saving(str(number))] for number in range(4)]) == [trouble] * 4


def test_a_write_that_is_broken_off_leaves_nobody_waiting() -> None:
    server = Server()
    server.trouble = SystemExit(1)
    results = together(server, [[saving(str(number))] for number in range(4)])
    assert all(isinstance(each, SystemExit | DatabaseAway) for each in results)


# Fault: src/store/group_commit.py: the lock is held while a write is under way.
def test_two_writes_are_under_way_at_once_and_no_third() -> None:
    inside, most, at_once = threading.Semaphore(0), [0], [0]
    door, goes_on = threading.Lock(), threading.Event()

    def write(savings: Sequence[Saving]) -> Written:
        with door:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        inside.release()
        goes_on.wait(10)
        with door:
            at_once[0] -= 1
        return Written()

    group = GroupCommit(write)
    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(group.save, [saving(str(number))]) for number in range(6)]
        assert inside.acquire(timeout=10)
        assert inside.acquire(timeout=10)
        goes_on.set()
        assert [each.result(10) for each in waiting] == [frozenset()] * 6
    assert most == [2]
