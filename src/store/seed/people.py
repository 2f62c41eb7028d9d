# SPDX-License-Identifier: GPL-3.0-or-later
"""A participant's document of the seed in our form. Where somebody stands then is not decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from src.dialogues.names import OWN_FIELDS, SAVED_FOR_THE_BOT
from src.engine.sequence import NOT_REMEMBERED
from src.identities import Pseudonym
from src.store.documents import RUN, RUNS_KEPT, TEXTS_KEPT
from src.store.keys import OURS, key_of, name_of
from src.store.reading import Document, mapping_of, text_of
from src.store.seed.facts import Facts, Notes, Person, telegram_number, without_numbers
from src.store.seed.runs import (
    AS_LEFT,
    finished_document,
    is_ours,
    other_entry,
    read_run,
    running_document,
    with_new_id,
)
from src.store.seed.texts import texts_in
from src.store.seed.values import (
    hours_in,
    language_in,
    names_in,
    number_in,
    part_of_day_in,
    rhythm_in,
    status_in,
    time_in,
    timeshift_in,
    whole_number_in,
)
from src.store.times import to_unix

ENDED_AT = "end_of_last_game_of_type_CT"
READERS: Mapping[str, Callable[[Any, Facts], object | None]] = {
    "status": lambda value, _: status_in(value),
    "language": lambda value, facts: language_in(value, facts.languages),
    "freq": lambda value, _: hours_in(value),
    "rhythm": lambda value, _: rhythm_in(value),
    "horari_relats": lambda value, _: part_of_day_in(value),
    "timeshift_in_seconds": lambda value, _: timeshift_in(value),
    "points": lambda value, _: number_in(value),
    "message_id": lambda value, _: whole_number_in(value),
    "games_done": lambda value, _: names_in(value),
    ENDED_AT: lambda value, facts: to_unix(time_in(value, facts.zone)),
}
"""How each field that the bot itself reads is read. What is missing gets its default later, like everywhere."""

OTHER_NAMES = {
    "lang": "language",
    "timeshift": "timeshift_in_seconds",
    "gamesDone": "games_done",
    "currentGame": RUN,
    "gameHistory": RUNS_KEPT,
    "messageHistory": TEXTS_KEPT,
}
"""Names that fields had for a while, and their names now."""

NOT_KEPT = frozenset(
    "first_name last_name firstname lastname full_name username user_name phone phone_number telephone telefon photo"
    " photos contact chat from user chat_id user_id Tele_id tele_id telegram_id telegramId".split()
)
"""What Telegram tells of a person and the bot does not keep: names, numbers, pictures."""

_NEVER: tuple[object, ...] = (None, 0, "", "0", [], {})


def formed(document: Mapping[str, Any], person: Person, facts: Facts, notes: Notes) -> Document:
    """Return the document in our form; what stands there in our form already stays as it is."""
    own = _named(document, facts, notes) | {"_id": person.id}
    own = _without_traces(own, person, facts, notes)
    left = dict(mapping_of(own.get(AS_LEFT)))
    for field, read in READERS.items():
        _read_field(own, field, read, person, facts, left, notes)
    if "rhythm" not in own and isinstance(own.get("freq"), str):
        own["rhythm"] = rhythm_in(f"{own['freq']}h")
        notes.changed["the rhythm comes from the hours in freq"] += 1
    own |= {TEXTS_KEPT: _texts(own.get(TEXTS_KEPT), person, facts, notes)}
    own |= {RUNS_KEPT: _finished(own.get(RUNS_KEPT), person, facts, notes)}
    _running(own, person, facts, left, notes)
    if "games_done" not in own:
        own["games_done"] = _done_by_history(own[RUNS_KEPT])
    _saved_as_texts(own, facts)
    return own | ({AS_LEFT: left} if left else {})


def _named(document: Mapping[str, Any], facts: Facts, notes: Notes) -> Document:
    """Return the document under the names that fields have now, coded where MongoDB reads something into them."""
    own: Document = {}
    for key, value in document.items():
        name = OTHER_NAMES.get(key, key)
        if name != key and (name in document or key in facts.saved):
            name = key
        elif name != key:
            notes.changed[f"the field {key} is called {name}"] += 1
        own[name if name.startswith(OURS) else key_of(name_of(name))] = value
    return own


def _without_traces(document: Document, person: Person, facts: Facts, notes: Notes) -> Document:
    """Leave out what the bot does not keep of anybody, unless a dialogue has asked for it; and the Telegram number."""
    kept: Document = {}
    for key, value in document.items():
        is_field = key not in facts.saved and key not in OWN_FIELDS - {"Tele_id"}
        is_number = person.number is not None and telegram_number(value) == person.number
        if is_field and (key in NOT_KEPT or is_number):
            notes.changed["names and numbers of Telegram go"] += 1
            continue
        kept[key] = value
    read = (OWN_FIELDS - {"custom_data"}) | SAVED_FOR_THE_BOT | facts.saved
    others = {key: value for key, value in kept.items() if key not in read}
    return kept | (without_numbers(others, _number_of(person)) if others else {})


def _number_of(person: Person) -> dict[int, Pseudonym]:
    return {person.number: person.id} if person.number is not None else {}


def _read_field(
    own: Document,
    field: str,
    read: Callable[[Any, Facts], object | None],
    person: Person,
    facts: Facts,
    left: Document,
    notes: Notes,
) -> None:
    """Read a field in its place. One that is missing stays so; one that makes no sense goes to what is left."""
    if field not in own:
        return
    value = own[field]
    found = None if value is None else read(value, facts)
    if found is not None:
        if found != value or type(found) is not type(value):
            notes.changed[f"the field {field} is written in our form"] += 1
        own[field] = found
        return
    del own[field]
    if field == "status" and value is not None:
        own[field] = 2  # a status that nobody knows is no consent: nothing is sent
    if value in _NEVER or (field == "language" and isinstance(value, str) and not value.strip()):
        return
    left.setdefault(field, without_numbers(value, _number_of(person)))
    notes.unread[f"the field {field}"] += 1


def _texts(value: object, person: Person, facts: Facts, notes: Notes) -> list[Document]:
    entries = _as_list(value)
    found, without_text = texts_in(entries, person, facts)
    if found != entries:
        notes.changed["what people wrote is written in our form"] += 1
    if without_text:
        notes.changed["messages without a text go, such as stickers and pictures"] += 1
    return found


def _as_list(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else [] if value is None else [value]


def _finished(value: object, person: Person, facts: Facts, notes: Notes) -> list[Document]:
    """Return the finished dialogues, each under an id of its own; what was there twice, word for word, once."""
    found: list[Document] = []
    for place, entry in enumerate(_as_list(value)):
        one = _one_finished(entry, person, facts, place, notes)
        if one is None or one in found:
            continue
        same = any(each["_id"] == one["_id"] for each in found)
        found.append(with_new_id(one, place) if same else one)
    return found


def _one_finished(entry: object, person: Person, facts: Facts, place: int, notes: Notes) -> Document | None:
    if entry is None:
        return None
    if is_ours(entry):
        return dict(mapping_of(entry))
    if not isinstance(entry, Mapping):
        notes.unread["an entry of game_history that is no document"] += 1
        return other_entry(entry, person, place, facts)
    notes.changed["finished dialogues are written in our form"] += 1
    read = read_run(entry, person, facts, place)
    finished = finished_document(read, person, ended="ended" not in entry or read.is_over)
    _note_left(finished, "a finished dialogue", notes)
    return finished


def _note_left(document: Document, what: str, notes: Notes) -> None:
    for key in mapping_of(document.get(AS_LEFT)):
        notes.unread[f"{key} of {what}, or of its other player"] += 1


def _running(own: Document, person: Person, facts: Facts, left: Document, notes: Notes) -> None:
    """Read the dialogue that runs. What was over, or does not say which one it is, goes to the history."""
    entry = own.get(RUN)
    if entry in _NEVER:
        own[RUN] = None
        return
    if is_ours(entry):
        return
    if not isinstance(entry, Mapping):
        own[RUN] = None
        left[RUN] = without_numbers(entry, _number_of(person))
        notes.unread["a running dialogue that is no document"] += 1
        return
    notes.changed["running dialogues are written in our form"] += 1
    read = read_run(entry, person, facts)
    was_kept = any(mapping_of(each).get("_id") == read.run.id for each in own[RUNS_KEPT])
    was_counted = read.is_over and read.run.dialogue in own.get("games_done", ())
    own[RUN] = running_document(read, person)
    _note_left(own[RUN], "the running dialogue", notes)
    if was_kept:
        own[RUN] = None
        notes.changed["a running dialogue that stands in the history already"] += 1
    elif was_counted or not read.run.dialogue:
        own[RUN] = None
        own[RUNS_KEPT].append(finished_document(read, person, ended=was_counted))
        notes.changed["a running dialogue goes to the history: it had ended, or has no name"] += 1
    elif read.is_over:
        own[RUN]["over"] = True


def _done_by_history(finished: list[Document]) -> list[str]:
    """Return which dialogues are done, for somebody of whom nobody wrote that down."""
    names = (str(one["gameId"]) for one in finished if one.get("ended") and one.get("gameId"))
    return [name for name in dict.fromkeys(names) if name not in NOT_REMEMBERED]


def _saved_as_texts(own: Document, facts: Facts) -> None:
    """Make texts of numbers that dialogues have saved: the bot reads what people answered as texts."""
    for field in facts.saved - OWN_FIELDS:
        value = own.get(field)
        if isinstance(value, int | float):
            own[field] = text_of(value, str(value))
