# SPDX-License-Identifier: GPL-3.0-or-later
"""All participants one after the other, as reports count them: no id, and of what they said only the fields asked for.

Documents are read first and digests after that, so that what is filed in between is found twice, and never missed.
Both are read from end to end, because looking up many by their id is dear; to bound the memory, a great many people
are read in several portions. Reports read from a secondary where there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import pymongo
from pymongo import ReadPreference

from src.engine.state import Absence, Status
from src.identities import Pseudonym
from src.store.database import Database
from src.store.digests import DIGESTS, RUN_PARTS, Ran, made_for, ran_from, rans_in
from src.store.documents import RUN, RUNS_KEPT, status_of
from src.store.keys import key_of
from src.store.reading import Document, documents_of, number_of, text_of
from src.store.times import from_date

_BATCH = 500
_AT_ONCE = 100_000
"""So many people are held in memory, some 800 bytes each."""

_PATIENCE = 600
"""Seconds for a batch."""

_PLAIN = ("status", "language", "freq", "absence", "reachable", "outbox_at", "outbox.tries")
_KEPT = "kept_game"


@dataclass(frozen=True, slots=True)
class Counted:
    """A participant in a report. `values`: of the fields asked for, those that are texts.

    `runs`: what they began, finished or not, each once; `open` is the dialogue in progress, which is not among them,
    and `kept` the one whose place is kept. `due`: since when a message waits to be sent; `tries`: how often it failed.
    """

    status: Status
    absence: Absence
    language: str
    freq: str
    values: Mapping[str, str]
    runs: Sequence[Ran]
    open: Ran | None = None
    kept: Ran | None = None
    due: datetime | None = None
    tries: int = 0


def everybody(database: Database, fields: Sequence[str], *, answers: bool = False) -> Iterator[Counted]:
    """Read all participants with these fields, in no order; on demand also when they answered. Raises DatabaseAway."""
    parts = RUN_PARTS if answers else [part for part in RUN_PARTS if part != "timestamps_answers"]
    wanted = dict.fromkeys((*_PLAIN, *map(key_of, fields)), 1)
    wanted |= {f"{place}.{part}": 1 for place in (RUN, _KEPT, RUNS_KEPT) for part in parts}
    clients = database.clients.with_options(read_preference=ReadPreference.SECONDARY_PREFERRED)
    with database.answering(), clients.find({}, wanted, batch_size=_BATCH) as found:
        people = ((Pseudonym(one["_id"]), counted_from(one, fields)) for one in _patiently(found))
        while portion := dict(islice(people, _AT_ONCE)):
            yield from _with_filed(database, portion, answers=answers)


def _patiently(found: Iterator[Document]) -> Iterator[Document]:
    """Read on, and let the server take its time: the embedded one finds all documents before it sends the first."""
    while True:
        with pymongo.timeout(_PATIENCE):
            batch = list(islice(found, _BATCH))
        if not batch:
            return
        yield from batch


def _with_filed(database: Database, people: dict[Pseudonym, Counted], *, answers: bool) -> Iterator[Counted]:
    """Return these people with their filed runs; each leaves the portion when it is returned."""
    digests = database.database[DIGESTS].with_options(read_preference=ReadPreference.SECONDARY_PREFERRED)
    with digests.find({}, batch_size=_BATCH) as found:
        for digest in _patiently(found):
            person = people.pop(digest["_id"], None)
            if person is not None:
                yield _joined(person, rans_in(digest, answers=answers))
    rest = iter(list(people))
    while batch := list(islice(rest, _BATCH)):
        made = made_for(database, batch)
        for who in batch:
            yield _joined(people.pop(who), rans_in(made[who], answers=answers) if who in made else [])


def _joined(person: Counted, filed: Sequence[Ran]) -> Counted:
    """Return a person with the filed runs, each run once."""
    if not filed:
        return person
    once = {(ran.dialogue, ran.start, ran.end): ran for ran in (*filed, *person.runs)}
    return replace(person, runs=tuple(once.values()))


def counted_from(document: Document, fields: Sequence[str]) -> Counted:
    """Return a participant from the document alone, with these fields."""
    own = [ran for run in documents_of(document.get(RUNS_KEPT)) if (ran := ran_from(run)) is not None]
    once = {(ran.dialogue, ran.start, ran.end): ran for ran in own}
    outbox = documents_of(document.get("outbox"))
    return Counted(
        status=status_of(document.get("status")),
        absence=_absence(document),
        language=sys.intern(text_of(document.get("language"), "")),
        freq=sys.intern(text_of(document.get("freq"), "")),
        values=_values(document, fields),
        runs=tuple(once.values()),
        open=ran_from(document.get(RUN)),
        kept=ran_from(document.get(_KEPT)),
        due=from_date(document.get("outbox_at")) if outbox else None,
        tries=int(max((number_of(one.get("tries"), 0) for one in outbox), default=0)),
    )


def _values(document: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
    read = ((field, text_of(document.get(key_of(field)), "")) for field in fields)
    return {field: sys.intern(value) for field, value in read if value}


def _absence(document: Mapping[str, Any]) -> Absence:
    """Return why nothing is heard of them; documents of the seed say at most that they cannot be reached."""
    written = document.get("absence")
    known = Absence(written) if written in set(Absence) else Absence.NONE
    return Absence.UNREACHABLE if known is Absence.NONE and document.get("reachable") is False else known


def categories(database: Database) -> dict[str, str]:
    """Return the title of each dialogue by its id. Raises DatabaseAway."""
    with database.answering():
        found = database.games.find({}, {"title": 1})
        return {str(one["_id"]): text_of(one.get("title"), "") for one in found}
