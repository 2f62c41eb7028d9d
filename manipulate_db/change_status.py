#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change the status of participants. Who becomes active goes on; for the others the running dialogue ends. Nobody is
written to.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _choosing import add_choice, change_chosen
from _start import run

from src.engine.by_hand import to_status
from src.upkeep.participants import status_named


def main(arguments: Namespace) -> None:
    """Give the chosen participants the status."""
    status = status_named(arguments.new_status)
    change_chosen(arguments, to_status(status), f"Status {status.name}")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("new_status", metavar="STATUS", help="0 start, 1 active, 2 down (paused), 3 out (left)")
    add_choice(options)
    return options


if __name__ == "__main__":
    run(main, parser())
