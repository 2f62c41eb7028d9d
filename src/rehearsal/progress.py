# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress bar, on a terminal's error output; elsewhere nothing is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


@dataclass(frozen=True)
class Bar:
    """A bar that can be told how far we are."""

    progress: Progress
    task: TaskID

    def reached(self, days: int) -> None:
        """Show that so many days of all lanes are over."""
        self.progress.update(self.task, completed=days)


@contextmanager
def shown_bar(days: int) -> Iterator[Bar]:
    """Show a bar for as long as the block lasts; `days` is what there is to do, over all lanes."""
    columns = (TextColumn("rehearsing"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    console = Console(stderr=True)
    progress = Progress(*columns, console=console)
    bar = Bar(progress, progress.add_task("rehearsing", total=days))
    if not console.is_terminal:
        yield bar  # which is never drawn
        return
    with progress:
        yield bar
        bar.reached(days)
