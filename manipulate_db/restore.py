#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill an empty database from a file of backup.py, the embedded one or a real MongoDB, wherever it came from. A
database that holds anything is left alone. The file is read to its end and checked before anything is written.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from _start import run

from src.paths import DATABASE, KEYS, SETTINGS
from src.scripts import add_database
from src.settings import load_settings
from src.store.audit import record
from src.store.database import open_database
from src.upkeep.backup import counts_in, restore


def main(arguments: Namespace) -> None:
    """Restore, or only check; say how much there is."""
    if arguments.check:
        counts = counts_in(arguments.file, arguments.keys)
    else:
        settings = load_settings(os.environ, SETTINGS)
        with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
            counts = restore(database, arguments.file, arguments.keys)
            record(database, "operator", "restore.py", counts, datetime.now(UTC))
    for name, count in counts.items():
        print(f"{name}: {count}")
    done = "is whole; nothing was written" if arguments.check else f"is restored into {arguments.database}"
    print(f"{arguments.file} {done}: {sum(counts.values())} documents.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path, metavar="FILE", help="what backup.py has written")
    options.add_argument("--check", action="store_true", help="only read the file to its end; needs no database")
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
