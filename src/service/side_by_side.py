# SPDX-License-Identifier: GPL-3.0-or-later
"""Several things done at once, until all of them are done."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence


def side_by_side(hands: int, works: Sequence[Callable[[], None]]) -> None:
    """Do all of these with so many threads, this one among them; a single one needs no other.

    After an error nothing more is begun; it is raised when what had begun is over, the first if there are several.
    """
    todo, errors = deque(works), deque[Exception]()

    def work() -> None:
        while not errors:
            try:
                begin = todo.popleft()
            except IndexError:
                return
            try:
                begin()
            except Exception as error:  # noqa: BLE001  # whoever called us gets it
                errors.append(error)

    helpers = [threading.Thread(target=work, daemon=True) for _ in range(min(hands, len(works)) - 1)]
    for each in helpers:
        each.start()
    work()
    for each in helpers:
        each.join()
    if errors:
        raise errors[0]
