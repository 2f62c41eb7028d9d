# SPDX-License-Identifier: GPL-3.0-or-later
"""The password of the mail account: in the desktop's keyring, or in a file sealed with the project's own key.

A server, and a cron job on a desktop, has no keyring; the file is therefore looked for first.
"""

from __future__ import annotations

from pathlib import Path

import keyring
from keyring.backends import fail, null
from keyring.errors import KeyringError

from src.errors import BotError
from src.private_files import read_private, replace_private
from src.sealing import WrongKey, seal, unseal

SERVICE = "telegram-bot-mail"
PASSWORD_FILE = "mail_password.sealed"  # noqa: S105 - the name of a file
SEALED_WITH = "tokens.key"
_STORE = "Store it: python3 monitoring/keyring_entry.py"


class NoPassword(BotError):
    """The password of the mail account is not there or cannot be read; the text says how to mend it."""


def store_password(user: str, password: str, keys: Path, *, into_file: bool = False) -> str:
    """Keep the password and return where, in words. Raises NoPassword or UnsafeFile."""
    file = keys / PASSWORD_FILE
    if into_file or not _has_keyring():
        replace_private(file, seal(password.encode(), keys / SEALED_WITH))
        return str(file)
    try:
        keyring.set_password(SERVICE, user, password)
    except KeyringError as error:
        raise NoPassword(f"The keyring refuses the password ({type(error).__name__}). Add --file.") from None
    file.unlink(missing_ok=True)  # an older password there would win
    return "the keyring of this desktop"


def read_password(user: str, keys: Path) -> str:
    """Return the password of this user. Raises NoPassword or UnsafeFile."""
    file = keys / PASSWORD_FILE
    if file.exists():
        return _from_file(file, keys)
    try:
        found = keyring.get_password(SERVICE, user) if _has_keyring() else None
    except KeyringError as error:
        raise NoPassword(
            f"The keyring does not give the mail password ({type(error).__name__}). "
            "For cron, store it in a file: python3 monitoring/keyring_entry.py --file"
        ) from None
    if found is None:
        raise NoPassword(f"No mail password is stored for SMTP_USER. {_STORE}")
    return found


def _from_file(file: Path, keys: Path) -> str:
    try:
        return unseal(read_private(file, missing=_STORE), keys / SEALED_WITH).decode()
    except WrongKey:
        raise NoPassword(f"{keys / SEALED_WITH} does not open {file}: it is of another key. {_STORE}") from None


def _has_keyring() -> bool:
    """Tell whether this machine has a keyring that keeps anything."""
    return not isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring)
