# SPDX-License-Identifier: GPL-3.0-or-later
"""How a setting is read from a text and written as one. What cannot be read becomes None, to be refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from src.paths import ROOT


def time_of_day(value: object) -> object:
    """Read `07:00`, or take a time as TOML writes it."""
    if not isinstance(value, str):
        return value if isinstance(value, time) else None
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", value.strip())
    return time(int(found[1]), int(found[2])) if found else None


def zone(value: object) -> object:
    """Find the time zone; the data come from the system or from the package tzdata."""
    try:
        return ZoneInfo(value) if isinstance(value, str) else value
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def several(value: object) -> object:
    """Read `a, b` as several values; a list of TOML is one already."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def table(value: object) -> object:
    """Read the JSON of an environment variable; a table of TOML is one already."""
    return json.loads(value) if isinstance(value, str) else value


def file_from_root(value: object) -> object:
    """Read a path as seen from the folder of main.py; empty is none."""
    if not isinstance(value, str | Path) or value == "":
        return None if value == "" else value
    return ROOT / Path(value).expanduser()


def existing(path: Path | None) -> Path | None:
    """Refuse a file that is not there."""
    if path is not None and not path.is_file():
        raise ValueError("no such file")
    return path


def written(value: object) -> str:
    """Write a value as it would stand in an environment variable, on one line."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Mapping):
        return json.dumps(dict(value))
    if isinstance(value, tuple | list):
        return ",".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else " ".join(str(value).split())
