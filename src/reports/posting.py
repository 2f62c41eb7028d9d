# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a report goes: into a mail, or into files to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from src.errors import BotError
from src.mail import Attachment, Mail
from src.private_files import replace_private
from src.reports.page import as_html, as_text
from src.reports.parts import Report


def mail_of(report: Report, files: Sequence[Attachment] = ()) -> Mail:
    """Return the mail: pictures stand in its page and are attached, too, beside other files."""
    pictures = report.pictures()
    html = as_html(report, {one.name: f"cid:{one.name}" for one in pictures})
    shown = tuple(Attachment(f"{one.name}.png", one.content, cid=one.name) for one in pictures)
    attached = tuple(Attachment(f"{one.name}.png", one.content) for one in pictures)
    return Mail(f"{report.title}: {report.subtitle}", as_text(report), html, (*shown, *attached, *files))


def write_into(folder: Path, name: str, report: Report, files: Sequence[Attachment] = ()) -> list[Path]:
    """Write the report as a page with its pictures, as text, and the files; return what was written.

    Only we ourselves may read them. Raises BotError if the folder cannot be written.
    """
    html = as_html(report, {one.name: f"{one.name}.png" for one in report.pictures()})
    content = {f"{name}.html": html.encode(), f"{name}.txt": as_text(report).encode()}
    content |= {f"{one.name}.png": one.content for one in report.pictures()}
    return write_files(folder, content | {one.name: one.content for one in files})


def write_files(folder: Path, content: dict[str, bytes]) -> list[Path]:
    """Write files, each as a whole or not at all. Raises BotError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, each in content.items():
            replace_private(folder / name, each)
    except OSError as error:
        raise BotError(f"{folder} cannot be written: {error.strerror}. Choose another folder with --out.") from None
    return [folder / name for name in content]
