#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a new key for the secrets (tokens.json, the mail password), encrypt them anew, and forget the old key.

Safe while the bot runs and at any interruption: run it again, and it goes on. The key of the pseudonyms stays, for
another one would make strangers of all participants.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.key_change import change_key, sealed_files
from src.paths import KEYS, TOKENS
from src.secrets_store import KEY_FILE


def main(arguments: Namespace) -> None:
    """Change the key and say what was encrypted anew."""
    key_file = arguments.keys / KEY_FILE
    files = sealed_files(arguments.tokens, key_file)
    if change_key(files, key_file):
        print("An earlier change of the key had been interrupted; it has been finished.")
    print(f"{key_file} is new. Encrypted with it: {', '.join(map(str, files)) or 'nothing, there are no secrets yet'}.")
    print("Keep a copy of it in a safe place. The old one opens older copies of these files only.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--tokens", type=Path, default=TOKENS, help="the encrypted file (default: %(default)s)")
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
