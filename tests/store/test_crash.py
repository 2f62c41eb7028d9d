# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded server is killed again and again while people write: nothing acknowledged is lost, nothing done
twice.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from src.engine.effects import KeepText
from src.errors import DatabaseAway
from src.service.ports import Saving
from src.store.database import Database, open_database
from src.store.participants import ParticipantStore
from tests.store.people import NOON, newcomer, number, person
from tests.store.processes import server_of

_SECONDS = 5.0
_KILLS = 5
_PEOPLE = 12


@dataclass
class Told:
    """What one writer was told about the texts that it saved, and what it could not know."""

    written: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def write(database: Database, name: str, told: Told, stop: threading.Event) -> None:
    """Save one text after the other, several people's at once, and note what became of each."""
    store, count = ParticipantStore(database), 0
    while not stop.is_set():
        try:
            loaded = list(store.load([number(place) for place in range(count % 3, _PEOPLE, 3)]).values())
        except DatabaseAway:
            database.revive()
            continue
        savings = []
        for one in loaded:
            count += 1
            after = replace(one, points=one.points + 1, version=one.version + 1)
            savings.append(Saving(one, after, texts=(KeepText(f"{name} {count}", NOON),)))
        texts = {saving.before.id: saving.texts[0].text for saving in savings}
        try:
            late = store.save(savings)
        except DatabaseAway:
            told.unknown += texts.values()
            database.revive()
            continue
        told.refused += [texts[who] for who in late]
        told.written += [text for who, text in texts.items() if who not in late]


def test_no_acknowledged_write_is_lost_and_none_is_doubled(tmp_path: Path) -> None:
    folder = tmp_path / "db"
    with open_database("", "killed", folder) as database:
        database.make_indexes()
        ParticipantStore(database).save([newcomer(person(number(place))) for place in range(_PEOPLE)])
        stop = threading.Event()
        writers = [Told() for _ in range(4)]
        threads = [
            threading.Thread(target=write, args=(database, f"writer {place}", told, stop))
            for place, told in enumerate(writers)
        ]
        for thread in threads:
            thread.start()
        for _ in range(_KILLS):
            time.sleep(_SECONDS / _KILLS)
            os.kill(server_of(folder).process.pid, signal.SIGKILL)
            # Some writers find it dead and revive it; the others' clients wait, and send once more.
            database.revive()
        stop.set()
        for thread in threads:
            thread.join(30)
        stored = list(database.clients.find())
    texts = [one["text"] for document in stored for one in document["message_history"]]
    told_written = {text for told in writers for text in told.written}
    assert len(texts) == len(set(texts))
    assert told_written <= set(texts)
    # Whoever was built upon before they could look is told to begin anew: an event changes nothing twice.
    doubtful = {text for told in writers for text in (*told.unknown, *told.refused)}
    assert set(texts) <= told_written | doubtful
    assert len(told_written) > 100
    for document in stored:
        assert document["points"] == len(document["message_history"]) == document["version"] - 1
