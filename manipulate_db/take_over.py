#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take over a database of the seed project: every document gets the form that this bot writes. Participants keep
their place, and all that they answered. First it shows, in counts, what would change and what cannot be understood.
Stop the seed's bot, and make a backup first. It may be interrupted and run again; a second time changes nothing.
"""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace

from _choosing import operator
from _start import run

from src.errors import BotError
from src.hash_unhash import load_pseudonym_key
from src.paths import DATABASE, KEYS, SETTINGS
from src.scripts import DEV_DATABASE, add_database, add_yes, confirm
from src.settings import load_settings
from src.startup import SystemClock, rules_of
from src.store.audit import record
from src.store.database import Database, open_database
from src.store.seed.passing import Seen
from src.upkeep.taking_over import as_json, as_lines, look_over, take_over

ADVICE = "Make a backup first: python3 manipulate_db/backup.py FILE. And stop the seed's bot, should it still run."


def main(arguments: Namespace) -> None:
    """Show what would change, ask, and take the database over."""
    if arguments.json and not (arguments.dry_run or arguments.yes):
        raise BotError("--json asks nothing. Add --dry-run to see what would change, or --yes to change it.")
    settings = load_settings(os.environ, SETTINGS)
    rules = rules_of(settings, developer=arguments.database == DEV_DATABASE)
    clock = SystemClock()

    def key() -> bytes:
        return load_pseudonym_key(KEYS)

    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        would = look_over(database, rules, key, clock.now)
        if arguments.dry_run:
            show(would, as_json_object=arguments.json)
            return
        if not arguments.json:
            show(would, as_json_object=False)
            print(ADVICE, flush=True)
        confirm(f"Take over {arguments.database}?", yes=arguments.yes)
        seen = Seen()
        try:
            take_over(database, rules, key, clock.now, seen)
        finally:
            # Also after Ctrl-C or an error in the middle: what was written is told and noted exactly.
            tell(seen, as_json_object=arguments.json)
            note(database, seen, clock)


def show(seen: Seen, *, as_json_object: bool) -> None:
    """Print what would change."""
    print(json.dumps(as_json(seen), indent=2) if as_json_object else "\n".join(as_lines(seen)), flush=True)


def tell(seen: Seen, *, as_json_object: bool) -> None:
    """Print what was changed."""
    if as_json_object:
        show(seen, as_json_object=True)
        return
    print(f"{seen.written} participants changed, {seen.total - seen.written} had nothing to change.", flush=True)


def note(database: Database, seen: Seen, clock: SystemClock) -> None:
    """Write into the audit log what was changed, if anything was."""
    if seen.written or seen.elsewhere:
        result = {"changed": seen.written, "of": seen.total, "elsewhere": sum(seen.elsewhere.values())}
        record(database, operator(), "Take over a database of the seed", result, clock.now())


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--dry-run", action="store_true", help="only show what would change")
    options.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    add_yes(options)
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
