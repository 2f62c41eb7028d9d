# SPDX-License-Identifier: GPL-3.0-or-later
"""Other processes that use the same embedded database, started by tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.paths import ROOT
from src.store.server_notes import Files, Server

_USE = """
import sys
from pathlib import Path
from src.store.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
print(server.port, flush=True)
sys.stdin.readline()
server.close()
"""


@contextmanager
def another_user(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process use the folder's database; it closes it when it gets a line, and waits for that."""
    command = [sys.executable, "-c", _USE, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, start_new_session=True) as user:
        try:
            assert user.stdout is not None
            assert user.stdout.readline().strip().isdigit()
            yield user
        finally:
            user.kill()


def server_of(folder: Path) -> Server:
    """Return the server that was written down for the folder."""
    noted = Files(folder).noted()
    assert noted is not None
    return noted
