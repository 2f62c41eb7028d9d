# SPDX-License-Identifier: GPL-3.0-or-later
"""A database server that is not the bot's own, as a MongoDB is: the bot can only wait for it when it is away."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP

import pymongo
from pymongo.errors import PyMongoError

from src.store.server_process import free_port
from tests.end_to_end.project import wait_until


@dataclass
class OwnServer:
    """A server with its files in `folder`; it always comes back at the same port."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """Its address."""
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        (self.folder / "server.toml").touch()
        program = Path(sys.executable).parent / "secantusd-py"
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--storage-path", str(self.folder / "db")]
        options = ["--config", str(self.folder / "server.toml"), "--sync-on-commit", "--log-level", "WARNING"]
        with (self.folder / "server.log").open("ab") as log:
            command = [sys.executable, str(program), *options, *place]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self.answers, "the database server does not start")

    def answers(self) -> bool:
        """Tell whether it answers."""
        with (
            contextlib.suppress(PyMongoError),
            pymongo.MongoClient[dict[str, object]](self.uri, timeoutMS=300) as client,
        ):
            client.admin.command("ping")
            return True
        return False

    def hang(self) -> None:
        """Let it answer nothing any more, with all connections open."""
        assert self.process is not None
        self.process.send_signal(SIGSTOP)

    def go_on(self) -> None:
        """Let it go on where it was."""
        assert self.process is not None
        self.process.send_signal(SIGCONT)

    def kill(self) -> None:
        """Take it down as a power cut does; it may hang."""
        assert self.process is not None
        self.process.send_signal(SIGKILL)
        self.process.wait(10)


@contextlib.contextmanager
def own_server(folder: Path) -> Iterator[OwnServer]:
    """Run a server for as long as the block lasts."""
    folder.mkdir()
    server = OwnServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
