# SPDX-License-Identifier: GPL-3.0-or-later
"""All participants one after the other, as reports count them: no id, and of what they said only the fields asked for.

Read in batches, so that memory does not grow with the study; from a secondary where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from pymongo import ReadPreference

from src.engine.state import Absence, Status
from src.identities import Pseudonym
from src.store.database import Database
from src.store.digests import RUN_PARTS, Ran, digests_of, ran_from
from src.store.documents import RUN, RUNS_KEPT, status_of
from src.store.keys import key_of
from src.store.reading import Document, documents_of, number_of, text_of
from src.store.times import from_date

_BATCH = 500
_PLAIN = ("status", "language", "freq", "absence", "reachable", "outbox_at", "outbox.tries")
_KEPT = "kept_game"


@dataclass(frozen=True)
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


def everybody(database: Database, fields: Sequence[str]) -> Iterator[Counted]:
    """Read all participants with these fields, in no order. Raises DatabaseAway."""
    wanted = dict.fromkeys((*_PLAIN, *map(key_of, fields)), 1)
    wanted |= {f"{place}.{part}": 1 for place in (RUN, _KEPT, RUNS_KEPT) for part in RUN_PARTS}
    clients = database.clients.with_options(read_preference=ReadPreference.SECONDARY_PREFERRED)
    with database.answering(), clients.find({}, wanted, batch_size=_BATCH) as found:
        while batch := list(islice(found, _BATCH)):
            # After the documents: what is filed in between is then found twice, and never missed.
            filed = digests_of(database, [Pseudonym(one["_id"]) for one in batch])
            yield from (counted_from(one, filed.get(one["_id"], []), fields) for one in batch)


def counted_from(document: Document, filed: Sequence[Ran], fields: Sequence[str]) -> Counted:
    """Return a participant from the document, the runs that are filed, and the names of fields."""
    own = [ran for run in documents_of(document.get(RUNS_KEPT)) if (ran := ran_from(run)) is not None]
    once = {(ran.dialogue, ran.start, ran.end): ran for ran in (*filed, *own)}
    outbox = documents_of(document.get("outbox"))
    return Counted(
        status=status_of(document.get("status")),
        absence=_absence(document),
        language=text_of(document.get("language"), ""),
        freq=text_of(document.get("freq"), ""),
        values=_values(document, fields),
        runs=tuple(once.values()),
        open=ran_from(document.get(RUN)),
        kept=ran_from(document.get(_KEPT)),
        due=from_date(document.get("outbox_at")) if outbox else None,
        tries=int(max((number_of(one.get("tries"), 0) for one in outbox), default=0)),
    )


def _values(document: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
    read = ((field, text_of(document.get(key_of(field)), "")) for field in fields)
    return {field: value for field, value in read if value}


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
