# SPDX-License-Identifier: GPL-3.0-or-later
"""The export as an operator meets it: whom it tells of, wrong use, no disk, Ctrl-C; and nothing stays half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from src.engine.state import Status
from src.paths import ROOT
from src.store.audit import check
from src.store.database import Database
from tests.end_to_end.project import wait_until
from tests.end_to_end.test_disk import LIMITED, read_only
from tests.manipulate_db.processes import audits, environment, script, start, uri_of
from tests.upkeep.export.respondents import fill, number

EXPORT = "export_answers.py"
FILES = {"answers.csv", "participants.csv", "codebook.csv", "codebook.html", "manifest.json"}
HALF_A_MINUTE = """
import sys, time
from pathlib import Path
from src.upkeep.export import gathering
real = gathering._person
def slow(*arguments):
    print("reading", flush=True)
    time.sleep(30)
    return real(*arguments)
gathering._person = slow
sys.path.insert(0, str(Path(sys.argv[1]).parent))
sys.argv = sys.argv[1:]
import runpy
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def manifest(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def run(database: Database, *before: str, out: Path, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run the export under something else."""
    command = [*before, str(ROOT / "manipulate_db" / EXPORT), *options, "--database", database.database.name, str(out)]
    # Python would keep what it can write of its bytecode, and that may be half.
    place = {**environment(uri_of(database)), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd="/", env=place, capture_output=True, text=True, timeout=60)


def test_everything_is_exported_for_its_owner_alone_and_noted_in_the_audit_log(
    database: Database, tmp_path: Path
) -> None:
    fill(database)
    code, output, errors = script(database, EXPORT, str(tmp_path / "out"))
    assert (code, errors) == (0, "")
    assert "answers: 96" in output
    assert {file.name for file in (tmp_path / "out").iterdir()} == FILES
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "out").iterdir()} == {0o600}
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]
    (noted,) = audits(database)
    assert noted["what"] == "Export answers"
    assert noted["who"].startswith("operator")
    how = {"format": "csv", "shape": "long", "free_text": True, "smallest_group": 0}
    assert noted["result"] == {**how, "participants": 12, "answers": 96}
    assert check(database).faults == ()


@pytest.mark.parametrize(
    ("who", "places"),
    [
        (("--id", number(3), number(4)[:8]), {3, 4}),
        (("--all-but", number(3), "--language", "ca"), {0, 4, 8}),
        (("--status", "down"), {7}),
    ],
)
def test_those_are_exported_who_are_chosen(
    database: Database, tmp_path: Path, who: tuple[str, ...], places: set[int]
) -> None:
    fill(database)
    database.clients.update_one({"_id": number(7)}, {"$set": {"status": int(Status.DOWN)}})
    assert script(database, EXPORT, str(tmp_path / "out"), *who)[0] == 0
    lines = (tmp_path / "out" / "participants.csv").read_text("utf-8").splitlines()[1:]
    assert sorted(line[:32] for line in lines if line[:32].isalnum() and line[32:33] == ",") == sorted(
        number(place) for place in places
    )


def at_once(database: Database, *commands: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """Run several exports at the same time; return exit code, output and errors of each."""
    where = ("--database", database.database.name)
    started = [start(uri_of(database), EXPORT, *command, *where) for command in commands]
    told = [running.communicate(timeout=60) for running in started]
    return [(running.returncode, *said) for running, said in zip(started, told, strict=True)]


def test_wrong_use_is_one_line_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    fill(database, people=2)
    (tmp_path / "there").mkdir()
    out = str(tmp_path / "out")
    wrong = {
        (str(tmp_path / "there"),): "is there already and stays as it is",
        (str(tmp_path / "no" / "folder"),): "cannot be written: No such file or directory",
        (out, "--id", "f" * 32): "No participant has the id",
        (out, "--status", "out"): "There are too few to export, 0: 0 participants are chosen.",
        (out, "--smallest-group", "3"): "There are too few to export, 2: 2 participants are chosen.",
        (out, "--labels", "xx"): "Nothing is written in the language 'xx'. There are: ca, es, en, de.",
    }
    for (code, output, errors), said in zip(at_once(database, *wrong), wrong.values(), strict=True):
        assert (code, output, errors.count("\n")) == (1, "", 1), errors
        assert said in errors
    unusable = ((), (out, "--format", "xls"), (out, "--long", "--wide"), (out, "--smallest-group", "1"))
    for code, _, errors in at_once(database, *unusable):
        assert (code, "usage:" in errors) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert audits(database) == []


def test_help_and_no_database(tmp_path: Path) -> None:
    gone = "mongodb://127.0.0.1:9/?directConnection=true"
    with start(gone, EXPORT, "--help") as helping:
        assert "--smallest-group" in helping.communicate(timeout=60)[0]
    with start(gone, EXPORT, str(tmp_path / "out")) as away:
        output, errors = away.communicate(timeout=60)
    assert (away.returncode, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith("The database at 127.0.0.1:9 (MONGODB_URI) does not answer")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("how", "room"), [(("--format", "csv"), 0), (("--format", "parquet"), 3_000), (("--format", "spss"), 3_000)]
)
def test_a_full_disk_is_one_line_and_leaves_nothing(
    database: Database, tmp_path: Path, how: tuple[str, ...], room: int
) -> None:
    fill(database, people=40)
    done = run(database, sys.executable, "-c", LIMITED, str(room), out=tmp_path / "out", options=how)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "cannot be written: " in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    assert audits(database) == []


def test_a_folder_that_may_not_be_written_to_is_one_line(database: Database, tmp_path: Path) -> None:
    fill(database, people=1)
    with read_only(tmp_path / "locked") as as_nobody:
        done = run(database, *as_nobody, sys.executable, out=tmp_path / "locked" / "out")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "cannot be written: Permission denied" in done.stderr
    assert list((tmp_path / "locked").iterdir()) == []


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_nothing(database: Database, tmp_path: Path, kind: signal.Signals) -> None:
    fill(database, people=2)
    command = [str(ROOT / "manipulate_db" / EXPORT), "--database", database.database.name, str(tmp_path / "out")]
    with subprocess.Popen(
        [sys.executable, "-c", HALF_A_MINUTE, *command],
        env={**environment(uri_of(database)), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "reading\n"
        assert os.getpriority(os.PRIO_PROCESS, running.pid) == 19, "the bot does not go first"
        wait_until(lambda: any(tmp_path.iterdir()), "no folder is begun")
        running.send_signal(kind)
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (130, "Interrupted.\n")
    assert list(tmp_path.iterdir()) == []
    assert audits(database) == []


def test_without_its_library_a_format_says_what_to_type_and_the_others_work(database: Database, tmp_path: Path) -> None:
    fill(database, people=2)
    without = (
        "import sys, runpy; sys.argv = sys.argv[1:]; sys.path.insert(0, sys.argv[0].rpartition('/')[0])\n"
        + "".join(f"sys.modules[{name!r}] = None\n" for name in ("pyarrow", "pandas", "numpy", "pyreadstat"))
    )
    runs = "runpy.run_path(sys.argv[0], run_name='__main__')"
    for kind, library in (("parquet", "pyarrow"), ("spss", "pyreadstat")):
        done = run(database, sys.executable, "-c", without + runs, out=tmp_path / kind, options=("--format", kind))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert library in done.stderr
        assert f"Type: make -C {ROOT}" in done.stderr
    for kind in ("csv", "json"):
        done = run(database, sys.executable, "-c", without + runs, out=tmp_path / kind, options=("--format", kind))
        assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["csv", "json"]


def test_the_bot_loads_none_of_the_libraries_of_the_export() -> None:
    program = (
        "import sys, src.startup, main; print([n for n in ('pyarrow', 'pandas', 'pyreadstat') if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (told.stdout, told.stderr) == ("[]\n", "")
