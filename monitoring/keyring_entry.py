#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask for the password of the mail account (it is not shown) and keep it: in the keyring, or sealed in a file."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.errors import BotError
from src.mail_password import store_password
from src.paths import KEYS, SETTINGS
from src.settings import load_settings


def main(arguments: Namespace) -> None:
    """Ask, keep, and say where."""
    user = load_settings(os.environ, SETTINGS).smtp_user
    if not user:
        raise BotError("SMTP_USER is not set: without it nobody signs in, and no password is needed.")
    password = _asked()
    if not password:
        raise BotError("The password is empty; nothing was changed.")
    print(f"The password is kept in {store_password(user, password, arguments.keys, into_file=arguments.file)}.")


def _asked() -> str:
    """Return the password: typed on a terminal, unseen, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    try:
        return getpass.getpass("Password of the mail account: ")
    except EOFError:
        return ""


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--file", action="store_true", help="keep it in a sealed file also where there is a keyring")
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
