# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that the bot sends: which one is meant, whether Telegram has it already, and as what it goes."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from src.dialogues.model import FileKind
from src.engine.effects import FileShown
from src.errors import BotError, DatabaseAway, Refused
from src.service.ports import FileIds

log = logging.getLogger(__name__)

FOLDER_OF = {FileKind.PICTURE: "img", FileKind.DOCUMENT: ""}
REMEMBERED = 1_000
NO_PHOTO = re.compile(r"PHOTO_|IMAGE_|too (big|large)|file must be non-empty", re.IGNORECASE)
"""Telegram does not show this picture, but may take it as a document."""

ID_REFUSED = re.compile(r"file|MEDIA_", re.IGNORECASE)
"""Where no file was uploaded, a refusal that speaks of a file means its id: "wrong file identifier", "wrong remote
file identifier specified", "FILE_REFERENCE_EXPIRED", "can't use file of type …", "MEDIA_EMPTY".
"""


@dataclass(frozen=True)
class Upload:
    """A file as it goes over the line."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    """What Telegram tells about a message that it has taken; `file_id` is None where there is no file."""

    message_id: int
    file_id: str | None


Post = Callable[[FileKind, str | Upload], Sent]
"""Sends a file as this kind, by its id or with its bytes. Raises CannotReach, TryLater, Refused or NotAllowed."""


@dataclass(frozen=True)
class Seen:
    """What is known of a file as long as its size and the time of its last change (in nanoseconds) stay the same."""

    size: int
    changed: int
    digest: str
    is_photo: bool = True


class TelegramFiles:
    """The folder of files, and what Telegram has of them. One instance serves all threads."""

    def __init__(self, outgoing: Path, ids: FileIds | None) -> None:
        """Take files from `outgoing`; without `ids` each one is uploaded every time."""
        self.outgoing = outgoing
        self.ids = ids
        self._lock = threading.Lock()
        self._seen: OrderedDict[Path, Seen] = OrderedDict()

    def send(self, file: FileShown, post: Post) -> int:
        """Send a file and return the message id; a picture that is refused as a photo goes as a document.

        Raises what `post` raises, Refused for a file that is not there, and DatabaseAway before anything is sent.
        """
        path = self.path_of(file)
        seen = self._look_at(path)
        if file.kind is FileKind.PICTURE and seen.is_photo:
            try:
                return self._send_as(FileKind.PICTURE, path, seen, post)
            except Refused as refusal:
                if not NO_PHOTO.search(str(refusal)):
                    raise
                log.warning("The picture %r goes as a document, Telegram says: %s", file.name, refusal)
                # In memory alone: should it have been a passing fault, the next start tries again.
                self._remember(path, replace(seen, is_photo=False))
        return self._send_as(FileKind.DOCUMENT, path, seen, post)

    def path_of(self, file: FileShown) -> Path:
        """Return where the file lies; raises Refused. Names are compared after NFC and never lead out of the folder."""
        folder = (self.outgoing / FOLDER_OF[file.kind]).resolve()
        wanted = unicodedata.normalize("NFC", PurePosixPath(file.name).as_posix())
        for path in folder.rglob("*"):
            is_meant = unicodedata.normalize("NFC", path.relative_to(folder).as_posix()) == wanted
            if is_meant and path.is_file() and path.resolve().is_relative_to(folder):
                return path
        raise Refused(f"the file {file.name!r} is not in {folder.name}/; put it there")

    def _send_as(self, kind: FileKind, path: Path, seen: Seen, post: Post) -> int:
        known = self._known(kind, seen.digest)
        if known is not None:
            try:
                return post(kind, known).message_id
            except Refused as refusal:
                if not ID_REFUSED.search(str(refusal)):
                    raise
                log.info("Telegram does not know %r any more, it is uploaded once again: %s", path.name, refusal)
                self._forget(kind, seen.digest, known)
        content = read(path)
        sent = post(kind, Upload(path.name, content))
        # The file may have changed since it was looked at: its id belongs to the bytes that went out.
        self._keep(kind, hashlib.sha256(content).hexdigest(), sent.file_id)
        return sent.message_id

    def _look_at(self, path: Path) -> Seen:
        try:
            now = path.stat()
            with self._lock:
                seen = self._seen.get(path)
            if seen is not None and (seen.size, seen.changed) == (now.st_size, now.st_mtime_ns):
                return seen
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(error) from None
        return self._remember(path, Seen(now.st_size, now.st_mtime_ns, digest))

    def _remember(self, path: Path, seen: Seen) -> Seen:
        with self._lock:
            self._seen[path] = seen
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return seen

    def _known(self, kind: FileKind, digest: str) -> str | None:
        """Return the id of a file that Telegram has.

        While the database is away nothing is sent: DatabaseAway goes up, the message stays in the outbox and goes out
        once. An upload now would have to be noted in that database as delivered, and be repeated if we died before.
        """
        try:
            return self.ids.of(kind, digest) if self.ids is not None else None
        except DatabaseAway:
            raise
        except BotError as trouble:
            log.warning("The ids of files cannot be read, a file is uploaded: %s", trouble)
            return None

    def _keep(self, kind: FileKind, digest: str, file_id: str | None) -> None:
        """Keep the id of a file. The message is out, so no trouble here may look as if it were not."""
        if self.ids is None or file_id is None:
            return
        try:
            self.ids.keep(kind, digest, file_id)
        except BotError as trouble:
            log.info("The id of a file was not kept, it will be uploaded once more: %s", trouble)

    def _forget(self, kind: FileKind, digest: str, file_id: str) -> None:
        try:
            if self.ids is not None:
                self.ids.forget(kind, digest, file_id)
        except BotError as trouble:
            log.info("The id of a file could not be forgotten yet: %s", trouble)


def sent_from(message: Any) -> Sent:
    """Return the ids of a message that was sent. Whatever is odd about its file must not undo the message."""
    return Sent(int(message["message_id"]), file_id_of(message))


def file_id_of(message: Mapping[str, Any]) -> str | None:
    """Return the id of the document, or of the largest size of the photo; None if Telegram does not tell."""
    try:
        file = message["photo"][-1] if "photo" in message else message["document"]
        return str(file["file_id"])
    except (KeyError, IndexError, TypeError):
        return None


def read(path: Path) -> bytes:
    """Return a file's bytes; raises Refused."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(error) from None


def unreadable(error: OSError) -> Refused:
    """Return our error for a file that is there and cannot be read."""
    return Refused(f"a file cannot be read: {error.strerror}")
