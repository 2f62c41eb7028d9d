# SPDX-License-Identifier: GPL-3.0-or-later
"""Several things at once: all are done, an error is told when what had begun is over."""

from __future__ import annotations

import threading

import pytest

from src.service.side_by_side import side_by_side


@pytest.mark.parametrize("hands", [1, 2, 5])
def test_everything_is_done_once(hands: int) -> None:
    done: list[int] = []
    side_by_side(hands, [lambda number=number: done.append(number) for number in range(20)])  # type: ignore[misc]
    assert sorted(done) == list(range(20))


def test_as_many_are_done_at_once_as_there_are_hands() -> None:
    together = threading.Barrier(3)

    def wait_for_the_others() -> None:
        together.wait(10)

    side_by_side(3, [wait_for_the_others] * 3)
    assert not together.broken


def test_a_single_thing_needs_no_other_thread() -> None:
    seen: list[threading.Thread] = []
    side_by_side(4, [lambda: seen.append(threading.current_thread())])
    assert seen == [threading.current_thread()]


# Fault: src/service/side_by_side.py: the error is raised while others are still at work.
def test_an_error_is_raised_when_nobody_is_at_work_any_more() -> None:
    fails, done, begun = threading.Event(), [], []

    def slow() -> None:
        fails.wait(10)
        threading.Event().wait(0.05)
        done.append("slow")

    def failing() -> None:
        fails.set()
        raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"):
        side_by_side(2, [slow, failing, *[lambda: begun.append("too late")] * 50])
    assert done == ["slow"]
    assert len(begun) < 50


def test_nothing_to_do() -> None:
    side_by_side(3, [])
