# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the embedded database's server is: written down beside its folder, and checked against what really runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from src.store.processes import Process, command_line, process_of, running

HOST = "127.0.0.1"
BROKEN = 1
"""The code of MongoDB for something that is wrong with the server itself."""
PROGRAM = "secantusd-py"
_SETTINGS = "# Empty on purpose: so the server looks for no other file of settings.\n"


@dataclass(frozen=True)
class Server:
    """A server that was started for one folder: its process, and the port on this machine where it answers."""

    process: Process
    port: int

    def serves(self, folder: Path) -> bool:
        """Tell whether the process still lives and is a server of this folder, not a stranger with its number."""
        return self.process.is_alive() and port_of(self.process.pid, folder) == self.port

    def answers(self, seconds: float = 1.0) -> bool:
        """Tell whether this very process answers at its port; another program may have taken the port."""
        client = self._client(seconds)
        try:
            return client.admin.command("serverStatus").get("pid") == self.process.pid
        except PyMongoError:
            return False
        finally:
            client.close()

    def is_broken(self) -> bool:
        """Tell whether it answers and still can read nothing: after a full disk it never can again, until it is
        started anew.
        """
        client = self._client(5.0)
        try:
            client.admin["nothing"].find_one()
        except OperationFailure as error:
            return error.code == BROKEN
        except PyMongoError:
            return False
        finally:
            client.close()
        return False

    def _client(self, seconds: float) -> MongoClient[dict[str, object]]:
        milliseconds = int(seconds * 1000)
        return MongoClient(
            HOST,
            self.port,
            directConnection=True,
            serverSelectionTimeoutMS=milliseconds,
            connectTimeoutMS=milliseconds,
            socketTimeoutMS=milliseconds,
        )


@dataclass(frozen=True)
class Files:
    """Where a folder's server keeps its notes: beside the folder, because the folder itself belongs to the server."""

    folder: Path

    def beside(self, ending: str) -> Path:
        """Return the file beside the folder with this ending, such as `data/db.lock`."""
        return self.folder.with_name(f"{self.folder.name}.{ending}")

    def make(self) -> None:
        """Make the folder, for our own user alone, and the server's own file of settings."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        settings = self.beside("server.toml")
        if not settings.exists():
            settings.write_text(_SETTINGS, "utf-8")

    def begin_anew_if_never_made(self) -> None:
        """Empty a folder whose server has never got so far as to answer: a full disk, or a kill, leaves files there
        with which none ever starts. Nobody can have written anything yet.
        """
        mark = self.beside("new")
        if mark.exists() or not any(self.folder.iterdir()):
            mark.touch(mode=0o600)
            for path in self.folder.iterdir():
                path.unlink()

    def is_made(self) -> None:
        """Take note that the folder's server answers, so that its files are never thrown away."""
        self.beside("new").unlink(missing_ok=True)

    def note(self, server: Server) -> None:
        """Write down where the server is, in one piece."""
        place, new = self.beside("server.json"), self.beside("server.json.new")
        facts = {"pid": server.process.pid, "started": server.process.started, "port": server.port}
        new.write_text(json.dumps(facts) + "\n", "utf-8")
        new.replace(place)

    def noted(self) -> Server | None:
        """Return the server that was written down, alive or not; None without a note that makes sense."""
        try:
            facts = json.loads(self.beside("server.json").read_text("utf-8"))
            return Server(Process(int(facts["pid"]), int(facts["started"])), int(facts["port"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self) -> None:
        """Take the note away: no server runs."""
        self.beside("server.json").unlink(missing_ok=True)


def find(files: Files) -> Server | None:
    """Return the folder's living server: the one written down, else any that runs.

    A process that was killed between starting a server and writing it down leaves one without a note.
    """
    noted = files.noted()
    if noted is not None and noted.serves(files.folder):
        return noted
    for pid in running():
        port, process = port_of(pid, files.folder), process_of(pid)
        if port is not None and process is not None:
            return Server(process, port)
    return None


def port_of(pid: int, folder: Path) -> int | None:
    """Return the port from the command line of a server of this folder; None for any other process."""
    words = command_line(pid)
    try:
        if words[words.index("--storage-path") + 1] != str(folder) or not words[1].endswith(PROGRAM):
            return None
        return int(words[words.index("--port") + 1])
    except (ValueError, IndexError):
        return None
