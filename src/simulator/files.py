# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploaded files: kept on disk, found again by their file id, which belongs to one kind for ever."""

import re
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from src.simulator.calls import Call, Upload
from src.simulator.entities import Json
from src.simulator.pictures import photo_size
from src.simulator.refusals import bad_request

MOST_BYTES_FOR_DOWNLOAD = 20 * 1024 * 1024

_FOLDERS = {"photo": "photos", "document": "documents"}
_BEGINNINGS = {"photo": "AgACAgIAAxk", "document": "BQACAgIAAxk"}
_FILE_ID = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class StoredFile:
    """One file of the bot; `path` is what getFile tells, relative to the folder of all files."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    size: int
    path: str
    width: int = 0
    height: int = 0

    def as_file(self) -> Json:
        """Return the File object of the Bot API, without the path."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def as_media(self) -> Json:
        """Return the part of a Message object that tells about this file."""
        if self.kind == "photo":
            return {"photo": [self.as_file() | {"width": self.width, "height": self.height}]}
        return {"document": self.as_file() | {"file_name": self.name}}


class Files:
    """All files of one bot. Contents lie in `folder`; only names and sizes are kept in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._by_id: dict[str, StoredFile] = {}

    def of_call(self, call: Call, kind: str, given: str) -> StoredFile:
        """Return the file that a request uploads or names in `given`; raise Refusal if there is none."""
        attached = given.removeprefix("attach://") if given.startswith("attach://") else kind
        upload = call.files.get(attached)
        if upload is not None and (not given or given.startswith("attach://")):
            return self.keep(upload, kind)
        if not given or given.startswith("attach://"):
            raise bad_request(f"there is no {kind} in the request")
        if given.lower().startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        return self.known(given, kind)

    def keep(self, upload: Upload, kind: str) -> StoredFile:
        """Write a new file to disk and give it an id; raise Refusal if it is empty or no proper photo."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        width, height = photo_size(upload.content) if kind == "photo" else (0, 0)
        path = f"{_FOLDERS[kind]}/file_{len(self._by_id)}{_ending(upload.name)}"
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(upload.content)
        file_id = _BEGINNINGS[kind] + secrets.token_urlsafe(30)
        size = len(upload.content)
        stored = StoredFile(file_id, secrets.token_urlsafe(9), kind, upload.name, size, path, width, height)
        self._by_id[file_id] = stored
        return stored

    def known(self, file_id: str, kind: str) -> StoredFile:
        """Return the file with this id; raise Refusal if there is none or it is of another kind."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request(f"wrong remote file identifier specified: {_what_is_wrong(file_id)}")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """Return the file with this id, or None."""
        return self._by_id.get(file_id)

    def dump(self) -> list[Json]:
        """Return all that is known about the files, for the state file."""
        return [dict(vars(stored)) for stored in self._by_id.values()]

    def load(self, bodies: Iterable[Json]) -> None:
        """Take over what `dump` gave."""
        self._by_id = {body["file_id"]: StoredFile(**body) for body in bodies}


def files_beside(state_file: Path | None) -> Files:
    """Return the files of an earlier run, which lie beside its state; without one they go with the object."""
    if state_file is not None:
        return Files(state_file.with_name(f"{state_file.name}.files"))
    files = Files(Path(tempfile.mkdtemp(prefix="local-bot-api-")))
    weakref.finalize(files, shutil.rmtree, files.folder, ignore_errors=True)
    return files


def _ending(name: str) -> str:
    """Return a harmless file name extension, or nothing; a name from outside never reaches the disk."""
    ending = Path(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


def _what_is_wrong(file_id: str) -> str:
    if not _FILE_ID.fullmatch(file_id):
        return "Wrong character in the string"
    return "can't unserialize it. Wrong last symbol"
