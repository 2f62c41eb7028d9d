#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot. Without arguments it runs on Telegram; with --demo it runs on this machine alone, with a chat page."""

from __future__ import annotations

from src.own_python import use_own_python

use_own_python()

import os
from argparse import ArgumentParser, Namespace

from src.logs import set_up_logs
from src.paths import LOG, SETTINGS
from src.scripts import run
from src.settings import load_settings
from src.startup import DEVELOPER, Place, run_bot

NO_WAITING = {"pause_scale": 0.0, "rhythm_scale": 0.0}


def main(arguments: Namespace) -> None:
    """Run the bot that the command line asks for."""
    if arguments.demo:
        from src.demo import run_demo  # brings the local Bot API along, which a real bot does without

        run_demo(os.environ, port=arguments.port, reset=arguments.reset, say=lambda line: print(line, flush=True))
        return
    settings = load_settings(os.environ, SETTINGS, NO_WAITING if arguments.dev else {})
    set_up_logs(LOG, secrets=settings.secrets())
    run_bot(settings, DEVELOPER if arguments.dev else Place(), developer=arguments.dev)


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    mode = options.add_mutually_exclusive_group()
    mode.add_argument("--dev", action="store_true", help="developer mode: own token and database, no waiting")
    mode.add_argument("--demo", action="store_true", help="no token, no account: everything on this machine")
    options.add_argument("--reset", action="store_true", help="with --demo: forget everything that was said so far")
    options.add_argument("--port", type=int, default=8765, help="with --demo: the chat page's port (default: 8765)")
    return options


if __name__ == "__main__":
    run(main, parser())
