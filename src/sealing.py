# SPDX-License-Identifier: GPL-3.0-or-later
"""Closes a secret with a key of the project and opens it again. A key is a private file, made once.

While a key is being changed its file holds two, the new one first: that one closes, either opens.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from src.errors import BotError
from src.private_files import UnsafeFile, read_private, replace_private, write_new_private

_SEALED_BEGINS_WITH = b"gAAAA"
_MAKE_KEYS = "Run python3 security/generate_keys.py, or put your copy of the key there."


class WrongKey(BotError):
    """The key does not open what was sealed; the caller knows what that was, and says so."""


def make_key(file: Path) -> Path:
    """Make a new key and return its file. Raises UnsafeFile if there is one already."""
    write_new_private(file, Fernet.generate_key() + b"\n")
    return file


def is_sealed(content: bytes) -> bool:
    """Tell whether this looks like something that `seal` has returned."""
    return content.startswith(_SEALED_BEGINS_WITH)


def seal(content: bytes, key_file: Path) -> bytes:
    """Return the content so that only the key opens it: one line of letters. Raises UnsafeFile."""
    return _cipher(key_file).encrypt(content) + b"\n"


def unseal(content: bytes, key_file: Path) -> bytes:
    """Return what was sealed. Raises UnsafeFile for a key of no use, WrongKey if it does not open this."""
    try:
        return _cipher(key_file).decrypt(content.strip())
    except InvalidToken:
        raise WrongKey(f"{key_file} does not open it: another key has sealed it, or it is damaged.") from None


def has_two_keys(key_file: Path) -> bool:
    """Tell whether this key is being changed. Raises UnsafeFile for a key of no use."""
    return len(_keys(key_file)) > 1


def put_new_key_first(key_file: Path) -> None:
    """Make a new key, which closes from now on; the one that was there still opens. Raises UnsafeFile."""
    newest = _keys(key_file)[0]
    replace_private(key_file, Fernet.generate_key() + b"\n" + newest + b"\n")


def forget_older_key(key_file: Path) -> None:
    """Keep the newest key alone; what only the older one opens is lost. Raises UnsafeFile."""
    replace_private(key_file, _keys(key_file)[0] + b"\n")


def opens_with_newest(content: bytes, key_file: Path) -> bool:
    """Tell whether the newest key opens this. Raises UnsafeFile for a key of no use."""
    try:
        Fernet(_keys(key_file)[0]).decrypt(content.strip())
    except InvalidToken:
        return False
    return True


def _cipher(key_file: Path) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys(key_file)])


def _keys(key_file: Path) -> list[bytes]:
    keys = read_private(key_file, missing=_MAKE_KEYS, in_private_folder=True).split()
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        keys = []
    if not keys:
        raise UnsafeFile(f"{key_file} is no key. Put your copy of the key there.")
    return keys
