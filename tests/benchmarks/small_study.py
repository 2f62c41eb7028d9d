# SPDX-License-Identifier: GPL-3.0-or-later
"""Our bot's side of the comparison: the same dialogue as a study, and people who are enrolled already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bson.int64 import Int64

from src.dialogues.model import REQUIRED_DIALOGUES
from src.dialogues.parse import revision_of
from src.engine.effects import KeepRun
from src.engine.state import GivenAnswer, Participant, Run, Status
from src.hash_unhash import load_pseudonym_key, pseudonym_of
from src.identities import TelegramId
from src.store.database import Database, open_database
from src.store.documents import RUNS_KEPT, new_document
from src.store.histories import MOST_RUNS, file_away
from src.store.runs import history_document
from src.store.study import StudyStore
from tests.benchmarks.questions import ANSWERS, BUTTONS, LAST, name_of, question

Json = dict[str, Any]
DATABASE = "experiment_db"
STORIES = 60
BATCH = 500
AT_ONCE = "user_settings"


def dialogue(name: str) -> Json:
    """Return the dialogue of the comparison in the form of a file of `data/gamesInfo/`."""
    messages: Json = {name_of(number): _question(number) for number in range(BUTTONS)}
    messages["end"] = {"type": "NA", "text": LAST, "wait": None, "next": None}
    if name == "welcome":
        messages["end"]["action"] = "legal_yes"
    return _document(name, messages)


def _question(number: int) -> Json:
    following = name_of(number + 1) if number + 1 < BUTTONS else "end"
    button = {
        "name": name_of(number),
        "type": "button",
        "texts": list(ANSWERS.values()),
        "values": list(ANSWERS),
    }
    return {"type": "SA", "text": question(number), "vars": [button], "wait": None, "next": following}


def _document(name: str, messages: Json) -> Json:
    first = next(iter(messages))
    return {"_id": name, "title": AT_ONCE, "initial_messages": [first], "points": ["1"], "messages": messages}


def upload(uri: str, stories: int) -> None:
    """Upload the study to the server at this address."""
    with open_database(uri, DATABASE, Path("/nowhere")) as database:
        upload_into(database, stories)


def upload_into(database: Database, stories: int) -> None:
    """Upload the study: a welcome, what the bot itself needs, and so many further dialogues that follow each other."""
    small = {"type": "NA", "text": "As you wish.", "wait": None, "next": None}
    names = [f"story{number:03}" for number in range(stories)]
    documents = [_document(name, {"only": small}) for name in REQUIRED_DIALOGUES if name != "welcome"]
    documents += [dialogue(name) for name in ("welcome", *names)]
    studies = StudyStore(database)
    studies.upload_dialogues(documents, datetime.now(UTC), replace_all=True)
    studies.upload_sequence(["welcome", *names])


def enrol(uri: str, keys: Path, people: Sequence[int], *, history: int, due_in: timedelta) -> int:
    """Insert people who have agreed, with so many finished dialogues, filed as the bot files them; return the bytes of
    one document.

    With `due_in` of nothing all are due now, else they are spread over that time, beginning an hour from now.
    """
    key = load_pseudonym_key(keys)
    with open_database(uri, DATABASE, Path("/nowhere")) as database:
        database.make_indexes()
        now = datetime.now(UTC).replace(microsecond=0)
        documents = (_enrolled(TelegramId(person), key, history, _due(now, due_in, person)) for person in people)
        while batch := list(islice(documents, BATCH)):
            _insert(database, batch)
        database.make_indexes()
        for person in people if history >= MOST_RUNS else ():
            file_away(database, pseudonym_of(TelegramId(person), key))
        sizes = database.clients.aggregate([{"$limit": 1}, {"$project": {"size": {"$bsonSize": "$$ROOT"}}}])
        return int(next(iter(sizes))["size"])


def _insert(database: Database, batch: list[tuple[Json, Json]]) -> None:
    database.clients.insert_many([participant for participant, _ in batch], ordered=False)
    database.hashes.insert_many([identity for _, identity in batch], ordered=False)


def _due(now: datetime, due_in: timedelta, person: int) -> datetime:
    if not due_in:
        return now - timedelta(seconds=10)
    return now + timedelta(hours=1) + timedelta(seconds=person * 7919 % int(due_in.total_seconds()))


def _enrolled(person: TelegramId, key: bytes, history: int, due: datetime) -> tuple[Json, Json]:
    who = pseudonym_of(person, key)
    participant = Participant(
        who, "en", Status.ACTIVE, done=("welcome",), dialogue_at=due, next_at=due, rhythm=3600.0, version=1
    )
    runs = [history_document(kept, who) for kept in islice(_finished(due), history)]
    return new_document(participant) | {RUNS_KEPT: runs}, {"_id": who, "Tele_id": Int64(person)}


def _finished(before: datetime) -> Iterator[KeepRun]:
    """Return finished dialogues without end, each with all its answers."""
    revision = revision_of(dialogue("welcome"))
    number = 0
    while True:
        number += 1
        at = before - timedelta(days=number)
        names = [name_of(each) for each in range(BUTTONS)]
        answers = tuple(GivenAnswer(name, name, "yes", False, at, at) for name in names)
        run = Run(
            f"{number}", "welcome", revision, at, "end", None, 0, answers, (), True, sent_at=dict.fromkeys(names, at)
        )
        yield KeepRun(run, at, True)
