# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as people open it, and `main.py --rehearse` as they type it."""

from __future__ import annotations

import csv
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from main import main, parser
from src.errors import BotError
from src.paths import ROOT
from src.rehearsal.report import write_report
from src.rehearsal.run import rehearse
from tests.end_to_end.browser import open_browser
from tests.end_to_end.project import wait_until
from tests.rehearsal.small import small_plan, written_study

WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_study(tmp_path_factory.mktemp("rehearsed") / "study")


def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Type a command line, from another folder."""
    command = [sys.executable, str(ROOT / "main.py"), *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=120)


def test_the_command_writes_a_page_and_a_csv(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    done = typed(
        "--rehearse", "--participants", "5", "--days", "9", "--seed", "7", "--profile", "eager", "--out", str(out)
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"written: {out / 'rehearsal.html'}", f"written: {out / 'rehearsal.csv'}"]
    with (out / "rehearsal.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    days = [int(each["value"]) for each in lines if (each["figure"], each["what"]) == ("day", "messages")]
    (whole,) = (int(each["value"]) for each in lines if (each["figure"], each["what"]) == ("study", "messages"))
    assert (len(days), sum(days)) == (9, whole)
    assert "Rehearsal of a study" in (out / "rehearsal.html").read_text("utf-8")


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    asked = ("--rehearse", "--participants", "2", "--days", "2", "--out", str(tmp_path))
    subprocess.run([sys.executable, str(ROOT / "main.py"), *asked], cwd="/", stderr=theirs, timeout=120, check=True)
    os.close(theirs)
    shown = os.read(ours, 1_000_000).decode()
    os.close(ours)
    assert "rehearsing" in shown
    assert "100 %" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rehearse",), "--out FOLDER"),
        (("--rehearse", "--out", "/proc/no"), "--out /proc/no: the folder cannot be made"),
        (("--rehearse", "--out", "x", "--days", "0"), "--days 0 cannot be; it should be a number from 1 to"),
        (("--rehearse", "--out", "x", "--participants", "-1"), "--participants -1 cannot be"),
        (("--rehearse", "--out", "x", "--profile", "lazy"), "There is no profile 'lazy'"),
        (("--rehearse", "--out", "x", "--standby"), "--rehearse goes without"),
        (("--days", "3"), "go with --rehearse"),
    ],
)
def test_what_cannot_be_meant_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(BotError) as caught:
        main(parser().parse_args(arguments))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_foreseen_error_is_one_line_and_exit_code_1() -> None:
    done = typed("--rehearse")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_a_bot_brings_none_of_the_libraries_that_only_a_rehearsal_needs() -> None:
    look = "import sys, main; print(sorted({'matplotlib', 'jinja2', 'rich', 'src.rehearsal'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.browser
def test_the_page_fits_phones_and_screens_with_nobody_one_and_many(
    study: Path, tmp_path: Path, browser_program: Path
) -> None:
    with open_browser(browser_program) as browser:
        for people in (0, 1, 30):
            plan = small_plan(study, people, 10)
            html, _ = write_report(plan, rehearse(plan, 1), tmp_path)
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 800})
                page.goto(html.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                broken = "[...document.images].filter(one => !one.naturalWidth || !one.alt).length"
                assert page.evaluate(broken) == 0
                assert page.locator("img").count() >= (5 if people == 30 else 0)
                page.close()


def test_ctrl_c_ends_all_processes_with_one_line(tmp_path: Path) -> None:
    asked = ("--rehearse", "--participants", "5000", "--days", "180", "--processes", "2", "--out", str(tmp_path))
    command = [sys.executable, str(ROOT / "main.py"), *asked]
    with subprocess.Popen(command, cwd="/", stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        wait_until(lambda: len(family(process.pid)) >= 3, "no lane is begun", 60)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
        assert (process.returncode, said) == (130, "Interrupted.\n")
    assert list(tmp_path.iterdir()) == []


def family(pid: int) -> list[int]:
    """Return a process and those that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(int(each) for each in children)]
