# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of every script: from any folder, with any Python, one line on an error."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from src.paths import ROOT
from tests.small_project import FOLDERS_OF_SCRIPTS, small_project, start

HEAD = """
import sys, time
from argparse import ArgumentParser
from _start import run
from src.errors import BotError
from src.scripts import add_database, add_yes, confirm
parser = ArgumentParser(description="A script for a test.")
"""


def script(folder: Path, body: str) -> Path:
    """Write a script into the folder security/ of a small project and return it."""
    file = small_project(folder) / "security" / "a_script.py"
    file.write_text(HEAD + body)
    return file


def test_the_copies_of_start_are_equal() -> None:
    texts = {(ROOT / folder / "_start.py").read_text("utf-8") for folder in FOLDERS_OF_SCRIPTS}
    assert len(texts) == 1


@pytest.mark.parametrize("folder", FOLDERS_OF_SCRIPTS)
def test_a_script_runs_from_any_folder_through_any_link(tmp_path: Path, folder: str) -> None:
    root = small_project(tmp_path)
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / "_start.py").write_bytes((ROOT / folder / "_start.py").read_bytes())
    file = root / folder / "a_script.py"
    file.write_text(HEAD + "run(lambda arguments: print('ran'), parser)")
    link = tmp_path / "link"
    link.symlink_to(root)
    for cwd in (root, root / folder, tmp_path, Path("/")):
        told = start(file, cwd=cwd)
        assert (told.stdout, told.stderr, told.returncode) == ("ran\n", "", 0)
    assert start(Path(folder) / "a_script.py", cwd=link).stdout == "ran\n"


def test_the_exit_code_is_what_main_returns(tmp_path: Path) -> None:
    assert start(script(tmp_path, "run(lambda arguments: 3, parser)")).returncode == 3


def test_help_is_there_and_a_wrong_option_is_exit_2(tmp_path: Path) -> None:
    file = script(tmp_path, "run(lambda arguments: None, parser)")
    assert "A script for a test." in start(file, "--help").stdout
    assert start(file, "--no-such-option").returncode == 2


def test_a_foreseen_error_is_one_line_without_secrets_and_exit_1(tmp_path: Path) -> None:
    body = """
def main(arguments): raise BotError("cannot reach mongodb://anna:hush@host")
run(main, parser)
"""
    told = start(script(tmp_path, body))
    assert told.stderr == "cannot reach mongodb://<hidden>@host\n"
    assert (told.stdout, told.returncode) == ("", 1)


def test_a_foreseen_error_of_the_bot_is_in_its_log_too(tmp_path: Path) -> None:
    body = """
from pathlib import Path
from src.logs import set_up_logs
def main(arguments):
    set_up_logs(Path(arguments.log))
    raise BotError("no such token")
parser.add_argument("log")
run(main, parser)
"""
    told = start(script(tmp_path, body), str(tmp_path / "log"))
    assert told.stderr.endswith("ERROR src.scripts: no such token\n")
    assert (tmp_path / "log" / "errorOutput.log").read_text() == told.stderr
    assert told.returncode == 1


def test_an_unforeseen_error_shows_where_without_secrets(tmp_path: Path) -> None:
    body = """
def main(arguments): raise ValueError(arguments.word)
parser.add_argument("word")
run(main, parser)
"""
    told = start(script(tmp_path, body), "/bot123456:SECRET/getMe")
    assert "Traceback" in told.stderr
    assert "/bot<hidden>/getMe" in told.stderr
    assert "SECRET" not in told.stderr
    assert told.returncode == 1


