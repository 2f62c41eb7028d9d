#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail the team that the bot does not run, at most once an hour, with the last error lines; `check_whether_bot_running`
calls it. What happens within the hour is told in the next mail.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from _start import run

from src.error_lines import last_error_lines
from src.errors import BotError
from src.logs import ERRORS
from src.mail import Mail, MailAway, send_mail
from src.paths import LOG, SETTINGS
from src.private_files import replace_private
from src.settings import load_settings

REMEMBERED = "warnings.json"
EVERY = timedelta(hours=1)
MOST_EVENTS = 50


def main(arguments: Namespace) -> int:
    """Send a mail, or keep what happened for the next one; return 1 if a mail could not be sent now."""
    settings = load_settings(os.environ, SETTINGS)
    now = datetime.now(UTC)
    with remembered(LOG) as memory:
        memory["events"] = [*memory["events"], *told(arguments.reason, now)][-MOST_EVENTS:]
        if not memory["events"]:
            return 0
        if is_too_early(memory["sent"], now):
            print("A mail went out less than an hour ago; this will be told in the next one.")
            return 0
        errors = last_error_lines(LOG / ERRORS, settings.secrets())
        try:
            send_mail(warning(memory["events"], errors), settings)
        except MailAway as trouble:
            print(trouble)  # It is kept, and goes out with the next mail: another one now would be one too many.
            code = 1
        else:
            print(f"Mail sent to {len(settings.mail_to)} addresses.")
            code = 0
        memory |= {"sent": now.isoformat(), "events": []}
    return code


def told(reason: str | None, now: datetime) -> list[str]:
    """Return what happened as a line of the mail."""
    return [f"{now:%Y-%m-%d %H:%M} UTC: {' '.join(reason.split())}"] if reason else []


def is_too_early(sent: str | None, now: datetime) -> bool:
    """Tell whether the last mail is less than an hour old; a clock that was set back does not silence us."""
    return sent is not None and timedelta(0) <= now - datetime.fromisoformat(sent) < EVERY


def warning(events: Sequence[str], errors: Sequence[str]) -> Mail:
    """Return the mail."""
    parts = [
        f"The watchdog on {socket.gethostname()} found:",
        *(f"- {event}" for event in events),
        "",
        "Last lines of log/errorOutput.log, without what could name a person:",
        *(errors or ["(none)"]),
        "",
        "Look at the bot on its machine: python3 main.py --health",
    ]
    return Mail("Telegram bot: warning", "\n".join(parts) + "\n")


@contextmanager
def remembered(folder: Path) -> Iterator[dict[str, Any]]:
    """Give what earlier runs remembered, and keep what is in it afterwards; another run waits meanwhile.

    Raises BotError if it cannot be kept.
    """
    file = folder / REMEMBERED
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / ".warnings.lock").open("w")
    except OSError as error:
        raise BotError(f"{folder} cannot be written: {error.strerror}. No mail was sent.") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        memory = read(file)
        try:
            yield memory
        finally:
            # Also when no mail can be sent at all: what happened is told when that has been mended.
            replace_private(file, json.dumps(memory).encode() + b"\n")


def read(file: Path) -> dict[str, Any]:
    """Return what is remembered; nothing if it is not there or damaged."""
    try:
        found = json.loads(file.read_bytes())
        datetime.fromisoformat(found["sent"] or "2000-01-01T00:00+00:00")
        return {"sent": found["sent"], "events": [str(event) for event in found["events"]]}
    except (OSError, ValueError, KeyError, TypeError):
        return {"sent": None, "events": []}


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument(
        "reason", nargs="?", help="what happened; without it, only what was kept for this mail is told"
    )
    return options


if __name__ == "__main__":
    run(main, parser())
