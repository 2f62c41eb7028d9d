# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of the error log, fit for a mail: nothing in them names a person, a secret or the machine's user."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from src.logs import HIDDEN, hide_secrets
from src.paths import ROOT

LINES = 20
_BYTES = 64_000
_LONGEST = 300

_OURS = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00 [A-Z]+ [\w.]+: ")
"""How a line begins that the bot itself has written; see `src.logs.SafeFormatter`."""
_FRAME = re.compile(r'\s*File "([^"]+)", line (\d+)(?:, in (\S+))?')
_KIND = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning))\b")
_PERSONAL = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # addresses of mail
    re.compile(r"@\w{3,}"),  # names in Telegram
    re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])"),  # pseudonyms
    re.compile(r"(?<![\d:.-])-?\+?\d{6,}(?![\d.])"),  # ids of people and chats, numbers of telephones
)


def last_error_lines(log: Path, secrets: Sequence[str] = ()) -> list[str]:
    """Return the log's last lines, oldest first and cleaned; none if there is no log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _BYTES))
            written = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return list(cleaned(written, secrets))[-LINES:]


def cleaned(lines: Iterable[str], secrets: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines without what is personal. Of lines that are not the bot's own, as Python writes them when it
    breaks down, only the place and the kind of error are kept: the rest may hold anything.
    """
    for line in lines:
        kept = _of_ours(line, secrets) if _OURS.match(line) else _of_others(line)
        if kept:
            yield kept


def _of_ours(line: str, secrets: Sequence[str]) -> str:
    begin = _OURS.match(line)
    assert begin is not None
    text = hide_secrets(line[begin.end() :], secrets)
    for place, name in ((str(ROOT), "."), (os.environ.get("HOME", ""), "~")):
        text = text.replace(place, name) if len(place) > 1 else text
    for pattern in _PERSONAL:
        text = pattern.sub(HIDDEN, text)
    return begin[0] + text[:_LONGEST]


def _of_others(line: str) -> str:
    frame, kind = _FRAME.match(line), _KIND.match(line)
    if frame:
        return f"  {Path(frame[1]).name}:{frame[2]} {frame[3] or ''}".rstrip()
    return kind[1] if kind else ""
