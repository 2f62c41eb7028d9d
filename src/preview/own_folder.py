# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder that lasts as long as a preview. What one that was killed has left behind goes with the next."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.errors import BotError
from src.store.database import open_database
from src.store.processes import Process, myself

_NAME = re.compile(r"preview-(\d+)-(\d+)-\w+")
"""The process that made it: its number, and when it was started."""


@contextmanager
def own_folder(database: str) -> Iterator[Path]:
    """Give a folder for as long as the block lasts. `database` is the folder in it that an embedded database has."""
    me = myself()
    with tempfile.TemporaryDirectory(prefix=f"preview-{me.pid}-{me.started}-") as folder:
        take_away_leftovers(database)
        yield Path(folder)


def take_away_leftovers(database: str) -> None:
    """End the databases of previews that were killed, and take their folders away."""
    for folder in Path(tempfile.gettempdir()).glob("preview-*"):
        maker = _NAME.fullmatch(folder.name)
        if maker is None or Process(int(maker[1]), int(maker[2])).is_alive() or folder.stat().st_uid != os.getuid():
            continue
        if (folder / database).exists():
            _end_database(folder / database)
        shutil.rmtree(folder, ignore_errors=True)


def _end_database(folder: Path) -> None:
    """Be the last user of a database: with the last one it ends."""
    try:
        open_database("", "demo", folder).close()
    except BotError:
        return
