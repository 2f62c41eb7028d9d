# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who: the collection `hashes`, the only place where a Telegram id is stored."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping

from bson.int64 import Int64
from pymongo import UpdateOne

from src.hash_unhash import pseudonym_of
from src.identities import Pseudonym, TelegramId
from src.store.database import Database
from src.store.reading import number_of

_REMEMBERED = 2_000
_SECONDS_REMEMBERED = 30.0
"""Not longer, so that an identity that has been deleted is soon forgotten here too."""


class PseudonymStore:
    """Pseudonyms and Telegram ids; the port `Pseudonyms`. Used by many threads. Raises DatabaseAway."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key
        self._lock = threading.Lock()
        self._made_up: dict[TelegramId, Pseudonym] = {}
        self._known: OrderedDict[Pseudonym, tuple[TelegramId, float]] = OrderedDict()

    def of(self, telegram_ids: Collection[TelegramId]) -> Mapping[TelegramId, Pseudonym]:
        """Return the pseudonym of each person, also of people who are not entered.

        Whoever stands in `hashes` already keeps their pseudonym: the seed project made them in a way of its own. The
        others get a fresh one, so that nobody who was erased is the same person to us when they write again.
        """
        made = {telegram_id: self._made(telegram_id) for telegram_id in telegram_ids}
        return made | self._entered(made)

    def telegram_id(self, pseudonym: Pseudonym) -> TelegramId | None:
        """Return whom to write to; None when the identity has been deleted, or is none that can be read."""
        with self._lock:
            telegram_id, until = self._known.get(pseudonym, (None, 0.0))
        if telegram_id is not None and until > time.monotonic():
            return telegram_id
        with self._database.answering():
            found = self._database.hashes.find_one({"_id": pseudonym}, {"Tele_id": 1})
        number = number_of(found.get("Tele_id"), 0.0) if found else 0.0
        return self._remember(pseudonym, TelegramId(int(number))) if number > 0 else None

    def forget(self, pseudonym: Pseudonym) -> None:
        """Take away who this is; nothing happens if nobody knows."""
        with self._lock:
            self._known.pop(pseudonym, None)
            self._made_up = {who: made for who, made in self._made_up.items() if made != pseudonym}
        with self._database.answering():
            self._database.hashes.delete_one({"_id": pseudonym})

    def _entered(self, made: Mapping[TelegramId, Pseudonym]) -> dict[TelegramId, Pseudonym]:
        """Return those of these people who stand in `hashes`; ours first, should there be two pseudonyms for one."""
        if not made:
            return {}
        with self._database.answering():
            found = list(self._database.hashes.find({"Tele_id": {"$in": [Int64(who) for who in made]}}))
        pairs = [(TelegramId(int(one["Tele_id"])), Pseudonym(one["_id"])) for one in found]
        return dict(sorted(pairs, key=lambda pair: (pair[1] == pseudonym_of(pair[0], self._key), pair[1])))

    def _made(self, telegram_id: TelegramId) -> Pseudonym:
        """Return a fresh pseudonym, the same one until somebody is entered under it."""
        with self._lock:
            if telegram_id not in self._made_up:
                if len(self._made_up) >= _REMEMBERED:
                    self._made_up.pop(next(iter(self._made_up)))
                self._made_up[telegram_id] = pseudonym_of(telegram_id, self._key, secrets.token_bytes(16))
            return self._made_up[telegram_id]

    def enter(self, people: Mapping[TelegramId, Pseudonym]) -> None:
        """Note durably who these people are; nothing happens for those who are noted already."""
        entries = [
            UpdateOne({"_id": pseudonym}, {"$setOnInsert": {"Tele_id": Int64(telegram_id)}}, upsert=True)
            for telegram_id, pseudonym in people.items()
        ]
        with self._database.answering():
            self._database.hashes.bulk_write(entries, ordered=False)
        with self._lock:
            for telegram_id in people:
                self._made_up.pop(telegram_id, None)
        for telegram_id, pseudonym in people.items():
            self._remember(pseudonym, telegram_id)

    def _remember(self, pseudonym: Pseudonym, telegram_id: TelegramId) -> TelegramId:
        with self._lock:
            self._known[pseudonym] = (telegram_id, time.monotonic() + _SECONDS_REMEMBERED)
            self._known.move_to_end(pseudonym)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return telegram_id
