#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell in one word how the bot is (runs, unwell, starts, away, hangs, missing), and why. With --stop, stop what hangs.

`check_whether_bot_running` goes by it. Exit code 0 if it could be found out.
"""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, Namespace
from functools import partial

from _start import ROOT, run

from src.paths import SETTINGS
from src.settings import Settings, load_settings
from src.startup import DEVELOPER, Place, SystemClock
from src.store.bot_processes import bots_of, end, is_standby
from src.store.health import look
from src.store.processes import is_halted
from src.watchdog import Bot, Finding, State, judge, judge_twice

SECOND_LOOK_AFTER = 6.0
SECONDS_TO_START = 45.0


def main(arguments: Namespace) -> None:
    """Look, stop what hangs if that is wished, and say what was found."""
    settings = load_settings(os.environ, SETTINGS)
    found = partial(find_out, settings, arguments.dev)
    if arguments.after_start:
        finding = wait_for_start(found)
    else:
        finding = judge_twice(found, lambda: time.sleep(SECOND_LOOK_AFTER))
        if arguments.stop:
            for process in finding.in_the_way:
                end(process)
    print(finding.state, finding.reason)


def find_out(settings: Settings, developer: bool) -> Finding:
    """Look at the bot once."""
    place = DEVELOPER if developer else Place()
    facts = look(settings.mongodb_uri, place.database, place.database_folder, SystemClock().now())
    processes = bots_of(ROOT / "main.py", developer=developer)
    here = [Bot(process, is_halted(process.pid), process.age(), is_standby(process)) for process in processes]
    return judge(facts, here, embedded=not settings.mongodb_uri)


def wait_for_start(found: partial[Finding]) -> Finding:
    """Look until a bot that has just been started runs, or has given up, or takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        time.sleep(1)
        finding = found()
        if finding.state is not State.STARTS or time.monotonic() > deadline:
            return finding


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--dev", action="store_true", help="look after the bot of the developer mode")
    task = options.add_mutually_exclusive_group()
    task.add_argument("--stop", action="store_true", help="stop what hangs")
    task.add_argument("--after-start", action="store_true", help="wait until a bot that was just started runs")
    return options


if __name__ == "__main__":
    run(main, parser())
