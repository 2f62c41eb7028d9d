#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell whether the tokens in tokens.json can be read, without showing them; --show prints one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.paths import KEYS, TOKENS
from src.secrets_store import read_tokens, token_of


def decrypt(identifier: str, tokens: Path = TOKENS, keys: Path = KEYS) -> str:
    """Return the Telegram token of a bot, such as `my_bot`. Raises BotError with a line that helps."""
    return token_of(identifier, tokens, keys)


def main(arguments: Namespace) -> None:
    """Show one token, or the names of all."""
    if arguments.show:
        print(decrypt(arguments.show, arguments.tokens, arguments.keys))
        return
    names = read_tokens(arguments.tokens, arguments.keys)
    print(f"{arguments.tokens} can be read; it has the tokens of: {', '.join(names) or 'no bot'}.")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--show", metavar="NAME", help="print the token of this bot, for example my_bot")
    options.add_argument("--tokens", type=Path, default=TOKENS, help="the encrypted file (default: %(default)s)")
    options.add_argument("--keys", type=Path, default=KEYS, help="the folder of the keys (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
