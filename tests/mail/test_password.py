# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail password: asked for by a script, kept where no log, terminal or file shows it."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from src.mail_password import PASSWORD_FILE, NoPassword, read_password, store_password
from src.paths import ROOT
from src.private_files import UnsafeFile
from src.secrets_store import make_tokens_key


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return make_tokens_key(tmp_path / "keys").parent


def entry(keys: Path, typed: str, user: str = "bot") -> subprocess.CompletedProcess[str]:
    """Run the script as on a server: no desktop, no keyring."""
    return subprocess.run(
        [sys.executable, str(ROOT / "monitoring" / "keyring_entry.py"), "--keys", str(keys)],
        input=typed,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("DBUS")},
            "SMTP_USER": user,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        },
        capture_output=True,
        text=True,
    )


def test_the_script_keeps_the_password_in_a_sealed_private_file(keys: Path) -> None:
    told = entry(keys, "a long password\n")
    file = keys / PASSWORD_FILE
    assert (told.returncode, told.stderr) == (0, "")
    assert str(file) in told.stdout
    assert "a long password" not in told.stdout
    assert b"password" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_password("bot", keys) == "a long password"


def test_what_is_typed_on_a_terminal_is_not_shown(keys: Path) -> None:
    ours, theirs = pty.openpty()
    on_terminal = (
        "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
    )
    script = str(ROOT / "monitoring" / "keyring_entry.py")
    command = [sys.executable, "-c", on_terminal, sys.executable, script, "--file", "--keys", str(keys)]
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "SMTP_USER": "bot"},
        start_new_session=True,
    ) as running:
        os.close(theirs)
        shown = b""
        while b"Password" not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, b"a long password\n")
        with suppress(OSError):  # the terminal is gone when the script has ended
            while more := os.read(ours, 1000):
                shown += more
        assert running.wait(30) == 0
    os.close(ours)
    assert b"The password is kept in" in shown
    assert b"a long" not in shown
    assert read_password("bot", keys) == "a long password"


@pytest.mark.parametrize(("typed", "user", "said"), [("\n", "bot", "is empty"), ("x\n", "", "SMTP_USER is not set")])
def test_what_cannot_be_kept_is_one_line(keys: Path, typed: str, user: str, said: str) -> None:
    told = entry(keys, typed, user)
    assert said in told.stderr
    assert (told.stderr.count("\n"), told.returncode) == (1, 1)
    assert not (keys / PASSWORD_FILE).exists()


def test_a_file_that_others_may_read_or_of_another_key_is_refused(keys: Path, tmp_path: Path) -> None:
    store_password("bot", "a long password", keys, into_file=True)
    (keys / PASSWORD_FILE).chmod(0o644)
    with pytest.raises(UnsafeFile, match="chmod 600"):
        read_password("bot", keys)
    other = make_tokens_key(tmp_path / "other").parent
    (keys / PASSWORD_FILE).chmod(0o600)
    (keys / PASSWORD_FILE).rename(other / PASSWORD_FILE)
    with pytest.raises(NoPassword, match="another key"):
        read_password("bot", other)
