# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass sends in the collection `jobs`, and whom they reach. Nobody's list of recipients is ever written down: each
participant's document says by its receipts which mass sends have come to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from src.engine.state import Outcome, Status
from src.errors import DatabaseAway
from src.identities import Pseudonym
from src.service.admin_ports import Group, Job, JobState
from src.store.database import Database
from src.store.documents import RUN
from src.store.reading import Document, documents_of
from src.store.times import from_date

_TRIES = 50
_TIMES = ("made_at", "started_at", "ended_at", "again_at")


class JobStore:
    """The port `Jobs`. Used by several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs = database.database["jobs"]

    def new(self, by: Pseudonym, game: str, texts: Mapping[str, str], now: datetime) -> Job:
        """Note a mass send that is to be shown first."""
        with self._database.answering():
            for _ in range(_TRIES):
                last = self._jobs.find_one({}, {"_id": 1}, sort=[("_id", -1)])
                job = Job(int(last["_id"]) + 1 if last else 1, by, JobState.SHOWN, now, game, texts)
                try:
                    self._jobs.insert_one(_document(job))
                except DuplicateKeyError:
                    continue
                return job
        raise DatabaseAway("The mass send could not be noted; please try again.")

    def get(self, number: int) -> Job | None:
        """Return one; None if there is none of this number."""
        with self._database.answering():
            found = self._jobs.find_one({"_id": number})
        return _job(found) if found else None

    def newest(self, limit: int) -> list[Job]:
        """Return the newest ones, newest first."""
        with self._database.answering():
            return [_job(one) for one in self._jobs.find({}, sort=[("_id", -1)]).limit(limit)]

    def running(self) -> Job | None:
        """Return the oldest that is running or to be cancelled."""
        states = [JobState.RUNNING.value, JobState.CANCELLING.value]
        with self._database.answering():
            found = self._jobs.find_one({"state": {"$in": states}}, sort=[("_id", 1)])
        return _job(found) if found else None

    def move(self, job: Job, state: JobState, **changed: object) -> bool:
        """Change the state, and more, if it is still that of `job`; tell whether that was so."""
        as_seen = {"_id": job.id, "state": job.state.value}
        with self._database.answering():
            return self._jobs.update_one(as_seen, {"$set": {"state": state.value, **changed}}).modified_count == 1

    def note(self, job: Job, **changed: object) -> None:
        """Note how far a mass send has come."""
        with self._database.answering():
            self._jobs.update_one({"_id": job.id}, {"$set": changed})


class RecipientStore:
    """The port `Recipients`. Used by several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def groups(self, game: str = "") -> list[Group]:
        """Count everybody, in one look at all documents."""
        alike: Document = {
            "status": "$status",
            "language": "$language",
            "reachable": "$reachable",
            "done": {"$in": [game, {"$ifNull": ["$games_done", []]}]},
            "busy": {"$ne": [{"$ifNull": [f"${RUN}.gameId", ""]}, ""]},
        }
        with self._database.answering():
            found = list(self._database.clients.aggregate([{"$group": {"_id": alike, "people": {"$sum": 1}}}]))
        return [_group(one) for one in found]

    def next(self, job: Job, after: str, limit: int) -> list[Pseudonym]:
        """Return the next people to whom the job has not come, in the order of their pseudonyms."""
        wanted: Document = {
            "_id": {"$gt": after},
            "status": Status.ACTIVE.value,
            "reachable": {"$ne": False},
            "receipts.job": {"$ne": job.key},
        }
        if job.game:
            wanted["games_done"] = {"$ne": job.game}
        with self._database.answering():
            found = self._database.clients.find(wanted, {"_id": 1}, sort=[("_id", 1)]).limit(limit)
            return [Pseudonym(one["_id"]) for one in found]

    def outcomes(self, job: Job, people: Collection[Pseudonym]) -> dict[Pseudonym, Outcome | None]:
        """Return the receipts of those who exist; None: they have none."""
        if not people:
            return {}
        with self._database.answering():
            found = list(self._database.clients.find({"_id": {"$in": list(people)}}, {"receipts": 1}))
        return {Pseudonym(one["_id"]): _outcome(one, job) for one in found}

    def queued(self, job: Job) -> set[Pseudonym]:
        """Return those in whose outbox the job's message lies."""
        lies = {"receipts": {"$elemMatch": {"job": job.key, "outcome": Outcome.QUEUED.value}}}
        with self._database.answering():
            return {Pseudonym(one["_id"]) for one in self._database.clients.find(lies, {"_id": 1})}

    def tally(self, job: Job) -> dict[str, int]:
        """Count the receipts by outcome."""
        stages: list[Document] = [
            {"$match": {"receipts.job": job.key}},
            {"$project": {"receipts": 1}},
            {"$unwind": "$receipts"},
            {"$match": {"receipts.job": job.key}},
            {"$group": {"_id": "$receipts.outcome", "people": {"$sum": 1}}},
        ]
        with self._database.answering():
            return {str(one["_id"]): int(one["people"]) for one in self._database.clients.aggregate(stages)}


def mass_sends_of(database: Database, who: Pseudonym) -> list[Document]:
    """Return what an admin had sent to everybody, for them to read: nothing in it speaks of anybody else."""
    shown = {"made_at": 1, "state": 1, "game": 1, "texts": 1}
    with database.answering():
        return list(database.database["jobs"].find({"by": who}, shown, sort=[("_id", 1)]))


def forget_in_jobs(database: Database, who: Pseudonym) -> None:
    """Take somebody who is erased out of the mass sends that they ordered, or that came to them last: the next round
    begins at the first person again, and passes over all who have a receipt. Raises DatabaseAway.
    """
    with database.answering():
        jobs = database.database["jobs"]
        jobs.update_many({"by": who}, {"$set": {"by": "", "message_id": None}})
        jobs.update_many({"after": who}, {"$set": {"after": ""}})


def _document(job: Job) -> Document:
    values = {each.name: getattr(job, each.name) for each in fields(job)}
    own = {"_id": values.pop("id"), "state": job.state.value, "texts": dict(job.texts), "counts": dict(job.counts)}
    return values | own


def _job(found: Mapping[str, Any]) -> Job:
    known = {each.name for each in fields(Job)} - {"id"}
    values = {name: value for name, value in found.items() if name in known}
    times = {name: from_date(values.get(name)) for name in _TIMES}
    return Job(**{**values, **times, "id": int(found["_id"]), "state": JobState(found["state"])})


def _outcome(document: Mapping[str, Any], job: Job) -> Outcome | None:
    own = [one for one in documents_of(document.get("receipts")) if one.get("job") == job.key]
    return Outcome(own[0]["outcome"]) if own else None


def _group(found: Mapping[str, Any]) -> Group:
    alike = found["_id"]
    status = alike.get("status")
    return Group(
        people=int(found["people"]),
        status=Status(status) if status in list(Status) else Status.START,
        language=str(alike.get("language") or "?"),
        reachable=alike.get("reachable") is not False,
        done=bool(alike.get("done")),
        busy=bool(alike.get("busy")),
    )
