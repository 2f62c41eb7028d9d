#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show how many participants there are, and for each where they are; who has waited longest comes first."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from _choosing import opened
from _start import run
from rich.console import Console
from rich.live import Live

from src.errors import BotError
from src.scripts import add_database
from src.startup import SystemClock
from src.upkeep.overview import Overview, as_json, as_table, look_over

ROWS = 50
WIDTH_WITHOUT_TERMINAL = 160


def main(arguments: Namespace) -> None:
    """Show the overview once, or again and again until Ctrl-C."""
    if arguments.json and arguments.watch:
        raise BotError("--json shows the state once; it goes without --watch.")
    with opened(arguments.database) as (database, study_of):
        language = study_of(()).rules.default_language

        def look() -> Overview:
            return look_over(database, arguments.limit, language, SystemClock().now())

        if arguments.json:
            print(json.dumps(as_json(look()), indent=2))
            return
        console = Console()
        if not console.is_terminal:
            console = Console(width=WIDTH_WITHOUT_TERMINAL)
        if arguments.watch is None:
            console.print(as_table(look()))
            return
        with Live(as_table(look()), console=console, auto_refresh=False) as live:
            while True:
                time.sleep(arguments.watch)
                live.update(as_table(look()), refresh=True)


def rows(written: str) -> int:
    """Return a number of rows, 0 for the counts alone."""
    if not written.isdecimal():
        raise ArgumentTypeError(f"{written!r} is no number of rows; write for example 100, or 0 for the counts alone.")
    return int(written)


def seconds(written: str) -> float:
    """Return the seconds between two looks, one at least."""
    try:
        value = float(written)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 3600:
        raise ArgumentTypeError(f"{written!r} is no number of seconds from 1 to 3600.")
    return value


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options.add_argument("--limit", type=rows, default=ROWS, metavar="N", help="so many rows (default: %(default)s)")
    options.add_argument(
        "--watch", type=seconds, nargs="?", const=5.0, metavar="SECONDS", help="look again every 5 seconds, or as given"
    )
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
