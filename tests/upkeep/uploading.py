# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload script as a process of its own, against the tests' database; it can be held still at one point."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from src.dialogues.model import REQUIRED_DIALOGUES
from src.paths import ROOT
from src.store.database import Database
from src.store.study import Contents, StudyStore
from tests.dialogues.samples import Json, document, in_all, message
from tests.store.people import NOON

UPLOAD = ROOT / "data" / "gamesInfo" / "update_mongoDB_games.py"
SEQUENCE = ROOT / "data" / "bot" / "read_names_relatos_and_add_list_to_bot_in_mongoDB.py"

_HELD = """
import runpy, sys, time
from pathlib import Path
from src.store.study import StudyStore
point, *sys.argv = sys.argv[1:]
def hold(*_words, **_more):
    print("holding", flush=True)
    time.sleep(60)
setattr(StudyStore, point, hold)
sys.path.insert(0, str(Path(sys.argv[0]).parent))
runpy.run_path(sys.argv[0], run_name="__main__")
"""
Told = subprocess.CompletedProcess[str]


def dialogue(name: str, text: str = "Hello", **more: Any) -> Json:
    return {**document({"m": message(text=in_all(text))}, title="user_settings"), "_id": name, **more}


def whole_study(text: str = "Hello", more: Sequence[str] = ()) -> list[Json]:
    """Return what the bot needs, and more dialogues of these names."""
    return [dialogue(name, text) for name in (*REQUIRED_DIALOGUES, *more)]


def folder_of(documents: Sequence[Json], folder: Path) -> Path:
    """Write each of these dialogues into a file of a new folder."""
    folder.mkdir()
    for one in documents:
        (folder / f"{one['_id']}.json").write_text(json.dumps(one))
    return folder


def in_database(database: Database, documents: Sequence[Json]) -> Contents:
    """Upload a study, and return what the database says of it then."""
    store = StudyStore(database)
    store.upload_dialogues(documents, NOON)
    return store.contents()


def everything(database: Database) -> dict[str, list[Json]]:
    """Return all that the database holds."""
    names = sorted(database.database.list_collection_names())
    return {name: list(database.database[name].find(sort=[("_id", 1)])) for name in names}


def start(database: Database, *command: str) -> subprocess.Popen[str]:
    """Start a Python program that finds this database in its settings."""
    host, port = database.database.client.address or ("127.0.0.1", 0)
    uri = os.environ.get("TEST_MONGODB_URI") or f"mongodb://{host}:{port}/?directConnection=true"
    return subprocess.Popen(
        [sys.executable, *command, "--database", database.database.name],
        cwd=ROOT,
        env={**os.environ, "MONGODB_URI": uri, "LANGUAGES": "ca,es,en,de"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(running: subprocess.Popen[str]) -> Told:
    """Wait for the end of a program, and return what it said."""
    output, errors = running.communicate(timeout=60)
    return subprocess.CompletedProcess(running.args, running.returncode, output, errors)


def upload(database: Database, *arguments: str | Path, script: Path = UPLOAD) -> Told:
    """Run the script to its end."""
    return end_of(start(database, str(script), *map(str, arguments)))


def interrupted(database: Database, folder: Path, point: str, number: signal.Signals) -> Told:
    """Run the script until it calls this method of the study's store, and send it the signal there."""
    running = start(database, "-c", _HELD, point, str(UPLOAD), str(folder))
    assert running.stdout is not None
    while (line := running.stdout.readline()) != "holding\n":
        assert line, running.communicate()
    running.send_signal(number)
    return end_of(running)
