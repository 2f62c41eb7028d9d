# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as Parquet, a portion of rows at a time. The only door of pyarrow, which nothing else needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as arrow
from pyarrow import parquet

from src.upkeep.export.tables import Cell, Table, Type

_TOGETHER = 50_000
"""So many rows are one group of the file: always the same number, so that the file is always the same."""
_CELLS_TOGETHER = 2_000_000
_TYPES: dict[Type, Any] = {
    Type.TEXT: arrow.string(),
    Type.CATEGORY: arrow.dictionary(arrow.int32(), arrow.string()),
    Type.INTEGER: arrow.int64(),
    Type.NUMBER: arrow.float64(),
    Type.TIME: arrow.timestamp("ms", tz="UTC"),
}


def write_parquet(table: Table, path: Path) -> int:
    """Write a table and return the number of its rows. Raises OSError."""
    schema = arrow.schema([(column.name, _TYPES[column.type]) for column in table.columns])
    together = min(_TOGETHER, max(1, _CELLS_TOGETHER // len(table.columns)))
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in _portions(table.rows(), together):
            columns = zip(*rows, strict=True)
            arrays = [arrow.array(column, each.type) for column, each in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema), row_group_size=together)
            count += len(rows)
    return count


def _portions(rows: Iterator[Sequence[Cell]], size: int) -> Iterator[list[Sequence[Cell]]]:
    while portion := list(islice(rows, size)):
        yield portion
