#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send the weekly report to the team: the daily one, with pictures of how the study goes over time."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _reporting import add_way_out, deliver, opened
from _start import run

from src.reports.counts import Counting
from src.reports.over_time import CountingOverTime
from src.reports.ways import way_of
from src.reports.weekly import weekly_report
from src.store.counted import everybody


def main(arguments: Namespace) -> None:
    """Count, draw, and send the report or show it."""
    with opened(arguments) as place:
        wishes = place.wishes
        counting = Counting(wishes.description, wishes.categories, wishes.now)
        over_time = CountingOverTime(wishes.description, wishes.now, place.settings.study_timezone)
        for person in everybody(place.database, wishes.description.fields(), answers=True):
            way = way_of(person)
            counting.add(way)
            over_time.add(way)
    report, files = weekly_report(counting.numbers(), over_time.numbers(), place.trouble, wishes)
    deliver(arguments, place, "weekly", report, files)


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    add_way_out(options)
    return options


if __name__ == "__main__":
    run(main, parser())
