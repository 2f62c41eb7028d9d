# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that only their owner may read: keys, tokens, passwords."""

from __future__ import annotations

import os
import shlex
import stat
import tempfile
from pathlib import Path

from src.errors import BotError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class UnsafeFile(BotError):
    """A secret lies open, is missing or cannot be read; the text says how to mend it."""


def read_private(path: Path, *, missing: str, in_private_folder: bool = False) -> bytes:
    """Return the content of a file that nobody but its owner may read, or whose folder, if that is asked, nobody but
    its owner may enter.

    Raises UnsafeFile if others may, if it cannot be read or is not there: `missing` then says what to do.
    """
    if in_private_folder:
        check_private_folder(path.parent)
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise UnsafeFile(f"{path} can be read by others. Type: chmod 600 {shlex.quote(str(path))}")
            return file.read()
    except FileNotFoundError:
        raise UnsafeFile(f"{path} is missing. {missing}") from None
    except OSError as error:
        raise UnsafeFile(f"{path} cannot be read: {error.strerror}.") from None


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter. Raises UnsafeFile, also if one is there that others may enter."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeFile(f"{folder} cannot be made: {error.strerror}.") from None
    check_private_folder(folder)


def check_private_folder(folder: Path) -> None:
    """Raise UnsafeFile if others may enter this folder or see what is in it; one that is not there is safe."""
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise UnsafeFile(f"{folder} cannot be entered: {error.strerror}.") from None
    if mode & OTHERS:
        raise UnsafeFile(f"{folder} can be entered by others. Type: chmod 700 {shlex.quote(str(folder))}")


def write_new_private(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet, mode 0600, its folder mode 0700. Raises UnsafeFile."""
    make_private_folder(path.parent)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UnsafeFile(f"{path} is there already and stays as it is.") from None
    except OSError as error:
        raise UnsafeFile(f"{path} cannot be written: {error.strerror}.") from None
    try:
        _write_down(descriptor, content)
    except OSError as error:
        path.unlink()
        raise UnsafeFile(f"{path} cannot be written: {error.strerror}.") from None


def replace_private(path: Path, content: bytes) -> None:
    """Put a new content, with mode 0600, in the place of the old one; at any moment one of the two is there.

    Raises UnsafeFile, and the old content is untouched then.
    """
    target = path.resolve()
    fresh: str | None = None
    try:
        descriptor, fresh = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        _write_down(descriptor, content)
        Path(fresh).replace(target)
        _keep_folder(target.parent)
    except OSError as error:
        if fresh is not None:
            Path(fresh).unlink(missing_ok=True)
        raise UnsafeFile(f"{path} cannot be written: {error.strerror}.") from None


def forget_unfinished(path: Path) -> None:
    """Take away what `replace_private` left beside this file when the process was killed in the middle of it."""
    target = path.resolve()
    for left in target.parent.glob(f".{target.name}.????????"):
        left.unlink(missing_ok=True)


def _write_down(descriptor: int, content: bytes) -> None:
    """Write and close a file, and return when it is on the disk."""
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_folder(folder: Path) -> None:
    """Make the new name of a file outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
