#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send a mail to the team: a subject, a text from the command line or standard input, and files."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from _start import run

from src.errors import BotError
from src.mail import Attachment, Mail, send_mail
from src.paths import SETTINGS
from src.settings import load_settings


def main(arguments: Namespace) -> None:
    """Send the mail and say so."""
    settings = load_settings(os.environ, SETTINGS, {"mail_to": arguments.to} if arguments.to else {})
    text = sys.stdin.read() if arguments.text is None else arguments.text
    send_mail(Mail(arguments.subject, text, attachments=tuple(map(_read, arguments.attach))), settings)
    print(f"Sent to {len(settings.mail_to)} addresses.")


def _read(file: Path) -> Attachment:
    try:
        return Attachment(file.name, file.read_bytes())
    except OSError as error:
        raise BotError(f"{file} cannot be attached: {error.strerror}. Nothing was sent.") from None


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("subject", help="the mail's subject")
    options.add_argument("text", nargs="?", help="the mail's text (default: standard input)")
    options.add_argument("--attach", type=Path, action="append", default=[], metavar="FILE", help="a file to attach")
    options.add_argument("--to", help="addresses with commas, in place of MAIL_TO")
    return options


if __name__ == "__main__":
    run(main, parser())
