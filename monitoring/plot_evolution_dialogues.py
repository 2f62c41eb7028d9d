#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw each participant's way through the dialogues over time as an interactive page. No id stands in it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _reporting import add_folder, opened
from _start import run

from src.mail import Attachment, Mail, send_mail
from src.reports.evolution import evolution
from src.reports.interactive import evolution_page
from src.reports.posting import write_files
from src.reports.words import moment_in_words
from src.scripts import add_database
from src.store.counted import everybody

PAGE = "evolution_dialogues.html"


def main(arguments: Namespace) -> None:
    """Read, draw, and say where it lies or to whom it was sent."""
    with opened(arguments) as place:
        data = evolution(everybody(place.database, ()), place.wishes, place.settings.study_timezone)
    page = evolution_page(data, place.wishes)
    if arguments.to is None:
        print("\n".join(f"Written: {file}" for file in write_files(arguments.out, {PAGE: page})))
        return
    title = place.wishes.word("evolution")
    as_of = place.wishes.word("as_of", time=moment_in_words(place.wishes.now, place.wishes.language))
    send_mail(Mail(f"{title}: {as_of}", f"{title}\n{as_of}\n", None, (Attachment(PAGE, page),)), place.settings)
    print(f"Sent to {len(place.settings.mail_to)} addresses.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    way = options.add_mutually_exclusive_group()
    add_folder(way)
    way.add_argument("--to", metavar="ADDRESSES", help="mail it to these addresses, with commas")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
