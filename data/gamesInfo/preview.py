#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show dialogues in a chat page as their participants will see them, while you write them.

Without a bot token, and without a database that stays. Save a file, and within a second it is checked and shown.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.demo import run_preview
from src.paths import DIALOGUES

PORT = 8766


def main(arguments: Namespace) -> None:
    """Show what the command line names, or the dialogues of this folder."""
    run_preview(
        os.environ,
        arguments.paths or [DIALOGUES],
        port=arguments.port,
        say=lambda line: print(line, flush=True),
    )


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument(
        "paths", nargs="*", type=Path, metavar="FOLDER or FILE", help="dialogues (default: those of this folder)"
    )
    options.add_argument("--port", type=int, default=PORT, help="the chat page's port (default: %(default)s)")
    return options


if __name__ == "__main__":
    run(main, parser())
