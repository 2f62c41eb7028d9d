# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects what is wrong with a dialogue so that an author sees every mistake at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """An error refuses the upload; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (None: nowhere in particular), what, and how to mend it."""

    what: str
    mend: str
    message: str | None = None
    language: str | None = None
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the fault as one line."""
        message = f"message {self.message!r}" if self.message is not None else ""
        language = f"language {self.language!r}" if self.language is not None else ""
        place = ", ".join(filter(None, (message, language)))
        line = f"{place}: {self.what}. {self.mend}." if place else f"{self.what}. {self.mend}."
        return " ".join(line.split())


def warning(what: str, mend: str, message: str | None = None, language: str | None = None) -> Fault:
    """Return a fault that does not refuse the upload."""
    return Fault(what, mend, message, language, Severity.WARNING)


@dataclass
class Place:
    """Where the reader is: a message of the document, or the document itself (None)."""

    faults: list[Fault] = field(default_factory=list)
    message: str | None = None

    def inside(self, message: str) -> Place:
        """Return the place of a message; its faults go into the same list."""
        return Place(self.faults, message)

    def fault(self, what: str, mend: str, language: str | None = None) -> None:
        """Note that something is wrong here."""
        self.faults.append(Fault(what, mend, self.message, language))
