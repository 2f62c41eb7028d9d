# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where pseudonyms are made.

Telegram ids are few enough to try all of them, so a hash without a key hides nobody. Ours is keyed: without
the key in `security/keys/`, and chance that nobody keeps, nobody gets from a person to a pseudonym. Other
projects may have their own way.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from src.identities import Pseudonym, TelegramId
from src.private_files import UnsafeFile, read_private, write_new_private

KEY_FILE = "pseudonyms.key"
KEY_BYTES = 32
DIGITS = 32


def pseudonym_of(telegram_id: TelegramId, key: bytes, chance: bytes = b"") -> Pseudonym:
    """Return the pseudonym: the first 32 hex digits of HMAC-SHA-256 over the id as decimal digits, and some bytes of
    chance behind it.

    With fresh chance for each new person, whoever has been erased and writes again gets another pseudonym: nothing
    leads from them to older exports. Which pseudonym somebody has stands in the collection `hashes`.
    """
    digest = hmac.new(key, str(int(telegram_id)).encode("ascii") + chance, hashlib.sha256)
    return Pseudonym(digest.hexdigest()[:DIGITS])


def load_pseudonym_key(folder: Path) -> bytes:
    """Return the key that lies in this folder. Raises UnsafeFile, with a line that says how to mend it."""
    path = folder / KEY_FILE
    missing = "Run python3 security/generate_keys.py, or put your copy of the key there."
    written = read_private(path, missing=missing, in_private_folder=True)
    if not re.fullmatch(rb"[0-9a-f]{%d}\s*" % (2 * KEY_BYTES), written):
        raise UnsafeFile(f"{path} is no key: it should be {2 * KEY_BYTES} hex digits. Put your copy of the key there.")
    return bytes.fromhex(written.decode("ascii"))


def make_pseudonym_key(folder: Path) -> Path:
    """Make a new key in this folder and return its file. Raises UnsafeFile if there is one already."""
    path = folder / KEY_FILE
    write_new_private(path, secrets.token_hex(KEY_BYTES).encode("ascii") + b"\n")
    return path
