# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the local Bot API as a process: python3 -m src.simulator --token T --port N [--state FILE]."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from src.errors import BotError
from src.simulator.bot_api import LocalBotApi


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; print the address first; return 1 with one line if that fails."""
    options = _read(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        api = LocalBotApi(options.token, port=options.port, state_file=options.state)
        api.start()
    except BotError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{api.url}\n")
    sys.stdout.flush()
    stop.wait()
    api.stop()
    return 0


def _read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m src.simulator", description=__doc__)
    parser.add_argument("--token", required=True, help="the token that the bot uses, anything will do")
    parser.add_argument("--port", type=int, default=0, help="where to listen; default: any free port")
    parser.add_argument("--state", type=Path, metavar="FILE", help="go on where an earlier run ended")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
