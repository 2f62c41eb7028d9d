# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of Telegram tokens, encrypted with the key `tokens.key`: made once, read at every start."""

from __future__ import annotations

import json
from pathlib import Path

from src.errors import BotError
from src.private_files import read_private, replace_private
from src.sealing import WrongKey, is_sealed, make_key, seal, unseal

KEY_FILE = "tokens.key"
_MAKE_TOKENS = 'Write your tokens there, like {"my_bot": "123456789:AAE…"}; then run python3 security/encrypt_files.py.'


class WrongTokens(BotError):
    """The file of tokens, or its key, is not what it should be; the text says how to mend it."""


def make_tokens_key(folder: Path) -> Path:
    """Make a new key in this folder and return its file. Raises UnsafeFile if there is one already."""
    return make_key(folder / KEY_FILE)


def read_tokens(tokens: Path, keys: Path) -> dict[str, str]:
    """Return all tokens by their names. Raises UnsafeFile or WrongTokens."""
    content = read_private(tokens, missing=_MAKE_TOKENS)
    if not is_sealed(content):
        raise WrongTokens(f"{tokens} is not encrypted. Run python3 security/encrypt_files.py.")
    return _checked(_opened(content, tokens, keys), tokens)


def token_of(identifier: str, tokens: Path, keys: Path) -> str:
    """Return the token of one bot, such as `my_bot`. Raises UnsafeFile or WrongTokens."""
    known = read_tokens(tokens, keys)
    if identifier not in known:
        raise WrongTokens(f"{tokens} has no token named {identifier!r}; it has: {', '.join(known) or 'none'}.")
    return known[identifier]


def encrypt_tokens(tokens: Path, keys: Path) -> bool:
    """Encrypt the file in place, with mode 0600; return False if this very key has encrypted it already.

    The plain file may be open to others, as editors leave it. Raises UnsafeFile or WrongTokens.
    """
    try:
        content = tokens.read_bytes()
    except FileNotFoundError:
        raise WrongTokens(f"{tokens} is missing. {_MAKE_TOKENS}") from None
    except OSError as error:
        raise WrongTokens(f"{tokens} cannot be read: {error.strerror}.") from None
    if is_sealed(content):
        _opened(content, tokens, keys)
        return False
    _checked(content, tokens)
    replace_private(tokens, seal(content, keys / KEY_FILE))
    return True


def _opened(content: bytes, tokens: Path, keys: Path) -> bytes:
    """Return the JSON inside the encrypted file."""
    try:
        return unseal(content, keys / KEY_FILE)
    except WrongKey:
        raise WrongTokens(
            f"{keys / KEY_FILE} does not open {tokens}: it was encrypted with another key, or is damaged. "
            "Put the right key there, or write the tokens anew."
        ) from None


def _checked(content: bytes, tokens: Path) -> dict[str, str]:
    """Read the JSON; an error names the place, and never what stands there."""
    try:
        found = json.loads(content)
    except UnicodeDecodeError:
        raise WrongTokens(f"{tokens} is no text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise WrongTokens(f"{tokens} is no JSON: line {error.lineno}, column {error.colno}. {_MAKE_TOKENS}") from None
    if not isinstance(found, dict) or not all(isinstance(token, str) for token in found.values()):
        raise WrongTokens(f"{tokens} is not an object of texts. {_MAKE_TOKENS}")
    return found
