# SPDX-License-Identifier: GPL-3.0-or-later
"""An upload that is cut short, by whatever, leaves the study as it was, or wholly new; the next one ends the rest."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pymongo
import pytest

from src.dialogues.check import SourceFile
from src.errors import BotError, DatabaseAway
from src.store.database import Database, open_database
from src.store.study import Contents, Overtaken, StudyStore
from src.upkeep.study import upload_checked
from tests.dialogues.samples import Json
from tests.store.people import NOON
from tests.store.processes import server_of
from tests.upkeep.uploading import (
    UPLOAD,
    end_of,
    folder_of,
    in_database,
    interrupted,
    start,
    upload,
    whole_study,
)


@pytest.fixture
def before(database: Database) -> Contents:
    """Put a study into the database that the test tries to change."""
    return in_database(database, whole_study("first", ["story"]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with another study."""
    return folder_of(whole_study("second", ["new_story"]), tmp_path / "study")


def contents(database: Database) -> Contents:
    return StudyStore(database).contents()


def test_held_before_it_writes_the_impact_has_been_said_already(
    database: Database, before: Contents, folder: Path
) -> None:
    told = interrupted(database, folder, "upload_dialogues", signal.SIGINT)
    assert (told.returncode, told.stderr) == (130, "Interrupted.\n")
    assert contents(database) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_stopped_before_the_study_is_changed_it_is_as_it_was(
    database: Database, before: Contents, folder: Path, number: signal.Signals
) -> None:
    told = interrupted(database, folder, "_written", number)
    assert told.stderr == ("Interrupted.\n" if number is signal.SIGINT else "")
    assert database.revisions.count_documents({}) == 18
    assert contents(database) == before
    assert upload(database, folder).returncode == 0
    assert "new_story" in contents(database).revisions


def test_stopped_after_the_study_is_changed_it_is_wholly_new_and_the_next_upload_ends_the_rest(
    database: Database, before: Contents, folder: Path
) -> None:
    interrupted(database, folder, "_mirror", signal.SIGKILL)
    after = contents(database)
    assert set(after.revisions) == {*before.revisions, "new_story"} - {"story"}
    assert not set(after.revisions.values()) & set(before.revisions.values())
    assert "Nothing changes" in upload(database, folder).stdout
    assert contents(database) == after
    assert {one["_id"] for one in database.games.find()} == set(after.revisions)


def test_of_two_uploads_at_once_one_is_there_as_a_whole(database: Database, before: Contents, tmp_path: Path) -> None:
    studies: list[list[Json]] = [whole_study(text, [f"only_{text}"]) for text in ("red", "blue", "green")]
    folders = [folder_of(study, tmp_path / str(place)) for place, study in enumerate(studies)]
    for told in [end_of(each) for each in [start(database, str(UPLOAD), str(folder)) for folder in folders]]:
        assert (told.returncode, told.stderr) == (0, "")
    there = {one["_id"]: one for one in StudyStore(database).documents()}
    assert there in [{one["_id"]: one for one in study} for study in studies]
    assert {one["_id"]: one for one in database.games.find()} == there


@dataclass(frozen=True)
class OwnDatabase:
    """A database whose server a test may kill, and what its study was."""

    database: Database
    folder: Path
    before: Contents

    @property
    def server(self) -> int:
        """The number of the server's process now."""
        return server_of(self.folder).process.pid

    def after_its_return(self) -> Contents:
        """Kill the server if it still lives, let it come back, and return what is in the study then."""
        os.kill(self.server, signal.SIGKILL)
        self.database.revive()
        return contents(self.database)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnDatabase]:
    folder = tmp_path / "db"
    with open_database("", "experiment_db", folder) as database:
        yield OwnDatabase(database, folder, in_database(database, whole_study("first", ["story"])))


NEW = [SourceFile(f"{one['_id']}.json", one) for one in whole_study("second", [f"new{place}" for place in range(50)])]
NEW_NAMES = {one.name.removesuffix(".json") for one in NEW}


def test_the_database_that_dies_before_the_study_is_changed_has_the_old_one(own: OwnDatabase) -> None:
    class Dying(StudyStore):
        def _written(self, before: Contents, after: Contents) -> bool:
            os.kill(own.server, signal.SIGKILL)
            return super()._written(before, after)

    with pytest.raises(DatabaseAway, match="as it was, or wholly the new one"), pymongo.timeout(1):
        upload_checked(NEW, Dying(own.database), NOON, replace_all=True)
    own.database.revive()
    assert contents(own.database) == own.before
    upload_checked(NEW, StudyStore(own.database), NOON, replace_all=True)
    assert set(contents(own.database).revisions) == NEW_NAMES


def test_the_database_that_dies_after_the_study_is_changed_has_the_new_one(own: OwnDatabase) -> None:
    class Dying(StudyStore):
        def _mirror(self) -> None:
            os.kill(own.server, signal.SIGKILL)
            super()._mirror()

    with pytest.raises(DatabaseAway, match="as it was, or wholly the new one"), pymongo.timeout(1):
        upload_checked(NEW, Dying(own.database), NOON, replace_all=True)
    own.database.revive()
    assert set(contents(own.database).revisions) == NEW_NAMES


@pytest.mark.parametrize("bytes_left", [1, 200_000])
def test_a_full_disk_leaves_the_study_as_it_was_or_wholly_new(own: OwnDatabase, bytes_left: int) -> None:
    _, most = resource.prlimit(own.server, resource.RLIMIT_FSIZE)
    resource.prlimit(own.server, resource.RLIMIT_FSIZE, (bytes_left, most))
    with contextlib.suppress(BotError), pymongo.timeout(5):
        upload_checked(NEW, StudyStore(own.database), NOON, replace_all=True)
    after = own.after_its_return()
    assert after == own.before or set(after.revisions) == NEW_NAMES
    if bytes_left == 1:
        assert after == own.before
    upload_checked(NEW, StudyStore(own.database), NOON, replace_all=True)
    assert set(contents(own.database).revisions) == NEW_NAMES


def test_whoever_is_overtaken_again_and_again_has_changed_nothing(database: Database, before: Contents) -> None:
    class Overtakes(StudyStore):
        def _written(self, before: Contents, after: Contents) -> bool:
            return False

    with pytest.raises(Overtaken, match=r"nothing was changed\. Please try again\.$"):
        upload_checked(NEW, Overtakes(database), NOON, replace_all=True)
    assert contents(database) == before
