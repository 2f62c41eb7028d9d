# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs: every line where it belongs, and no secret in any. Programs of their own write them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from src.logs import ERRORS, OUTPUT, hide_secrets
from src.paths import ROOT

TOKEN = "6078974884:AAzuk5123v7ujhekyx7q6YLzD9PtBGtT3zE"
BEGIN = """
import logging, os, sys, threading
from pathlib import Path
from src.logs import set_up_logs
folder = Path(sys.argv[1])
log = logging.getLogger("src.test")
"""


@dataclass(frozen=True)
class Told:
    output: str
    errors: str
    terminal: str
    exit_code: int


def told_by(folder: Path, program: str) -> Told:
    """Run a little program that sets up its logs in `folder`, and return what came out where."""
    ended = subprocess.run(
        [sys.executable, "-c", BEGIN + program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    files = [folder / name for name in (OUTPUT, ERRORS)]
    output, errors = (file.read_text("utf-8") if file.is_file() else "" for file in files)
    return Told(output, errors, ended.stderr, ended.returncode)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot<hidden>/getMe"),
        (f"/bot{TOKEN.replace(':', '%3A')}/getMe", "/bot<hidden>/getMe"),
        ("/bot123456:SECRET/getMe", "/bot<hidden>/getMe"),
        (f"token={TOKEN}.", "token=<hidden>."),
        ("mongodb://anna:hush@h1,h2/db", "mongodb://<hidden>@h1,h2/db"),
        ("mongodb+srv://anna:hu%40sh@host", "mongodb+srv://<hidden>@host"),
        ("password hush/hush or hush%2Fhush", "password <hidden> or <hidden>"),
        ("started at 12:30:59, 3f9c2a: welcome", "started at 12:30:59, 3f9c2a: welcome"),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text: str, safe: str) -> None:
    assert hide_secrets(text, ("hush/hush",)) == safe


def test_a_short_or_empty_secret_does_not_hide_the_whole_text() -> None:
    assert hide_secrets("a line", ("", "a")) == "a line"


def test_lines_go_to_their_files_and_to_the_terminal(tmp_path: Path) -> None:
    told = told_by(tmp_path / "log", "set_up_logs(folder); log.debug('d'); log.info('i'); log.error('e')")
    assert [line.split(" ", 1)[1] for line in told.output.splitlines()] == [
        "INFO src.test: i",
        "ERROR src.test: e",
    ]
    assert [line.split(" ", 1)[1] for line in told.errors.splitlines()] == ["ERROR src.test: e"]
    assert told.terminal == told.output


def test_times_are_in_utc(tmp_path: Path) -> None:
    program = "os.environ['TZ'] = 'Asia/Tokyo'; __import__('time').tzset(); set_up_logs(folder); log.info('i')"
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 ", told_by(tmp_path, program).output)


def test_no_secret_survives_in_message_arguments_or_traceback(tmp_path: Path) -> None:
    program = f"""
set_up_logs(folder, secrets=["hush-hush"])
log.error("message {TOKEN} %s", "argument bot{TOKEN} hush-hush")
try:
    raise ValueError("mongodb://anna:pass@host {TOKEN}")
except ValueError:
    log.exception("failed", stack_info=True)
"""
    told = told_by(tmp_path, program)
    assert "Traceback" in told.errors
    for text in (told.output, told.errors, told.terminal):
        assert "message <hidden> argument bot<hidden> <hidden>" in text
        assert "AAzuk" not in text
        assert "hush-hush" not in text.replace('secrets=["hush-hush"]', "")
        assert "anna:pass" not in text


def test_of_errors_that_nobody_caught_kind_and_place_are_logged_and_not_their_text(tmp_path: Path) -> None:
    program = f"""
set_up_logs(folder)
def work(): raise RuntimeError("in a thread /bot{TOKEN}/getUpdates")
thread = threading.Thread(target=work, name="sender"); thread.start(); thread.join()
raise RuntimeError("at the end /bot{TOKEN}/getMe")
"""
    told = told_by(tmp_path, program)
    assert told.exit_code == 1
    assert "The thread sender ended" in told.errors
    assert "RuntimeError at " in told.errors
    assert " work" in told.errors
    for text in ("in a thread", "at the end", "AAzuk"):
        assert text not in told.output + told.errors
    assert "AAzuk" not in told.output + told.errors + told.terminal


def test_arguments_that_do_not_fit_lose_only_themselves(tmp_path: Path) -> None:
    told = told_by(tmp_path, "set_up_logs(folder); log.info('%d people', 'many'); log.info('next')")
    assert "%d people" in told.output
    assert "next" in told.output


def test_libraries_do_not_chatter(tmp_path: Path) -> None:
    program = """
set_up_logs(folder)
logging.getLogger("urllib3.connectionpool").info("chatter")
logging.getLogger("pymongo.command").info("chatter")
logging.getLogger("pymongo.command").warning("serious")
"""
    told = told_by(tmp_path, program)
    assert "chatter" not in told.output
    assert "serious" in told.output


def test_setting_up_twice_writes_each_line_once_and_hides_the_later_secrets(tmp_path: Path) -> None:
    told = told_by(tmp_path, "set_up_logs(folder); set_up_logs(folder, secrets=['hush']); log.info('say hush')")
    assert told.output.count("say <hidden>") == 1
    assert told.terminal.count("say <hidden>") == 1


def test_a_terminal_that_is_our_own_file_gets_no_line_twice(tmp_path: Path) -> None:
    program = """
descriptor = os.open(folder / "errorOutput.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.dup2(descriptor, 2)  # as `2>> log/errorOutput.log` does
set_up_logs(folder); log.info("i"); log.error("e")
"""
    told = told_by(tmp_path, program)
    assert told.errors.count("\n") == 1
    assert told.output.count("\n") == 2


def test_large_files_are_rotated_and_only_some_are_kept(tmp_path: Path) -> None:
    program = "set_up_logs(folder)\nfor i in range(45): log.info('x' * 900_000)"
    told_by(tmp_path, program)
    files = sorted(path.name for path in tmp_path.glob("output.log*"))
    assert files == ["output.log"] + [f"output.log.{number}" for number in range(1, 6)]
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 5_000_000


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    program = """
from src.errors import BotError
try: set_up_logs(folder / "log")
except BotError as error: sys.exit(str(error))
"""
    told = told_by(blocked, program)
    assert told.terminal == f"{blocked}/log cannot be written: Not a directory. The bot needs it for its log.\n"


def test_a_full_disk_is_one_clear_line_at_the_start_and_later_stops_nobody(tmp_path: Path) -> None:
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))\n"
    program = f"""
from src.errors import BotError
set_up_logs(folder); log.info("before")
{full}
log.info("lost in the file, shown in the terminal")
try: set_up_logs(folder)
except BotError as error: sys.exit(str(error))
"""
    told = told_by(tmp_path, program)
    assert "before" in told.output
    assert "lost in the file" not in told.output
    assert "lost in the file, shown in the terminal" in told.terminal
    assert told.terminal.endswith("cannot be written: File too large. The bot needs it for its log.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["errorOutput.log", "output.log"]


def test_a_closed_terminal_stops_nobody(tmp_path: Path) -> None:
    told = told_by(tmp_path, "set_up_logs(folder); os.close(2); log.error('e'); log.error('f')")
    assert told.output.count("\n") == 2
    assert told.exit_code == 0
