# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong, as the bot's own log and its signs of life tell: numbers alone, never a line of the log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from src.reports.numbers import Numbers
from src.reports.parts import Row, Section, Sentences, Table
from src.reports.ways import Spans, Tally
from src.reports.wishes import Wishes
from src.reports.words import number_in_words

_LINE = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+\+00:00) (INFO|WARNING|ERROR|CRITICAL) ([\w.]+): (.*)")
_STARTED = re.compile(r"The bot is running on the database (\S+)\.$")
_FAILED = re.compile(r"\S+: (Telegram refuses |entry \S+ counts as sent; )")
_WORRIES = {
    "no database answers": "worry_away",
    "the database cannot write": "worry_full",
    "no bot runs": "worry_missing",
}
"""How worries of `src.service.health` are told; all others are about something that has not happened for too long."""
WARNINGS, ERRORS, FAILED, STARTS = "warnings", "errors", "failed", "starts"


@dataclass(frozen=True)
class Trouble:
    """What went wrong. `logged` is None where there is no log; `worries` is None where no bot is looked at."""

    logged: dict[str, Spans] | None = None
    worries: Sequence[str] | None = None


def read_logs(folder: Path, database: str, now: datetime) -> dict[str, Spans] | None:
    """Count what the bot's log says, its older files included; None if there is none.

    Starts are those of the bot on this database. What went wrong is counted whichever database it was about.
    """
    files = sorted(folder.glob("output.log*"))
    if not files:
        return None
    tally: Tally[str] = Tally(now.timestamp())
    for at, kind in _told(_lines(files), database):
        tally.add(kind, at)
    return {kind: tally.spans(kind) for kind in (WARNINGS, ERRORS, FAILED, STARTS)}


def _lines(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                yield from lines
        except OSError:  # rotated away meanwhile
            continue


def _told(lines: Iterable[str], database: str) -> Iterator[tuple[float, str]]:
    """Return when each thing happened, and what kind it is of."""
    for line in lines:
        found = _LINE.match(line)
        if found is None:
            continue
        moment, level, _, text = found.groups()
        at = datetime.fromisoformat(moment).timestamp()
        started = _STARTED.match(text)
        if started and started[1] == database:
            yield at, STARTS
        elif level == "WARNING":
            yield at, FAILED if _FAILED.match(text) else WARNINGS
        elif level != "INFO":
            yield at, ERRORS


def section(trouble: Trouble, numbers: Numbers, wishes: Wishes) -> Section:
    """Return what went wrong."""
    parts: list[Sentences | Table] = [] if trouble.worries is None else [health(trouble.worries, wishes)]
    rows = [
        Row((wishes.word(kind), *(number_in_words(each) for each in (spans.day, spans.week))))
        for kind, spans in (trouble.logged or {}).items()
    ]
    if trouble.logged is None:
        parts.append(Sentences((wishes.word("no_log"),)))
    else:
        parts.append(Table(("", wishes.word("day"), wishes.word("week")), tuple(rows)))
    queue = [Row((wishes.word(name), wishes.number(getattr(numbers, name)))) for name in ("late", "retried")]
    parts.append(Table(("", wishes.word("now")), tuple(queue)))
    return Section(wishes.word("wrong"), tuple(parts))


def health(worries: Sequence[str], wishes: Wishes) -> Sentences:
    """Return how the bot is now, as a sentence."""
    if worries:
        told = dict.fromkeys(wishes.word(_WORRIES.get(worry, "worry_late")) for worry in worries)
        return Sentences((wishes.word("unwell", worries="; ".join(told)),), warns=True)
    return Sentences((wishes.word("well"),))
