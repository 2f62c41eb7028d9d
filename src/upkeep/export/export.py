# SPDX-License-Identifier: GPL-3.0-or-later
"""An export from the first question to the database to the finished folder, which is there wholly or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import Any

from src.identities import Pseudonym
from src.store.database import Database
from src.store.respondents import gentle_view, respondents
from src.store.revisions import all_dialogues
from src.upkeep.export.answer_rows import answers_table
from src.upkeep.export.codebook import codebook_page, codebook_table
from src.upkeep.export.discretion import Discretion
from src.upkeep.export.formats import FORMATS, Details, Format
from src.upkeep.export.gathering import Gathered, gathered
from src.upkeep.export.masking import Masked, masked, tell
from src.upkeep.export.participant_rows import participants_table
from src.upkeep.export.questions import Catalogue, catalogue_of
from src.upkeep.export.tables import NoExport
from src.upkeep.export.text_files import iso, write_csv

_PRIVATE = 0o600


@dataclass(frozen=True)
class Order:
    """What is to be exported, and how. `languages` are those of the study, `labels` that of a format which has one."""

    format: str
    wide: bool
    discretion: Discretion
    languages: Sequence[str]
    default_language: str
    labels: str

    def in_short(self) -> dict[str, Any]:
        """Return what it asks for, for manifest and audit log."""
        return {
            "format": self.format,
            "shape": "wide" if self.wide else "long",
            "free_text": self.discretion.tells_free_text,
            "smallest_group": self.discretion.smallest_group,
        }


@dataclass
class Exported:
    """What came out: counts by name, and the files of the folder with what the manifest says of them."""

    counts: dict[str, int]
    snapshot: bool
    newest: int
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def export(
    database: Database,
    ids: Sequence[Pseudonym],
    order: Order,
    out: Path,
    now: datetime,
    finished: Callable[[Exported], None],
) -> Exported:
    """Write a new folder `out`, for its owner alone. `finished` is called when all is written, before it gets its name.

    Raises NoExport, DatabaseAway, and whatever `finished` raises; then there is no folder.
    """
    writes = FORMATS[order.format]
    writes.prepare()
    with _new_folder(out) as folder, TemporaryFile("w+", encoding="utf-8", dir=folder) as file:

        def read_catalogue() -> Catalogue:
            return catalogue_of(all_dialogues(database), order.languages)

        _language(read_catalogue(), order.labels)
        with gentle_view(database) as view:
            found = gathered(respondents(view, ids, order.default_language), read_catalogue, order.discretion, file)
            result = Exported({}, view.is_snapshot, found.newest)
        if found.people < max(order.discretion.smallest_group, 1):
            raise NoExport(f"There are too few to export, {found.people}: {_reasons(len(ids), found)}.")
        told = masked(found)
        details = Details(_language(found.catalogue, order.labels), found.newest)
        _write_all(folder, told, writes, order, details, result)
        result.counts = {**tell(told), **{f"left out: {why}": count for why, count in sorted(found.left_out.items())}}
        _write_manifest(folder, order, result, database.database.name, now)
        finished(result)
    return result


def _write_all(folder: Path, told: Masked, writes: Format, order: Order, details: Details, result: Exported) -> None:
    tables = [participants_table(told, wide=order.wide), *([] if order.wide else [answers_table(told)])]
    for table in tables:
        name = f"{table.name}.{writes.ending}"
        rows = writes.write(table, folder / name, details)
        types = {column.name: column.type.value for column in table.columns}
        result.files[name] = {"rows": rows, "columns": types, **writes.for_pandas(table.columns)}
    catalogue = told.gathered.catalogue
    book = codebook_table(catalogue, tables)
    result.files["codebook.csv"] = {"rows": write_csv(book, folder / "codebook.csv")}
    (folder / "codebook.html").write_text(codebook_page(catalogue, tables), "utf-8")
    result.files["codebook.html"] = {}
    for name, facts in result.files.items():
        (folder / name).chmod(_PRIVATE)
        with (folder / name).open("rb") as file:
            facts["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
        facts["bytes"] = (folder / name).stat().st_size


def _write_manifest(folder: Path, order: Order, result: Exported, database: str, now: datetime) -> None:
    """Write what the export is; this file alone holds the time at which it was made."""
    manifest = {
        "exported_at": now.isoformat(timespec="seconds"),
        "newest_answer_at": iso(result.newest) if result.newest else None,
        "database": database,
        **order.in_short(),
        "read": "from one snapshot" if result.snapshot else "each participant at about one moment",
        "counts": result.counts,
        "files": result.files,
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    path.chmod(_PRIVATE)


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Give a folder that gets its name when the block ends well, and is gone when it does not."""
    if out.exists() or out.is_symlink():
        raise NoExport(f"{out} is there already and stays as it is. Choose another name.")
    try:
        folder = Path(mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    except OSError as error:
        raise NoExport(f"{out} cannot be written: {error.strerror}.") from None
    try:
        yield folder
        folder.rename(out)
    except OSError as error:
        raise NoExport(f"{out} cannot be written: {error.strerror or type(error).__name__}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _language(catalogue: Catalogue, code: str) -> int:
    if code not in catalogue.languages:
        raise NoExport(f"Nothing is written in the language {code!r}. There are: {', '.join(catalogue.languages)}.")
    return catalogue.languages.index(code)


def _reasons(chosen: int, found: Gathered) -> str:
    reasons = [f"{count} {why}" for why, count in sorted(found.left_out.items())]
    return ", ".join([f"{chosen} participants are chosen", *reasons])
