# SPDX-License-Identifier: GPL-3.0-or-later
"""Filed dialogues in short, for reports: one small document a participant instead of one wide document a dialogue.

A report over years would otherwise read millions of documents each day. A participant's digest holds, under a name for
each filing, what that filing moved: in `runs` dialogue, begin, end and so on, and in `answers` when answers came, both
as a text of JSON. It is written before the runs leave the participant's document, with the same name each time, so a
filing that breaks off and is done again changes nothing. Whoever has filed runs and no digest, from an older program,
gets it with the next report.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pymongo.errors import BulkWriteError

from src.identities import Pseudonym
from src.store.database import Database
from src.store.keys import name_of
from src.store.reading import Document, mapping_of, number_of, text_of

DIGESTS = "history_digests"
FILED_RUNS = "game_history"
BEFORE = "before"
"""The part of a digest that holds what was filed before there was one."""

_IS_THERE = 11000
"""MongoDB's code for a document that is there already."""

RUN_PARTS = (
    *("gameId", "start_time", "end_time", "ended", "revision"),
    *("timestamps_answers", "timestamps_sent_messages", "last_message"),
)
"""The parts of a run that a digest is made from."""


class Ran(NamedTuple):
    """A dialogue that somebody began, as reports see it; times in unix seconds.

    `start` 0: not known. `ended`: it was answered to its end. `answers`: when each was given, whole seconds after the
    start; empty where nobody asked for them. A NamedTuple because there are millions of them.
    """

    dialogue: str
    start: float
    end: float | None
    ended: bool
    last_message: str
    answers: Sequence[int] = ()


def ran_from(document: object) -> Ran | None:
    """Read a run as the database has it, also one of the seed's; None when it does not say which dialogue it is."""
    found = mapping_of(document)
    dialogue = found.get("gameId")
    if not isinstance(dialogue, str):
        return None
    read = name_of if "revision" in found else str
    end = _unix(found.get("end_time"))
    start = _unix(found.get("start_time")) or end or 0.0
    sent = _times(found.get("timestamps_sent_messages"))
    last = max(sent, key=lambda name: sent[name]) if sent else _last_of(found.get("last_message"))
    answers = sorted(int(max(time - start, 0)) for time in _times(found.get("timestamps_answers")).values())
    return Ran(sys.intern(dialogue), start, end, found.get("ended") is True, sys.intern(read(last)), tuple(answers))


def digest_of(runs: Iterable[object], name: str = BEFORE) -> Document:
    """Return the parts of a digest for these runs, under the name of their filing."""
    kept = [ran for run in runs if (ran := ran_from(run)) is not None]
    answers = [ran.answers for ran in kept]
    return {"runs": {name: _text([ran[:-1] for ran in kept])}, "answers": {name: _text(answers)}}


def rans_in(digest: Mapping[str, Any], *, answers: bool = True) -> list[Ran]:
    """Return the runs of a digest's document, with or without their answers."""
    parts = mapping_of(digest.get("runs"))
    if not answers:
        return [Ran(*each) for text in parts.values() for each in json.loads(text)]
    given = mapping_of(digest.get("answers"))
    pairs = (zip(json.loads(text), json.loads(given[name]), strict=True) for name, text in parts.items())
    return [Ran._make((*each, tuple(times))) for both in pairs for each, times in both]


def note_filed(database: Database, who: Pseudonym, name: str, runs: Sequence[object]) -> None:
    """Put what a filing moves into the digest; a digest that begins here takes along what was filed before.

    `runs` lie in the collection already, and `name` is the same when the filing is done again. Raises DatabaseAway.
    """
    with database.answering():
        digests = database.database[DIGESTS]
        parts = [digest_of(runs, name)]
        if digests.find_one({"_id": who}, {"_id": 1}) is None:
            parts.append(digest_of(_filed(database, [who]).get(who, ())))
        fresh = {f"{kind}.{key}": text for part in parts for kind, texts in part.items() for key, text in texts.items()}
        digests.update_one({"_id": who}, {"$set": fresh}, upsert=True)


def made_for(database: Database, who: Sequence[Pseudonym]) -> dict[Pseudonym, Document]:
    """Make the digests of those participants, none of whom has one, who have filed runs. Raises DatabaseAway."""
    with database.answering():
        made = [{"_id": one, **digest_of(runs)} for one, runs in _filed(database, who).items()]
        if made:
            _insert(database, made)
    return {one["_id"]: one for one in made}


def _insert(database: Database, made: Sequence[Document]) -> None:
    """Put new digests in. The bot may be faster with one, and people may have been erased meanwhile."""
    digests = database.database[DIGESTS]
    try:
        digests.insert_many(made, ordered=False)
    except BulkWriteError as error:
        if any(each.get("code") != _IS_THERE for each in (error.details or {}).get("writeErrors", ())):
            raise
    ids = [one["_id"] for one in made]
    living = {one["_id"] for one in database.clients.find({"_id": {"$in": ids}}, {"_id": 1})}
    if gone := [one for one in ids if one not in living]:
        digests.delete_many({"_id": {"$in": gone}})


def _filed(database: Database, who: Sequence[Pseudonym]) -> dict[Pseudonym, list[Document]]:
    """Return the filed runs of these participants, as far as a digest needs them."""
    found: dict[Pseudonym, list[Document]] = {}
    wanted = dict.fromkeys(("participant", *RUN_PARTS), 1)
    for one in database.database[FILED_RUNS].find({"participant": {"$in": list(who)}}, wanted):
        found.setdefault(one["participant"], []).append(one)
    return found


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unix(value: object) -> float | None:
    if isinstance(value, datetime):
        return value.timestamp()
    time = number_of(value, 0.0)
    return time if time > 0 else None


def _times(value: object) -> dict[str, float]:
    """Return times by name; the seed nested them below the player."""
    times = mapping_of(value)
    inner = [each for each in times.values() if isinstance(each, Mapping)]
    return {
        str(name): time for name, each in (inner[0] if inner else times).items() if (time := _unix(each)) is not None
    }


def _last_of(value: object) -> str:
    """Return the message where somebody is, whoever the player is called."""
    return next((text_of(each, "") for each in mapping_of(value).values()), "")
