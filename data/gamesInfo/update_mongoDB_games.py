#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the dialogues of this folder, say what changes for whom, then upload all of them, or none. The running bot
takes them up at once; who is in the middle of a dialogue finishes the version that they began.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from _start import run

from src.dialogues.check import SourceFile
from src.errors import BotError
from src.logs import hide_secrets
from src.paths import DATABASE, DIALOGUES, OUTGOING, SETTINGS
from src.phrases import PHRASES_FILE, load_phrases
from src.scripts import add_database
from src.settings import Settings, load_settings
from src.store.audit import record
from src.store.database import open_database
from src.store.study import StudyStore
from src.telegram_bot import calc_delay_sending
from src.upkeep.impact import database_without_starting_one
from src.upkeep.report import NOTHING_UPLOADED, json_of, text_of
from src.upkeep.review import Review, review_files, with_impact
from src.upkeep.study import Demands, files_missing, read_files, upload_checked

ASKED = "asked"


def main(arguments: Namespace) -> int:
    """Check, and upload unless --check; return the exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be no text
    if not arguments.json:
        return checked(arguments, say=lambda text: print(text, flush=True), say_json=lambda _text: None)
    try:
        return checked(arguments, say=lambda _text: None, say_json=print)
    except BotError as error:
        print(json.dumps({"error": hide_secrets(str(error))}))
        return 1


def checked(arguments: Namespace, say: Callable[[str], None], say_json: Callable[[str], None]) -> int:
    """Look at the files and go on; what people read goes to `say`, what programs read to `say_json`."""
    settings = load_settings(os.environ, SETTINGS)
    load_phrases(PHRASES_FILE, settings.languages, settings.default_language)  # a mistake there is told here too
    paths = arguments.paths or [DIALOGUES]
    files_missing(paths)
    files = read_files(paths)
    whole = any(path.is_dir() for path in paths)
    demands = Demands(settings.languages, settings.categories, OUTGOING)
    review = review_files(files, demands, settings.default_language, calc_delay_sending, replace_all=whole)
    if review.refused:
        say(f"{text_of(review)}\n\n{NOTHING_UPLOADED}")
        say_json(json_of(review, uploaded=False, database="not asked, because of the errors"))
        return 1
    if arguments.check:
        review, why = looked_up(review, files, settings, arguments.database, replace_all=whole)
        say(text_of(review) + ("" if why == ASKED else f"\n\nWhat changes for whom is not shown: {why}"))
        say_json(json_of(review, uploaded=False, database=why))
        return 0
    with open_database(settings.mongodb_uri, arguments.database, DATABASE) as database:
        review = with_impact(review, files, database, replace_all=whole)
        say(text_of(review))
        now = datetime.now(UTC)
        done = upload_checked(files, StudyStore(database), now, replace_all=whole)
        counts = {"added": len(done.added), "changed": len(done.changed), "removed": len(done.removed)}
        record(database, "operator", "update_mongoDB_games.py", counts, now)
    say("\nUploaded.")
    say_json(json_of(review, uploaded=True, database=ASKED))
    return 0


def looked_up(
    review: Review, files: list[SourceFile], settings: Settings, name: str, *, replace_all: bool
) -> tuple[Review, str]:
    """Add what would change if the database answers without being started; else say in a sentence why not."""
    try:
        database = database_without_starting_one(settings.mongodb_uri, name, DATABASE)
        if database is None:
            return review, "the embedded database is not running."
        with database:
            return with_impact(review, files, database, replace_all=replace_all), ASKED
    except BotError as error:
        return review, hide_secrets(str(error))


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="FOLDER or FILES",
        help="a folder is the whole study, files are added to it (default: the folder of this script)",
    )
    options.add_argument(
        "--check",
        action="store_true",
        help="only check and show; works without the database, and starts none to show what changes for whom",
    )
    options.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    add_database(options)
    return options


if __name__ == "__main__":
    run(main, parser())
