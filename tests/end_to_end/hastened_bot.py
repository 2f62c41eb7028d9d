# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot of main.py, as a process, on a clock that another process moves ahead: each line on standard input says by
how many seconds the clock is ahead of the machine's from now on, and is answered by a byte once that is so. Between
two lines it runs as clocks do.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(sys.argv[1])))

from src.logs import set_up_logs
from src.paths import LOG, SETTINGS
from src.service.parts import Engine
from src.settings import load_settings
from src.startup import Place, SystemClock, run_bot


@dataclass
class MovedClock:
    """The machine's clock, and so much more."""

    ahead: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


def listens(parts: Engine, clock: MovedClock, answers: int) -> None:
    """Move the clock when told to, behind what was delivered before; and let everybody who waits see it."""
    for line in sys.stdin:
        parts.delivery.write_notes(parts.conversation, parts.delivery.notes.everybody())
        clock.ahead = timedelta(seconds=float(line))
        os.write(answers, b".")
        parts.scheduler.one_pass()
        parts.agenda.look_again()


def main() -> None:
    """Run the bot until it is told to stop."""
    clock = MovedClock(timedelta(seconds=float(sys.argv[2])))
    set_up_logs(LOG)

    def running(parts: Engine) -> None:
        threading.Thread(target=listens, args=(parts, clock, int(sys.argv[3])), daemon=True).start()

    run_bot(load_settings(os.environ, SETTINGS), Place(), clock=clock, running=running)


if __name__ == "__main__":
    main()