def test_ctrl_c_is_one_line_and_exit_130(tmp_path: Path) -> None:
    body = """
def main(arguments): print("waiting", flush=True); time.sleep(60)
run(main, parser)
"""
    file = script(tmp_path, body)
    with subprocess.Popen(
        [sys.executable, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "waiting\n"
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=30)
    assert (errors, running.returncode) == ("Interrupted.\n", 130)


def test_a_reader_that_has_enough_is_no_traceback(tmp_path: Path) -> None:
    body = "run(lambda arguments: [print('line') for _ in range(100_000)] and None, parser)"
    file = script(tmp_path, body)
    told = subprocess.run(["sh", "-c", f"{sys.executable} {file} | head -n 1"], capture_output=True, text=True)
    assert (told.stdout, told.stderr) == ("line\n", "")


def test_the_database_is_chosen_by_name_or_by_dev(tmp_path: Path) -> None:
    file = script(tmp_path, "add_database(parser); run(lambda a: print(a.database), parser)")
    assert start(file).stdout == "experiment_db\n"
    assert start(file, "--dev").stdout == "experiment_db_dev\n"
    assert start(file, "--database", "pilot-2").stdout == "pilot-2\n"
    assert start(file, "--database", "pilot-2", "--dev").returncode == 2
    refused = start(file, "--database", "a.b/c")
    assert "is no name for a database" in refused.stderr
    assert refused.returncode == 2


CONFIRMS = """
def main(arguments): confirm("Delete 3 participants?", yes=arguments.yes); print("deleted")
add_yes(parser); run(main, parser)
"""


def test_without_a_terminal_and_without_yes_nothing_is_changed(tmp_path: Path) -> None:
    file = script(tmp_path, CONFIRMS)
    refused = start(file)
    assert refused.stderr.startswith("Nothing was changed: there is no terminal to ask on. Add --yes")
    assert (refused.stdout, refused.returncode) == ("", 1)
    assert start(file, "--yes").stdout == "deleted\n"


@pytest.mark.parametrize(
    ("answer", "said"), [("y", "deleted"), ("n", "Nothing was changed."), ("", "Nothing was changed.")]
)
def test_on_a_terminal_the_person_is_asked(tmp_path: Path, answer: str, said: str) -> None:
    file = script(tmp_path, CONFIRMS)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(file)], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        os.write(ours, f"{answer}\n".encode())
        output, _ = running.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    assert "Delete 3 participants? [y/N]" in output
    assert said in output


def bare_python(folder: Path) -> str:
    """Return a Python that has no packages, as a system's python3 is."""
    venv.create(folder, with_pip=False, symlinks=True)
    return str(folder / "bin" / "python")


def test_any_python_goes_on_as_the_one_that_make_has_set_up(tmp_path: Path) -> None:
    body = "run(lambda a: print(sys.prefix, sys.argv[1:], sys.stdout.write_through), parser)"
    file = script(tmp_path, "parser.add_argument('words', nargs='*')\n" + body)
    own = file.parent.parent / ".venv"
    venv.create(own, with_pip=False, symlinks=True)
    packages = next(own.glob("lib/python3.*/site-packages"))
    (packages / "those_of_the_tests.pth").write_text("\n".join(path for path in sys.path if path.endswith("-packages")))
    system = bare_python(tmp_path / "system")
    told = subprocess.run([system, "-u", str(file), "two words", "ö"], capture_output=True, text=True)
    assert (told.stdout, told.stderr) == (f"{own} ['two words', 'ö'] True\n", "")


def test_without_packages_one_line_says_what_to_type(tmp_path: Path) -> None:
    file = script(tmp_path, "run(lambda arguments: None, parser)")
    told = start(file, python=bare_python(tmp_path / "system"))
    assert told.stderr.startswith("Python packages are missing (telepot, ")
    assert told.stderr.endswith(f"Type: make -C {file.parent.parent}\n")
    assert (told.stderr.count("\n"), told.returncode) == (1, 1)


def test_a_broken_own_python_is_told_and_not_tried_for_ever(tmp_path: Path) -> None:
    file = script(tmp_path, "run(lambda arguments: None, parser)")
    system = bare_python(tmp_path / "system")
    broken = file.parent.parent / ".venv" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.write_text(f'#!/bin/sh\nexec {system} "$@"\n')
    broken.chmod(0o755)
    told = start(file, python=system)
    assert told.stderr.startswith("Python packages are missing")
    assert told.returncode == 1


def test_a_tool_that_imports_a_script_is_not_started_again() -> None:
    program = "import src.own_python as own; own.use_own_python(); print('still here')"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout == "still here\n"
