# SPDX-License-Identifier: GPL-3.0-or-later
"""What people and programs are told about an upload: as aligned text, or as one JSON object."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from src.dialogues.check import Severity
from src.upkeep.impact import Change, DialogueImpact, Impact, SequenceImpact
from src.upkeep.reading_time import ReadingTime
from src.upkeep.review import Review
from src.upkeep.translation import Translation

NOTHING_UPLOADED = "Nothing was uploaded; the database is as it was."


def text_of(review: Review) -> str:
    """Return a review for people: first what is wrong, then what there is, then what changes for whom."""
    parts = [_problem_lines(review), _reading_lines(review), _translation_lines(review.translations)]
    if review.impact is not None:
        parts.append(impact_lines(review.impact))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def json_of(review: Review, *, uploaded: bool, database: str) -> str:
    """Return a review for programs, in one line of ASCII. `database` is `asked`, or says why there is no impact."""
    found = {
        "uploaded": uploaded,
        "files": review.files,
        "problems": [asdict(problem) for problem in review.problems],
        "database": database,
        "impact": asdict(review.impact) if review.impact else None,
        "translation": {each.language: _translation_object(each) for each in review.translations},
        "reading_seconds": {
            "language": review.language,
            "dialogues": {name: _seconds(time) for name, time in review.reading_times.items()},
        },
    }
    return json.dumps(found)


def impact_lines(impact: Impact) -> list[str]:
    """Say which dialogues an upload changes, and for how many people."""
    if not impact.dialogues:
        return [
            f"Nothing changes: all {impact.unchanged} dialogues are in the database as they are.",
            *_new_for(impact),
        ]
    rows = [(f"{each.change}:", each.dialogue, _place(each), _inside(each)) for each in impact.dialogues]
    return ["What changes:", *_table(rows), f"  unchanged: {impact.unchanged}", *_new_for(impact)]


def sequence_lines(impact: SequenceImpact) -> list[str]:
    """Say what a new sequence changes, and for how many people."""
    lines = [f"  new in it: {', '.join(impact.added)}"] if impact.added else []
    lines += [f"  no longer in it: {', '.join(impact.removed)}"] if impact.removed else []
    lines += ["  the others stand in another order"] if impact.reordered else []
    return [*(["What changes:", *lines] if lines else ["Nothing changes in the sequence."]), *_new_for(impact)]


def _new_for(impact: Impact | SequenceImpact) -> list[str]:
    people = impact.getting_new
    if not people:
        return []
    who = "active participant" if people == 1 else "active participants"
    return [f"{people} {who} with nothing planned will get something new."]


def _place(change: DialogueImpact) -> str:
    if change.place is None:
        return "not in the sequence"
    return f"number {change.place} of the sequence"


def _inside(change: DialogueImpact) -> str:
    """Say what happens to the people who are in the middle of the dialogue."""
    said: list[str] = []
    if change.finishing:
        said.append(f"{_inside_now(change.finishing)} the version that they began")
    if change.unpinned:
        said.append(_of_the_seed(change))
    return "; ".join(said) or ("" if change.change is Change.NEW else "nobody is inside now")


def _inside_now(people: int) -> str:
    return "1 person is inside now and finishes" if people == 1 else f"{people} people are inside now and finish"


def _of_the_seed(change: DialogueImpact) -> str:
    fate = "cannot go on" if change.change is Change.REMOVED else "go on with the new one"
    return f"inside, of an older program that kept no versions: {change.unpinned}, {fate}"


def _problem_lines(review: Review) -> list[str]:
    errors = sum(problem.severity is Severity.ERROR for problem in review.problems)
    count = f"{review.files} files: {errors} errors, {len(review.problems) - errors} warnings."
    return [*(str(problem) for problem in review.problems), count]


def _reading_lines(review: Review) -> list[str]:
    rows = [(name, str(review.texts[name]), _clock(time)) for name, time in review.reading_times.items()]
    if not rows:
        return []
    return list(_table([("dialogue", "texts", f"pauses in {review.language}, shortest to longest way"), *rows]))


def _clock(time: ReadingTime | None) -> str:
    if time is None:
        return "no way to the end"
    shortest, longest = _minutes(time.shortest), _minutes(time.longest)
    return shortest if shortest == longest else f"{shortest} to {longest}"


def _minutes(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _translation_lines(all_of_them: Sequence[Translation]) -> list[str]:
    rows = [
        (each.language, f"{each.translated} of {each.texts}", f"{each.per_cent:3} %", _lacking(each.lacking))
        for each in all_of_them
        if each.texts
    ]
    return ["Texts that are translated:", *_table(rows)] if rows else []


def _lacking(lacking: Mapping[str, int]) -> str:
    names = [f"{dialogue} ({count})" for dialogue, count in lacking.items()]
    return f"missing in {', '.join(names)}" if names else ""


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the rows indented, with columns of equal width."""
    every = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*every, strict=True)]
    for row in every:
        yield ("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()


def _translation_object(each: Translation) -> dict[str, Any]:
    return {
        "translated": each.translated,
        "texts": each.texts,
        "per_cent": each.per_cent,
        "lacking": dict(each.lacking),
    }


def _seconds(time: ReadingTime | None) -> dict[str, float] | None:
    return None if time is None else {"shortest": round(time.shortest, 1), "longest": round(time.longest, 1)}
