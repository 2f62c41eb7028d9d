#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot. Without arguments it runs on Telegram; with --demo it runs on this machine alone, with a chat page."""

from __future__ import annotations

from src.own_python import use_own_python

use_own_python()

import json
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from src.errors import BotError
from src.logs import set_up_logs
from src.paths import LOG, SETTINGS
from src.scripts import run
from src.service.health import as_json, worries
from src.settings import Settings, load_settings
from src.startup import DEVELOPER, Place, SystemClock, run_bot
from src.store.health import look

DEMO_PORT = 8765
REHEARSAL = ("participants", "days", "seed", "profile", "out", "processes")
"""What may be said about a rehearsal."""

NO_WAITING = {"pause_scale": 0.0, "rhythm_scale": 0.0}


def main(arguments: Namespace) -> int:
    """Run the bot that the command line asks for, or look how it is; return the exit code."""
    if arguments.demo:
        if arguments.standby or arguments.health:
            raise BotError("The demo has neither a standby nor a watchdog: --demo goes without --standby and --health.")
        from src.demo import run_demo  # brings the local Bot API along, which a real bot does without

        run_demo(
            os.environ,
            port=arguments.port or DEMO_PORT,
            reset=arguments.reset,
            say=lambda line: print(line, flush=True),
        )
        return 0
    if arguments.reset or arguments.port:
        raise BotError("--reset and --port go with --demo.")
    if arguments.rehearse:
        return rehearse(arguments)
    if any(getattr(arguments, each) is not None for each in REHEARSAL):
        raise BotError(f"{', '.join(f'--{each}' for each in REHEARSAL)} go with --rehearse.")
    place = DEVELOPER if arguments.dev else Place()
    settings = load_settings(os.environ, SETTINGS, NO_WAITING if arguments.dev else {})
    if arguments.health:
        return show_health(settings, place)
    set_up_logs(LOG, secrets=settings.secrets())
    run_bot(settings, place, developer=arguments.dev, standby=arguments.standby)
    return 0


def rehearse(arguments: Namespace) -> int:
    """Let synthetic people go through the study, and write the report."""
    if arguments.standby or arguments.health:
        raise BotError("--rehearse goes without --standby and --health: no bot runs.")
    if arguments.out is None:
        raise BotError("Name the folder that the report is to go into: --out FOLDER.")
    from src.rehearse import Wanted, run_rehearsal  # brings charts and templates along, which a bot does without

    given = {name: getattr(arguments, name) for name in REHEARSAL if getattr(arguments, name) is not None}
    run_rehearsal(os.environ, Wanted(**given), say=lambda line: print(line, flush=True))
    return 0


def show_health(settings: Settings, place: Place) -> int:
    """Print how the running bot is, as one line of JSON; return 0 if it is well, else 1."""
    facts = look(settings.mongodb_uri, place.database, place.database_folder, SystemClock().now())
    print(json.dumps(as_json(facts)))
    return 1 if worries(facts) else 0


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    mode = options.add_mutually_exclusive_group()
    mode.add_argument("--dev", action="store_true", help="developer mode: own token and database, no waiting")
    mode.add_argument("--demo", action="store_true", help="no token, no account: everything on this machine")
    mode.add_argument(
        "--rehearse",
        action="store_true",
        help="let synthetic people go through the study; writes a report, sends nothing",
    )
    task = options.add_mutually_exclusive_group()
    task.add_argument("--standby", action="store_true", help="wait as long as another bot runs on this database")
    task.add_argument(
        "--health", action="store_true", help="tell how the running bot is: a line of JSON; exit code 0 or 1"
    )
    options.add_argument("--reset", action="store_true", help="with --demo: forget everything that was said so far")
    options.add_argument("--port", type=int, help=f"with --demo: the chat page's port (default: {DEMO_PORT})")
    rehearsal = options.add_argument_group("with --rehearse")
    rehearsal.add_argument("--participants", type=int, metavar="N", help="how many people (default: 1000)")
    rehearsal.add_argument("--days", type=int, metavar="N", help="how many days (default: 90)")
    rehearsal.add_argument("--seed", type=int, metavar="N", help="the same seed, the same report (default: 1)")
    rehearsal.add_argument("--profile", metavar="NAME", help="how they behave, see data/rehearsal/habits.toml")
    rehearsal.add_argument("--out", type=Path, metavar="FOLDER", help="where the report goes")
    rehearsal.add_argument("--processes", type=int, metavar="N", help="default: as many as there are processors")
    return options


if __name__ == "__main__":
    run(main, parser())
