# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded database: one server to a folder, shared by the bot, scripts and cron jobs, gone after the last one.

Beside the folder (say `data/db`) lie `db.lock`, held by whoever starts or stops the server; `db.users`, held together
by all who use it, and released by the system itself when one of them dies; `db.server.json`, where the server is.
A server whose last user was killed goes on running, and the next user takes it over.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.errors import DatabaseAway
from src.store.locks import exclusively, hold_together, nobody_else_holds, open_lock
from src.store.server_notes import HOST, Files, Server, find
from src.store.server_process import free_port, is_taken, start, stop, wait_until_it_answers

_LOCK_SECONDS = 45.0
"""Longer than one start or stop can take."""
_TRIES = 3

log = logging.getLogger(__name__)


class EmbeddedServer:
    """This process's share in the server of one folder, from the making until `close`. Raises DatabaseAway or
    BotError.
    """

    def __init__(self, folder: Path) -> None:
        """Find the folder's server or start it, and be one of its users."""
        self._files = Files(folder.resolve())
        with self._naming_the_folder():
            self._files.make()
        self._users: int | None = None
        with self._starting_or_stopping():
            users = open_lock(self._files.beside("users"))
            try:
                server = self._server(alone=nobody_else_holds(users))
                hold_together(users)
            except BaseException:
                os.close(users)
                raise
            self._users, self.port = users, server.port

    @property
    def uri(self) -> str:
        """Return the address for MongoDB's clients; it stays the same as long as anybody uses the server."""
        return f"mongodb://{HOST}:{self.port}/?directConnection=true"

    def revive(self) -> None:
        """Start the server again if it has died, at its old port, where everybody's clients look for it.

        May be called by many at once, also by several processes: one of them starts it, the others find it.
        """
        with self._starting_or_stopping():
            if self._users is None:
                raise DatabaseAway("The embedded database has been closed.")
            self._server(alone=False)

    def close(self) -> None:
        """Use the server no longer, and stop it when nobody else uses it. A second call does nothing."""
        with self._starting_or_stopping():
            if self._users is None:
                return
            last = nobody_else_holds(self._users)
            server = find(self._files) if last else None
            if server is not None:
                stop(server)
            if last:
                self._files.forget()
            os.close(self._users)
            self._users = None

    @contextmanager
    def _starting_or_stopping(self) -> Iterator[None]:
        with self._naming_the_folder(), exclusively(self._files.beside("lock"), _LOCK_SECONDS):
            yield

    @contextmanager
    def _naming_the_folder(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DatabaseAway(
                f"The embedded database in {self._files.folder} cannot be used: {error.strerror}."
            ) from error

    def _server(self, alone: bool) -> Server:
        """Return the living server, else a new one: at the old port, unless nobody could be looking for it there."""
        living = find(self._files)
        if living is not None and wait_until_it_answers(living, self._files):
            if not living.is_broken():
                self._files.is_made()
                return self._noted(living)
            log.warning("The embedded database (process %s) can read nothing any more.", living.process.pid)
            stop(living)
        for _ in range(_TRIES):
            self._files.begin_anew_if_never_made()
            started = start(self._files, self._port(alone))
            if started is not None:
                self._files.is_made()
                log.info("The embedded database runs as process %s at port %s.", started.process.pid, started.port)
                return started
        raise DatabaseAway(
            f"The embedded database in {self._files.folder} does not start; "
            f"see the end of {self._files.beside('server.log')}."
        )

    def _noted(self, server: Server) -> Server:
        if self._files.noted() != server:
            self._files.note(server)
        return server

    def _port(self, alone: bool) -> int:
        noted = self._files.noted()
        if noted is None or (alone and is_taken(noted.port)):
            return free_port()
        return noted.port
