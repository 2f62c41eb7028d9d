# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of the mails once more, slowly and obviously, from whole documents: nothing of src/reports is used."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from src.paths import ROOT

Document = Mapping[str, Any]
DESCRIBED = tomllib.loads((ROOT / "data" / "report.toml").read_text("utf-8"))
SECONDS = {"total": None, "week": 7 * 24 * 3600, "day": 24 * 3600}
LOSSES = ("waiting", "paused", "blocked", "left")


class Slow:
    """Counts the documents of one study at one moment."""

    def __init__(self, people: Sequence[Document], titles: Mapping[str, str], now: datetime) -> None:
        self.people = people
        self.titles = titles
        self.now = now.timestamp()

    def within(self, time: float | None, span: str) -> bool:
        if SECONDS[span] is None:
            return True
        return time is not None and time >= self.now - SECONDS[span]  # type: ignore[operator]

    def spans(self, of: Callable[[Document], Any]) -> dict[str, int]:
        """Count people by a time that `of` gives; False: not counted, None: the time is not known."""
        times = [time for person in self.people if (time := of(person)) is not False]
        return {span: sum(self.within(time, span) for time in times) for span in SECONDS}

    def agreed(self) -> list[Document]:
        return [person for person in self.people if person["status"] != 0]

    def state(self, person: Document) -> str:
        absence = person.get("absence", "")
        blocked = absence == "unreachable" or (absence == "" and person.get("reachable") is False)
        if person["status"] == 3 or absence == "left":
            return "left"
        if person["status"] == 0:
            return "undecided"
        if blocked:
            return "blocked"
        if person["status"] == 2:
            return "paused"
        return "silent" if absence == "silent" else "active"

    def states(self) -> dict[str, int]:
        found = Counter(map(self.state, self.people))
        return {name: found[name] for name in ("undecided", "active", "silent", "paused", "blocked", "left")}

    def entry(self) -> dict[str, dict[str, int]]:
        def started(person: Document) -> Any:
            begins = [run["start_time"] for run in begun(person) if run["gameId"] == "welcome"]
            return min(begins) if begins else None if person["status"] != 0 else False

        def consented(person: Document) -> Any:
            return last_end(person, "welcome") if person["status"] != 0 else False

        def refused(person: Document) -> Any:
            end = last_end(person, "welcome")
            return end if person["status"] == 0 and end is not None else False

        def undecided(person: Document) -> Any:
            if person["status"] != 0 or last_end(person, "welcome") is not None:
                return False
            return started(person)

        found = {"started": started, "consented": consented, "refused": refused, "undecided": undecided}
        steps = [step["dialogue"] for step in DESCRIBED["entry"]["steps"]]
        return {name: self.spans(of) for name, of in found.items()} | {
            step: self.spans(lambda person, step=step: first_end(person, step) or False)  # type: ignore[misc]
            for step in steps
        }

    def finished(self) -> dict[str, int]:
        ends = [run["end_time"] for person in self.people for run in person["game_history"] if run["ended"]]
        return {span: sum(self.within(end, span) for end in ends) for span in SECONDS}

    def tables(self) -> dict[tuple[str, int | str], dict[str, int]]:
        found: dict[tuple[str, int | str], dict[str, int]] = {}
        for place, people in self.places().items():
            found[place] = {span: sum(self.within(told_at(one), span) for one in people) for span in SECONDS}
        return found

    def places(self) -> dict[tuple[str, int | str], list[Document]]:
        """Say who stands in which row of which table; rows with nobody are left out."""
        found: dict[tuple[str, int | str], list[Document]] = {}
        for table in DESCRIBED["tables"]:
            for person in self.agreed():
                rows: list[int | str] = [i for i, row in enumerate(table["rows"]) if stands_in(person, row, table)]
                if "field" in table and not rows:
                    rows = ["other" if person.get(table["field"]) else "untold"]
                for row in rows:
                    found.setdefault((table["id"], row), []).append(person)
        return found

    def balance(self) -> dict[tuple[str, int | str], tuple[int, int, int]]:
        tables = {table["id"] for table in DESCRIBED["tables"] if table.get("balance")}
        return {
            place: (
                len(people),
                sum(self.state(one) in ("active", "silent") for one in people),
                sum(len(done(one)) for one in people),
            )
            for place, people in self.places().items()
            if place[0] in tables and not isinstance(place[1], str)
        }

    def answered(self) -> dict[str, dict[str, dict[int, int]]]:
        def people_by_many(title: str, span: str) -> dict[int, int]:
            counted: Counter[int] = Counter()
            for person in self.agreed():
                counted[
                    len(
                        [
                            one
                            for one in done(person)
                            if self.within(last_end(person, one), span) and title in ("*", self.titles.get(one))
                        ]
                    )
                ] += 1
            return dict(counted)

        return {
            title: {span: people_by_many(title, span) for span in SECONDS}
            for title in ("*", *set(self.titles.values()))
        }

    def open(self) -> dict[str, tuple[int, int, int]]:
        runs = [person["current_game"] for person in self.people if person["current_game"]]
        return {
            name: (
                sum(run["gameId"] == name for run in runs),
                sum(run["gameId"] == name and self.now - run["start_time"] > 24 * 3600 for run in runs),
                sum(run["gameId"] == name and self.now - run["start_time"] > 7 * 24 * 3600 for run in runs),
            )
            for name in {run["gameId"] for run in runs}
        }

    def languages(self) -> dict[str, int]:
        here = [person for person in self.agreed() if self.state(person) != "left"]
        return dict(Counter(one["language"] if len(one["language"]) == 2 else "other" for one in here))

    def frequencies(self) -> dict[str, int]:
        here = [person for person in self.agreed() if self.state(person) != "left"]
        return dict(Counter(one["freq"] if one["freq"].isdigit() else "other" for one in here))

    def drops(self) -> dict[str, tuple[int, int, float | None, dict[str, int]]]:
        names = {run["gameId"] for person in self.people for run in begun(person)}
        return {name: self.drop(name) for name in names}

    def drop(self, name: str) -> tuple[int, int, float | None, dict[str, int]]:
        reached = [person for person in self.people if name in {run["gameId"] for run in begun(person)}]
        answered = [person for person in reached if name in done(person)]
        lost = [person for person in reached if name not in done(person)]
        runs = [run for person in self.people for run in person["game_history"] if run["gameId"] == name]
        spans = [run["end_time"] - run["start_time"] for run in runs if run["ended"]]
        reasons = {reason: sum(self.reason(one) == reason for one in lost) for reason in LOSSES}
        return len(reached), len(answered), median(spans) if spans else None, reasons

    def reason(self, person: Document) -> str:
        state = self.state(person)
        if state == "left":
            return "left"
        if person.get("absence") == "unreachable" or (not person.get("absence") and person.get("reachable") is False):
            return "blocked"
        return "paused" if person["status"] == 2 else "waiting"

    def late(self) -> int:
        return sum(bool(one["outbox"]) and self.now - one["outbox_at"].timestamp() > 300 for one in self.people)

    def retried(self) -> int:
        return sum(any(entry["tries"] for entry in one["outbox"]) for one in self.people)


def begun(person: Document) -> list[Document]:
    return [*person["game_history"], *(run for key in ("current_game", "kept_game") if (run := person.get(key)))]


def done(person: Document) -> set[str]:
    return {run["gameId"] for run in person["game_history"] if run["ended"]}


def ends(person: Document, dialogue: str) -> list[float]:
    return [run["end_time"] for run in person["game_history"] if run["gameId"] == dialogue and run["ended"]]


def last_end(person: Document, dialogue: str) -> float | None:
    return max(ends(person, dialogue), default=None)


def first_end(person: Document, dialogue: str) -> float | None:
    return min(ends(person, dialogue), default=None)


def told_at(person: Document) -> float | None:
    end = last_end(person, "sociodem")
    if end is not None:
        return end
    return max((run["start_time"] for run in begun(person) if run["gameId"] == "sociodem"), default=None)


def stands_in(person: Document, row: Mapping[str, Any], table: Mapping[str, Any]) -> bool:
    if "is" in row:
        return person.get(table["field"]) in row["is"]
    return all(person.get(field) in values for field, values in row["when"].items())
