# SPDX-License-Identifier: GPL-3.0-or-later
"""Through a database of the seed, document by document: look what would change, or change it.

Each document is written as a whole, if nobody else has written it since it was read; whoever breaks off here finds
every document either as it was or as it will be. A participant who gets another `_id` is first marked, then there
twice, then once: the mark says what a second pass has to clear up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import bson
from pymongo.errors import DuplicateKeyError

from src.dialogues.names import OWN_FIELDS
from src.engine.arriving import Place, arrived
from src.engine.effects import KeepRun
from src.engine.study import Study
from src.errors import BotError
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import RUN, RUNS_KEPT, TEXTS_KEPT, new_document, participant_from
from src.store.histories import FILED, PARTICIPANT, RUN_ID, file_entries
from src.store.reading import Document, mapping_of, number_of
from src.store.runs import history_document
from src.store.seed.facts import Facts, Notes, Person, others, without_numbers
from src.store.seed.identities import Identities
from src.store.seed.people import formed
from src.store.seed.runs import AS_LEFT, finished_document, is_ours, read_run
from src.store.seed.texts import texts_in

MOVING_TO = "moving_to"
_OURS_IN_BOT = frozenset({"study", "health", "lease", "traffic", "pairing", "restoring", "forgotten_updates"})
_TOGETHER = 50
_TRIES = 20
LARGEST = 8_000_000
"""Bytes; MongoDB takes twice as many, and a turn has to write into the document too."""


@dataclass
class Seen:
    """What a pass has seen and done; it is filled on the way, so that a pass that breaks off can be told exactly."""

    total: int = 0
    would_change: int = 0
    written: int = 0
    notes: Notes = field(default_factory=Notes)
    places: Counter[Place] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Passage:
    """What a pass goes by. Without `write` nothing is changed."""

    database: Database
    facts: Facts
    identities: Identities
    study: Study
    now: Callable[[], datetime]
    write: bool
    seen: Seen

    def people(self) -> None:
        """Go through all participants. Raises BotError."""
        for name in self._ids():
            self.seen.total += 1
            for _ in range(_TRIES):
                if self._one(name):
                    break
            else:
                raise BotError("A participant changes again and again. Stop the seed's bot, and run this once more.")

    def filed(self) -> None:
        """Go through what a running bot has filed already of what the seed left."""
        for name, form in ((RUNS_KEPT, self._filed_run), (TEXTS_KEPT, self._filed_text)):
            collection = self.database.database[name]
            with self.database.answering():
                for document in collection.find(batch_size=_TOGETHER):
                    final = form(document)
                    if bson.encode(final) == bson.encode(document):
                        continue
                    self.seen.elsewhere[f"documents of {name}"] += 1
                    if self.write:
                        collection.replace_one({"_id": document["_id"]}, final)

    def lists_of_the_bot(self) -> None:
        """Put pseudonyms for Telegram numbers into the seed's lists of who was busy or waiting."""
        with self.database.answering():
            for document in self.database.bot.find():
                name = str(document["_id"])
                if name in _OURS_IN_BOT or name.startswith("menu "):
                    continue
                final = {"_id": document["_id"], **without_numbers(others(document, _ID), self.facts.numbers)}
                if final == document:
                    continue
                self.seen.elsewhere["documents of bot that hold Telegram numbers"] += 1
                if self.write:
                    self.database.bot.replace_one({"_id": document["_id"]}, final)

    def _ids(self) -> Iterator[object]:
        with self.database.answering():
            names = [one["_id"] for one in self.database.clients.find({}, {"_id": 1})]
        moving = self.identities.moving
        return (name for name in names if isinstance(name, str) or (isinstance(name, Hashable) and name in moving))

    def _one(self, name: object) -> bool:
        """Look at one participant, and write what changes; return False if somebody else was faster."""
        with self.database.answering():
            document = self.database.clients.find_one({"_id": name})
        if document is None:
            return True
        who = self.identities.moving.get(name) or Pseudonym(str(name))
        notes = Notes()
        if self._is_double(document, who):
            self.seen.notes.unread["a participant with two documents, one called by the number: left alone"] += 1
            return True
        place, final = self._taken(document, who, notes)
        is_same = bson.encode(final) == bson.encode(document)
        if is_same:
            notes.changed.clear()
        if not is_same and self.write and not self._written(document, final):
            return False
        self.seen.notes.add(notes)
        self.seen.would_change += not is_same
        self.seen.written += not is_same and self.write
        self.seen.places[place] += 1
        return True

    def _taken(self, document: Document, who: Pseudonym, notes: Notes) -> tuple[Place, Document]:
        """Return a document as it will be; its version counts up if anything in it changes."""
        own = formed(others(document, _MARK), Person(who, self.identities.people.get(who)), self.facts, notes)
        participant = participant_from(own, self.facts.default_language)
        place, turn = arrived(participant, self.now(), self.study)
        ours = new_document(turn.participant)
        kept = [_kept(each, own, who) for each in turn.effects if isinstance(each, KeepRun)]
        final = {**{key: value for key, value in own.items() if key != "next_at"}, **others(ours, _BESIDE)}
        if not ours.keys() <= own.keys() | {"next_at"}:
            notes.changed["fields that are missing get their defaults"] += 1
        final |= {RUN: _with_rest(ours[RUN], own[RUN]), RUNS_KEPT: [*own[RUNS_KEPT], *kept]}
        version = int(number_of(document.get("version"), 0))
        final = _in_order(document, {**_LACKING, **final, "version": version})
        if bson.encode(final) != bson.encode(document):
            final["version"] = version + 1
        return place, final

    def _is_double(self, document: Document, who: Pseudonym) -> bool:
        """Tell whether another document stands where this one would have to go, and it was not an earlier pass."""
        if document["_id"] == who or document.get(MOVING_TO) == who:
            return False
        with self.database.answering():
            return self.database.clients.find_one({"_id": who}, {"_id": 1}) is not None

    def _written(self, document: Document, final: Document) -> bool:
        """Write one participant; return False if somebody else has written meanwhile."""
        clients = self.database.clients
        final = self._fitting(final)
        as_read = {"_id": document["_id"], "version": document.get("version")}
        with self.database.answering():
            if document["_id"] == final["_id"]:
                return clients.replace_one(as_read, final).matched_count == 1
            clients.update_one({"_id": document["_id"]}, {"$set": {MOVING_TO: final["_id"]}})
            try:
                clients.insert_one(final)
            except DuplicateKeyError:
                pass  # an earlier pass broke off behind this line
            clients.delete_one({"_id": document["_id"]})
        return True

    def _fitting(self, final: Document) -> Document:
        """File the histories of somebody whose document our form would make too big."""
        if len(bson.encode(final)) < LARGEST:
            return final
        for name in FILED:
            file_entries(self.database, Pseudonym(final["_id"]), name, final[name])
        return {**final, **{name: [] for name in FILED}}

    def _filed_run(self, document: Mapping[str, Any]) -> Document:
        if is_ours(document):
            return dict(document)
        entry = others(document, frozenset({"_id", PARTICIPANT, RUN_ID}))
        person = self._person(document)
        read = read_run({**entry, "_id": document.get(RUN_ID)}, person, self.facts, str(document["_id"]))
        finished = finished_document(read, person, ended="ended" not in entry or read.is_over)
        own = {"_id": document["_id"], PARTICIPANT: person.id, RUN_ID: finished.pop("_id")}
        return _in_order(document, {**finished, **own})

    def _filed_text(self, document: Mapping[str, Any]) -> Document:
        own = {key: document[key] for key in ("_id", PARTICIPANT)}
        found, _ = texts_in([others(document, frozenset(own))], self._person(document), self.facts)
        return _in_order(document, {**(found[0] if found else {"time": None, "text": ""}), **own})

    def _person(self, document: Mapping[str, Any]) -> Person:
        who = Pseudonym(str(document.get(PARTICIPANT)))
        return Person(who, self.identities.people.get(who))


