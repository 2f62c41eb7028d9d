# SPDX-License-Identifier: GPL-3.0-or-later
"""Many people who have finished many dialogues, in the form in which the bot stores and files them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from src.dialogues.parse import revision_of
from src.engine.effects import KeepRun
from src.engine.state import GivenAnswer, Participant, Run, Status
from src.identities import Pseudonym
from src.store.database import Database
from src.store.documents import RUNS_KEPT, new_document
from src.store.histories import PARTICIPANT, RUN_ID
from src.store.runs import history_document
from src.store.study import StudyStore
from tests.benchmarks.small_study import dialogue, upload_into

Json = dict[str, Any]
STORIES = 50
QUESTIONS = 4
VALUES = ("yes", "rather yes", "rather no", "no")
LANGUAGES = ("ca", "es", "en", "de")
IN_DOCUMENT = 2
"""So many of the finished dialogues have not been filed yet."""
TOGETHER = 100


def story(number: int) -> Json:
    """Return a dialogue: questions with four buttons in four languages, the last one typed."""
    messages: Json = {f"m{place}": _question(place) for place in range(QUESTIONS - 1)}
    rule = {"kind": "number", "next": "end"}
    text = _in_all("How many people do you know who would help?")
    messages[f"m{QUESTIONS - 1}"] = {"type": "WA", "text": text, "vars": ["count"], "input": rule, "next": None}
    messages["end"] = {"type": "NA", "text": _in_all("Thank you"), "wait": None, "next": None}
    first = next(iter(messages))
    name = f"told{number:02}"
    return {"_id": name, "title": "story", "initial_messages": [first], "points": ["1"], "messages": messages}


def _question(place: int) -> Json:
    texts = [_in_all(f"{value}, I would say") for value in VALUES]
    buttons = {"name": f"a{place}", "type": "button", "values": list(VALUES), "texts": texts}
    text = _in_all("Would you go and ask whether they need anything?")
    return {"type": "SA", "text": text, "vars": [buttons], "wait": None, "next": f"m{place + 1}"}


def _in_all(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in LANGUAGES}


def fill(database: Database, people: int) -> None:
    """Put the study and so many people into an empty database; nobody is due, and nobody can be written to."""
    database.make_indexes()
    upload_into(database, stories=2)
    stories = [story(number) for number in range(STORIES)]
    StudyStore(database).upload_dialogues([*stories, dialogue("welcome")], datetime.now(UTC))
    revisions = [(one["_id"], revision_of(one)) for one in stories]
    for begin in range(0, people, TOGETHER):
        numbers = range(begin, min(begin + TOGETHER, people))
        entries = [_lived(Pseudonym(f"{number * 7919:032x}"), number, revisions) for number in numbers]
        database.clients.insert_many([document for document, _ in entries], ordered=False)
        database.database[RUNS_KEPT].insert_many([run for _, filed in entries for run in filed], ordered=False)


def _lived(who: Pseudonym, number: int, revisions: list[tuple[str, str]]) -> tuple[Json, list[Json]]:
    done = tuple(name for name, _ in revisions)
    participant = Participant(who, LANGUAGES[number % 4], Status.ACTIVE, done=done, points=50.0, version=1)
    runs = [history_document(kept, who) for kept in _finished(number, revisions)]
    filed = [
        {**run, RUN_ID: run["_id"], "_id": f"{who}/{place:024x}/0", PARTICIPANT: who}
        for place, run in enumerate(runs[:-IN_DOCUMENT])
    ]
    return new_document(participant) | {RUNS_KEPT: runs[-IN_DOCUMENT:]}, filed


def _finished(number: int, revisions: list[tuple[str, str]]) -> Iterator[KeepRun]:
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number * 61)
    for day, (name, revision) in enumerate(revisions):
        at = begin + timedelta(days=day)
        answers = tuple(_given(number + day, place, at) for place in range(QUESTIONS))
        sent = {f"m{place}": at for place in range(QUESTIONS)}
        run = Run(f"{number}-{day}", name, revision, at, "end", answers=answers, over=True, sent_at=sent)
        yield KeepRun(run, at, ended=True)


def _given(chance: int, place: int, at: datetime) -> GivenAnswer:
    asked, answered = at + timedelta(seconds=20 * place), at + timedelta(seconds=20 * place + 7 + chance % 5)
    if place == QUESTIONS - 1:
        return GivenAnswer(f"m{place}", "count", str(chance % 12), True, asked, answered)
    return GivenAnswer(f"m{place}", f"a{place}", VALUES[chance * (place + 3) % 4], False, asked, answered)
