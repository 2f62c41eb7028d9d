# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of a TOML file, read value by value; whatever is wrong is one line: where, what, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NoReturn

from src.errors import BotError


@dataclass(frozen=True)
class Table:
    """One table. `place` is how errors name it; they are raised as `error`."""

    values: Mapping[str, Any]
    place: str
    error: type[BotError]

    def only(self, *known: str) -> None:
        """Refuse keys that nobody knows: they would be misspelt."""
        for name in self.values:
            if name not in known:
                raise self.error(f"{self.place}: nobody knows {name!r}. Right would be one of: {', '.join(known)}.")

    def names(self) -> tuple[str, ...]:
        """Return the keys, in the order of the file."""
        return tuple(self.values)

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        value = self.values.get(name)
        return value if isinstance(value, str) and value.strip() else self._wrong(name, "a text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, one at least."""
        value = self.values.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
            self._wrong(name, 'a list of texts, like ["Girona", "12"]')
        return tuple(value)

    def number(self, name: str, least: float, most: float) -> float:
        """Return a number in these bounds."""
        value: Any = self.values.get(name)
        if not is_number(value) or not least <= value <= most:
            self._wrong(name, f"a number from {least:g} to {most:g}")
        return float(value)

    def share(self, name: str) -> float:
        """Return a number from 0 to 1."""
        return self.number(name, 0, 1)

    def span(self, name: str, least: float, most: float) -> tuple[float, float]:
        """Return two numbers in these bounds, the smaller one first."""
        value: Any = self.values.get(name)
        good = isinstance(value, list) and len(value) == 2 and all(is_number(each) for each in value)
        if not good or not least <= value[0] <= value[1] <= most:
            self._wrong(
                name, f"two numbers from {least:g} to {most:g}, the smaller one first, like [{least:g}, {most:g}]"
            )
        return float(value[0]), float(value[1])

    def day(self, name: str) -> date:
        """Return a day."""
        value = self.values.get(name)
        if not isinstance(value, date) or isinstance(value, datetime) or not 2000 <= value.year <= 2200:
            self._wrong(name, "a day like 2026-03-02, without quotes")
        return value

    def hour(self, name: str) -> time:
        """Return a time of day."""
        return hour_of(self.values.get(name)) or self._wrong(name, 'a time of day like "07:30"')

    def hours(self, name: str) -> tuple[time, time]:
        """Return from when to when, on one day."""
        value = self.values.get(name)
        both = [hour_of(each) for each in value] if isinstance(value, list) and len(value) == 2 else [None]
        if None in both or both[0] >= both[1]:  # type: ignore[operator]
            self._wrong(name, 'two times of one day, the earlier one first, like ["07:30", "23:00"]')
        return both[0], both[1]  # type: ignore[return-value]

    def table(self, name: str) -> Table:
        """Return a table inside of this one."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            self._wrong(name, "a table")
        return Table(value, f"{self.place}, {name}", self.error)

    def tables(self, name: str) -> dict[str, Table]:
        """Return all tables inside of a table, one at least."""
        outer = self.table(name)
        if not outer.values:
            self._wrong(name, "a table of tables, one at least")
        return {each: outer.table(each) for each in outer.names()}

    def list_of_tables(self, name: str) -> tuple[Table, ...]:
        """Return a list of tables; it may be missing."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self._wrong(name, "a list of tables")
        return tuple(Table(each, f"{self.place}, {name}, {at}", self.error) for at, each in enumerate(value, start=1))

    def _wrong(self, name: str, right: str) -> NoReturn:
        found = self.values.get(name)
        said = "is missing" if found is None else f"= {found!r} cannot be"
        raise self.error(f"{self.place}: {name} {said}; it should be {right}.")


def is_number(value: object) -> bool:
    """Tell whether this is a number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def hour_of(text: object) -> time | None:
    """Read a time of day; None: this is none."""
    try:
        return time.fromisoformat(text) if isinstance(text, str) and len(text) == 5 else None
    except ValueError:
        return None
