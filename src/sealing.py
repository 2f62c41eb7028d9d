# SPDX-License-Identifier: GPL-3.0-or-later
"""Closes a secret with a key of the project and opens it again. A key is a private file, made once."""

from __future__ import annotations

from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from src.errors import BotError
from src.private_files import UnsafeFile, read_private, write_new_private

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


def _cipher(key_file: Path) -> Fernet:
    try:
        return Fernet(read_private(key_file, missing=_MAKE_KEYS).strip())
    except ValueError:
        raise UnsafeFile(f"{key_file} is no key. Put your copy of the key there.") from None
