# SPDX-License-Identifier: GPL-3.0-or-later
"""The three scripts of security/, typed as the README says."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_project import small_project, start

TOKEN = "6075908884:AAEGXL0vpPvjzgvztwydviwYLzD9PtBGtT3zE"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = small_project(tmp_path)
    (project / "tokens.json").write_text(json.dumps({"my_bot": TOKEN, "my_bot_dev": "1:a"}))
    return project


def test_from_plain_tokens_to_encrypted_ones_in_two_commands(root: Path) -> None:
    security = root / "security"
    assert start(Path("generate_keys.py"), cwd=security).returncode == 0
    encrypted = start(Path("encrypt_files.py"), cwd=security)
    assert "is encrypted now" in encrypted.stdout
    assert encrypted.returncode == 0
    for name in ("tokens.key", "pseudonyms.key"):
        assert stat.S_IMODE((security / "keys" / name).stat().st_mode) == 0o600

    told = start(security / "decrypt_files.py")
    assert "can be read; it has the tokens of: my_bot, my_bot_dev." in told.stdout
    assert TOKEN not in told.stdout + told.stderr
    assert start(security / "decrypt_files.py", "--show", "my_bot").stdout == f"{TOKEN}\n"


def test_doing_it_again_says_so_and_changes_nothing(root: Path) -> None:
    for script in ("generate_keys.py", "encrypt_files.py"):
        start(root / "security" / script)
    before = {path: path.read_bytes() for path in [*(root / "security/keys").iterdir(), root / "tokens.json"]}
    keys_again = start(root / "security" / "generate_keys.py")
    again = start(root / "security" / "encrypt_files.py")
    assert keys_again.stdout.count("stays as it is") == 3
    assert "is encrypted already; nothing was changed." in again.stdout
    assert (keys_again.returncode, again.returncode) == (0, 0)
    assert {path: path.read_bytes() for path in before} == before


def test_a_lost_key_is_made_beside_the_one_that_stays(root: Path) -> None:
    start(root / "security" / "generate_keys.py")
    kept = (root / "security/keys/pseudonyms.key").read_bytes()
    (root / "security/keys/tokens.key").unlink()
    told = start(root / "security" / "generate_keys.py").stdout
    assert "tokens.key made." in told
    assert "pseudonyms.key is there already" in told
    assert (root / "security/keys/pseudonyms.key").read_bytes() == kept


def test_a_foreseen_error_is_one_line_and_exit_1(root: Path) -> None:
    told = start(root / "security" / "encrypt_files.py")
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "Run python3 security/generate_keys.py" in told.stderr


def test_decrypt_is_a_function_too_as_the_seed_had_it(root: Path) -> None:
    for script in ("generate_keys.py", "encrypt_files.py"):
        start(root / "security" / script)
    program = "from decrypt_files import decrypt; print(decrypt('my_bot'))"
    told = subprocess.run([sys.executable, "-c", program], cwd=root / "security", capture_output=True, text=True)
    assert told.stdout == f"{TOKEN}\n"
