# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as SPSS system files. The only door of pyreadstat and pandas, which nothing else needs.

A system file is written as a whole, so all of a table must be in memory: of every text each row holds a small number.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy
import pandas
import pyreadstat

from src.store.times import EPOCH
from src.upkeep.export.tables import Cell, Column, NoExport, Table, Type, cell_of, cut_to, is_whole

_SINCE_1582 = 12_219_379_200
"""Seconds from the beginning of SPSS's calendar to 1970."""
_LONGEST_TEXT = 8_000
"""Characters: in UTF-8 surely less than the 32,767 bytes that SPSS takes."""
_LONGEST_LABEL = 255
_LONGEST_LABEL_OF_VALUE = 120
_MADE_AT = 92
"""Where in the file its date and time stand: `01 Mar 2612:00:00`."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORMATS = {Type.INTEGER: "F11.0", Type.NUMBER: "F16.3", Type.TIME: "DATETIME24.3"}


def write_spss(table: Table, path: Path, language: int, newest: int) -> int:
    """Write a table and return the number of its rows. `language` is the place of that of the labels, `newest` the
    time that stands in the file as that of its making. Raises OSError and NoExport.
    """
    columns = [_filled(column) for column in table.columns]
    count = 0
    for row in table.rows():
        count += 1
        for column, cell in zip(columns, row, strict=True):
            column.add(cell)
    frame = pandas.DataFrame({one.column.name: one.values() for one in columns}, copy=False)
    try:
        pyreadstat.write_sav(
            frame,
            path,
            column_labels={column.name: cut_to(column.meaning, _LONGEST_LABEL) for column in table.columns},
            variable_value_labels=_labels(table.columns, language),
            variable_format={one.name: _FORMATS[one.type] for one in table.columns if one.type in _FORMATS},
            variable_measure={one.name: _measure(one) for one in table.columns},
            row_compress=True,
        )
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise NoExport(f"{path.name} cannot be written: {error}") from None
    _date(path, newest)
    return count


class Texts:
    """A column of texts: each different one once, and its number in each row."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.numbers: dict[str, int] = {}
        self.rows = array("i")

    def add(self, cell: Cell) -> None:
        """Add a row."""
        if cell is None:
            self.rows.append(-1)
            return
        text = str(cell)[:_LONGEST_TEXT].replace("\0", "")
        self.rows.append(self.numbers.setdefault(text, len(self.numbers)))

    def values(self) -> Any:
        """Return the column as pandas knows it."""
        return pandas.Categorical.from_codes(self.rows, pandas.Index(list(self.numbers) or [""], dtype=object))


class Numbers:
    """A column of numbers or times."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.is_time = column.type is Type.TIME
        self.rows = array("d")

    def add(self, cell: Cell) -> None:
        """Add a row."""
        number = math.nan if cell is None else float(cell)
        self.rows.append(number / 1000 + _SINCE_1582 if self.is_time else number)

    def values(self) -> Any:
        """Return the column as pandas knows it."""
        return numpy.frombuffer(self.rows) if self.rows else numpy.empty(0)


def _filled(column: Column) -> Texts | Numbers:
    return Texts(column) if column.type in (Type.TEXT, Type.CATEGORY) else Numbers(column)


def _measure(column: Column) -> str:
    is_named = column.type in (Type.TEXT, Type.CATEGORY) or bool(column.labels)
    return "nominal" if is_named else "scale"


def _labels(columns: Sequence[Column], language: int) -> dict[str, dict[Any, str]]:
    """Return the labels of values in one language, numbers as numbers."""
    return {
        column.name: {
            cell_of(value, column.type): cut_to(labels[language] or value, _LONGEST_LABEL_OF_VALUE)
            for value, labels in column.labels.items()
            if column.type in (Type.TEXT, Type.CATEGORY) or is_whole(value)
        }
        for column in columns
        if column.labels
    }


def _date(path: Path, newest: int) -> None:
    """Put the time of the newest answer where the library has put today's."""
    time = EPOCH + timedelta(milliseconds=newest)
    with path.open("r+b") as file:
        file.seek(_MADE_AT)
        file.write(f"{time.day:02} {_MONTHS[time.month - 1]} {time:%y%H:%M:%S}".encode("ascii"))
