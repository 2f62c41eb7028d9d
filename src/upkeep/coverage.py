# SPDX-License-Identifier: GPL-3.0-or-later
"""Which messages and answers no recorded walk reaches, by dialogue and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from src.dialogues.model import Dialogue
from src.errors import BotError
from src.upkeep.scenes import Input, SetStage, Stage, played_walk
from src.upkeep.walks import Recorded, read_walk
from src.upkeep.ways import Reached, Way, reached_in, ways_of


@dataclass(frozen=True)
class Coverage:
    """How much of a dialogue its walks reach in one language; `missing` in the order of the file."""

    dialogue: str
    language: str
    walks: int
    ways: int
    missing: tuple[Way, ...]

    def __str__(self) -> str:
        """Return the line of the report, and one for each way that is missing."""
        line = f"{self.dialogue}, {self.language}: {self.ways - len(self.missing)} of {self.ways} in {self.walks} walks"
        return "\n".join([line, *(f"    not reached: {way}" for way in self.missing)])


def read_walks(folder: Path) -> dict[str, Recorded]:
    """Return all records of a folder by the names of their files. Raises BotError where one is none."""
    if not folder.is_dir():
        raise BotError(f"{folder} is no folder of walks.")
    try:
        return {path.name: read_walk(path.read_text("utf-8"), path.name) for path in sorted(folder.glob("*.txt"))}
    except OSError as error:
        raise BotError(f"{folder} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BotError(f"{folder} holds a .txt that is no text in UTF-8.") from None


def coverage_of(
    dialogues: Mapping[str, Dialogue], languages: Sequence[str], walks: Iterable[Recorded], stage: SetStage
) -> list[Coverage]:
    """Return for every dialogue and language what the walks reach. Walks of other dialogues do not count."""
    reached: dict[str, set[Reached]] = {name: set() for name in dialogues}
    counts: dict[tuple[str, str], int] = {}
    for walk in walks:
        if walk.dialogue in dialogues:
            reached[walk.dialogue] |= reached_by(stage(dialogues[walk.dialogue], walk.language), walk.inputs)
            counts[walk.dialogue, walk.language] = counts.get((walk.dialogue, walk.language), 0) + 1
    found: list[Coverage] = []
    for name, dialogue in dialogues.items():
        ways = ways_of(dialogue)
        for language in languages:
            missing = tuple(way for way in ways if (language, way) not in reached[name])
            found.append(Coverage(name, language, counts.get((name, language), 0), len(ways), missing))
    return found


def reached_by(stage: Stage, inputs: Sequence[Input]) -> set[Reached]:
    """Return everything that one walk reaches."""
    return set().union(*(reached_in(stage.dialogue, step) for step in played_walk(stage, inputs)))
