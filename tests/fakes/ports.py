# SPDX-License-Identifier: GPL-3.0-or-later
"""Fakes for the ports: memory in the place of MongoDB, Telegram and the clock."""

from __future__ import annotations

import copy
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from src.engine.effects import Send, Sendable
from src.engine.state import Participant
from src.engine.study import Rules, Study
from src.errors import BotError, CannotReach, DatabaseAway
from src.identities import Pseudonym, TelegramId
from src.service.ports import MadeFile, Saving, Update
from src.store.documents import new_document, participant_from, text_document
from src.store.runs import history_document

NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that moves when it is told to."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **how_long: float) -> None:
        self.time += timedelta(**how_long)


@dataclass
class FakeParticipants:
    """Documents in memory. `meddle` is called before each save, as somebody else who is faster."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    saves: int = 0
    away: bool = False
    meddle: list[Participant] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self, ids: Collection[Pseudonym]) -> dict[Pseudonym, Participant]:
        self._answer()
        with self.lock:
            found = {who: copy.deepcopy(self.documents[who]) for who in ids if who in self.documents}
        return {who: participant_from(document, "ca") for who, document in found.items()}

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        self._answer()
        while self.meddle:
            self._write(self.meddle.pop())
        with self.lock:
            refused = {each.before.id for each in savings if self._version(each.before.id) != each.before.version}
            for each in savings:
                if each.before.id not in refused:
                    self._keep(each)
        return frozenset(refused)

    def erase(self, who: Pseudonym) -> None:
        self._answer()
        for kept in (self.documents, self.history, self.texts):
            kept.pop(who, None)

    def due(self, before: datetime, limit: int) -> list[tuple[Pseudonym, datetime]]:
        self._answer()
        with self.lock:
            found = [(Pseudonym(who), each["next_at"]) for who, each in self.documents.items() if each.get("next_at")]
        return sorted((each for each in found if each[1] <= before), key=lambda each: each[1])[:limit]

    def _answer(self) -> None:
        if self.away:
            raise DatabaseAway("The database is away.")

    def _version(self, who: Pseudonym) -> int:
        return int(self.documents.get(who, {}).get("version", 0))

    def _keep(self, saving: Saving) -> None:
        who = saving.before.id
        self._write(saving.after)
        self.history.setdefault(who, []).extend(history_document(run, who) for run in saving.runs)
        self.texts.setdefault(who, []).extend(text_document(text) for text in saving.texts)
        self.saves += 1

    def _write(self, participant: Participant) -> None:
        self.documents[participant.id] = new_document(participant)


@dataclass
class FakePseudonyms:
    """Pseudonyms that are easy to read in a failing test."""

    deleted: set[Pseudonym] = field(default_factory=set)

    def of(self, telegram_ids: Collection[TelegramId]) -> Mapping[TelegramId, Pseudonym]:
        return {each: Pseudonym(f"{each:032x}") for each in telegram_ids}

    def telegram_id(self, pseudonym: Pseudonym) -> TelegramId | None:
        return None if pseudonym in self.deleted else TelegramId(int(pseudonym, 16))

    def enter(self, people: Mapping[TelegramId, Pseudonym]) -> None:
        self.deleted -= set(people.values())

    def forget(self, pseudonym: Pseudonym) -> None:
        self.deleted.add(pseudonym)


@dataclass
class FakeForgotten:
    """What was heard of people who have been erased."""

    numbers: set[int] = field(default_factory=set)

    def add(self, updates: Sequence[int]) -> None:
        self.numbers |= set(updates)

    def __contains__(self, update: object) -> bool:
        return update in self.numbers


@dataclass
class FakeStudies:
    """A study that tests can change while people are in the middle."""

    study: Study

    def current(self, rules: Rules, revisions: Collection[str] = ()) -> Study:
        return self.study


@dataclass(frozen=True)
class Sent:
    """What went to Telegram: `message_id` is None for an edit."""

    to: TelegramId
    what: Sendable
    message_id: int | None


@dataclass
class FakeTelegram:
    """Takes what is sent, unless it was told to raise something at the next sendings, or the person is `blocked`."""

    sent: list[Sent] = field(default_factory=list)
    troubles: list[BotError | None] = field(default_factory=list)
    waiting: list[Update] = field(default_factory=list)
    answered: list[tuple[str, str | None]] = field(default_factory=list)
    typing: list[TelegramId] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    messages: int = 100
    blocked: set[TelegramId] = field(default_factory=set)
    refused: list[tuple[TelegramId, Sendable]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:
        self.offsets.append(offset)
        self.waiting = [each for each in self.waiting if offset is None or each.id >= offset]
        return self.waiting[:100]

    def send(self, to: TelegramId, what: Sendable) -> int | None:
        with self.lock:
            trouble = self.troubles.pop(0) if self.troubles else None
            if trouble is not None:
                raise trouble
            if to in self.blocked:
                self.refused.append((to, what))
                raise CannotReach("The person has blocked the bot.")
            self.messages += 1
            message_id = self.messages if isinstance(what, Send) else None
            self.sent.append(Sent(to, what, message_id))
            return message_id

    def send_made(self, to: TelegramId, file: MadeFile) -> int:
        message_id = self.send(to, Send(file.caption))
        assert message_id is not None
        return message_id

    def answer_press(self, query_id: str, text: str | None) -> None:
        self.answered.append((query_id, text))

    def show_typing(self, to: TelegramId) -> None:
        self.typing.append(to)

    def said_to(self, to: TelegramId) -> list[str]:
        return [each.what.text for each in self.sent if each.to == to and isinstance(each.what, Send)]
