# SPDX-License-Identifier: GPL-3.0-or-later
"""Pseudonyms, and the key that makes them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from src.errors import BotError
from src.hash_unhash import load_pseudonym_key, make_pseudonym_key, pseudonym_of
from src.identities import TelegramId

ANNA = TelegramId(1234567890)


def test_a_pseudonym_is_always_the_same_32_hex_digits() -> None:
    """The value was computed with openssl; a change of it would cut every participant off from their data."""
    key = bytes(range(32))
    assert pseudonym_of(ANNA, key) == "e75a3a54e82e29b0b2e4034a1da5d13e"


def test_another_key_or_person_gives_another_pseudonym() -> None:
    known = {pseudonym_of(TelegramId(person), key) for person in range(100) for key in (b"a" * 32, b"b" * 32)}
    assert len(known) == 200


def test_a_new_key_is_random_private_and_readable(tmp_path: Path) -> None:
    file = make_pseudonym_key(tmp_path / "one" / "keys")
    other = make_pseudonym_key(tmp_path / "other")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(load_pseudonym_key(file.parent)) == 32
    assert load_pseudonym_key(file.parent) != load_pseudonym_key(other.parent)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    before = make_pseudonym_key(tmp_path).read_bytes()
    with pytest.raises(BotError, match="there already"):
        make_pseudonym_key(tmp_path)
    assert (tmp_path / "pseudonyms.key").read_bytes() == before


def test_a_key_that_others_may_read_is_refused_with_what_to_type(tmp_path: Path) -> None:
    file = make_pseudonym_key(tmp_path)
    for mode in (0o640, 0o604, 0o620):
        file.chmod(mode)
        with pytest.raises(BotError, match=f"chmod 600 {file}"):
            load_pseudonym_key(tmp_path)


def test_a_missing_key_is_told_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"Run python3 security/generate_keys\.py"):
        load_pseudonym_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"abc", b"g" * 64, b"ab" * 33, b"\xff" * 64])
def test_a_damaged_key_is_told_and_not_shown(tmp_path: Path, content: bytes) -> None:
    file = make_pseudonym_key(tmp_path)
    file.write_bytes(content)
    with pytest.raises(BotError, match="is no key") as refusal:
        load_pseudonym_key(tmp_path)
    assert "gggg" not in str(refusal.value)
