#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set the password with which admins show who they are: /admin PASSWORD. It is asked for twice, or read from standard
input, one line. The running bot takes it up at once; who is an admin already stays one.
"""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.admin_password import set_password
from src.errors import BotError
from src.paths import KEYS


def main(arguments: Namespace) -> None:
    """Read the password and keep its hash."""
    print(f"{set_password(asked(), arguments.keys)} written; it holds a hash, not the password.")


def asked() -> str:
    """Return what was typed twice on a terminal, else the first line of standard input. Raises BotError."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    try:
        password = getpass.getpass("New password for admins: ")
        if getpass.getpass("Once more: ") != password:
            raise BotError("The two are not the same. Nothing was changed.")
    except EOFError:
        raise BotError("No password was given. Nothing was changed.") from None
    return password


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
