# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup comes back as it was, into an empty database alone, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest

from src.paths import ROOT
from src.sealed_stream import PIECE
from src.sealing import make_key
from src.store.database import Database
from src.store.dump import NotEmpty, Record, fill, records
from src.store.participants import ParticipantStore
from src.upkeep.backup import KEY_FILE, NoBackup, back_up, counts_in, restore
from tests.database import DatabaseServer
from tests.store.people import newcomer, number, one_more_point, person
from tests.upkeep.uploading import everything, in_database, upload, whole_study

BACKUP = ROOT / "manipulate_db" / "backup.py"
RESTORE = ROOT / "manipulate_db" / "restore.py"
PEOPLE = 120


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_key(tmp_path / "keys" / KEY_FILE)
    return tmp_path / "keys"


@pytest.fixture
def empty(database_server: DatabaseServer, database: Database) -> Iterator[Database]:
    """Return a second database, with nothing in it."""
    with database_server.open(f"{database.database.name}_too") as opened:
        yield opened
        with pymongo.timeout(10):
            opened.database.client.drop_database(opened.database.name)


@pytest.fixture
def full(database: Database) -> Database:
    """Fill a database with a study and people, more than fit into one sealed piece."""
    in_database(database, whole_study())
    ParticipantStore(database).save([newcomer(person(number(place))) for place in range(PEOPLE)])
    database.hashes.insert_many([{"_id": number(place), "Tele_id": 7_000_000_000 + place} for place in range(PEOPLE)])
    noise = [{"participant": number(place), "noise": str(pow(3, 8_000 + place))} for place in range(PEOPLE)]
    database.database["game_history"].insert_many(noise)
    return database


def test_everything_comes_back_as_it_was(full: Database, empty: Database, tmp_path: Path, keys: Path) -> None:
    file = tmp_path / "study.backup"
    counts = back_up(full, file, keys)
    assert counts["clients"] == counts["hashes"] == counts["game_history"] == PEOPLE
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size > 2 * PIECE
    assert restore(empty, file, keys) == counts_in(file, keys) == counts
    assert everything(empty) == everything(full)
    assert "next_at" in empty.clients.index_information()


def test_the_file_shows_nothing_of_what_it_holds(full: Database, tmp_path: Path, keys: Path) -> None:
    back_up(full, tmp_path / "study.backup", keys)
    content = (tmp_path / "study.backup").read_bytes()
    assert not any(word.encode() in content for word in ("clients", "Tele_id", number(3), "welcome"))


def test_who_people_are_can_be_left_out(full: Database, empty: Database, tmp_path: Path, keys: Path) -> None:
    back_up(full, tmp_path / "study.backup", keys, without_hashes=True)
    restore(empty, tmp_path / "study.backup", keys)
    assert empty.hashes.count_documents({}) == 0
    assert "700000" not in repr(everything(empty))
    assert empty.clients.count_documents({}) == PEOPLE


def test_a_database_with_data_is_left_alone(full: Database, empty: Database, tmp_path: Path, keys: Path) -> None:
    back_up(full, tmp_path / "study.backup", keys)
    empty.database["notes"].insert_one({"_id": "somebody's"})
    with pytest.raises(NotEmpty, match="the collection notes"):
        restore(empty, tmp_path / "study.backup", keys)
    assert everything(empty)["notes"] == [{"_id": "somebody's"}]
    assert empty.clients.count_documents({}) == 0


