# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies that could be: people who came, answered, paused, blocked the bot, left; as documents of the database."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from src.identities import Pseudonym
from src.store.database import Database
from src.store.histories import MOST_RUNS, file_away

Document = dict[str, Any]
NOW = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
SEQUENCE = ("welcome", "training", "sociodem", "story_nora", "info_listening", "story_leo", "thanks")
TITLES = {
    "welcome": "user_settings",
    "training": "capacitation",
    "sociodem": "user_settings",
    "story_nora": "compartir_vivencias",
    "info_listening": "textos_informativos",
    "story_leo": "encontrar_soluciones_juntos",
    "thanks": "user_engagement",
    "lang": "user_settings",
}
ANSWERS = {
    "gender": ("woman", "woman", "woman", "man", "man", "nonbinary", "other", "typed by hand"),
    "age": ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    "experience": ("now", "past", "no", "no", "unsure"),
    "carer": ("now", "past", "no", "no"),
    "relation": ("partner", "parent", "child", "friend"),
    "association": ("yes", "no"),
    "professional": ("yes", "training", "no", "no"),
}
SECRET = "zqfreetextqz"
"""Stands in every field where people may have typed: no report may show it."""


@dataclass(frozen=True)
class Crowd:
    """How many came within how many days, and how many of 100 are lost at each dialogue."""

    people: int
    days: float = 60.0
    lost: float = 8.0
    sequence: Sequence[str] = SEQUENCE


