#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the answers into a new folder, for analysis: a row for each answer and one for each participant, a codebook as
CSV and as a page (codebook.html), and a manifest. Also while the bot runs. Whoever has not consented or wishes to be
erased is left out. It holds pseudonyms, never ids or names; what people typed may name them, see --no-free-text.
"""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import suppress
from pathlib import Path

from _choosing import add_who, narrowed, opened, operator
from _start import run

from src.engine.study import Rules
from src.scripts import add_database
from src.startup import SystemClock
from src.store.audit import record
from src.upkeep.export.discretion import Discretion
from src.upkeep.export.export import Exported, Order, export
from src.upkeep.export.formats import FORMATS
from src.upkeep.participants import chosen

_LOWEST_PRIORITY = 19


def main(arguments: Namespace) -> None:
    """Export, note it in the audit log, and say what there is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing half written stays then either
    now = SystemClock().now()
    with opened(arguments.database) as (database, study_of):
        let_others_go_first()
        order = order_of(arguments, study_of(()).rules)

        def noted(result: Exported) -> None:
            record(database, operator(), "Export answers", {**order.in_short(), **result.counts}, now)

        result = export(database, chosen(database, narrowed(arguments)), order, arguments.out, now, noted)
    for name, count in result.counts.items():
        print(f"{name}: {count}")
    print(f"{arguments.out} holds {', '.join(result.files)} and manifest.json; only you can read them.")


def let_others_go_first() -> None:
    """Run only when the processor has nothing else to do: the bot may be on the same machine."""
    os.nice(_LOWEST_PRIORITY)
    if hasattr(os, "SCHED_IDLE"):  # Linux
        with suppress(OSError):  # a container may forbid it: then the priority must do
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def order_of(arguments: Namespace, rules: Rules) -> Order:
    """Return what the command line asks for."""
    return Order(
        format=arguments.format,
        wide=arguments.wide,
        discretion=Discretion(not arguments.no_free_text, arguments.smallest_group),
        languages=rules.languages,
        default_language=rules.default_language,
        labels=arguments.labels or rules.default_language,
    )


def group(written: str) -> int:
    """Return the size of the smallest group, 2 or more."""
    if not (written.isdecimal() and 2 <= int(written) <= 1_000_000):
        raise ArgumentTypeError(f"{written!r} is no size of a group; write 2 or more, for example 5.")
    return int(written)


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path, metavar="OUT", help="the new folder")
    options.add_argument("--format", choices=FORMATS, default="csv", help="default: %(default)s")
    shape = options.add_mutually_exclusive_group()
    shape.add_argument("--long", dest="wide", action="store_false", help="a row for each answer (the default)")
    shape.add_argument(
        "--wide", action="store_true", help="a row for each participant, with their newest answer to each question"
    )
    options.set_defaults(wide=False)
    options.add_argument("--no-free-text", action="store_true", help="leave out what people typed in their own words")
    options.add_argument(
        "--smallest-group",
        type=group,
        default=0,
        metavar="N",
        help="leave out all that fewer than N people have in common, free text too",
    )
    options.add_argument("--labels", metavar="CODE", help="the language of the labels inside SPSS files, such as ca")
    add_who(options, "Everybody, if nothing is said; several narrow the choice down.")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
