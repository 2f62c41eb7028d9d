# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads from the `ast` of a file what it uses, and says what its room does not allow."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from src.paths import ROOT

PURE_LIBRARY = (
    *("__future__", "abc", "ast", "base64", "bisect", "collections", "contextlib", "copy", "dataclasses"),
    *("datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq"),
    *("hmac", "html", "itertools", "json", "keyword", "math", "numbers", "operator", "re", "statistics"),
    *("string", "textwrap", "types", "typing", "unicodedata", "urllib.parse", "uuid", "zoneinfo"),
)
"""What pure rooms may take from the standard library: no clock, no disk, no network, no chance, no log."""

IMPURE_NAMES = frozenset(
    {
        "open",
        "print",
        "input",
        "eval",
        "exec",
        "compile",
        "__import__",
        "breakpoint",
        "uuid.uuid1",
        "uuid.uuid4",
    }
    | {"datetime.date.today", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"}
)
METHODS_OF_PATHS = frozenset(
    {
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "iterdir",
        "exists",
        "is_file",
        "mkdir",
        "unlink",
    }
)


@dataclass(frozen=True)
class Floor:
    """Rooms side by side: the modules or packages of each. In pure ones things are only calculated."""

    name: str
    rooms: Mapping[str, tuple[str, ...]]
    pure: bool = False


@dataclass(frozen=True)
class House:
    """The floors from the ground up, and where each foreign library may come in."""

    floors: tuple[Floor, ...]
    libraries: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Room:
    """Where a module lives."""

    floor: int
    name: str
    pure: bool


def is_in(module: str, places: tuple[str, ...]) -> bool:
    """Tell whether a module is one of these or lies in one of these packages."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def room_of(module: str, house: House) -> Room | None:
    """Return where a module of ours lives, or None if it has no room."""
    for number, floor in enumerate(house.floors):
        for name, places in floor.rooms.items():
            if is_in(module, places):
                return Room(number, name, floor.pure)
    return None


def faults_of(module: str, source: str, house: House) -> list[str]:
    """Return what this source does that its room does not allow, one line each."""
    room = room_of(module, house)
    if room is None:
        return [f"{module} has no room"]
    tree = ast.parse(source)
    faults = [fault for name, line in _imports(tree) for fault in _about(module, room, name, line, house)]
    return faults + (list(_impure_names(module, tree)) if room.pure else [])


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Read every import, also inside functions, with its line; `from src import x` is src.x."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names = [f"src.{alias.name}" for alias in node.names] if module == "src" else [module]
            yield from ((name, node.lineno) for name in names)


def _about(module: str, room: Room, name: str, line: int, house: House) -> Iterator[str]:
    """Yield what is wrong with one import, if anything."""
    where = f"{module}, line {line}: {name}"
    top = name.split(".")[0]
    if name.startswith("."):
        yield f"{where} is relative; write it in full"
    elif top in house.libraries:
        if not is_in(module, house.libraries[top]):
            yield f"{where} comes in through {' and '.join(house.libraries[top])} alone"
    elif top == "src" or room_of(name, house):
        yield from _about_the_way(where, room, room_of(name, house))
    elif room.pure and not is_in(name, PURE_LIBRARY):
        yield f"{where} is not for a pure room"
    elif top not in sys.stdlib_module_names and not _lies_beside(module, top):
        yield f"{where} is a foreign library without a door"


def _about_the_way(where: str, room: Room, other: Room | None) -> Iterator[str]:
    if other is None:
        yield f"{where} has no room"
    elif other.floor > room.floor:
        yield f"{where} is above"
    elif other.floor == room.floor and other.name != room.name:
        yield f"{where} is beside"


def _lies_beside(module: str, name: str) -> bool:
    """Tell whether a script imports a file of its own folder, as it may."""
    folder = ROOT.joinpath(*module.split(".")[:-1])
    return not module.startswith("src.") and (folder / f"{name}.py").is_file()


def _impure_names(module: str, tree: ast.Module) -> Iterator[str]:
    """Find clocks, files and chance, under whatever name they were imported."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.arg):
            known[node.arg] = f"argument {node.arg}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        first, dot, rest = ast.unparse(node).partition(".")
        name = known.get(first, first) + dot + rest
        if name in IMPURE_NAMES or (isinstance(node, ast.Attribute) and node.attr in METHODS_OF_PATHS):
            yield f"{module}, line {node.lineno}: {name} is not for a pure room"


def module_of(file: Path) -> str:
    """Return the name of a file as it is imported from the root: src/store/keys.py is src.store.keys."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