class Maker:
    """Makes the documents of people, the same ones for the same seed."""

    def __init__(self, seed: int, crowd: Crowd) -> None:
        self.chance = random.Random(seed)
        self.crowd = crowd

    def pseudonym(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"

    def person(self) -> Document:
        """Return somebody's document, with everything that is over inside."""
        who = self.pseudonym()
        at = NOW - timedelta(days=self.chance.uniform(0.0, self.crowd.days))
        document = self.plain(who)
        pace = self.chance.choice((0.4, 0.9, 1.1, 2.2, 7.0))
        for dialogue in self.crowd.sequence:
            if at > NOW:
                break
            if self.chance.random() * 100 < self.crowd.lost:
                self.lose(document, who, dialogue, at)
                break
            at = self.finish(document, who, dialogue, at)
            at += timedelta(days=pace * self.chance.uniform(0.8, 1.3)) if dialogue in SEQUENCE[2:] else timedelta(0)
        return document

    def plain(self, who: str) -> Document:
        return {
            "_id": who,
            "status": 0,
            "language": self.chance.choice(("ca", "ca", "es", "es", "en", "de", SECRET)),
            "freq": self.chance.choice(("12", "24", "24", "24", "48", "168", SECRET)),
            "current_game": None,
            "game_history": [],
            "message_history": [{"time": 5.0, "text": SECRET}],
            "area": SECRET,
            "outbox": [],
            "version": 1,
        }

    def finish(self, document: Document, who: str, dialogue: str, at: datetime) -> datetime:
        """Let somebody answer a dialogue to its end; return when that was."""
        end = at + timedelta(seconds=self.chance.lognormvariate(5.0, 1.2))
        if self.chance.random() < 0.05 and dialogue != "welcome":
            document["game_history"].append(self.run(who, dialogue, at - timedelta(hours=5), at, ended=False))
        if end > NOW:
            document["current_game"] = self.run(who, dialogue, at, None, ended=False)
            return NOW + timedelta(days=1)
        document["game_history"].append(self.run(who, dialogue, at, end, ended=True))
        if dialogue == "welcome":
            document["status"] = 1 if self.chance.random() < 0.9 else 0
            if document["status"] == 0:
                return NOW + timedelta(days=1)
        if dialogue == "sociodem":
            document |= {
                field: self.chance.choice(values) for field, values in ANSWERS.items() if self.chance.random() < 0.9
            }
        if self.chance.random() < 0.06:
            document["game_history"].append(
                self.run(who, "lang", end, end + timedelta(seconds=self.chance.randint(5, 90)), ended=True)
            )
        return end

    def lose(self, document: Document, who: str, dialogue: str, at: datetime) -> None:
        """Let somebody begin a dialogue and not finish it."""
        open_run = self.run(who, dialogue, at, None, ended=False)
        reason = self.chance.choice(("waiting", "waiting", "silent", "paused", "unreachable", "left", "gave up"))
        if reason in ("waiting", "silent"):
            document["current_game"] = open_run
        elif reason == "paused":
            document["kept_game"] = open_run | {"since": NOW, "why": "paused", "unsent": []}
        else:
            later = at + timedelta(hours=self.chance.uniform(1, 200))
            document["game_history"].append(self.run(who, dialogue, at, min(later, NOW), ended=False))
        if reason == "waiting" and self.chance.random() < 0.3:
            document["outbox"] = [{"id": "1", "tries": self.chance.choice((0, 0, 3)), "what": {"text": SECRET}}]
            document["outbox_at"] = NOW - timedelta(seconds=self.chance.choice((1, 900)))
        if document["status"] == 1 or reason == "left":
            document["status"] = {"paused": 2, "unreachable": 2, "left": 3}.get(reason, document["status"])
        if reason in ("silent", "paused", "unreachable", "left") and self.chance.random() < 0.9:
            document["absence"] = reason
            document["absent_since"] = NOW
        elif reason == "unreachable":
            document["reachable"] = False

    def run(self, who: str, dialogue: str, start: datetime, end: datetime | None, *, ended: bool) -> Document:
        """Return a run as we write it, or as the seed project did."""
        begin = round(start.timestamp(), 3)
        until = (end or min(start + timedelta(minutes=9), NOW)).timestamp()
        times = sorted(
            round(self.chance.uniform(begin, max(until, begin)), 3) for _ in range(self.chance.randint(0, 6))
        )
        answered = {f"q{number}": time for number, time in enumerate(times)}
        sent = {f"message{number}": time for number, time in enumerate([begin, *times])}
        document = {
            "_id": f"{uuid.UUID(int=self.chance.getrandbits(128))}",
            "gameId": dialogue,
            "players": [who],
            "answers": dict.fromkeys(answered, SECRET),
            "timestamps_answers": answered,
            "timestamps_sent_messages": sent,
            "ended": ended,
            "start_time": begin,
            "end_time": round(end.timestamp(), 3) if end else None,
        }
        if self.chance.random() < 0.2:  # the seed nested by player
            return document | {key: {who: document[key]} for key in ("answers", "timestamps_answers")}
        return document | {"revision": "r1"}


def fill(database: Database, seed: int, crowd: Crowd, filing: int = 1) -> list[Document]:
    """Put a random study into the database: some histories lie in the documents, others were filed by a program that
    knew no digests, and at most `filing` people's are filed as today. Returns the participants as they were made.
    """
    maker = Maker(seed, crowd)
    people = [maker.person() for _ in range(crowd.people)]
    kept: list[Document] = []
    filed: list[Document] = []
    for person in people:
        runs = person["game_history"]
        many = maker.chance.randint(1, len(runs)) if len(runs) > 1 and maker.chance.random() < 0.4 else 0
        filed += _filed_long_ago(person["_id"], runs[:many])
        kept.append(person | {"game_history": runs[many:]})
    if kept:
        database.clients.insert_many(kept)
        database.games.insert_many([{"_id": name, "title": title} for name, title in TITLES.items()])
    if filed:
        database.database["game_history"].insert_many(filed)
    for person in [one for one in kept if len(one["game_history"]) >= MOST_RUNS][:filing]:
        file_away(database, Pseudonym(person["_id"]))
    return people


def _filed_long_ago(who: str, runs: Sequence[Document]) -> list[Document]:
    """Return runs as a program filed them that knew nothing of digests."""
    return [
        {key: value for key, value in run.items() if key != "_id"}
        | {"_id": f"{who}/{number}", "participant": who, "run": run["_id"]}
        for number, run in enumerate(runs)
    ]


def whole_documents(database: Database) -> list[Document]:
    """Return all participants with everything that is over, wherever it lies, each run once."""
    filed: dict[str, dict[str, Document]] = {}
    for run in database.database["game_history"].find():
        filed.setdefault(run["participant"], {})[run["run"]] = run
    return [
        one
        | {"game_history": [*(filed.get(one["_id"], {}) | {run["_id"]: run for run in one["game_history"]}).values()]}
        for one in database.clients.find()
    ]
