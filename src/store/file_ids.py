# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids of files that Telegram has: the collection `files`, one document for each bot, kind and content."""

from __future__ import annotations

import threading
from collections import OrderedDict

from pymongo.collection import Collection

from src.dialogues.model import FileKind
from src.store.database import Database
from src.store.reading import Document

_REMEMBERED = 2_000


class FileIdStore:
    """Ids of uploaded files; the port `FileIds`. Used by many threads. Raises DatabaseAway.

    An id stays good until Telegram refuses it, so what has been read once is remembered.
    """

    def __init__(self, database: Database, bot: str) -> None:
        """Keep the ids of this `bot`, by its number at Telegram: another bot cannot use them."""
        self._database = database
        self._files: Collection[Document] = database.database["files"]
        self._bot = bot
        self._lock = threading.Lock()
        self._known: OrderedDict[str, str] = OrderedDict()

    def of(self, kind: FileKind, digest: str) -> str | None:
        """Return the id of the file with this content (SHA-256) when it is sent as this kind; None: not yet known."""
        name = self._name(kind, digest)
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        with self._database.answering():
            found = self._files.find_one({"_id": name}, {"file_id": 1})
        file_id = found.get("file_id") if found else None
        return self._remember(name, file_id) if isinstance(file_id, str) and file_id else None

    def keep(self, kind: FileKind, digest: str, file_id: str) -> None:
        """Keep the id; of two uploads at the same moment both are good, and the later one stays."""
        name = self._name(kind, digest)
        self._remember(name, file_id)
        with self._database.answering():
            self._files.update_one({"_id": name}, {"$set": {"file_id": file_id}}, upsert=True)

    def forget(self, kind: FileKind, digest: str, file_id: str) -> None:
        """Forget an id that Telegram refuses; a newer one, which another thread has kept meanwhile, stays."""
        name = self._name(kind, digest)
        with self._lock:
            if self._known.get(name) == file_id:
                del self._known[name]
        with self._database.answering():
            self._files.delete_one({"_id": name, "file_id": file_id})

    def _name(self, kind: FileKind, digest: str) -> str:
        return f"{self._bot}:{kind.value}:{digest}"

    def _remember(self, name: str, file_id: str) -> str:
        with self._lock:
            self._known[name] = file_id
            self._known.move_to_end(name)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return file_id
