#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send the daily report to the team: who came, who dropped out where, who is stuck, what failed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _reporting import add_way_out, deliver, opened
from _start import run

from src.reports.counts import count
from src.reports.daily import daily_report
from src.store.counted import everybody


def main(arguments: Namespace) -> None:
    """Count, and send the report or show it."""
    with opened(arguments) as place:
        wishes = place.wishes
        people = everybody(place.database, wishes.description.fields())
        numbers = count(people, wishes.description, wishes.categories, wishes.now)
    deliver(arguments, place, "daily", daily_report(numbers, place.trouble, wishes))


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    add_way_out(options)
    return options


if __name__ == "__main__":
    run(main, parser())
