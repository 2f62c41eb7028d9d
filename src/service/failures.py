# SPDX-License-Identifier: GPL-3.0-or-later
"""How a failure that nobody foresaw is told to the operators: where it happened, never what was in hand."""

from __future__ import annotations

import traceback
from pathlib import Path

FRAMES_SHOWN = 8


def described(error: BaseException) -> str:
    """Return the kind of error and the lines that led to it, innermost first.

    The error's own text is left out: it may hold what a person wrote, as a KeyError does.
    """
    frames = reversed(traceback.extract_tb(error.__traceback__)[-FRAMES_SHOWN:])
    places = (f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {' < '.join(places)}"
