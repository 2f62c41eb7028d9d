# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole database in one file, compressed and sealed; and back. A file is there wholly or not at all."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from src.errors import BotError
from src.sealed_stream import Damaged, Sealer, opened
from src.sealing import WrongKey
from src.store.database import Database
from src.store.dump import Record, fill, records

KEY_FILE = "backup.key"
_LENGTH = 4


class NoBackup(BotError):
    """A backup cannot be written or read; the text says which and why."""


def back_up(database: Database, path: Path, keys: Path, *, without_hashes: bool = False) -> dict[str, int]:
    """Write the database into a new file, mode 0600, and return how many documents of each collection it holds.

    Raises NoBackup if the file is there already or cannot be written, UnsafeFile, DatabaseAway.
    """
    if path.exists():
        raise NoBackup(f"{path} is there already and stays as it is. Choose another name.")
    try:
        descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise NoBackup(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            counts = _write(records(database, without_hashes=without_hashes), file, keys / KEY_FILE)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        raise NoBackup(f"{path} is there already and stays as it is. Choose another name.") from None
    except OSError as error:
        raise NoBackup(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        Path(fresh).unlink(missing_ok=True)
    return counts


def counts_in(path: Path, keys: Path) -> dict[str, int]:
    """Read a backup to its end, and return how many documents of each collection it holds. Raises NoBackup."""
    counts: dict[str, int] = {}
    for name, _ in _read(path, keys / KEY_FILE):
        counts[name] = counts.get(name, 0) + 1
    return counts


def restore(database: Database, path: Path, keys: Path) -> dict[str, int]:
    """Fill an empty database from a backup that has been read to its end before; return the counts.

    Raises NoBackup, NotEmpty, UnsafeFile, DatabaseAway; the database is empty then.
    """
    counts_in(path, keys)
    return fill(database, _read(path, keys / KEY_FILE))


def _write(all_records: Iterable[Record], file: BinaryIO, key_file: Path) -> dict[str, int]:
    sealer, packer = Sealer(file, key_file), zlib.compressobj()
    counts: dict[str, int] = {}
    for name, document in all_records:
        coded = name.encode()
        sealer.write(packer.compress(bytes([len(coded)]) + coded + document))
        counts[name] = counts.get(name, 0) + 1
    sealer.write(packer.flush())
    sealer.finish()
    return counts


def _read(path: Path, key_file: Path) -> Iterator[Record]:
    try:
        with path.open("rb") as file:
            yield from _records(opened(file, key_file))
    except OSError as error:
        raise NoBackup(f"{path} cannot be read: {error.strerror}.") from None
    except (Damaged, WrongKey) as error:
        raise NoBackup(f"{path} cannot be used: {error}.") from None


def _records(pieces: Iterator[bytes]) -> Iterator[Record]:
    """Cut the unpacked stream into records: length of the name, name, BSON, which begins with its own length."""
    unpacker, waiting = zlib.decompressobj(), bytearray()
    for piece in pieces:
        waiting += unpacker.decompress(piece)
        place = 0
        while (end := _end_of_record(waiting, place)) is not None:
            begin = place + 1 + waiting[place]
            yield waiting[place + 1 : begin].decode(), bytes(waiting[begin:end])
            place = end
        del waiting[:place]


def _end_of_record(content: bytearray, place: int) -> int | None:
    """Return where the record at this place ends; None if it is not there wholly yet."""
    if place >= len(content):
        return None
    begin = place + 1 + content[place]
    if begin + _LENGTH > len(content):
        return None
    end = begin + int.from_bytes(content[begin : begin + _LENGTH], "little")
    return end if end <= len(content) else None
