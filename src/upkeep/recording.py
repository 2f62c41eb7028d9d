# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes walks into their folder: one that a person has played, or as many as reach everything in a dialogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from src.dialogues.check import SourceFile
from src.dialogues.model import Dialogue
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from src.engine.study import Rules
from src.errors import BotError
from src.upkeep.exploring import covering_walks, explore
from src.upkeep.scenes import Input, SetStage, Stage, begin, played_walk, set_stage
from src.upkeep.walks import text_of_walk

NAME = re.compile(r"[\w-]{1,60}")


def dialogues_of(files: Iterable[SourceFile]) -> dict[str, Dialogue]:
    """Return the dialogues of files by their ids, without those that cannot be read."""
    found: dict[str, Dialogue] = {}
    for file in files:
        if isinstance(file.document, dict):
            try:
                dialogue = parse_dialogue(file.document)
            except MalformedDialogue:
                continue
            found[dialogue.id] = dialogue
    return found


def stage_among(others: Sequence[Dialogue], rules: Rules) -> SetStage:
    """Return what puts a dialogue on the stage among the others of its study."""
    return lambda dialogue, language: set_stage(dialogue, others, rules, language)


def file_of_walk(stage: Stage, name: str, folder: Path) -> Path:
    """Return the file of a walk that a person names. Raises BotError for a name that is none for a file."""
    if not NAME.fullmatch(name):
        raise BotError(f"{name!r} is no name for a walk: take letters, digits, - and _.")
    return folder / f"{stage.dialogue.id}.{name}.txt"


def record(stage: Stage, inputs: Sequence[Input], file: Path) -> None:
    """Write one walk."""
    written({file: text_of_walk(stage, played_walk(stage, inputs))})


def record_all(dialogue: Dialogue, languages: Sequence[str], stage: SetStage, folder: Path) -> list[str]:
    """Write walks that together reach everything in a dialogue; return the lines that say what changed.

    Earlier ones of this kind go; walks that a person has named stay.
    """
    texts: dict[Path, str] = {}
    for language in languages:
        for number, text in enumerate(all_walks(stage(dialogue, language)), 1):
            texts[folder / f"{dialogue.id}.{language}.{number}.txt"] = text
    gone = [file for file in numbered(folder, dialogue.id, languages) if file not in texts]
    written(texts)
    for file in gone:
        file.unlink()
    return [*(f"written: {file}" for file in texts), *(f"removed: {file}" for file in gone)]


def all_walks(stage: Stage) -> list[str]:
    """Return the texts of walks that together reach everything in the language of the stage."""
    if begin(stage).run is None:
        raise BotError(f"{stage.dialogue.id} cannot begin; python3 data/gamesInfo/update_mongoDB_games.py --check.")
    walks = covering_walks(explore(stage), stage.language)
    return [text_of_walk(stage, played_walk(stage, inputs)) for inputs in walks]


def numbered(folder: Path, dialogue: str, languages: Sequence[str]) -> list[Path]:
    """Return the walks of a dialogue that have a number and no name of their own."""
    ours = re.compile(rf"{re.escape(dialogue)}\.({'|'.join(map(re.escape, languages))})\.\d+\.txt")
    return [file for file in sorted(folder.glob("*.txt")) if ours.fullmatch(file.name)]


def written(texts: dict[Path, str]) -> None:
    """Write files, and their folders where they are missing."""
    for file, text in texts.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        except OSError as error:
            raise BotError(f"{file} cannot be written: {error.strerror}.") from None