@pytest.mark.parametrize(
    "harm", ["first", "middle", "last", "cut", "cut_at_a_piece", "longer", "pieces_swapped", "head"]
)
def test_a_file_that_was_changed_or_cut_restores_nothing(
    full: Database, empty: Database, tmp_path: Path, keys: Path, harm: str
) -> None:
    file = tmp_path / "study.backup"
    back_up(full, file, keys)
    content, sealed, head = bytearray(file.read_bytes()), PIECE + 16, 63
    places = {"first": head, "middle": len(content) // 2, "last": len(content) - 1, "head": 3}
    if harm in places:
        content[places[harm]] ^= 1
    elif harm == "pieces_swapped":
        one, two = content[head : head + sealed], content[head + sealed : head + 2 * sealed]
        content[head : head + 2 * sealed] = two + one
    else:
        content = {"cut": content[:-1], "cut_at_a_piece": content[: head + sealed], "longer": content + b"x"}[harm]
    file.write_bytes(content)
    with pytest.raises(NoBackup, match="cannot be used"):
        restore(empty, file, keys)
    assert not any(everything(empty).values())


def test_another_key_opens_nothing(full: Database, tmp_path: Path, keys: Path) -> None:
    back_up(full, tmp_path / "study.backup", keys)
    make_key(tmp_path / "others" / KEY_FILE)
    with pytest.raises(NoBackup, match="another key has sealed it"):
        counts_in(tmp_path / "study.backup", tmp_path / "others")


def test_a_restoring_that_is_cut_short_leaves_an_empty_database(full: Database, empty: Database) -> None:
    def cut_short() -> Iterator[Record]:
        for place, one in enumerate(records(full)):
            if place == PEOPLE + 60:
                raise KeyboardInterrupt
            yield one

    with pytest.raises(KeyboardInterrupt):
        fill(empty, cut_short())
    assert not any(everything(empty).values())


def test_what_a_killed_restoring_left_is_cleared_by_the_next(full: Database, empty: Database) -> None:
    empty.bot.insert_one({"_id": "restoring"})
    empty.clients.insert_one({"_id": "half"})
    fill(empty, records(full))
    assert everything(empty) == everything(full)


def test_a_backup_is_whole_while_people_play(full: Database, empty: Database, tmp_path: Path, keys: Path) -> None:
    store, stop, turns = ParticipantStore(full), threading.Event(), 0

    def play() -> None:
        nonlocal turns
        while not stop.is_set():
            people = store.load([number(place) for place in range(0, PEOPLE, 7)])
            assert store.save([one_more_point(one) for one in people.values()]) == frozenset()
            turns += len(people)

    playing = threading.Thread(target=play)
    playing.start()
    try:
        for place in range(3):
            back_up(full, tmp_path / f"{place}.backup", keys)
    finally:
        stop.set()
        playing.join()
    restore(empty, tmp_path / "2.backup", keys)
    found = ParticipantStore(empty).load([number(place) for place in range(PEOPLE)])
    assert len(found) == PEOPLE
    assert turns > 0
    assert all(one.version == one.points + 1 for one in found.values())


def test_the_scripts_say_what_they_did(full: Database, empty: Database, tmp_path: Path, keys: Path) -> None:
    file = tmp_path / "study.backup"
    told = upload(full, file, "--keys", keys, script=BACKUP)
    assert (told.returncode, told.stderr) == (0, "")
    assert f"clients: {PEOPLE}\n" in told.stdout
    again = upload(full, file, "--keys", keys, script=BACKUP)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == f"{file} is there already and stays as it is. Choose another name.\n"
    told = upload(empty, file, "--keys", keys, script=RESTORE)
    assert (told.returncode, told.stderr) == (0, "")
    refused = upload(empty, file, "--keys", keys, script=RESTORE)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("Nothing was restored:")
    assert "7000000" not in told.stdout + refused.stderr


def test_wrong_use_and_missing_keys_are_one_line(full: Database, tmp_path: Path) -> None:
    told = upload(full, tmp_path / "b", "--keys", tmp_path / "none", script=BACKUP)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "Run python3 security/generate_keys.py" in told.stderr
    told = upload(full, tmp_path / "absent", "--keys", tmp_path, script=RESTORE)
    assert told.stderr == f"{tmp_path / 'absent'} cannot be read: No such file or directory.\n"
    assert list(tmp_path.iterdir()) == []
