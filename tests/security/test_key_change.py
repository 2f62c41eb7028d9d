# SPDX-License-Identifier: GPL-3.0-or-later
"""The key is changed, and whatever happens in the middle, every secret can be read by every program."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from src.key_change import NotChanged, change_key, sealed_files
from src.mail_password import PASSWORD_FILE, read_password
from src.paths import ROOT
from src.private_files import UnsafeFile, check_private_folder, make_private_folder, replace_private
from src.sealing import WrongKey, has_two_keys, seal, unseal
from src.secrets_store import encrypt_tokens, make_tokens_key, read_tokens
from tests.small_project import start

TOKENS = {"my_bot": "1:a", "my_bot_dev": "2:b"}

KILLED_AT = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from src.key_change import change_key, sealed_files

OPERATIONS = ("open", "os.rename", "os.remove", "os.chmod", "os.truncate")
tokens, key, number = Path(sys.argv[2], "tokens.json"), Path(sys.argv[2], "keys", "tokens.key"), int(sys.argv[3])
seen = 0

def count(event, arguments):
    global seen
    if event in OPERATIONS and (event != "open" or str(arguments[0]).startswith(sys.argv[2])):
        seen += 1
        if seen == number:
            os._exit(9)

files = sealed_files(tokens, key)
sys.addaudithook(count)
change_key(files, key)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with tokens, a mail password, and a third secret, all closed."""
    home = tmp_path / "home"
    key = make_tokens_key(home / "keys")
    (home / "tokens.json").write_text(json.dumps(TOKENS))
    encrypt_tokens(home / "tokens.json", home / "keys")
    replace_private(home / "keys" / PASSWORD_FILE, seal(b"a long password", key))
    replace_private(home / "keys" / "third.sealed", seal(b"third", key))
    return home


def key_of(folder: Path) -> Path:
    return folder / "keys" / "tokens.key"


def change(folder: Path) -> bool:
    key = key_of(folder)
    return change_key(sealed_files(folder / "tokens.json", key), key)


def all_can_be_read(folder: Path) -> bool:
    return (
        read_tokens(folder / "tokens.json", folder / "keys") == TOKENS
        and read_password("bot", folder / "keys") == "a long password"
        and unseal((folder / "keys" / "third.sealed").read_bytes(), key_of(folder)) == b"third"
    )


def test_all_is_closed_anew_and_the_old_key_opens_nothing(folder: Path, tmp_path: Path) -> None:
    old = shutil.copytree(folder / "keys", tmp_path / "old") / "tokens.key"
    assert not change(folder)
    assert all_can_be_read(folder)
    assert not has_two_keys(key_of(folder))
    for file in (folder / "tokens.json", *(folder / "keys").glob("*.sealed")):
        with pytest.raises(WrongKey):
            unseal(file.read_bytes(), old)
    for file in (folder / "tokens.json", *(folder / "keys").iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def killed_at(folder: Path, number: int) -> int:
    """Change the key in a process that dies just before its file operation of this number; return its exit code."""
    program = [sys.executable, "-c", KILLED_AT, str(ROOT), str(folder), str(number)]
    return subprocess.run(program, cwd="/", timeout=30).returncode


def test_killed_before_any_file_operation_all_can_be_read_and_a_second_run_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    code, number, two_keys = 9, 0, 0
    while code == 9:
        number += 1
        here = shutil.copytree(folder, tmp_path / "killed" / str(number))
        code = killed_at(here, number)
        assert all_can_be_read(here), f"killed before operation {number}"
        old, begun = key_of(folder).read_bytes().strip(), has_two_keys(key_of(here))
        two_keys += begun
        assert change(here) == begun
        assert all_can_be_read(here)
        assert old not in key_of(here).read_bytes()
        assert not has_two_keys(key_of(here))
        assert sorted(file.name for file in (here / "keys").iterdir()) == [
            *(".rotating", PASSWORD_FILE, "third.sealed", "tokens.key")
        ]
    assert code == 0
    assert number > 20
    assert two_keys > 10


def test_what_another_key_has_closed_stops_all_before_anything_is_changed(folder: Path, tmp_path: Path) -> None:
    other = make_tokens_key(tmp_path / "other")
    replace_private(folder / "keys" / "third.sealed", seal(b"third", other))
    before = {file: file.read_bytes() for file in (folder / "keys").glob("*[dy]")}
    with pytest.raises(NotChanged, match=r"does not open .*third\.sealed"):
        change(folder)
    assert {file: file.read_bytes() for file in before} == before


def test_plain_tokens_stop_all(folder: Path) -> None:
    replace_private(folder / "tokens.json", b"{}")
    with pytest.raises(NotChanged, match="encrypt_files"):
        change(folder)


def test_only_one_changes_the_key_at_a_time(folder: Path) -> None:
    with (folder / "keys" / ".rotating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(NotChanged, match="right now"):
            change(folder)
    assert not change(folder)


def test_the_script_says_what_it_did_and_shows_no_secret(folder: Path) -> None:
    arguments = ("--tokens", str(folder / "tokens.json"), "--keys", str(folder / "keys"))
    for _ in range(2):
        told = start(ROOT / "security" / "rotate_keys.py", *arguments)
        assert (told.returncode, told.stderr) == (0, "")
        assert "tokens.json" in told.stdout
        assert PASSWORD_FILE in told.stdout
        assert key_of(folder).read_text().strip() not in told.stdout
    shutil.rmtree(folder / "keys")
    told = start(ROOT / "security" / "rotate_keys.py", *arguments)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "generate_keys.py" in told.stderr


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o702])
def test_a_folder_of_keys_that_others_may_enter_is_refused_with_what_to_type(folder: Path, mode: int) -> None:
    keys = folder / "keys"
    keys.chmod(mode)
    for attempt in (
        lambda: read_tokens(folder / "tokens.json", keys),
        lambda: make_private_folder(keys),
        lambda: check_private_folder(keys),
        lambda: change(folder),
    ):
        with pytest.raises(UnsafeFile, match=f"Type: chmod 700 {keys}"):
            attempt()
    keys.chmod(0o700)
    assert all_can_be_read(folder)


def test_a_new_folder_of_keys_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = make_tokens_key(tmp_path / "keys")
    finally:
        os.umask(before)
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_what_to_type_can_be_typed_also_with_a_blank_in_the_path(tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir(mode=0o755)
    with pytest.raises(UnsafeFile) as refusal:
        check_private_folder(tmp_path / "a folder")
    command = str(refusal.value).partition("Type: ")[2]
    subprocess.run(["sh", "-c", command], check=True)
    check_private_folder(tmp_path / "a folder")
