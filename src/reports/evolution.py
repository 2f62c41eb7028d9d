# SPDX-License-Identifier: GPL-3.0-or-later
"""Each participant's way through the dialogues, as the data of an interactive page. Nobody's id stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from src.reports.palette import BLUE, GREY, ORANGE, PURPLE, RED, SKY
from src.reports.ways import State, state_of
from src.reports.wishes import Wishes
from src.reports.words import language_or_other
from src.store.counted import Counted
from src.store.digests import Ran

MOST_RUNS = 120_000
"""So many dialogues are drawn at most; of more, only every second, third … participant's."""
_COLOURS = {
    State.ACTIVE: BLUE,
    State.SILENT: SKY,
    State.PAUSED: ORANGE,
    State.BLOCKED: PURPLE,
    State.LEFT: RED,
    State.UNDECIDED: GREY,
}


class Numbered:
    """Numbers names in the order in which they come."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}

    def of(self, name: str) -> int:
        """Return the number of a name."""
        return self._numbers.setdefault(name, len(self._numbers))

    def names(self) -> list[str]:
        """Return all names in their order."""
        return list(self._numbers)


def evolution(people: Iterable[Counted], wishes: Wishes, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the page shows. People come as they are read; if there are too many, more and more are left out."""
    dialogues, messages = Numbered(wishes.sequence), Numbered()
    states, languages = Numbered(State), Numbered()
    drawn: list[list[Any]] = []
    total, every, runs = 0, 1, 0
    for person in people:
        begun = sorted((ran for ran in _begun(person) if ran.start), key=lambda ran: ran.start)
        total += bool(begun)
        if not begun or (total - 1) % every:
            continue
        told = [_run(ran, dialogues, messages, zone) for ran in begun]
        language = languages.of(language_or_other(person.language, wishes.language))
        drawn.append([states.of(state_of(person)), language, told])
        runs += len(told)
        if runs > MOST_RUNS:
            drawn, every = drawn[::2], 2 * every
            runs = sum(len(one[2]) for one in drawn)
    return {
        "dialogues": dialogues.names(),
        "messages": messages.names(),
        "languages": languages.names(),
        "statuses": [{"name": _status(state, wishes), "colour": _COLOURS[state]} for state in State],
        "people": drawn,
        "words": _words(wishes, total),
        "every": every,
    }


def _begun(person: Counted) -> list[Ran]:
    return [ran for ran in (*person.runs, person.kept, person.open) if ran is not None]


def _run(ran: Ran, dialogues: Numbered, messages: Numbered, zone: ZoneInfo) -> Sequence[Any]:
    """Return a dialogue in short: its times as the study's clocks show them, and how many seconds it really took."""
    lasted = None if ran.end is None else round(ran.end - ran.start)
    end = None if ran.end is None else _on_the_clock(ran.end, zone)
    return (
        dialogues.of(ran.dialogue),
        _on_the_clock(ran.start, zone),
        end,
        lasted,
        int(ran.ended),
        messages.of(ran.last_message),
    )


def _on_the_clock(time: float, zone: ZoneInfo) -> int:
    """Return a time so that, read as UTC, it shows what clocks showed there."""
    return int(datetime.fromtimestamp(time, zone).replace(tzinfo=UTC).timestamp())


def _status(state: State, wishes: Wishes) -> str:
    return wishes.word("silent_people" if state is State.SILENT else state)


def _words(wishes: Wishes, total: int) -> dict[str, str]:
    names = ("begin", "end", "duration", "last_message", "unfinished", "still_open", "status", "language", "nobody")
    told = {name: wishes.word(name) for name in names}
    # plotly.js knows the names of months in English alone
    told["dates"] = "" if wishes.language == "en" else "%-d/%-m\n%Y"
    return told | {"note": wishes.word("ways_note", shown="{shown}", total=total)}
