# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes the key `tokens.key`: all that it closes is closed anew.

At any moment, also when the machine is switched off in between, every program can open every file: first both keys lie
in the key's file, then one file after the other is replaced in one piece, at last the old key goes. Whoever begins
again goes on where it stopped.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from src.errors import BotError
from src.private_files import forget_unfinished, read_private, replace_private
from src.sealing import (
    WrongKey,
    forget_older_key,
    has_two_keys,
    is_sealed,
    opens_with_newest,
    put_new_key_first,
    seal,
    unseal,
)

SEALED = "*.sealed"
"""How the files beside the key are named that it closes."""


class NotChanged(BotError):
    """The key stays as it is; the text says why."""


def sealed_files(tokens: Path, key_file: Path) -> list[Path]:
    """Return the files that the key closes and that are there."""
    beside = sorted(key_file.parent.glob(SEALED))
    return [tokens, *beside] if tokens.exists() else beside


def change_key(files: Sequence[Path], key_file: Path) -> bool:
    """Close the files with a new key, and forget the old one; return whether this went on where another run stopped.

    Nothing is changed if the key does not open one of them. Raises NotChanged or UnsafeFile.
    """
    has_two_keys(key_file)  # is there a key at all?
    with _alone(key_file):
        begun = has_two_keys(key_file)
        for file in files:
            _opened(file, key_file)
        for file in (key_file, *files):
            forget_unfinished(file)
        if not begun:
            put_new_key_first(key_file)
        for file in files:
            if not opens_with_newest(file.read_bytes(), key_file):
                replace_private(file, seal(_opened(file, key_file), key_file))
        if not all(opens_with_newest(file.read_bytes(), key_file) for file in files):
            raise NotChanged(
                f"A file was written by another program meanwhile; both keys stay in {key_file}. Try again."
            )
        forget_older_key(key_file)
        return begun


def _opened(file: Path, key_file: Path) -> bytes:
    """Return what is in a closed file. Raises NotChanged."""
    content = read_private(file, missing="Put it back, or begin again.")
    if not is_sealed(content):
        raise NotChanged(f"{file} is not encrypted. Run python3 security/encrypt_files.py. The key was not changed.")
    try:
        return unseal(content, key_file)
    except WrongKey:
        raise NotChanged(
            f"{key_file} does not open {file}: another key has closed it, or it is damaged. The key was not changed."
        ) from None


@contextmanager
def _alone(key_file: Path) -> Iterator[None]:
    """Keep another run away. Raises NotChanged."""
    try:
        lock = os.fdopen(os.open(key_file.with_name(".rotating"), os.O_WRONLY | os.O_CREAT, 0o600), "w")
    except OSError as error:
        raise NotChanged(f"{key_file.parent} cannot be written: {error.strerror}. The key was not changed.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotChanged("The key is being changed by another program right now. Nothing was done.") from None
        yield
