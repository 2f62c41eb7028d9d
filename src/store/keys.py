# SPDX-License-Identifier: GPL-3.0-or-later
"""Names as keys of documents. Dialogue authors choose them freely; MongoDB reads dots and dollars as its own."""

from __future__ import annotations

import re

_CODES = {"%2E": ".", "%24": "$", "%25": "%", "%00": "\0", "%--": ""}
_CODED = re.compile("|".join(_CODES))
_TO_CODE = re.compile(r"^\$|\.|\0|%(?=2E|24|25|00|--)")
_CODE_OF = {character: code for code, character in _CODES.items() if character}

OURS = "%--"
"""Set before a name that would hide a field of the bot's own, or that is empty."""


def key_of(name: str) -> str:
    """Return the key for a name: the name itself, unless something in it has a meaning for MongoDB."""
    return _TO_CODE.sub(lambda found: _CODE_OF[found.group()], name) or OURS


def name_of(key: str) -> str:
    """Return the name that `key_of` made the key from."""
    return _CODED.sub(lambda found: _CODES[found.group()], key)
