# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fields of participants mean, as `data/report.toml` says it: which values are counted under which name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from src.errors import BotError
from src.paths import DATA, ROOT

DESCRIPTION = DATA / "report.toml"

Names = Annotated[Mapping[str, str], Field(min_length=1)]
Text = Annotated[str, Field(min_length=1)]


class WrongDescription(BotError):
    """The description of the report cannot be used. The text has one line for each fault."""


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Step(_Described):
    """A dialogue of the way in, and how having answered it is called."""

    dialogue: Text
    name: Names


class Entry(_Described):
    """The way in: the dialogue that asks for consent, and those that follow."""

    welcome: Text = "welcome"
    steps: tuple[Step, ...] = ()


class Row(_Described):
    """Who is counted in a row: those with one of these values in each of these fields."""

    name: Names
    values: tuple[str, ...] = Field(default=(), alias="is")
    when: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class DescribedTable(_Described):
    """A table. With a `field` everybody stands in one row of it, those of no row under names of ours."""

    id: Text
    name: Names
    field: str = ""
    over_time: bool = False
    balance: bool = False
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rows_say_whom(self) -> DescribedTable:
        for row in self.rows:
            if row.values and not self.field:
                raise ValueError(f"the row {row.name} has `is`, but the table has no `field`")
            if bool(row.values) == bool(row.when):
                raise ValueError(f"the row {row.name} should have either `is` or `when`")
        if self.field and any(row.when for row in self.rows):
            raise ValueError("a table with a `field` has rows with `is` alone")
        if self.over_time and not self.field:
            raise ValueError("only a table with a `field` can be drawn with `over_time`")
        return self

    def row_of(self, values: Mapping[str, str]) -> int | None:
        """Return in which row somebody with these values stands; None: in none. For tables with a field."""
        value = values.get(self.field)
        return next((number for number, row in enumerate(self.rows) if value in row.values), None)

    def rows_of(self, values: Mapping[str, str]) -> list[int]:
        """Return in which rows somebody with these values is counted."""
        if self.field:
            row = self.row_of(values)
            return [] if row is None else [row]
        return [number for number, row in enumerate(self.rows) if _meets(row.when, values)]


class _Profile(_Described):
    dialogue: str = ""


class _Sankey(_Described):
    columns: tuple[str, ...] = ()


class Description(_Described):
    """The whole file."""

    entry: Entry = Field(default_factory=Entry)
    profile: _Profile = Field(default_factory=_Profile)
    tables: tuple[DescribedTable, ...] = ()
    sankey: _Sankey = Field(default_factory=_Sankey)
    categories: Mapping[str, Names] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _columns_are_tables(self) -> Description:
        ids = [table.id for table in self.tables]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"the id {twice[0]!r} is there twice")
        fit = {table.id for table in self.tables if table.field}
        if unknown := [column for column in self.sankey.columns if column not in fit]:
            raise ValueError(f"sankey.columns names {unknown[0]!r}, which is no table with a `field`")
        if len(self.sankey.columns) == 1:
            raise ValueError("sankey.columns should name two tables or more")
        return self

    def fields(self) -> tuple[str, ...]:
        """Return all fields that rows look at."""
        own = (table.field for table in self.tables if table.field)
        others = (field for table in self.tables for row in table.rows for field in row.when)
        return tuple(dict.fromkeys((*own, *others)))

    def columns(self) -> tuple[DescribedTable, ...]:
        """Return the tables of the Sankey chart, from left to right."""
        by_id = {table.id: table for table in self.tables}
        return tuple(by_id[column] for column in self.sankey.columns)


def read_description(file: Path = DESCRIPTION) -> Description:
    """Read the file; without one nothing is told about who people are. Raises WrongDescription."""
    name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)
    try:
        return Description.model_validate(tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return Description()
    except OSError as error:
        raise WrongDescription(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongDescription(f"{name} is no text in UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongDescription(f"{name} is no TOML: {error}.") from None
    except ValidationError as wrong:
        raise WrongDescription("\n".join(_lines(name, wrong))) from None


def called(names: Mapping[str, str], language: str) -> str:
    """Return a name in this language, else in English, else in any."""
    return names.get(language) or names.get("en") or next(iter(names.values()))


def _meets(when: Mapping[str, Sequence[str]], values: Mapping[str, str]) -> bool:
    return all(values.get(field) in wanted for field, wanted in when.items())


def _lines(name: str, wrong: ValidationError) -> list[str]:
    """Return a line for each fault; a list that lacks what could not be read is no fault of its own."""
    places = [each["loc"] for each in wrong.errors()]
    own = [
        each
        for each in wrong.errors()
        if not any(len(place) > len(each["loc"]) and place[: len(each["loc"])] == each["loc"] for place in places)
    ]
    return [_line(name, each["loc"], each["msg"]) for each in own]


def _line(name: str, place: Sequence[object], said: str) -> str:
    where = ".".join(str(each + 1) if isinstance(each, int) else str(each) for each in place)
    return f"{name}{f', {where}' if where else ''}: {said.removeprefix('Value error, ')}."
