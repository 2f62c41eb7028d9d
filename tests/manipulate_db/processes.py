# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of manipulate_db as an operator starts them, and people for them to change."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from src.engine.state import Participant, Run, Status
from src.identities import Pseudonym
from src.paths import ROOT
from src.service.ports import Saving
from src.store.database import Database
from src.store.participants import ParticipantStore

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def uri_of(database: Database) -> str:
    """Return the address under which another process finds this database's server."""
    host, port = database.database.client.address or ("127.0.0.1", 27017)
    return os.environ.get("TEST_MONGODB_URI") or f"mongodb://{host}:{port}/?directConnection=true"


def environment(uri: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "MONGODB_URI": uri}


def start(uri: str, name: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start a script; nobody waits for it."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manipulate_db" / name), *arguments],
        cwd="/",
        env=environment(uri),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def script(database: Database, name: str, *arguments: str) -> tuple[int, str, str]:
    """Run a script on this database to its end; return exit code, output and errors."""
    where = ("--database", database.database.name)
    with start(uri_of(database), name, *arguments, *where) as running:
        output, errors = running.communicate(timeout=60)
    return running.returncode, output, errors


def pseudonym(number: int) -> Pseudonym:
    """Return a name that looks like a pseudonym."""
    return Pseudonym(hashlib.md5(str(number).encode()).hexdigest())


def enter(database: Database, people: Iterable[Participant]) -> None:
    """Put people into the database."""
    savings = [Saving(one, replace(one, version=1)) for one in people]
    for begin in range(0, len(savings), 500):
        assert not ParticipantStore(database).save(savings[begin : begin + 500])


def playing(number: int) -> Participant:
    """Return somebody in the middle of a dialogue, with another one done."""
    run = Run(f"run {number}", "story", "", NOON, "ask", question=77)
    return Participant(pseudonym(number), "en", Status.ACTIVE, done=("welcome",), run=run)


def audits(database: Database) -> list[Mapping[str, Any]]:
    """Return the audit log, oldest first."""
    return list(database.database["audit"].find().sort("time", 1))
