# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of an export. Libraries that only one of them needs are loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from src.paths import ROOT
from src.upkeep.export.tables import Column, NoExport, Table
from src.upkeep.export.text_files import csv_for_pandas, json_for_pandas, write_csv, write_json


@dataclass(frozen=True)
class Details:
    """What only some formats want to know: the place of the labels' language, and the time of the newest answer."""

    language: int
    newest: int


@dataclass(frozen=True)
class Format:
    """How a table is written, and what a manifest says of how pandas reads it. `prepare` raises NoExport."""

    ending: str
    write: Callable[[Table, Path, Details], int]
    for_pandas: Callable[[Sequence[Column]], Mapping[str, Any]] = lambda _columns: {}
    prepare: Callable[[], object] = lambda: None


def _parquet() -> ModuleType:
    return _loaded("parquet", "pyarrow")


def _spss() -> ModuleType:
    return _loaded("spss", "pyreadstat or pandas")


def _loaded(module: str, library: str) -> ModuleType:
    try:
        return importlib.import_module(f"src.upkeep.export.{module}")
    except ImportError:
        raise NoExport(
            f"{library}, which this format needs, is missing. Type: make -C {ROOT}, or take --format csv or json."
        ) from None


def _write_parquet(table: Table, path: Path, _details: Details) -> int:
    return int(_parquet().write_parquet(table, path))


def _write_spss(table: Table, path: Path, details: Details) -> int:
    return int(_spss().write_spss(table, path, details.language, details.newest))


FORMATS: Mapping[str, Format] = {
    "csv": Format(
        "csv",
        lambda table, path, _details: write_csv(table, path),
        csv_for_pandas,
    ),
    "json": Format(
        "json",
        lambda table, path, _details: write_json(table, path),
        json_for_pandas,
    ),
    "parquet": Format("parquet", _write_parquet, prepare=_parquet),
    "spss": Format("sav", _write_spss, prepare=_spss),
}
