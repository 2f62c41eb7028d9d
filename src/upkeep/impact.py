# SPDX-License-Identifier: GPL-3.0-or-later
"""What an upload would change, and for how many people; asked before it takes effect. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from src.dialogues.parse import MalformedDialogue, parse_dialogue, revision_of
from src.store.audience import people_idle_without, people_inside
from src.store.database import Database, open_database
from src.store.revisions import id_of, sources
from src.store.server_notes import Files, find
from src.store.study import StudyStore


class Change(StrEnum):
    """What happens to one dialogue of the study."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class DialogueImpact:
    """One dialogue that the upload changes. `place` counts from 1 in the sequence; None: it is not in there.

    `finishing` people are inside it now and finish the version that they began. `unpinned` ones are inside too, but
    began with another program that kept no version: they go on with the new one, or are cut short if it is removed.
    """

    dialogue: str
    change: Change
    place: int | None
    finishing: int
    unpinned: int


@dataclass(frozen=True)
class Impact:
    """What an upload changes. `getting_new`: active people for whom nothing is planned, and who get something new."""

    dialogues: tuple[DialogueImpact, ...]
    unchanged: int
    getting_new: int


@dataclass(frozen=True)
class SequenceImpact:
    """What a new sequence changes: which dialogues come in and go out, and whether the others change their order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reordered: bool
    getting_new: int


def database_without_starting_one(uri: str, name: str, folder: Path) -> Database | None:
    """Connect as `open_database` does, but return None when the embedded database would have to be started."""
    if not uri and find(Files(folder.resolve())) is None:
        return None
    return open_database(uri, name, folder)


def impact_of_upload(documents: Sequence[Mapping[str, Any]], database: Database, *, replace_all: bool) -> Impact:
    """Return what uploading these checked documents would change. Raises DatabaseAway."""
    contents = StudyStore(database).peek()
    new = {id_of(each): revision_of(each) for each in documents}
    after = new if replace_all else {**contents.revisions, **new}
    changes = _changes(contents.revisions, after)
    places = {dialogue: place for place, dialogue in reversed(list(enumerate(contents.sequence, start=1)))}
    inside = people_inside(database)
    kept = [after[each] for each in contents.sequence if each in after and each not in new]
    there = [*documents, *sources(database, kept).values()]
    return Impact(
        tuple(_impact_on(dialogue, change, places.get(dialogue), inside) for dialogue, change in changes.items()),
        unchanged=len(after.keys() - changes.keys()),
        getting_new=people_idle_without(database, _playable(contents.sequence, there)),
    )


def impact_of_sequence(ids: Sequence[str], database: Database) -> SequenceImpact:
    """Return what uploading this checked sequence would change. Raises DatabaseAway."""
    contents = StudyStore(database).peek()
    there = sources(database, [contents.revisions[each] for each in ids if each in contents.revisions])
    stayed = [each for each in contents.sequence if each in ids]
    return SequenceImpact(
        added=tuple(each for each in ids if each not in contents.sequence),
        removed=tuple(each for each in contents.sequence if each not in ids),
        reordered=stayed != [each for each in ids if each in contents.sequence],
        getting_new=people_idle_without(database, _playable(ids, there.values())),
    )


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Change]:
    """Return what happens to each dialogue that does not stay as it is, by two maps from id to revision."""
    new = {each: Change.NEW for each in after if each not in before}
    changed = {each: Change.CHANGED for each in after if before.get(each, after[each]) != after[each]}
    removed = {each: Change.REMOVED for each in before if each not in after}
    return {**new, **changed, **removed}


def _impact_on(
    dialogue: str, change: Change, place: int | None, inside: Mapping[tuple[str, str], int]
) -> DialogueImpact:
    people = {revision: count for (name, revision), count in inside.items() if name == dialogue}
    unpinned = people.pop("", 0)
    return DialogueImpact(dialogue, change, place, sum(people.values()), unpinned)


def _playable(sequence: Sequence[str], documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return those of the sequence that it really sends: they are there, not marked `skip`, and for one player."""
    playable: set[str] = set()
    for document in documents:
        try:
            dialogue = parse_dialogue(document)
        except MalformedDialogue:
            continue
        if not dialogue.skip and not dialogue.is_for_two:
            playable.add(dialogue.id)
    return [each for each in dict.fromkeys(sequence) if each in playable]
