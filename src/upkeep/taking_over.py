# SPDX-License-Identifier: GPL-3.0-or-later
"""A database of the seed project becomes ours: first what would change, in counts, then the same in earnest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from src.dialogues.check import missing_required
from src.engine.arriving import Place
from src.engine.study import Rules, Study
from src.errors import BotError
from src.store.creating import create_missing
from src.store.database import Database
from src.store.seed.facts import Facts
from src.store.seed.identities import clear, enter, identities_of
from src.store.seed.passing import Passage, Seen, saved_fields
from src.store.seed.study import study_in
from src.store.study import StudyStore

_COLLECTIONS = frozenset(
    "bot clients gamesInfo hashes dialogue_revisions audit files jobs admin_tries game_history message_history".split()
)


def look_over(database: Database, rules: Rules, key: Callable[[], bytes], now: Callable[[], datetime]) -> Seen:
    """Return what taking the database over would change, and what cannot be understood. Nothing is written.

    `key` gives the key of the pseudonyms, should somebody need one. Raises BotError.
    """
    seen = Seen()
    _pass(database, rules, key, now, seen, write=False)
    with database.answering():
        there = database.database.list_collection_names()
    for name in sorted(set(there) - _COLLECTIONS):
        if not name.startswith("system."):
            seen.elsewhere[f"collections that are none of ours, and stay: {name}"] += 1
    return seen


def take_over(
    database: Database, rules: Rules, key: Callable[[], bytes], now: Callable[[], datetime], seen: Seen
) -> None:
    """Take the database over, and note in `seen` what was done so far. May break off, and be done again."""
    create_missing(database)
    StudyStore(database).contents()
    _pass(database, rules, key, now, seen, write=True)


def _pass(
    database: Database,
    rules: Rules,
    key: Callable[[], bytes],
    now: Callable[[], datetime],
    seen: Seen,
    *,
    write: bool,
) -> None:
    study = study_in(database, rules, seen.notes)
    _check(study, seen)
    identities = identities_of(database, key, seen.notes)
    seen.elsewhere["entries of hashes"] += len(identities.entries)
    if write:
        enter(database, identities)
    facts = Facts(
        zone=rules.timezone,
        languages=rules.languages,
        default_language=rules.default_language,
        dialogues=study.dialogues,
        saved=saved_fields(study),
        numbers=identities.numbers,
        for_two=identities.for_two,
    )
    passage = Passage(database, facts, identities, study, now, write, seen)
    passage.people()
    passage.filed()
    passage.lists_of_the_bot()
    if write:
        clear(database, identities)
    seen.elsewhere += Counter()  # leaves out what was counted and is nothing


def _check(study: Study, seen: Seen) -> None:
    """Refuse a database without dialogues: nobody could be found in them, and everybody would lose their place."""
    if not study.dialogues:
        raise BotError(
            "The database has no dialogues, so nobody could keep their place. Upload them first: "
            "python3 data/gamesInfo/update_mongoDB_games.py"
        )
    for name in missing_required(study.dialogues):
        seen.notes.unread[
            f"the bot needs the dialogue {name}, and it is not there: upload it before the bot starts"
        ] += 1
    if not study.sequence:
        seen.notes.unread["no sequence was found in bot: upload it before the bot starts"] += 1


def as_json(seen: Seen) -> dict[str, object]:
    """Return what a pass has seen as one object for programs."""
    return {
        "participants": seen.total,
        "would_change": seen.would_change,
        "written": seen.written,
        "changes": dict(sorted(seen.notes.changed.items())),
        "not_understood": dict(sorted(seen.notes.unread.items())),
        "in_a_dialogue": {place.value: count for place, count in _places(seen).items()},
        "elsewhere": dict(sorted(seen.elsewhere.items())),
    }


def as_lines(seen: Seen) -> list[str]:
    """Return what a pass has seen as lines for people."""
    lines = [f"{seen.total} participants, of whom {seen.would_change} change; the others are as we write them."]
    places = {place.value: count for place, count in _places(seen).items()}
    for title, counts in (
        ("What changes, and for how many of them:", seen.notes.changed),
        ("Those in the middle of a dialogue:", places),
        ("Elsewhere:", seen.elsewhere),
        ("What cannot be understood. It stays as it is, or is kept in the field as_left:", seen.notes.unread),
    ):
        lines += _section(title, counts)
    return lines


def _places(seen: Seen) -> Mapping[Place, int]:
    return {place: seen.places[place] for place in Place if place is not Place.NONE and seen.places[place]}


def _section(title: str, counts: Mapping[str, int]) -> list[str]:
    rows = [f"{count:>7}  {what}" for what, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    return [title, *rows] if rows else []
