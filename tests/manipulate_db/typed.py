# SPDX-License-Identifier: GPL-3.0-or-later
"""A script as somebody types it, run in this process: no interpreter has to start, all else is as on a command line."""

from __future__ import annotations

import contextlib
import io
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from src.store.database import Database
from tests.manipulate_db.processes import uri_of

OF_A_FOLDER = ("_start", "_choosing")
"""Modules that several folders of scripts have under the same name."""


class Said(NamedTuple):
    """What a script said, and its exit code."""

    code: int
    output: str
    errors: str


def typed(script: Path, *arguments: str, uri: str = "", stdin: str = "") -> Said:
    """Run a script to its end. `uri` is where the database is; the input is no terminal."""
    output, errors = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(script), *arguments])
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        patch.setattr(sys, "excepthook", sys.excepthook)
        patch.syspath_prepend(str(script.parent))
        patch.setenv("MONGODB_URI", uri)
        for name in OF_A_FOLDER:
            patch.delitem(sys.modules, name, raising=False)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors), pytest.raises(SystemExit) as end:
            runpy.run_path(str(script), run_name="__main__")
        for name in OF_A_FOLDER:
            sys.modules.pop(name, None)
    return Said(int(end.value.code or 0), output.getvalue(), errors.getvalue())


def on(database: Database, script: Path, *arguments: str) -> Said:
    """Run a script on this database."""
    return typed(script, *arguments, "--database", database.database.name, uri=uri_of(database))


@contextmanager
def ctrl_c_at(number: int) -> Iterator[list[int]]:
    """Let Ctrl-C come when the script asks the database, or opens a file of its own, for the time of this number.

    What is yielded holds a negative number once it has come.
    """
    left = [number]
    answering, opens = Database.answering, os.open

    def asked(database: Database) -> contextlib.AbstractContextManager[None]:
        count()
        return answering(database)

    def opened(*arguments: object, **options: object) -> int:
        count()
        return opens(*arguments, **options)  # type: ignore[arg-type]

    def count() -> None:
        left[0] -= 1
        if left[0] == -1:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "answering", asked)
        patch.setattr(os, "open", opened)
        yield left
