#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the whole database into one compressed, encrypted file, also while the bot runs. Without the key
security/keys/backup.key nobody reads it, so keep a copy of that key elsewhere.
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
from src.upkeep.backup import back_up


def main(arguments: Namespace) -> None:
    """Write the file, and say how much is in it."""
    settings = load_settings(os.environ, SETTINGS)
    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        counts = back_up(database, arguments.file, arguments.keys, without_hashes=arguments.without_hashes)
        record(database, "operator", "backup.py", counts, datetime.now(UTC))
    for name, count in counts.items():
        print(f"{name}: {count}")
    print(f"{arguments.file} holds {sum(counts.values())} documents of {arguments.database}, and only you can read it.")
    if arguments.without_hashes:
        print("It does not hold who the participants are: nobody in it can be written to any more.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path, metavar="FILE", help="the new file")
    options.add_argument("--without-hashes", action="store_true", help="leave out who the participants are")
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
