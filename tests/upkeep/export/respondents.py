# SPDX-License-Identifier: GPL-3.0-or-later
"""A small study with every kind of question, and people who have answered it, as the bot stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from src.engine.effects import KeepRun, KeepText
from src.engine.state import GivenAnswer, Participant, Run, Status
from src.identities import Pseudonym
from src.service.ports import Saving
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.roster import Traits, ids_with
from src.store.study import StudyStore
from src.upkeep.export.discretion import Discretion
from src.upkeep.export.export import Exported, Order, export
from tests.store.people import NOON

LANGUAGES = ("ca", "es", "en", "de")
LATER = NOON + timedelta(days=30)
TYPED = {"mood": False, "score": False, "hours": True, "bedtime": True, "words": True}
PEOPLE = 12


def in_all(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in LANGUAGES}


def sleep(question: str = "How did you <b>sleep</b>?") -> dict[str, Any]:
    """Return a dialogue with buttons of words, buttons of numbers, a number, a time and a text."""

    def buttons(name: str, labels: Mapping[str, str], following: str, **more: Any) -> dict[str, Any]:
        texts = [in_all(label) for label in labels.values()]
        one = {"name": name, "type": "button", "values": list(labels), "texts": texts}
        return {"type": "SA", "text": in_all(question), "vars": [one], "wait": None, "next": following, **more}

    def typed(name: str, kind: str, following: str, **more: Any) -> dict[str, Any]:
        rule = {"kind": kind, "next": following, "answers": {"NO": "end"}}
        text = in_all(f"Your {name}?")
        return {"type": "WA", "text": text, "vars": [name], "input": rule, "wait": None, "next": None, **more}

    messages = {
        "ask": buttons("mood", {"good": "Good & well", "NA": "Don’t know", "bad": "Bad"}, "rate", save="mood"),
        "rate": buttons("score", {"1": "Low", "2": "Middle", "10": "High"}, "hours", save="last_score"),
        "hours": typed("hours", "number", "bedtime"),
        "bedtime": typed("bedtime", "time", "words"),
        "words": typed("words", "text", "end", save="area"),
        "end": {"type": "NA", "text": in_all("Thanks"), "wait": None, "next": None},
    }
    return {"_id": "sleep", "title": "story", "initial_messages": ["ask"], "points": ["1"], "messages": messages}


MESSAGES = {"mood": "ask", "score": "rate", "hours": "hours", "bedtime": "bedtime", "words": "words"}


def upload(database: Database, *documents: dict[str, Any], at: datetime = NOON) -> dict[str, str]:
    """Upload dialogues and return their revisions."""
    StudyStore(database).upload_dialogues(documents, at)
    return dict(StudyStore(database).contents().revisions)


def answered(revision: str, day: int, **answers: str) -> KeepRun:
    """Return a finished dialogue of some day, each question answered two and a half seconds after it was asked."""
    start = NOON + timedelta(days=day)
    given = tuple(
        GivenAnswer(
            MESSAGES.get(name, ""),
            name,
            value,
            TYPED.get(name, False),
            start + timedelta(seconds=10 * place),
            start + timedelta(seconds=10 * place + 2.5),
        )
        for place, (name, value) in enumerate(answers.items())
    )
    return KeepRun(Run(f"run {day}", "sleep", revision, start, "end", answers=given), start, ended=True)


def enter(database: Database, who: Participant, runs: Sequence[KeepRun] = (), said: str = "") -> None:
    """Put somebody with finished dialogues into the database."""
    texts = (KeepText(said, NOON),) if said else ()
    new = Saving(Participant(id=who.id, language=who.language), replace(who, version=1), tuple(runs), texts)
    assert not ParticipantStore(database).save([new])


def number(place: int) -> Pseudonym:
    """Return a pseudonym; some are digits alone, some look like a number with an exponent."""
    return Pseudonym(f"{place:031d}{'e' if place % 2 else '0'}"[::-1])


def fill(database: Database, people: int = PEOPLE) -> str:
    """Let people answer, each a little differently; return the revision that they played."""
    revision = upload(database, sleep())["sleep"]
    moods, scores = ("good", "NA", "bad"), ("1", "2", "10")
    for place in range(people):
        mood, score = moods[place % 3], scores[place % 2]
        words = f"word {place}, “quoted”,\r\nnext line; ñ" if place % 2 else "plain"
        first = answered(revision, place, mood=mood, score=score, hours="7.5", bedtime="23:05", words=words)
        second = answered(revision, place + 1, mood="good", score=scores[place % 3], hours=str(place))
        fields = {"mood": "good", "last_score": score, "area": words, "not_of_a_dialogue": "secret"}
        person = Participant(
            number(place), LANGUAGES[place % 4], Status.ACTIVE, fields=fields, points=2.5, done=("sleep",)
        )
        enter(database, person, (first, second), said="said in between")
    return revision


def exported(database: Database, out: Path, kind: str = "csv", **how: Any) -> Exported:
    """Export everybody into a new folder."""
    discretion = Discretion(how.pop("free_text", True), how.pop("smallest_group", 0))
    plain = Order(kind, False, discretion, LANGUAGES, "ca", "en")
    ids = ids_with(database, Traits())
    return export(database, ids, replace(plain, **how), out, LATER, lambda _result: None)
