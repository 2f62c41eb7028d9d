#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play a dialogue here in the terminal; record walks through it, see what no walk reaches, or draw it.

Nothing is sent, and no database is needed.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from _start import ROOT, run

from src.dialogues.check import has_errors
from src.dialogues.model import Dialogue
from src.engine.study import Rules
from src.errors import BotError
from src.paths import DIALOGUES, OUTGOING, SETTINGS
from src.phrases import PHRASES_FILE, load_phrases
from src.settings import Settings, load_settings
from src.startup import rules_of
from src.upkeep.coverage import coverage_of, read_walks
from src.upkeep.html_in_terminal import Style
from src.upkeep.play import Terminal, play
from src.upkeep.recording import dialogues_of, file_of_walk, record, record_all, stage_among, written
from src.upkeep.scenes import for_recording
from src.upkeep.study import Demands, check_files, files_missing, read_files

WALKS = ROOT / "tests" / "walks"


@dataclass(frozen=True)
class Asked:
    """What the command line is about: the dialogues that are meant, all those around them, settings and rules."""

    dialogues: Mapping[str, Dialogue]
    others: Mapping[str, Dialogue]
    settings: Settings
    rules: Rules


def main(arguments: Namespace) -> int:
    """Check the dialogues that are meant, then do what the command line asks for; return the exit code."""
    path = file_meant(arguments.file)
    files_missing([path])
    files = read_files([path])
    settings = load_settings(os.environ, SETTINGS)
    problems = check_files(files, Demands(settings.languages, settings.categories, OUTGOING))
    if has_errors(problems):
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1
    folder = path if path.is_dir() else path.parent
    phrases = load_phrases(PHRASES_FILE, settings.languages, settings.default_language)
    rules = rules_of(settings, developer=False, phrases=phrases)
    asked = Asked(dialogues_of(files), dialogues_of(read_files([folder])), settings, rules)
    return action_of(arguments)(asked, arguments)


def action_of(arguments: Namespace) -> Callable[[Asked, Namespace], int]:
    """Return what the command line asks for; without anything said, a dialogue is played."""
    return next((action for option, action in ACTIONS.items() if getattr(arguments, option)), play_one)


def file_meant(given: Path | None) -> Path:
    """Return the file or folder that is meant; a bare id means the dialogue of this folder."""
    if given is None:
        return DIALOGUES
    ours = DIALOGUES / f"{given.name}.json"
    return ours if not given.exists() and len(given.parts) == 1 and ours.exists() else given


def play_one(asked: Asked, arguments: Namespace) -> int:
    """Play one dialogue with the person at the terminal."""
    if arguments.file is None or len(asked.dialogues) != 1:
        raise BotError("Name the FILE of one dialogue, for example data/gamesInfo/welcome.json.")
    rules = for_recording(asked.rules) if arguments.record else asked.rules
    (dialogue,) = asked.dialogues.values()
    stage = stage_among(tuple(asked.others.values()), rules)(dialogue, language_of(asked, arguments))
    file = file_of_walk(stage, arguments.record, arguments.walks) if arguments.record else None
    wait = time.sleep if arguments.pauses else lambda _: None
    inputs = play(stage, Terminal(read_line, print, wait, Style(sys.stdout.isatty())))
    if file is not None:
        record(stage, inputs, file)
        print(f"written: {file}")
    return 0


def language_of(asked: Asked, arguments: Namespace) -> str:
    """Return the language that is meant. Raises BotError if the study does not have it."""
    language = str(arguments.lang or asked.settings.default_language)
    if language not in asked.settings.languages:
        raise BotError(f"{language!r} is no language of the study: {', '.join(asked.settings.languages)}.")
    return language


def read_line() -> str | None:
    """Ask for a line; from a pipe it is repeated, so that what is printed can be read. None at the end."""
    sys.stdout.flush()
    try:
        line = input("> ")
    except EOFError:
        print()
        return None
    if not sys.stdin.isatty():
        print(line)
    return line


def record_dialogues(asked: Asked, arguments: Namespace) -> int:
    """Write walks that reach everything, for the dialogue or for all of the folder."""
    stage = stage_among(tuple(asked.others.values()), for_recording(asked.rules))
    for dialogue in asked.dialogues.values():
        if dialogue.is_for_two:
            print(f"passed over: {dialogue.id} is for two players")
            continue
        for line in record_all(dialogue, asked.settings.languages, stage, arguments.walks):
            print(line)
    return 0


def cover(asked: Asked, arguments: Namespace) -> int:
    """Tell what the walks of a folder do not reach; return 1 if there is anything."""
    stage = stage_among(tuple(asked.others.values()), for_recording(asked.rules))
    alone = {name: each for name, each in asked.dialogues.items() if not each.is_for_two}
    found = coverage_of(alone, asked.settings.languages, read_walks(arguments.coverage).values(), stage)
    for each in found:
        print(each)
    missing = sum(len(each.missing) for each in found)
    print(f"{missing} messages and answers are not reached." if missing else "All is reached.")
    return 1 if missing else 0


def draw(asked: Asked, arguments: Namespace) -> int:
    """Write each dialogue as a diagram."""
    # Only here: the library that lays diagrams out takes half a second to come in.
    from src.upkeep.drawing import drawing_of

    language = language_of(asked, arguments)
    for dialogue in asked.dialogues.values():
        file = arguments.graph / f"{dialogue.id}.svg"
        written({file: drawing_of(dialogue, language, asked.settings.default_language)})
        print(f"written: {file}")
    return 0


ACTIONS = {"record_all": record_dialogues, "coverage": cover, "graph": draw}
"""What the options of these names do."""


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a dialogue, or its id in this folder; default: all of them"
    )
    options.add_argument("--lang", metavar="LANGUAGE", help="default: the study's default language")
    options.add_argument("--pauses", action="store_true", help="wait as long as the bot would")
    options.add_argument("--walks", type=Path, default=WALKS, metavar="FOLDER", help="where walks are written to")
    what = options.add_mutually_exclusive_group()
    what.add_argument("--record", metavar="NAME", help="write what is played as a walk of this name")
    what.add_argument("--record-all", action="store_true", help="write walks that reach everything")
    what.add_argument(
        "--coverage",
        nargs="?",
        type=Path,
        const=WALKS,
        metavar="FOLDER",
        help="tell what no walk of the folder reaches",
    )
    what.add_argument(
        "--graph", type=Path, metavar="FOLDER", help="draw each dialogue into this folder, as an SVG for the browser"
    )
    return options


if __name__ == "__main__":
    run(main, parser())
