# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts that change participants really change: exact counts, the audit log, Ctrl-C to a real process."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from src.paths import ROOT
from src.store.creating import create_missing
from src.store.database import Database
from tests.end_to_end.project import wait_until
from tests.manipulate_db.processes import audits, enter, playing, pseudonym, start, uri_of
from tests.manipulate_db.typed import on

ONE = pseudonym(1)
SCRIPTS = ROOT / "manipulate_db"
MANY = 300
CHANGING: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "change_status.py": (("down",), {"status": 2}),
    "clear_current_games.py": ((), {"current_game": None}),
    "clear_games_done.py": ((), {"games_done": []}),
}
"""The scripts that change participants: what stands before the choice, and how a changed document is found."""


@pytest.mark.parametrize("name", CHANGING)
def test_nobody_or_somebody_unknown_is_one_line_and_nothing_is_changed(database: Database, name: str) -> None:
    enter(database, [playing(1), playing(2)])
    before = list(database.clients.find())
    arguments, _ = CHANGING[name]
    mistyped = ONE[:9] + ("0" if ONE[9] != "0" else "1") + ONE[10:]
    for who, said in (
        ((), "Say who: --all, --id ID"),
        (("--id", mistyped), f"Do you mean {ONE}?"),
        (("--all-but", "nobody"), "is no participant's id"),
        (("--all",), "Nothing was changed: there is no terminal to ask on."),
    ):
        told = on(database, SCRIPTS / name, *arguments, *who)
        assert (told.code, told.errors.count("\n")) == (1, 1), told
        assert said in told.errors
    assert list(database.clients.find()) == before
    assert audits(database) == []


@pytest.mark.parametrize("name", CHANGING)
def test_the_second_time_says_that_there_is_nothing_to_change_and_the_audit_log_has_the_first(
    database: Database, name: str
) -> None:
    enter(database, [playing(number) for number in range(3)])
    arguments, changed = CHANGING[name]
    code, output, errors = on(database, SCRIPTS / name, *arguments, "--all-but", ONE, "--yes")
    assert (code, errors) == (0, "")
    assert "2 of 2 chosen participants would change" in output
    assert "2 changed, 0 had nothing to change" in output
    assert database.clients.count_documents(changed) == 2
    (noted,) = audits(database)
    assert noted["who"].startswith("operator")
    assert noted["result"] == {"changed": 2}
    assert noted["what"]
    code, output, _ = on(database, SCRIPTS / name, *arguments, "--all-but", ONE, "--yes")
    assert (code, output) == (0, "2 participants chosen; there is nothing to change.\n")
    assert len(audits(database)) == 1


@pytest.mark.parametrize("name", CHANGING)
def test_ctrl_c_in_the_middle_tells_and_notes_exactly_what_was_changed_and_a_second_run_does_the_rest(
    database: Database, name: str
) -> None:
    enter(database, [playing(number) for number in range(MANY)])
    arguments, changed = CHANGING[name]
    command = (*arguments, "--all", "--yes", "--database", database.database.name)
    with start(uri_of(database), name, *command) as running:
        wait_until(lambda: database.clients.find_one(changed) is not None, "nothing is changed")
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (130, "Interrupted.\n"), output
    (noted,) = audits(database)
    told = int(output.splitlines()[-1].split()[0])
    assert told == noted["result"]["changed"] < MANY
    code, output, _ = on(database, SCRIPTS / name, *arguments, "--all", "--yes")
    rest = int(output.splitlines()[-1].split()[0])
    # Of the portion that was under way when Ctrl-C came the server may have written all, or some, also a moment later.
    assert (code, 0 <= MANY - told - rest <= 100) == (0, True)
    assert f"{rest} changed, {MANY - rest} had nothing to change." in output
    assert database.clients.count_documents(changed) == MANY


def test_erasing_an_unknown_person_one_twice_and_one_with_ctrl_c(database: Database) -> None:
    enter(database, [playing(1), playing(2), playing(3)])
    code, _, errors = on(database, SCRIPTS / "rm_user.py", "0" * 32, "--yes")
    assert (code, errors.count("\n")) == (1, 1)
    assert "No participant has the id" in errors
    code, _, errors = on(database, SCRIPTS / "rm_user.py", ONE)
    assert code == 1
    assert "Add --yes" in errors
    assert database.clients.count_documents({}) == 3

    assert on(database, SCRIPTS / "rm_user.py", ONE, "--yes")[0] == 0
    (noted,) = audits(database)
    assert noted["result"] == {"erased": {"clients": 1}, "left": {}}
    assert ONE not in str(audits(database))
    assert on(database, SCRIPTS / "rm_user.py", ONE, "--yes")[0] == 1

    two = pseudonym(2)
    with start(uri_of(database), "rm_user.py", two, "--yes", "--database", database.database.name) as running:
        assert running.stdout is not None
        assert "This cannot be undone" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode in (0, 130)
    on(database, SCRIPTS / "rm_user.py", two, "--yes")
    assert database.clients.find_one({"_id": two}) is None
    assert database.clients.count_documents({}) == 1


def test_making_an_empty_database_twice_changes_nothing_the_second_time(database: Database) -> None:
    made = create_missing(database)
    code, output, _ = on(database, SCRIPTS / "create_empty_db.py")
    assert (code, "everything already" in output) == (0, True)
    assert audits(database) == []
    for name in made:
        database.database.drop_collection(name)
    database.database.drop_collection("bot")
    code, output, _ = on(database, SCRIPTS / "create_empty_db.py")
    assert (code, output.startswith("Made in the database")) == (0, True)
    assert audits(database)[0]["what"] == "Create an empty database"
    assert "everything already" in on(database, SCRIPTS / "create_empty_db.py")[1]


def test_the_status_that_is_watched_ends_with_ctrl_c(database: Database) -> None:
    enter(database, [playing(1)])
    command = ("--watch", "1", "--database", database.database.name)
    with start(uri_of(database), "print_db_status.py", *command) as running:
        with pytest.raises(Exception, match="timed out"):
            running.communicate(timeout=4)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (130, "Interrupted.\n")
    assert ONE[:8] in output
