# SPDX-License-Identifier: GPL-3.0-or-later
"""Where log lines go, and what never gets into them: a token, a password.

`log/output.log` has everything from INFO on, `log/errorOutput.log` what somebody should look at; the terminal
shows both.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

from src.errors import BotError
from src.service.failures import described

OUTPUT = "output.log"
ERRORS = "errorOutput.log"
MEGABYTES = 5
OLDER_FILES = 5
HIDDEN = "<hidden>"
_SHORTEST_SECRET = 4
_LEVELS_OF_LIBRARIES = {
    "urllib3": logging.WARNING,
    "pymongo": logging.WARNING,
    "aiohttp.access": logging.WARNING,
}
_TOKEN_IN_ADDRESS = re.compile(r"bot\d+(?::|%3[Aa])[\w-]+")
_TOKEN = re.compile(r"(?<!\d)\d{6,}(?::|%3[Aa])[\w-]{30,}")
_WHO_IN_ADDRESS = re.compile(r"://[^\s/]*@")

log = logging.getLogger(__name__)


class NoLog(BotError):
    """The log cannot be written."""


def hide_secrets(text: str, secrets: Sequence[str] = ()) -> str:
    """Return the text without tokens, without passwords in addresses, and without these secrets."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)
    text = _TOKEN_IN_ADDRESS.sub(f"bot{HIDDEN}", text)
    text = _TOKEN.sub(HIDDEN, text)
    return _WHO_IN_ADDRESS.sub(f"://{HIDDEN}@", text)


class SafeFormatter(logging.Formatter):
    """Writes the time in UTC and hides secrets in the finished text: message, arguments, traceback."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.secrets = tuple(secrets)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002
        """Return the time of this record, like 2024-03-31T01:00:00.000+00:00."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line or lines of this record; arguments that do not fit their message are left out."""
        try:
            text = super().format(record)
        except (TypeError, ValueError):
            text = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.msg}"
        return hide_secrets(text, self.secrets)


def set_up_logs(folder: Path, *, secrets: Sequence[str] = ()) -> None:
    """Send what is logged from now on to the two files in this folder and to the terminal, without secrets.

    May be called again with more secrets. Raises NoLog if the folder cannot be written; a disk that gets full
    later only loses lines.
    """
    handlers = [*_files(folder), *_terminal(folder)]
    for handler in handlers:
        handler.setFormatter(SafeFormatter(secrets))
    root = logging.getLogger()
    for old in _handlers_of_ours():
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for library, level in _LEVELS_OF_LIBRARIES.items():
        logging.getLogger(library).setLevel(level)
    logging.raiseExceptions = False  # a line that cannot be written must not stop the bot
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def has_log() -> bool:
    """Tell whether `set_up_logs` has been called."""
    return bool(_handlers_of_ours())


def _handlers_of_ours() -> list[logging.Handler]:
    return [one for one in logging.getLogger().handlers if isinstance(one.formatter, SafeFormatter)]


def _files(folder: Path) -> list[logging.Handler]:
    """Open the two log files, after trying whether there is room to write."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe{os.getpid()}"
        try:
            probe.write_bytes(b"\n" * 4096)
        finally:
            probe.unlink(missing_ok=True)
        handlers = [_rotating(folder / OUTPUT, logging.INFO), _rotating(folder / ERRORS, logging.WARNING)]
    except OSError as error:
        raise NoLog(f"{folder} cannot be written: {error.strerror}. The bot needs it for its log.") from None
    return [*handlers]


def _rotating(path: Path, level: int) -> logging.Handler:
    handler = RotatingFileHandler(
        path,
        maxBytes=MEGABYTES * 1_000_000,
        backupCount=OLDER_FILES,
        encoding="utf-8",
        errors="backslashreplace",
    )
    handler.setLevel(level)
    return handler


def _terminal(folder: Path) -> list[logging.Handler]:
    """Return the handler of stderr; none if the shell sends it into our own files, to have no line twice."""
    if any(_is_same(sys.stderr, folder / name) for name in (OUTPUT, ERRORS)):
        return []
    return [logging.StreamHandler(sys.stderr)]


def _is_same(stream: TextIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except (OSError, ValueError, AttributeError):
        return False


def _log_uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Log what nobody caught, in place of Python's own way, which writes secrets to the terminal."""
    if issubclass(kind, KeyboardInterrupt):
        log.warning("Interrupted.")
        return
    log.critical("Nobody caught this error: %s", described(error.with_traceback(where)))


def _log_uncaught_in_thread(failure: threading.ExceptHookArgs) -> None:
    if issubclass(failure.exc_type, SystemExit) or failure.exc_value is None:
        return
    name = failure.thread.name if failure.thread else "unknown"
    error = failure.exc_value.with_traceback(failure.exc_traceback)
    log.critical("The thread %s ended with an error that nobody caught: %s", name, described(error))


def print_uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Write an uncaught error of a script to the terminal without secrets; for `sys.excepthook`."""
    sys.stderr.write(hide_secrets("".join(traceback.format_exception(kind, error, where))))
