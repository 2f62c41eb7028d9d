# SPDX-License-Identifier: GPL-3.0-or-later
"""What an upload changes for whom, counted before it takes effect."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from src.engine.sequence import next_wish
from src.engine.state import Participant, Status
from src.engine.study import Rules
from src.store.database import Database, open_database
from src.store.documents import new_document
from src.store.participants import ParticipantStore
from src.store.study import StudyStore
from src.upkeep.impact import (
    Change,
    DialogueImpact,
    Impact,
    SequenceImpact,
    database_without_starting_one,
    impact_of_sequence,
    impact_of_upload,
)
from src.upkeep.report import impact_lines, sequence_lines
from tests.dialogues.samples import Json, document, message
from tests.store.people import NOON, number, person, run

RULES = Rules(("ca",), "ca", ZoneInfo("UTC"), NOON.time(), NOON.time(), reading_pause=len)


def dialogue(name: str, text: str = "Hello", **more: Any) -> Json:
    return document({"m": message(text=text)}, **{"_id": name, **more})


def study(database: Database, documents: Sequence[Json], sequence: Sequence[str] = ()) -> StudyStore:
    """Put a study into the database."""
    store = StudyStore(database)
    store.upload_dialogues(documents, NOON)
    store.upload_sequence(sequence, NOON)
    return store


def enrol(database: Database, *people: Participant) -> None:
    """Store these people, each under a pseudonym of their own."""
    there = database.clients.count_documents({})
    database.clients.insert_many(
        [new_document(replace(each, id=number(there + place))) for place, each in enumerate(people)]
    )


def inside(name: str, revision: str) -> Participant:
    """Return somebody who is in the middle of a dialogue."""
    return replace(person(), run=run(dialogue=name, revision=revision))


def idle(*done: str, **more: Any) -> Participant:
    """Return somebody for whom nothing is planned."""
    return replace(person(), done=done, **more)


def everything(database: Database) -> list[list[Json]]:
    """Return all that the database holds."""
    names = sorted(database.database.list_collection_names())
    return [list(database.database[name].find(sort=[("_id", 1)])) for name in names]


def changes(database: Database, *documents: Json, replace_all: bool = False) -> dict[str, tuple[Any, ...]]:
    """Return what is told of each dialogue that would change, and make sure that nothing was written."""
    before = everything(database)
    found = impact_of_upload(documents, database, replace_all=replace_all)
    assert everything(database) == before
    return {each.dialogue: (each.change, each.place, each.finishing, each.unpinned) for each in found.dialogues}


def getting_new(database: Database, *documents: Json) -> int:
    return impact_of_upload(documents, database, replace_all=False).getting_new


def test_in_an_empty_database_everything_is_new(database: Database) -> None:
    assert changes(database, dialogue("a"), dialogue("b")) == {
        "a": (Change.NEW, None, 0, 0),
        "b": (Change.NEW, None, 0, 0),
    }


def test_what_is_changed_or_removed_is_told_with_its_place_and_the_people_inside(database: Database) -> None:
    store = study(database, [dialogue("a"), dialogue("b"), dialogue("c")], ["b", "a"])
    first = store.contents().revisions
    store.upload_dialogues([dialogue("a", "second")], NOON)
    second = store.contents().revisions["a"]
    enrol(database, inside("a", first["a"]), inside("a", second), inside("a", second), inside("b", first["b"]))
    found = changes(database, dialogue("a", "third"), dialogue("c"), replace_all=True)
    assert found == {"a": (Change.CHANGED, 2, 3, 0), "b": (Change.REMOVED, 1, 1, 0)}


def test_single_files_remove_nothing_and_the_same_again_changes_nothing(database: Database) -> None:
    study(database, [dialogue("a"), dialogue("b")])
    assert changes(database, dialogue("a")) == {}
    assert impact_of_upload([dialogue("a")], database, replace_all=False).unchanged == 2
    assert list(changes(database, dialogue("b", "new"), dialogue("c"))) == ["c", "b"]


def test_who_began_with_a_program_that_kept_no_versions_is_counted_apart(database: Database) -> None:
    kept = study(database, [dialogue("més")]).contents().revisions["més"]
    enrol(database, inside("me\u0301s", ""), inside("més", "lost"), inside("més", kept))
    database.clients.insert_one({"_id": "of the seed", "status": 1, "current_game": {"gameId": "més"}})
    assert changes(database, dialogue("més", "new")) == {"més": (Change.CHANGED, None, 1, 3)}


def test_a_study_of_the_seeds_is_compared_and_not_taken_over_yet(database: Database) -> None:
    database.games.insert_many([dialogue("a"), dialogue("b")])
    database.bot.insert_one({"_id": "x", "names_relatos": ["b", "a"]})
    assert changes(database, dialogue("a"), dialogue("b", "new")) == {"b": (Change.CHANGED, 1, 0, 0)}
    assert database.bot.find_one({"_id": "study"}) is None


def test_people_with_nothing_planned_get_what_they_have_not_done(database: Database) -> None:
    study(database, [dialogue("a")], ["a", "b"])
    enrol(database, idle("a"), idle("a", "b"), idle("a", "other"), idle())
    assert getting_new(database, dialogue("b")) == 3
    assert getting_new(database, dialogue("not in the sequence")) == 1


def test_nobody_gets_what_the_sequence_passes_over(database: Database) -> None:
    study(database, [dialogue("a")], ["a", "b", "c"])
    enrol(database, idle("a"))
    for_two = document({"m": message(), "n": message()}, first=["m", "n"], _id="c")
    assert getting_new(database, dialogue("b", skip=True), {**for_two, "_id": "c"}) == 0


def test_only_active_people_count_who_can_be_reached_and_for_whom_nothing_is_planned(database: Database) -> None:
    study(database, [dialogue("a")], ["a"])
    enrol(
        database,
        idle(status=Status.DOWN),
        idle(status=Status.START),
        idle(next_at=NOON),
        idle(run=run()),
        idle(reachable=False),
        idle(erasing=True),
    )
    assert getting_new(database, dialogue("a", "new")) == 0


def woken(database: Database) -> int:
    """Count those who are due, and for whom the sequence really has something."""
    store = ParticipantStore(database)
    seen = StudyStore(database).current(RULES)
    due = store.load([who for who, _ in store.due(NOON, 100)])
    return sum(next_wish(each, NOON, seen) is not None for each in due.values())


def test_the_number_told_is_the_number_that_the_upload_wakes_for_something_new(database: Database) -> None:
    store = study(database, [dialogue("a"), dialogue("b", skip=True)], ["a", "b", "c"])
    some = [idle("a"), idle("a", "c"), idle("c"), idle(reachable=False), idle("a", "c", "b"), idle("b")]
    enrol(database, *some)
    told = getting_new(database, dialogue("c"))
    store.upload_dialogues([dialogue("c")], NOON)
    assert told == woken(database) == 3


def test_a_sequence_is_compared_with_the_one_before(database: Database) -> None:
    study(database, [dialogue(name) for name in "abcd"], ["a", "b", "c"])
    enrol(database, idle("a", "b", "c"), idle(*"abcd"))
    before = everything(database)
    assert impact_of_sequence(["c", "a", "d"], database) == SequenceImpact(("d",), ("b",), True, 1)
    assert impact_of_sequence(["a", "b", "c"], database) == SequenceImpact((), (), False, 0)
    assert everything(database) == before


def test_a_check_starts_no_database_and_leaves_no_trace(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "db"
    assert database_without_starting_one("", "experiment_db", folder) is None
    assert list(tmp_path.iterdir()) == []


def test_a_check_uses_the_database_that_runs_and_leaves_it_running(tmp_path: Path) -> None:
    folder = tmp_path / "db"
    with open_database("", "experiment_db", folder) as running:
        looked = database_without_starting_one("", "experiment_db", folder)
        assert looked is not None
        looked.close()
        assert running.healthy()
    assert database_without_starting_one("", "experiment_db", folder) is None


def test_people_are_told_in_sentences() -> None:
    impact = Impact(
        (
            DialogueImpact("new_one", Change.NEW, None, 0, 0),
            DialogueImpact("story", Change.CHANGED, 3, 12, 0),
            DialogueImpact("old", Change.REMOVED, 4, 1, 2),
            DialogueImpact("quiet", Change.REMOVED, None, 0, 0),
        ),
        unchanged=10,
        getting_new=4,
    )
    assert impact_lines(impact) == [
        "What changes:",
        "  new:      new_one  not in the sequence",
        "  changed:  story    number 3 of the sequence  12 people are inside now and finish the version that they"
        " began",
        "  removed:  old      number 4 of the sequence  1 person is inside now and finishes the version that they"
        " began; inside, of an older program that kept no versions: 2, cannot go on",
        "  removed:  quiet    not in the sequence       nobody is inside now",
        "  unchanged: 10",
        "4 active participants with nothing planned will get something new.",
    ]


def test_nothing_to_change_is_told_too() -> None:
    told = impact_lines(Impact((), 14, 1))
    assert told[0] == "Nothing changes: all 14 dialogues are in the database as they are."
    assert told[1] == "1 active participant with nothing planned will get something new."
    assert sequence_lines(SequenceImpact((), (), False, 0)) == ["Nothing changes in the sequence."]
    assert sequence_lines(SequenceImpact(("a", "b"), ("c",), True, 2)) == [
        "What changes:",
        "  new in it: a, b",
        "  no longer in it: c",
        "  the others stand in another order",
        "2 active participants with nothing planned will get something new.",
    ]


def test_the_copy_to_read_is_that_of_the_last_upload_also_when_two_cross(database: Database) -> None:
    class Slow(StudyStore):
        """Somebody else uploads while this one is about to write its copy."""

        crossed = False

        def _copy(self, revisions: Collection[str]) -> None:
            if not self.crossed:
                self.crossed = True
                StudyStore(database).upload_dialogues([dialogue("a", "second")], NOON)
            super()._copy(revisions)

    Slow(database).upload_dialogues([dialogue("a", "first")], NOON)
    assert list(database.games.find()) == [dialogue("a", "second")]


def test_the_same_upload_again_keeps_no_more_revisions_and_old_ones_stay(database: Database) -> None:
    store = study(database, [dialogue("a"), dialogue("b")])
    for text, kept in (("Hello", 2), ("second", 3), ("Hello", 3), ("second", 3)):
        store.upload_dialogues([dialogue("a", text), dialogue("b")], NOON)
        assert database.revisions.count_documents({}) == kept
