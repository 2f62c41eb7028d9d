# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reports' scripts share: the study as the settings describe it, and where the report goes."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace, _ActionsContainer
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from _start import ROOT

from src.mail import Attachment, send_mail
from src.paths import DATABASE, LOG, SETTINGS
from src.reports.described import read_description
from src.reports.page import as_text
from src.reports.parts import Report
from src.reports.posting import mail_of, write_into
from src.reports.trouble import Trouble, read_logs
from src.reports.wishes import Wishes
from src.scripts import add_database
from src.service.health import worries
from src.settings import Settings, load_settings
from src.startup import SystemClock
from src.store.counted import categories
from src.store.database import Database, open_database
from src.store.health import look
from src.store.study import StudyStore

__all__ = ("ROOT", "Place", "add_folder", "add_way_out", "deliver", "opened")

REPORTS = LOG / "reports"


@dataclass(frozen=True)
class Place:
    """An open database, the settings, how reports are told, and what went wrong lately."""

    database: Database
    settings: Settings
    wishes: Wishes
    trouble: Trouble


def add_way_out(parser: ArgumentParser) -> None:
    """Let the command line choose the database, and whether the report is sent, printed or written."""
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--print", action="store_true", help="print the report as text; nothing is sent")
    way.add_argument("--out", type=Path, metavar="FOLDER", help="write the report into this folder; nothing is sent")
    way.add_argument("--to", metavar="ADDRESSES", help="send it to these addresses, with commas, in place of MAIL_TO")
    add_database(parser)


def add_folder(parser: _ActionsContainer) -> None:
    """Let the command line choose the folder for pages and pictures."""
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", default=REPORTS, help="the folder to write into (default: %(default)s)"
    )


@contextmanager
def opened(arguments: Namespace) -> Iterator[Place]:
    """Open the database that settings and command line name. Raises BotError."""
    to = getattr(arguments, "to", None)
    settings = load_settings(os.environ, SETTINGS, {"mail_to": to} if to else {})
    description = read_description()
    now = SystemClock().now()
    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        facts = look(settings.mongodb_uri, arguments.database, DATABASE, now)
        wishes = Wishes(
            settings.report_language,
            settings.smallest_group,
            StudyStore(database).peek().sequence,
            categories(database),
            description,
            now.astimezone(settings.study_timezone),
        )
        yield Place(database, settings, wishes, Trouble(read_logs(LOG, arguments.database, now), worries(facts)))


def deliver(arguments: Namespace, place: Place, name: str, report: Report, files: Sequence[Attachment] = ()) -> None:
    """Print, write or send the report, as the command line says."""
    if arguments.print:
        print(as_text(report), end="")
        return
    if arguments.out:
        print("\n".join(f"Written: {file}" for file in write_into(arguments.out, name, report, files)))
        return
    send_mail(mail_of(report, files), place.settings)
    print(f"Sent to {len(place.settings.mail_to)} addresses.")
