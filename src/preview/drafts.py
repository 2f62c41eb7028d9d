# SPDX-License-Identifier: GPL-3.0-or-later
"""An author's files while they write: what is wrong with them, and the last good version of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from src.dialogues.check import Problem, Severity, SourceFile, check_sequence, missing_required
from src.engine.sequence import NOT_REMEMBERED
from src.errors import BotError
from src.upkeep.study import Demands, check_files, documents_of, read_files, read_sequence

Stamps = dict[Path, tuple[int, int]]
STARTED_BY_PEOPLE = NOT_REMEMBERED | {"welcome", "unsubscribe"}


@dataclass(frozen=True)
class Sources:
    """Where a study lies: `paths` are folders or files of dialogues, `sequence` is the file with their order.

    Without such a file the dialogues come in the order of their files' names.
    """

    paths: tuple[Path, ...]
    sequence: Path | None
    demands: Demands

    def stamps(self) -> Stamps:
        """Return when each file was changed last, and its size: something is new when this is another."""
        files = [file for path in self.paths for file in (path.glob("*.json") if path.is_dir() else (path,))]
        outgoing = self.demands.outgoing
        watched = [*files, *([self.sequence] if self.sequence else []), outgoing, outgoing / "img"]
        return {file: stamp for file in watched if (stamp := _stamp(file)) is not None}


@dataclass(frozen=True)
class Draft:
    """What a look at the files has found: all problems, and the study that can be played all the same.

    `files` are the last good versions; a dialogue that the bot needs and that is not among them is stood in for.
    """

    problems: Sequence[Problem]
    files: Sequence[SourceFile]
    sequence: Sequence[str]


class Drafts:
    """Looks at the files again and again, and remembers their last good versions and the last good sequence."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._good: dict[str, SourceFile] = {}
        self._sequence: list[str] | None = None

    def look(self) -> Draft:
        """Read and check all files."""
        files = read_files(self.sources.paths)
        problems = check_files(files, self.sources.demands)
        broken = {each.file for each in problems if each.severity is Severity.ERROR}
        self._good |= {each.name: each for each in files if each.name not in broken}
        usable = [self._good[each.name] for each in files if each.name in self._good]
        ids = [str(each["_id"]) for each in documents_of(usable)]
        stand_ins = [stand_in(name) for name in missing_required(ids)]
        return Draft([*problems, *self._look_at_sequence(ids)], [*usable, *stand_ins], self._order(ids))

    def _look_at_sequence(self, ids: Sequence[str]) -> list[Problem]:
        """Read the sequence; keep it if it can be used, and return what is wrong with it."""
        file = self.sources.sequence
        if file is None:
            return []
        try:
            sequence = read_sequence(file)
        except BotError as unreadable:
            return [Problem(Severity.ERROR, file.name, None, None, str(unreadable).rstrip("."), "Mend the file")]
        problems = check_sequence(sequence, ids, file=file.name)
        if not any(each.severity is Severity.ERROR for each in problems):
            self._sequence = sequence
        return problems

    def _order(self, ids: Sequence[str]) -> list[str]:
        if self._sequence is not None:
            return self._sequence
        return [name for name in ids if name not in STARTED_BY_PEOPLE]


def stand_in(name: str) -> SourceFile:
    """Return a dialogue of one line in the place of one that the bot needs and that is not there.

    The line of the welcome is the consent, so that authors come to their own dialogues at once.
    """
    action = {"action": "legal_yes"} if name == "welcome" else {}
    message = {"type": "NA", "text": f"(Here comes the dialogue {name}.)", "wait": 0, "next": None, **action}
    document = {"_id": name, "title": "user_settings", "initial_messages": ["only"], "points": ["0"]}
    return SourceFile(f"{name}.json", {**document, "messages": {"only": message}})


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
