# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts of this folder share: choosing participants, and changing them with preview, question and audit."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from _start import ROOT

from src.engine.by_hand import Change
from src.engine.state import Status
from src.errors import BotError
from src.paths import DATABASE, SETTINGS
from src.scripts import DEV_DATABASE, add_database, add_yes, confirm
from src.settings import load_settings
from src.startup import SystemClock, rules_of
from src.store.audit import record
from src.store.database import Database, open_database
from src.store.roster import Traits
from src.store.study import StudyStore
from src.upkeep.participants import Choice, Outcome, StudyOf, carry_out, chosen, preview, status_named

_NO_WAITING = {"pause_scale": 0.0, "rhythm_scale": 0.0}

__all__ = ("ROOT", "add_choice", "add_who", "change_chosen", "narrowed", "opened", "operator")


def add_choice(parser: ArgumentParser) -> None:
    """Let the command line choose participants, the database, and whether to ask."""
    add_who(parser, "At least one is needed; several narrow the choice down.")
    add_yes(parser)
    add_database(parser)


def add_who(parser: ArgumentParser, rule: str) -> None:
    """Let the command line choose participants; `rule` says how."""
    who = parser.add_argument_group("who", rule)
    first = who.add_mutually_exclusive_group()
    first.add_argument("--all", action="store_true", help="everybody")
    first.add_argument(
        "--id", nargs="+", metavar="ID", default=[], help="these participants, by pseudonym or its beginning"
    )
    first.add_argument("--all-but", nargs="+", metavar="ID", default=[], help="everybody but these")
    who.add_argument("--status", type=_status, metavar="STATUS", help="who has this status, by number or name")
    who.add_argument("--language", metavar="CODE", help="who has this language, such as ca")
    who.add_argument("--dialogue", metavar="NAME", help="who is in the middle of this dialogue")


def _status(written: str) -> Status:
    try:
        return status_named(written)
    except BotError as error:
        raise ArgumentTypeError(str(error)) from None


def choice_of(arguments: Namespace) -> Choice:
    """Return whom the command line chooses. Raises BotError if it chooses nobody: nothing is "all" by itself."""
    choice = narrowed(arguments)
    if not arguments.all and choice == Choice():
        raise BotError("Say who: --all, --id ID …, --all-but ID …, --status, --language or --dialogue. See --help.")
    return choice


def narrowed(arguments: Namespace) -> Choice:
    """Return whom the command line chooses; everybody, if it does not say."""
    traits = Traits(arguments.status, arguments.language, arguments.dialogue)
    return Choice(tuple(arguments.id), tuple(arguments.all_but), traits)


@contextmanager
def opened(name: str) -> Iterator[tuple[Database, StudyOf]]:
    """Open the database that settings and command line name, with its study. Raises BotError."""
    developer = name == DEV_DATABASE
    settings = load_settings(os.environ, SETTINGS, _NO_WAITING if developer else {})
    rules = rules_of(settings, developer=developer)
    with open_database(settings.mongodb_uri, name, DATABASE) as database:
        store = StudyStore(database)
        yield database, lambda revisions: store.current(rules, revisions)


def change_chosen(arguments: Namespace, change: Change, what: str) -> None:
    """Show whom the change would meet, ask, carry it out, note it in the audit log and say what was changed."""
    choice = choice_of(arguments)
    clock = SystemClock()
    with opened(arguments.database) as (database, study_of):
        ids = chosen(database, choice)
        would = preview(database, ids, change, clock.now(), study_of)
        if not would:
            print(f"{len(ids)} participants chosen; there is nothing to change.")
            return
        states = ", ".join(f"{count} {status}" for status, count in sorted(would.items()))
        print(f"{what}: {would.total()} of {len(ids)} chosen participants would change ({states}).", flush=True)
        confirm("Do it?", yes=arguments.yes)
        outcome = Outcome()
        try:
            carry_out(database, ids, change, clock.now, study_of, outcome)
        finally:
            # Also after Ctrl-C or an error in the middle: what was written is told and noted exactly.
            _tell(outcome, len(ids))
            result = {"changed": len(outcome.changed)}
            record(database, operator(), what, result, clock.now())


def _tell(outcome: Outcome, total: int) -> None:
    left = total - len(outcome.changed) - outcome.unchanged - outcome.gone
    parts = [f"{len(outcome.changed)} changed", f"{outcome.unchanged} had nothing to change"]
    parts += [f"{outcome.gone} gone meanwhile"] if outcome.gone else []
    parts += [f"{left} not reached"] if left else []
    print(f"{', '.join(parts)}. A running bot goes by it at once.", flush=True)


def operator() -> str:
    """Return who runs the script, for the audit log."""
    try:
        return f"operator {getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"
