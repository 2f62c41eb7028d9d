#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the audit log: each entry carries the hash of the one before. Keep the last hash that is printed somewhere
else; with --expect it must still be there the next time, so that a log whose end was cut off is noticed too.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from _start import run

from src.paths import DATABASE, SETTINGS
from src.scripts import add_database
from src.settings import load_settings
from src.store.audit import check
from src.store.database import open_database


def main(arguments: Namespace) -> int:
    """Check, and say what is wrong; return the exit code."""
    settings = load_settings(os.environ, SETTINGS)
    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        chain = check(database, arguments.expect)
    for fault in chain.faults:
        print(fault)
    if not chain.has_expected:
        print("The hash that was expected is not in the log: entries were taken away or changed.")
    if chain.faults or not chain.has_expected:
        return 1
    print(f"The audit log is whole: {chain.entries} entries; the last hash is {chain.last or 'none'}")
    return 0


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--expect", metavar="HASH", default="", help="a hash that an earlier check has printed")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
