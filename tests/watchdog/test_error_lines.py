# SPDX-License-Identifier: GPL-3.0-or-later
"""The last error lines go by mail over foreign servers: whatever gets into the log, no person is named there."""

from __future__ import annotations

from pathlib import Path

from src.error_lines import LINES, cleaned, last_error_lines
from src.paths import ROOT

TIME = "2026-03-02T12:00:00.000+00:00"
TOKEN = "6075908884:AAEGXL0vpPvjzgvztwydviwYLzD9PtBGtT3zE"


def test_of_the_bots_own_lines_what_names_somebody_is_hidden() -> None:
    line = (
        f"{TIME} WARNING src.store: 3f9c0a1b3f9c0a1b3f9c0a1b3f9c0a1b, chat -1001234567890, @anna_b, anna@example.org, "
        f"bot{TOKEN}, hush, {ROOT}/log, port 27017, took 12.500000 s"
    )
    (told,) = cleaned([line], ["hush"])
    assert told == (
        f"{TIME} WARNING src.store: <hidden>, chat <hidden>, <hidden>, <hidden>, "
        "bot<hidden>, <hidden>, ./log, port 27017, took 12.500000 s"
    )


def test_of_pythons_own_lines_only_place_and_kind_are_kept() -> None:
    told = cleaned(
        [
            "Traceback (most recent call last):",
            '  File "/home/anna/bot/src/engine/turn.py", line 12, in take_turn',
            "    raise KeyError('I feel so alone')",
            "KeyError: 'I feel so alone'",
            "pymongo.errors.DuplicateKeyError: dup key: {Tele_id: 555666777}",
            "I feel so alone",
        ]
    )
    assert list(told) == ["  turn.py:12 take_turn", "KeyError", "pymongo.errors.DuplicateKeyError"]


def test_the_last_lines_of_a_long_log_come_oldest_first(tmp_path: Path) -> None:
    log = tmp_path / "errorOutput.log"
    log.write_text("".join(f"{TIME} ERROR src.x: fault {number}\n" for number in range(5000)))
    told = last_error_lines(log)
    assert [line.rpartition(" ")[2] for line in told] == [str(number) for number in range(5000 - LINES, 5000)]
    assert last_error_lines(tmp_path / "none.log") == []
