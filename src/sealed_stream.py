# SPDX-License-Identifier: GPL-3.0-or-later
"""Closes a long stream of bytes with a key of the project, piece by piece, and opens it again.

Each file has a key of its own, derived from the project's with a random salt. A piece is sealed with AES-256-GCM; its
nonce counts the pieces and marks the last one, so that pieces changed, swapped, lost or cut off at the end are noticed
(the construction STREAM by Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from src.errors import BotError
from src.private_files import UnsafeFile, read_private
from src.sealing import WrongKey

MAGIC = b"STUDY-BACKUP-1\n"
PIECE = 64 * 1024
_SALT = 32
_CHECK = 16
_TAG = 16
_KEY = 32
_HEAD = len(MAGIC) + _SALT + _CHECK
_MAKE_KEYS = "Run python3 security/generate_keys.py, or put your copy of the key there."


class Damaged(BotError):
    """What was sealed has been changed or cut off, or never was sealed by us."""


class Sealer:
    """Writes a sealed stream: `write` as often as needed, then `finish` once. Raises UnsafeFile for a bad key."""

    def __init__(self, file: BinaryIO, key_file: Path) -> None:
        salt = os.urandom(_SALT)
        key, check = _derived(key_file, salt)
        self._head = MAGIC + salt + check
        self._cipher = AESGCM(key)
        self._file = file
        self._waiting = bytearray()
        self._pieces = 0
        file.write(self._head)

    def write(self, content: bytes) -> None:
        """Seal the content, as soon as there is enough for a piece."""
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """Seal what is left, and mark the end."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._pieces, last=last), piece, self._head))
        self._pieces += 1


def opened(file: BinaryIO, key_file: Path) -> Iterator[bytes]:
    """Yield what was sealed, each piece after it has been checked.

    Raises UnsafeFile for a key of no use, WrongKey for another one, Damaged for anything changed or cut off.
    """
    head = file.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(MAGIC):
        raise Damaged("it is no backup of this version of the program, or its beginning is damaged")
    key, check = _derived(key_file, head[len(MAGIC) : len(MAGIC) + _SALT])
    if not hmac.compare_digest(check, head[-_CHECK:]):
        raise WrongKey(f"{key_file} does not open it: another key has sealed it, or its beginning is damaged")
    cipher = AESGCM(key)
    pieces, piece = 0, file.read(PIECE + _TAG)
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(pieces, last=not following), piece, head)
        except InvalidTag:
            raise Damaged("it has been changed, or its end is missing") from None
        if not following:
            return
        pieces, piece = pieces + 1, following


def _nonce(piece: int, *, last: bool) -> bytes:
    return piece.to_bytes(11, "big") + bytes([last])


def _derived(key_file: Path, salt: bytes) -> tuple[bytes, bytes]:
    """Return the key of one file, and what tells whether it is the right one without giving it away."""
    written = read_private(key_file, missing=_MAKE_KEYS).strip()
    try:
        secret = base64.urlsafe_b64decode(written)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != _KEY:
        raise UnsafeFile(f"{key_file} is no key. Put your copy of the key there.")
    made = HKDF(SHA256(), _KEY + _CHECK, salt, b"study backup, version 1").derive(secret)
    return made[:_KEY], made[_KEY:]
