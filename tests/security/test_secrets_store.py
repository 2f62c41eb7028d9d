# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted tokens: made once, read at every start, and never open to others."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from src.errors import BotError
from src.secrets_store import encrypt_tokens, make_tokens_key, read_tokens, token_of

TOKENS = {"my_bot": "6075908884:AAEGXL0vpPvjzgvztwydviwYLzD9PtBGtT3zE", "my_bot_dev": "6078974884:AAzuk5123"}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return make_tokens_key(tmp_path / "keys").parent


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    """Return a file of plain tokens, as an editor leaves it."""
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps(TOKENS))
    file.chmod(0o644)
    return file


def test_encrypted_tokens_can_be_read_again_by_name(tokens: Path, keys: Path) -> None:
    assert encrypt_tokens(tokens, keys)
    assert read_tokens(tokens, keys) == TOKENS
    assert token_of("my_bot_dev", tokens, keys) == TOKENS["my_bot_dev"]


def test_the_encrypted_file_is_private_and_shows_nothing(tokens: Path, keys: Path) -> None:
    encrypt_tokens(tokens, keys)
    assert stat.S_IMODE(tokens.stat().st_mode) == 0o600
    assert b"my_bot" not in tokens.read_bytes()
    assert sorted(path.name for path in tokens.parent.iterdir()) == ["keys", "tokens.json"]


def test_encrypting_twice_changes_nothing(tokens: Path, keys: Path) -> None:
    encrypt_tokens(tokens, keys)
    before = tokens.read_bytes()
    assert not encrypt_tokens(tokens, keys)
    assert tokens.read_bytes() == before


def test_a_link_to_the_tokens_stays_a_link(tokens: Path, keys: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tokens)
    encrypt_tokens(link, keys)
    assert link.is_symlink()
    assert read_tokens(link, keys) == TOKENS


@pytest.mark.parametrize("content", ["", "{", '["my_bot"]', '{"my_bot": 5}', '"6075908884:AAEGXL"', "\xff"])
def test_what_is_no_object_of_texts_is_refused_and_left_alone(tokens: Path, keys: Path, content: str) -> None:
    tokens.write_text(content, encoding="latin-1")
    before = tokens.read_bytes()
    with pytest.raises(BotError) as refusal:
        encrypt_tokens(tokens, keys)
    assert str(tokens) in str(refusal.value)
    assert "AAEGXL" not in str(refusal.value)
    assert tokens.read_bytes() == before


def test_plain_tokens_are_refused_with_what_to_run(tokens: Path, keys: Path) -> None:
    tokens.chmod(0o600)
    with pytest.raises(BotError, match=r"not encrypted\. Run python3 security/encrypt_files\.py"):
        token_of("my_bot", tokens, keys)


def test_tokens_or_a_key_that_others_may_read_are_refused_with_what_to_type(tokens: Path, keys: Path) -> None:
    encrypt_tokens(tokens, keys)
    for open_file in (tokens, keys / "tokens.key"):
        open_file.chmod(0o640)
        with pytest.raises(BotError, match=f"chmod 600 {open_file}"):
            token_of("my_bot", tokens, keys)
        open_file.chmod(0o600)


def test_the_wrong_key_is_told(tokens: Path, keys: Path, tmp_path: Path) -> None:
    encrypt_tokens(tokens, keys)
    other = make_tokens_key(tmp_path / "other").parent
    for attempt in (lambda: token_of("my_bot", tokens, other), lambda: encrypt_tokens(tokens, other)):
        with pytest.raises(BotError, match=r"does not open .*another key"):
            attempt()


def test_a_damaged_key_is_told(tokens: Path, keys: Path) -> None:
    (keys / "tokens.key").write_text("abc")
    with pytest.raises(BotError, match="is no key"):
        encrypt_tokens(tokens, keys)


def test_missing_files_are_told_with_what_to_do(tokens: Path, keys: Path, tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"Run python3 security/generate_keys\.py"):
        encrypt_tokens(tokens, tmp_path / "nowhere")
    tokens.unlink()
    for attempt in (lambda: token_of("my_bot", tokens, keys), lambda: encrypt_tokens(tokens, keys)):
        with pytest.raises(BotError, match=r"tokens\.json is missing\. Write your tokens there"):
            attempt()


def test_an_unknown_name_gets_the_list_of_names(tokens: Path, keys: Path) -> None:
    encrypt_tokens(tokens, keys)
    with pytest.raises(BotError, match="no token named 'their_bot'; it has: my_bot, my_bot_dev") as refusal:
        token_of("their_bot", tokens, keys)
    assert "AA" not in str(refusal.value)
