# SPDX-License-Identifier: GPL-3.0-or-later
"""Every script for operators, in one table: help, wrong use, no database, unknown ids, Ctrl-C anywhere, run twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from src.paths import ROOT
from src.store import database as store_database
from src.store.database import Database
from tests.manipulate_db.processes import enter, playing, pseudonym
from tests.manipulate_db.typed import Said, ctrl_c_at, on, typed
from tests.store.seed.test_passing import study

ONE = pseudonym(1)
MISTYPED = ONE[:9] + ("0" if ONE[9] != "0" else "1") + ONE[10:]
SCRIPTS = sorted(
    path for folder in ("manipulate_db", "security") for path in (ROOT / folder).glob("*.py") if path.name[0] != "_"
)
NOWHERE = "mongodb://127.0.0.1:9/?directConnection=true"


@dataclass(frozen=True)
class Case:
    """How a script is typed, and what it says. `{}` stands for a folder that is there for this test alone.

    `wrong`: other arguments, and the word by which the error is known; `again`: the exit code of a second run, and
    what it says; `ready`: what has to be done before.
    """

    arguments: tuple[str, ...]
    again: tuple[int, str]
    wrong: tuple[tuple[str, str], ...] = ()
    ready: Callable[[Path], object] = lambda _folder: None
    stdin: str = ""


def has_keys(folder: Path) -> None:
    """Make keys, and tokens that are not encrypted yet."""
    (folder / "tokens.json").write_text(json.dumps({"my_bot": "1:a"}))
    assert typed(ROOT / "security" / "generate_keys.py", "--keys", str(folder / "keys")).code == 0


def has_secrets(folder: Path) -> None:
    """Make keys, and tokens that are encrypted."""
    has_keys(folder)
    assert typed(ROOT / "security" / "encrypt_files.py", *of(folder, *OF_SECRETS)).code == 0


OF_SECRETS = ("--tokens", "{}/tokens.json", "--keys", "{}/keys")
NOTHING_LEFT = 0, "there is nothing to change"
NOBODY = ("--id 0000", "No participant has the id"), (f"--id {MISTYPED}", f"Do you mean {ONE}?"), ("", "Say who")
ON_DATABASE = {
    "change_status.py": Case(("down", "--id", ONE, "--yes"), NOTHING_LEFT, tuple((f"down {a}", b) for a, b in NOBODY)),
    "clear_current_games.py": Case(("--id", ONE, "--yes"), NOTHING_LEFT, NOBODY),
    "clear_games_done.py": Case(("--id", ONE, "--yes"), NOTHING_LEFT, NOBODY),
    "create_empty_db.py": Case((), (0, "everything already")),
    "print_db_status.py": Case((), (0, ONE[:8]), (("--json --watch", "goes without --watch"),)),
    "rm_user.py": Case(
        (ONE, "--yes"), (1, "No participant has the id"), ((f"{MISTYPED} --yes", "Do you mean"), (ONE, "--yes"))
    ),
    "backup.py": Case(
        ("{}/file", "--keys", "{}/keys"), (1, "{}/file"), (("{}/no/file --keys {}/keys", "{}"),), has_keys
    ),
    "check_audit.py": Case((), (0, "The audit log is whole")),
    "take_over.py": Case(("--yes",), (0, "0 participants changed"), (("--json", "--json asks nothing"),)),
}
ON_FILES = {
    "generate_keys.py": Case(("--keys", "{}/keys"), (0, "stays as it is")),
    "encrypt_files.py": Case(
        OF_SECRETS, (0, "encrypted already"), (("--tokens {}/none --keys {}/keys", "{}"),), has_keys
    ),
    "decrypt_files.py": Case(
        OF_SECRETS, (0, "my_bot"), ((f"--show none {' '.join(OF_SECRETS)}", "none"),), has_secrets
    ),
    "rotate_keys.py": Case(OF_SECRETS, (0, "is new"), (("--tokens {}/none --keys {}/none", "{}"),), has_secrets),
    "set_admin_password.py": Case(("--keys", "{}/keys"), (0, "written"), (), has_keys, "a long password\n"),
}


def line(said: Said) -> str:
    """Return the one line of an error; fail if there is another one, or none."""
    assert (said.code, said.errors.count("\n")) == (1, 1), said
    return said.errors


@pytest.fixture
def people(database: Database) -> Database:
    """Return a database with few people of a small study."""
    study(database)
    enter(database, [playing(number) for number in range(3)])
    return database


def of(folder: Path, *arguments: str) -> list[str]:
    """Put the folder into arguments."""
    return [each.replace("{}", str(folder)) for each in arguments]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_help_says_what_it_does_and_a_wrong_option_how_it_is_used(script: Path) -> None:
    asked = typed(script, "--help")
    assert (asked.code, asked.errors) == (0, "")
    assert "usage:" in asked.output
    assert len(asked.output.splitlines()) > 4
    wrong = typed(script, "--no-such-option")
    assert (wrong.code, wrong.output, "usage:" in wrong.errors) == (2, "", True)


@pytest.mark.parametrize("name", ON_DATABASE)
def test_a_database_that_is_away_is_one_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_database, "_SECONDS_TO_ANSWER", 0.2)
    case = ON_DATABASE[name]
    case.ready(tmp_path)
    said = typed(ROOT / "manipulate_db" / name, *of(tmp_path, *case.arguments), uri=NOWHERE)
    assert line(said).startswith("The database at 127.0.0.1:9 (MONGODB_URI) does not answer")
    assert said.output == ""


@pytest.mark.parametrize("name", ON_DATABASE)
def test_who_or_what_is_unknown_is_one_line_and_changes_nothing(people: Database, name: str, tmp_path: Path) -> None:
    case = ON_DATABASE[name]
    case.ready(tmp_path)
    before = list(people.clients.find())
    for words, known_by in case.wrong:
        said = on(people, ROOT / "manipulate_db" / name, *of(tmp_path, *words.split()))
        assert of(tmp_path, known_by)[0] in line(said)
    assert list(people.clients.find()) == before
    assert people.database["audit"].count_documents({}) == 0


@pytest.mark.parametrize("name", ON_FILES)
def test_files_that_are_not_there_are_one_line(name: str, tmp_path: Path) -> None:
    case = ON_FILES[name]
    case.ready(tmp_path)
    for words, known_by in case.wrong:
        said = typed(ROOT / "security" / name, *of(tmp_path, *words.split()), stdin=case.stdin)
        assert of(tmp_path, known_by)[0] in line(said)


@pytest.mark.parametrize("name", ON_DATABASE)
def test_ctrl_c_anywhere_is_one_line_and_what_is_left_is_done_the_next_time(
    people: Database, name: str, tmp_path: Path
) -> None:
    """Each time Ctrl-C comes a little later, until the script has ended before it comes."""
    case, script = ON_DATABASE[name], ROOT / "manipulate_db" / name
    case.ready(tmp_path)
    arguments = of(tmp_path, *case.arguments)
    times = 0
    while True:
        with ctrl_c_at(times) as left:
            said = on(people, script, *arguments)
        if left[0] >= 0:
            break
        assert (said.code, said.errors) == (130, "Interrupted.\n"), times
        times += 1
    assert times > 1
    code, words = case.again
    again = on(people, script, *arguments)
    assert again.code == code
    assert of(tmp_path, words)[0] in again.output + again.errors
    assert again.errors.count("\n") == code


@pytest.mark.parametrize("name", ON_FILES)
def test_ctrl_c_at_any_file_is_one_line_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    case, script = ON_FILES[name], ROOT / "security" / name
    case.ready(tmp_path)
    arguments = of(tmp_path, *case.arguments)
    times = 0
    while True:
        with ctrl_c_at(times) as left:
            said = typed(script, *arguments, stdin=case.stdin)
        if left[0] >= 0:
            break
        assert (said.code, said.errors) == (130, "Interrupted.\n"), times
        times += 1
    assert said.code == 0, said
    files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    again = typed(script, *arguments, stdin=case.stdin)
    assert (again.code, again.errors) == (case.again[0], "")
    assert case.again[1] in again.output
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == files
    assert [each for each in files if "tmp" in each or each.endswith("~")] == []


def test_what_restore_says(people: Database, tmp_path: Path) -> None:
    """It alone needs a database that holds nothing."""
    has_keys(tmp_path)
    keys = ("--keys", str(tmp_path / "keys"))
    script, file = ROOT / "manipulate_db" / "restore.py", str(tmp_path / "file")
    assert on(people, ROOT / "manipulate_db" / "backup.py", file, *keys).code == 0
    assert "file" in line(on(people, script, file + "x", *keys))
    assert "holds" in line(on(people, script, file, *keys))
    assert typed(script, file, "--check", *keys, uri=NOWHERE).code == 0
    times = 0
    while True:
        for name in people.database.list_collection_names():
            people.database.drop_collection(name)
        with ctrl_c_at(times) as left:
            said = on(people, script, file, *keys)
        if left[0] >= 0:
            break
        assert (said.code, said.errors) == (130, "Interrupted.\n"), times
        times += 1
    assert people.clients.count_documents({}) == 3
