#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the dialogues of this folder, then upload all of them, or none. The running bot takes them up at once."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from _start import run

from src.dialogues.check import Problem, has_errors
from src.paths import DATABASE, DIALOGUES, OUTGOING, SETTINGS
from src.scripts import add_database
from src.settings import load_settings
from src.store.database import open_database
from src.store.study import StudyStore, Uploaded
from src.upkeep.study import Demands, check_files, files_missing, read_files, upload_files


def main(arguments: Namespace) -> int:
    """Check, and upload unless --check; return the exit code."""
    settings = load_settings(os.environ, SETTINGS)
    demands = Demands(settings.languages, settings.categories, OUTGOING)
    paths = arguments.paths or [DIALOGUES]
    files_missing(paths)
    files = read_files(paths)
    if arguments.check:
        return report(check_files(files, demands), len(files))
    whole_folder = any(path.is_dir() for path in paths)
    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        store = StudyStore(database)
        problems, uploaded = upload_files(files, demands, store, datetime.now(UTC), replace_all=whole_folder)
    code = report(problems, len(files))
    print(summary(uploaded) if uploaded else "Nothing was uploaded; the database is as it was.")
    return code


def report(problems: list[Problem], files: int) -> int:
    """Print all problems; return 1 if one of them refuses the upload."""
    for problem in problems:
        print(problem)
    errors = sum(problem.severity == "error" for problem in problems)
    print(f"{files} files: {errors} errors, {len(problems) - errors} warnings.")
    return 1 if has_errors(problems) else 0


def summary(uploaded: Uploaded) -> str:
    """Say what the upload changed."""
    parts = {
        "new": uploaded.added,
        "changed": uploaded.changed,
        "removed": uploaded.removed,
    }
    lines = [f"{word}: {', '.join(sorted(names))}" for word, names in parts.items() if names]
    lines.append(f"unchanged: {len(uploaded.unchanged)}")
    if uploaded.going_on:
        lines.append(f"{uploaded.going_on} participants for whom nothing was planned go on.")
    return "\n".join(["Uploaded.", *lines])


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument(
        "paths", nargs="*", type=Path, metavar="FOLDER or FILES", help="default: the folder of this script"
    )
    options.add_argument("--check", action="store_true", help="only check; the database is not needed")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
