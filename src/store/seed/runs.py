# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialogues of the seed, running and finished, in the form that we write.

The seed keyed much by player, and times of answers by names with dots, or names by times. Which message asked was not
kept; where one message alone stores an answer's name it is found again. What does not fit stays, in `as_left`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from src.dialogues.model import Dialogue
from src.dialogues.names import normal
from src.engine.effects import KeepRun
from src.engine.state import GivenAnswer, Run
from src.store.keys import key_of
from src.store.reading import Document, text_of
from src.store.runs import history_document, run_document
from src.store.seed.facts import Facts, Person, others, telegram_number, without_numbers
from src.store.seed.players import inside, not_of_player, numbers_in, of_player, told_elsewhere
from src.store.seed.values import time_in
from src.store.times import EPOCH, to_unix

AS_LEFT = "as_left"
_IDS = UUID("0d5a3f2e-6f0b-5b0e-9d5e-7a8c1c2b4e11")
"""The name space of ids for dialogues that had none."""

_BY_PLAYER = ("answers", "timestamps_answers", "timestamps_sent_messages")
_TIMES = ("start_time", "end_time")
_OURS = frozenset(
    "_id gameId players answers timestamps_answers timestamps_sent_messages ended start_time end_time revision given"
    " actions messages_ids last_message ignore ca_complete edit_msg_ident over question_after remind_at reminded"
    " reminded_at unfinished_because game_id game".split()
)


@dataclass(frozen=True)
class Read:
    """A dialogue that could be read. `rest` is what goes into the document beside; `is_over`: the seed had ended it."""

    run: Run
    end: datetime | None
    is_over: bool
    began: datetime | None
    rest: Document


def is_ours(document: object) -> bool:
    """Tell whether a dialogue stands there in our own form: only we write down its revision."""
    return isinstance(document, Mapping) and "revision" in document


def read_run(document: Mapping[str, Any], person: Person, facts: Facts, place: int | str = "running") -> Read:
    """Read a dialogue. `place` tells it from others of the same person, should it have no id."""
    name = normal(text_of(_first(document, "gameId", "game_id", "game"), ""))
    times = _times(document, "timestamps_answers", person, facts)
    sent_at = _times(document, "timestamps_sent_messages", person, facts)
    began = time_in(document.get("start_time"), facts.zone)
    run = Run(
        id=_id_of(document, person, place),
        dialogue=name,
        revision="",
        started_at=began or EPOCH,
        at=normal(text_of(of_player(document.get("last_message"), person), "")),
        question=_question(document, person),
        sent_at=sent_at,
    )
    answers = tuple(_answers(document, person, run, facts.dialogues.get(name), times))
    end = time_in(document.get("end_time"), facts.zone)
    run = replace(run, answers=answers, question_after=max((run.question or 1) - 1, 0))
    known = [time for time in (*(each.answered_at for each in answers), *sent_at.values(), began) if time]
    latest = max((each for each in known if each != EPOCH), default=None)
    return Read(run, end or latest, _truth(document.get("ended")), began, _rest(document, person, run, times, facts))


def running_document(read: Read, person: Person) -> Document:
    """Return a dialogue that goes on, as we write it."""
    ours = run_document(read.run, person.id)
    return _put_together(read, {**ours, "start_time": to_unix(read.began)})


def finished_document(read: Read, person: Person, *, ended: bool, why: str | None = None) -> Document:
    """Return a dialogue that is over, as we write it. What is not known of its times stays unknown."""
    kept = KeepRun(read.run, read.end or EPOCH, ended, why)
    ours = history_document(kept, person.id) | {"start_time": to_unix(read.began), "end_time": to_unix(read.end)}
    return _put_together(read, {**ours, "last_message": {person.id: read.run.at}} if read.run.at else ours)


def other_entry(entry: object, person: Person, place: int, facts: Facts) -> Document:
    """Return a document for an entry of the history that is none: the name of a dialogue perhaps."""
    name = normal(entry) if isinstance(entry, str) and normal(entry) in facts.dialogues else ""
    read = read_run({"gameId": name}, person, facts, place)
    left = {} if name else {AS_LEFT: {"entry": without_numbers(entry, numbers_in(person, {}, facts))}}
    return finished_document(Read(read.run, None, True, None, left), person, ended=bool(name))


def with_new_id(document: Document, place: int) -> Document:
    """Return a finished dialogue under an id that no other one of the same person has."""
    return {**document, "_id": str(uuid5(_IDS, f"{document['_id']} {place}"))}


