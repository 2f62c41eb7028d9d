# SPDX-License-Identifier: GPL-3.0-or-later
"""take_over.py as an operator meets it: a dry run, the question, counts, the audit log, kill -9 and once more."""

from __future__ import annotations

import json
import signal

from src.paths import ROOT
from src.store.database import Database
from tests.end_to_end.project import wait_until
from tests.manipulate_db.processes import audits, pseudonym, start, uri_of
from tests.manipulate_db.typed import on
from tests.store.seed.left_behind import everything
from tests.store.seed.test_passing import study

SCRIPT = "take_over.py"
MANY = 240
ANSWER = "what they wrote"


def many(database: Database, people: int) -> None:
    """Put people of the seed into the database, half of them in the middle of a dialogue."""
    study(database)
    run = {
        "_id": "run",
        "gameId": "story",
        "answers": {},
        "last_message": {"x": "ask"},
        "edit_msg_ident": {"x": [5, 77]},
    }
    finished = {"gameId": "story", "answers": {"x": {"ready": ANSWER}}, "start_time": "2021-05-03 10:00:00"}
    database.clients.insert_many(
        {
            "_id": pseudonym(number),
            "status": "1",
            "language": "ca_ES",
            "points": "?",
            "current_game": run if number % 2 else None,
            "game_history": [finished],
        }
        for number in range(people)
    )
    database.hashes.insert_many({"_id": pseudonym(number), "Tele_id": 10_000_000 + number} for number in range(people))


def test_the_dry_run_counts_and_writes_nothing_and_only_a_yes_changes(database: Database) -> None:
    many(database, 6)
    before = everything(database)
    code, output, errors = on(database, ROOT / "manipulate_db" / SCRIPT, "--dry-run", "--json")
    told = json.loads(output)
    assert (code, errors) == (0, "")
    assert (told["participants"], told["would_change"], told["written"]) == (6, 6, 0)
    assert told["in_a_dialogue"] == {"stay at the question that is open": 3}
    assert told["not_understood"] == {"the field points": 6}
    assert told["changes"]["finished dialogues are written in our form"] == 6
    code, output, errors = on(database, ROOT / "manipulate_db" / SCRIPT)
    assert (code, errors.startswith("Nothing was changed: there is no terminal")) == (1, True)
    assert "6 participants, of whom 6 change" in output
    assert "Make a backup first: python3 manipulate_db/backup.py FILE" in output
    code, output, errors = on(database, ROOT / "manipulate_db" / SCRIPT, "--json")
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert everything(database) == before
    assert ANSWER not in output + errors

    code, output, errors = on(database, ROOT / "manipulate_db" / SCRIPT, "--yes")
    assert (code, errors, output.splitlines()[-1]) == (0, "", "6 participants changed, 0 had nothing to change.")
    (noted,) = audits(database)
    assert noted["result"] == {"changed": 6, "of": 6, "elsewhere": 0}
    after = everything(database)
    code, output, errors = on(database, ROOT / "manipulate_db" / SCRIPT, "--yes", "--json")
    assert (code, errors) == (0, "")
    assert (json.loads(output)["would_change"], json.loads(output)["written"]) == (0, 0)
    assert everything(database) == after


def broken_off(database: Database, how: signal.Signals, enough: int) -> tuple[int, int, str]:
    """Run the script, break it off when so many are done; return how many were, its exit code and its output."""
    command = ("--yes", "--json", "--database", database.database.name)
    changed = {"_id": pseudonym(enough), "version": 1}
    with start(uri_of(database), SCRIPT, *command) as running:
        wait_until(lambda: database.clients.find_one(changed, {"_id": 1}) is not None, "nothing is changed")
        running.send_signal(how)
        output, _ = running.communicate(timeout=60)
    return database.clients.count_documents({"version": 1}), running.returncode, output


def test_killed_and_interrupted_in_the_middle_a_last_run_does_the_rest(database: Database) -> None:
    many(database, MANY)
    done = [broken_off(database, signal.SIGKILL, MANY // 4)[0]]
    (count, code, output) = broken_off(database, signal.SIGINT, MANY // 2)
    done.append(count)
    assert code == 130
    told = json.loads(output)["written"]
    (noted,) = audits(database)
    # Those that were being written when the end came may have been written, or not; also a moment later.
    assert told == noted["result"]["changed"]
    assert done[1] - done[0] - told in (0, 1, 2)
    assert done[1] < MANY
    code, output, _ = on(database, ROOT / "manipulate_db" / SCRIPT, "--yes", "--json")
    assert (code, MANY - done[1] - json.loads(output)["written"]) in ((0, 0), (0, 1))
    for one in database.clients.find():
        assert (one["status"], one["language"], one["version"], one["as_left"]) == (1, "ca", 1, {"points": "?"})
        assert [each["answers"] for each in one["game_history"]] == [{"ready": ANSWER}]
        assert (one["current_game"] is None) is (one["next_at"] is not None if "next_at" in one else False)
