#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Upload the sequence: the order of the dialogues, one id a line. The running bot follows it at once."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from _start import run

from src.dialogues.check import has_errors
from src.paths import DATABASE, SEQUENCE, SETTINGS
from src.scripts import add_database
from src.settings import load_settings
from src.store.audit import record
from src.store.database import open_database
from src.store.study import StudyStore
from src.upkeep.impact import impact_of_sequence
from src.upkeep.report import NOTHING_UPLOADED, sequence_lines
from src.upkeep.study import read_sequence, upload_sequence


def main(arguments: Namespace) -> int:
    """Check, say what changes, and upload; return the exit code."""
    settings = load_settings(os.environ, SETTINGS)
    ids = read_sequence(arguments.file)
    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        impact = impact_of_sequence(ids, database)
        now = datetime.now(UTC)
        problems, going_on = upload_sequence(arguments.file, StudyStore(database), now)
        if going_on is not None:
            record(database, "operator", Path(__file__).name, {"dialogues": len(ids)}, now)
    for problem in problems:
        print(problem)
    if has_errors(problems):
        print(NOTHING_UPLOADED)
        return 1
    print("\n".join(sequence_lines(impact)))
    print(f"The sequence of {arguments.file.name} is uploaded.")
    return 0


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("file", nargs="?", type=Path, default=SEQUENCE, metavar="FILE", help="default: sequence.txt")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
