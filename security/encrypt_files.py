#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypt tokens.json in place, once. Run generate_keys.py before."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.paths import KEYS, TOKENS
from src.secrets_store import encrypt_tokens


def main(arguments: Namespace) -> None:
    """Encrypt the file and say so, or say that it is encrypted already."""
    if encrypt_tokens(arguments.tokens, arguments.keys):
        print(f"{arguments.tokens} is encrypted now, and only you can read the file.")
        return
    print(f"{arguments.tokens} is encrypted already; nothing was changed.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--tokens", type=Path, default=TOKENS, help="the file of tokens (default: %(default)s)")
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
