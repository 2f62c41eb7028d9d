# SPDX-License-Identifier: GPL-3.0-or-later
"""The admins' password: a file with its scrypt hash, and the comparison. The password itself is kept nowhere."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from pathlib import Path

from src.errors import BotError
from src.private_files import UnsafeFile, make_private_folder, read_private, replace_private

PASSWORD_FILE = "admin_password.json"  # noqa: S105  # the name of a file
SHORTEST = 10
LONGEST = 200
COST = 2**15
"""scrypt's n, with r = 8: some 32 MB and a tenth of a second for each try (RFC 7914)."""

_BLOCK = 8
_MOST_MEMORY = 64 * 1024 * 1024


def set_password(password: str, folder: Path) -> Path:
    """Keep the hash of a new password, mode 0600, in the place of an earlier one. Raises BotError."""
    if not SHORTEST <= len(password) <= LONGEST or password != password.strip():
        raise BotError(
            f"The password must have {SHORTEST} to {LONGEST} characters, and no blank at its ends. Nothing was changed."
        )
    salt = secrets.token_bytes(16)
    kept = {"n": COST, "salt": salt.hex(), "scrypt": _hashed(password, salt, COST).hex()}
    path = folder / PASSWORD_FILE
    make_private_folder(folder)
    replace_private(path, json.dumps(kept).encode("ascii"))
    return path


def is_password(password: str, folder: Path) -> bool:
    """Tell whether this is the password; as long as none is set it never is. Takes a tenth of a second by intention.

    Raises UnsafeFile when the file can be read by others, or is broken.
    """
    path = folder / PASSWORD_FILE
    n, salt, right = COST, bytes(16), secrets.token_bytes(64)
    if path.exists():
        content = read_private(path, missing="Run python3 security/set_admin_password.py.")
        try:
            kept = json.loads(content)
            n, salt, right = int(kept["n"]), bytes.fromhex(kept["salt"]), bytes.fromhex(kept["scrypt"])
        except (ValueError, KeyError, TypeError):
            raise UnsafeFile(f"{path} is broken. Run python3 security/set_admin_password.py.") from None
    return hmac.compare_digest(_hashed(password[:LONGEST], salt, n), right)


def _hashed(password: str, salt: bytes, n: int) -> bytes:
    encoded = password.encode("utf-8", "replace")
    return hashlib.scrypt(encoded, salt=salt, n=n, r=_BLOCK, p=1, maxmem=_MOST_MEMORY, dklen=64)
