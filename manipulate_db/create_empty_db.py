#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the collections, indexes and documents that the bot needs. What is there already stays as it is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _choosing import opened, operator
from _start import run

from src.scripts import add_database
from src.startup import SystemClock
from src.store.audit import record
from src.store.creating import create_missing


def main(arguments: Namespace) -> None:
    """Make what is missing and say what."""
    with opened(arguments.database) as (database, _study_of):
        made = create_missing(database)
        if not made:
            print(f"The database {arguments.database} has everything already; nothing was changed.")
            return
        record(database, operator(), "Create an empty database", {"made": made}, SystemClock().now())
    print(f"Made in the database {arguments.database}: {', '.join(made)}.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
