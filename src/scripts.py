# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of every script: arguments in, text out, one line on a foreseen error."""

from __future__ import annotations

import logging
import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from typing import NoReturn

from src.errors import BotError
from src.logs import has_log, hide_secrets, print_uncaught

log = logging.getLogger(__name__)

DATABASE = "experiment_db"
DEV_DATABASE = "experiment_db_dev"


class NotConfirmed(BotError):
    """A person did not say yes, or could not be asked; nothing has been changed."""


def run(main: Callable[[Namespace], int | None], parser: ArgumentParser) -> NoReturn:
    """Read the command line, call `main` with it and leave with its exit code (None is 0).

    A foreseen error is one line on stderr and exit 1; Ctrl-C is one line and exit 130.
    """
    sys.excepthook = print_uncaught
    arguments = parser.parse_args()
    try:
        code = main(arguments)
        sys.stdout.flush()
    except BotError as error:
        tell(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        tell("Interrupted.")
        sys.exit(130)
    except BrokenPipeError:  # `… | head` has read enough; Python must not try to flush again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(code or 0)


def tell(line: str) -> None:
    """Tell the person who typed the command; once there is a log, the line goes there and is shown by it."""
    if has_log():
        log.error("%s", line)
        return
    print(hide_secrets(line), file=sys.stderr)


def add_database(parser: ArgumentParser) -> None:
    """Let the command line choose the database: `arguments.database` is then its name."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--database",
        metavar="NAME",
        type=database_name,
        default=DATABASE,
        help="name of the database (default: %(default)s)",
    )
    choice.add_argument(
        "--dev",
        dest="database",
        action="store_const",
        const=DEV_DATABASE,
        help=f"short for --database {DEV_DATABASE}",
    )


def database_name(name: str) -> str:
    """Return the name if MongoDB takes it everywhere: letters, digits, - and _, at most 63."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", name):
        raise ArgumentTypeError(f"{name!r} is no name for a database: take letters, digits, - and _, at most 63.")
    return name


def add_yes(parser: ArgumentParser) -> None:
    """Let the command line say yes beforehand: `arguments.yes`, for `confirm`."""
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def confirm(question: str, *, yes: bool) -> None:
    """Return if the person agrees or has agreed beforehand (`yes`).

    Raises NotConfirmed if they do not, or if there is no terminal to ask them on.
    """
    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty()):
        raise NotConfirmed("Nothing was changed: there is no terminal to ask on. Add --yes to go on without asking.")
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise NotConfirmed("Nothing was changed.")
