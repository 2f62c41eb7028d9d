#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the double profiles of participants as a Sankey chart: an interactive page and a picture, into a folder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _reporting import add_folder, opened
from _start import run

from src.errors import BotError
from src.reports.described import DESCRIPTION
from src.reports.flows import flows_of
from src.reports.interactive import sankey_page
from src.reports.over_time import CountingOverTime
from src.reports.posting import write_files
from src.reports.ways import way_of
from src.reports.weekly import SANKEY_PAGE, sankey_note, sankey_picture
from src.scripts import add_database
from src.store.counted import everybody


def main(arguments: Namespace) -> None:
    """Count, draw and say where it lies."""
    with opened(arguments) as place:
        wishes = place.wishes
        if not wishes.description.sankey.columns:
            raise BotError(f"{DESCRIPTION} names no columns for the chart: write them under [sankey].")
        counting = CountingOverTime(wishes.description, wishes.now, place.settings.study_timezone)
        for person in everybody(place.database, wishes.description.fields()):
            counting.add(way_of(person))
    found = counting.numbers()
    flows = flows_of(found, wishes)
    page = sankey_page(flows, sankey_note(found, wishes), wishes)
    files = {SANKEY_PAGE: page, "sankey.png": sankey_picture(flows, found, wishes)}
    print("\n".join(f"Written: {file}" for file in write_files(arguments.out, files)))


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    add_folder(options)
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
