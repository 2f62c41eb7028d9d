# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as CSV and JSON, row after row. Times are ISO 8601 in UTC, to the millisecond."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from src.store.times import EPOCH
from src.upkeep.export.tables import Cell, Column, Table, Type

_MINUTE = 60_000
_AS_PANDAS_SAYS = {
    Type.TEXT: "string",
    Type.CATEGORY: "category",
    Type.INTEGER: "Int64",
    Type.NUMBER: "float64",
    Type.TIME: "datetime64[ms, UTC]",
}


def write_csv(table: Table, path: Path) -> int:
    """Write a table as CSV (RFC 4180, UTF-8) and return the number of its rows. Raises OSError."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        # With the line end of the RFC also a lone carriage return in a text is put into quotes.
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        for row in _with_times(table):
            writer.writerow(row)
            count += 1
    return count


def write_json(table: Table, path: Path) -> int:
    """Write a table as a JSON list of objects, each on a line of its own; return how many. Raises OSError."""
    names = [column.name for column in table.columns]
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for row in _with_times(table):
            line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
            file.write(f"{',' if count else ''}\n{line}")
            count += 1
        file.write("\n]\n")
    return count


def csv_for_pandas(columns: Sequence[Column]) -> dict[str, Any]:
    """Return what `pandas.read_csv` must be told to read the right types: `NA` may well be somebody's answer."""
    types = {column.name: _AS_PANDAS_SAYS[column.type] for column in columns if column.type is not Type.TIME}
    times = [column.name for column in columns if column.type is Type.TIME]
    return {"read_csv": {"dtype": types, "parse_dates": times, "keep_default_na": False, "na_values": [""]}}


def json_for_pandas(columns: Sequence[Column]) -> dict[str, Any]:
    """Return what `pandas.read_json` must be told, so that it guesses nothing, and then `astype` of what it returns."""
    types = {column.name: _AS_PANDAS_SAYS[column.type] for column in columns}
    return {"read_json": {"orient": "records", "dtype": False}, "astype": types}


def iso(milliseconds: int) -> str:
    """Return a time as people and programs read it."""
    minute, rest = divmod(milliseconds, _MINUTE)
    return f"{_minute(minute)}{rest // 1000:02}.{rest % 1000:03}Z"


@lru_cache(maxsize=4096)
def _minute(number: int) -> str:
    return f"{EPOCH + timedelta(minutes=number):%Y-%m-%dT%H:%M:}"


def _with_times(table: Table) -> Iterator[Sequence[Cell]]:
    """Yield the rows with their times written out."""
    places = [place for place, column in enumerate(table.columns) if column.type is Type.TIME]
    for row in table.rows():
        written = list(row)
        for place in places:
            time = written[place]
            written[place] = iso(time) if isinstance(time, int) else None
        yield written