_ID = frozenset({"_id"})
_MARK = frozenset({MOVING_TO})
_BESIDE = frozenset({RUN, RUNS_KEPT, TEXTS_KEPT, "dnd", "game_dnd", "version"})
_LACKING: Document = {"dnd": False, "game_dnd": False}


def _kept(effect: KeepRun, own: Mapping[str, Any], who: Pseudonym) -> Document:
    """Return the history's document of a dialogue that ends by our hand, with what the seed kept beside it."""
    return _with_rest(history_document(effect, who), own[RUN]) or {}


def _with_rest(ours: Document | None, left: object) -> Document | None:
    """Put what the seed kept beside a dialogue to our document of the same dialogue."""
    beside = mapping_of(left)
    if ours is None or beside.get("_id") != ours["_id"]:
        return ours
    more = {**mapping_of(beside.get("timestamps_answers")), **ours["timestamps_answers"]}
    rest = {key: value for key, value in beside.items() if key not in ours or key in _OF_THE_SEED}
    running_only = frozenset() if "over" in ours else _RUNNING_ONLY
    return _in_order(beside, {**ours, **others(rest, running_only), "timestamps_answers": more})


_OF_THE_SEED = frozenset({"players", "skip_status", "skip_waiting", "custom_data", "start_time", AS_LEFT})
_RUNNING_ONLY = frozenset(
    "messages_ids ignore ca_complete edit_msg_ident over question_after remind_at reminded reminded_at".split()
)


def _in_order(document: Mapping[str, Any], final: Mapping[str, Any]) -> Document:
    """Return the final document with its keys in the order of the one it comes from, so that equal ones are equal."""
    first = {key: final[key] for key in document if key in final}
    return {**first, **final}


def saved_fields(study: Study) -> frozenset[str]:
    """Return the fields of participants that dialogues write."""
    messages = (message for dialogue in study.dialogues.values() for message in dialogue.messages.values())
    return frozenset(message.save for message in messages if message.save) - OWN_FIELDS
