#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Erase every trace of one participant, in every collection. It cannot be undone; backups are not touched."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _choosing import opened, operator
from _start import run

from src.errors import BotError
from src.scripts import add_database, add_yes, confirm
from src.startup import SystemClock
from src.store.audit import record
from src.store.erasing import erase_everywhere, traces
from src.upkeep.participants import in_full


def main(arguments: Namespace) -> None:
    """Show what would go, ask, erase it and look whether it is gone."""
    with opened(arguments.database) as (database, _study_of):
        who = in_full(database, arguments.id)
        found = traces(database, who)
        print(f"{who}: erase {_in_words(found)}. This cannot be undone.", flush=True)
        confirm("Erase this participant?", yes=arguments.yes)
        erase_everywhere(database, who)
        left = traces(database, who)
        # Not who: the audit log must hold no trace either.
        record(database, operator(), "Erase a participant", {"erased": found, "left": left}, SystemClock().now())
        if left:
            raise BotError(f"{_in_words(left)} came in meanwhile. Run the same command again.")
    print(f"Erased: {_in_words(found)}. A running bot does not know the participant any more.")


def _in_words(found: dict[str, int]) -> str:
    return ", ".join(f"{count} in {name}" for name, count in found.items()) or "nothing"


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("id", metavar="ID", help="the participant's pseudonym, or a beginning that only this one has")
    add_yes(options)
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
