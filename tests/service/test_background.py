# SPDX-License-Identifier: GPL-3.0-or-later
"""Small things beside everything else: done soon, one failure stops nothing, and a stuck one never holds the end up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from src.paths import ROOT
from src.service.background import Background


def fails() -> None:
    raise ValueError("odd")


def test_a_failure_does_not_stop_what_comes_behind_it() -> None:
    done = threading.Event()
    beside = Background(1, "test")
    beside.submit(fails)
    beside.submit(done.set)
    assert done.wait(5)


def test_a_process_ends_although_something_beside_is_stuck() -> None:
    program = (
        "import time\nfrom src.service.background import Background\n"
        "beside = Background(1, 'test')\nbeside.submit(lambda: time.sleep(60))\ntime.sleep(0.2)\n"
    )
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=30)
    assert time.monotonic() - begin < 10
