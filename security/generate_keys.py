#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the keys that are missing: for tokens.json, for pseudonyms, for backups. None is ever overwritten."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src import hash_unhash, secrets_store
from src.paths import KEYS
from src.sealing import make_key
from src.upkeep import backup

KINDS = (
    (secrets_store.KEY_FILE, secrets_store.make_tokens_key),
    (hash_unhash.KEY_FILE, hash_unhash.make_pseudonym_key),
    (backup.KEY_FILE, lambda folder: make_key(folder / backup.KEY_FILE)),
)


def main(arguments: Namespace) -> None:
    """Make the missing keys and say which."""
    made = 0
    for name, make in KINDS:
        path: Path = arguments.keys / name
        if path.exists():
            print(f"{path} is there already and stays as it is.")
            continue
        print(f"{make(arguments.keys)} made.")
        made += 1
    if made:
        print("Keep a copy in a safe place: without them the bot can neither read its tokens nor know anyone.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