def _put_together(read: Read, ours: Document) -> Document:
    """Put our form and the rest of the seed's together; where both have something the seed's has been understood."""
    rest = dict(read.rest)
    times = {**rest.pop("more_times", {}), **ours["timestamps_answers"]}
    return {**ours, "timestamps_answers": times, **rest}


def _first(document: Mapping[str, Any], *keys: str) -> object:
    return next((document[key] for key in keys if document.get(key) is not None), None)


def _truth(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() in ("true", "1")) or value == 1


def _id_of(document: Mapping[str, Any], person: Person, place: int | str) -> str:
    found = document.get("_id")
    if isinstance(found, bytes) and len(found) == 16:
        return str(UUID(bytes=bytes(found)))
    if found is None or isinstance(found, Mapping | list):
        return str(uuid5(_IDS, f"{person.id} {place} {document.get('gameId')} {document.get('start_time')}"))
    return str(found)


def _times(document: Mapping[str, Any], key: str, person: Person, facts: Facts) -> dict[str, datetime]:
    """Read times by name; where the seed keyed names by their times, they are turned round."""
    found: dict[str, datetime] = {}
    for name, value in inside(document, key, person).items():
        time = time_in(value, facts.zone)
        if time is not None:
            found[normal(name)] = time
            continue
        turned = time_in(name, facts.zone)
        if turned is not None and isinstance(value, str):
            found[normal(value)] = turned
    return found


def _question(document: Mapping[str, Any], person: Person) -> int | None:
    """Return the Telegram message of the open question: kept as (chat, message), as a list, a mapping or a text."""
    for key in ("edit_msg_ident", "messages_ids"):
        value = of_player(document.get(key), person)
        if isinstance(value, Mapping):
            value = value.get("message_id")
        if isinstance(value, str):
            value = [int(digits) for digits in re.findall(r"\d{1,18}", value)]
        last = value[-1] if isinstance(value, list) and value else value
        number = telegram_number(last)
        if number is not None:
            return number
    return None


def _answers(
    document: Mapping[str, Any], person: Person, run: Run, dialogue: Dialogue | None, times: Mapping[str, datetime]
) -> Iterator[GivenAnswer]:
    for key, value in inside(document, "answers", person).items():
        text = _answer_text(value)
        if text is None:
            continue
        name = normal(key)
        message, typed = _asked_by(name, dialogue)
        answered = times.get(name) or _time_of_part(name, times) or run.started_at
        yield GivenAnswer(message, name, text, typed, run.sent_at.get(message), answered)


def _answer_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return normal(value)
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return text_of(value, str(value))


def _time_of_part(name: str, times: Mapping[str, datetime]) -> datetime | None:
    """Return the latest time kept under a name that has this one in it, such as `p_3.agree` or `agree.0`."""
    return max((time for key, time in times.items() if name in key.split(".")), default=None)


def _asked_by(name: str, dialogue: Dialogue | None) -> tuple[str, bool]:
    """Return the one message that stores an answer under this name, and whether it is typed there."""
    messages = dialogue.messages.values() if dialogue else ()
    asking = [each for each in messages if each.typed == name or any(button.name == name for button in each.buttons)]
    if len(asking) != 1:
        return "", False
    return asking[0].id, asking[0].typed == name and not asking[0].buttons


def _rest(
    document: Mapping[str, Any], person: Person, run: Run, times: Mapping[str, datetime], facts: Facts
) -> Document:
    """Return what stays beside our form: keys we do not know, times of no answer, and what cannot be understood."""
    people = numbers_in(person, document, facts)
    rest: Document = without_numbers(others(document, _OURS), people)
    own = {answer.name for answer in run.answers}
    more = {key_of(name): to_unix(time) for name, time in times.items() if name not in own}
    elsewhere = told_elsewhere(document, run, facts)
    left = {key: value for key in _BY_PLAYER if (value := not_of_player(document, key, person, elsewhere))}
    left |= {key: value for key in _BY_PLAYER[1:] if (value := _no_times(document, key, person, facts))}
    left |= {key: document[key] for key in _TIMES if document.get(key) and time_in(document[key], facts.zone) is None}
    players = document.get("players")
    if isinstance(players, list) and len(players) > 1:
        rest["players"] = [str(each) for each in without_numbers(players, people)]
    if left:
        rest[AS_LEFT] = without_numbers(left, people)
    return rest | ({"more_times": more} if more else {})


def _no_times(document: Mapping[str, Any], key: str, person: Person, facts: Facts) -> Document:
    """Return what should be times of this person and cannot be read as such."""
    entries = inside(document, key, person).items()
    return {
        key_of(name): value
        for name, value in entries
        if time_in(value, facts.zone) is None and not (isinstance(value, str) and time_in(name, facts.zone))
    }
