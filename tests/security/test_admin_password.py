# SPDX-License-Identifier: GPL-3.0-or-later
"""The admins' password lies in a file as a scrypt hash that only its owner reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.admin_password import is_password, set_password
from src.errors import BotError


def test_only_the_right_password_is_taken_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    assert not is_password("anything at all", tmp_path)
    path = set_password("a canary of ours", tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "canary" not in path.read_text()
    assert is_password("a canary of ours", tmp_path)
    assert not is_password("a canary of our", tmp_path)


def test_what_is_too_short_or_lies_open_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="10 to 200"):
        set_password("short", tmp_path)
    path = set_password("long enough for us", tmp_path)
    path.chmod(0o644)
    with pytest.raises(BotError, match="chmod 600"):
        is_password("long enough for us", tmp_path)
