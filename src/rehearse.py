# SPDX-License-Identifier: GPL-3.0-or-later
"""`main.py --rehearse`: reads the study from its files, lets synthetic people go through it, and writes the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from src.dialogues.check import Severity, has_errors, missing_required
from src.engine.study import Study
from src.errors import BotError
from src.paths import DIALOGUES, HABITS, OUTGOING, SEQUENCE, SETTINGS
from src.phrases import PHRASES_FILE, load_phrases
from src.rehearsal.habits import load_habits
from src.rehearsal.plan import Plan
from src.rehearsal.report import write_report
from src.rehearsal.run import rehearse
from src.settings import Settings, load_settings
from src.startup import rules_of
from src.upkeep.recording import dialogues_of
from src.upkeep.study import Demands, check_files, files_missing, read_files, read_sequence

MOST_PEOPLE = 100_000
MOST_DAYS = 3660
MOST_PROCESSES = 256


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. `processes`: None: as many as there are processors."""

    out: Path
    participants: int = 1000
    days: int = 90
    seed: int = 1
    profile: str = "realistic"
    processes: int | None = None


def run_rehearsal(environment: Mapping[str, str], wanted: Wanted, say: Callable[[str], None]) -> None:
    """Rehearse the study and write the report; `say` gets the lines for the terminal. Raises BotError."""
    in_bounds("participants", wanted.participants, MOST_PEOPLE)
    in_bounds("days", wanted.days, MOST_DAYS)
    in_bounds("processes", 1 if wanted.processes is None else wanted.processes, MOST_PROCESSES)
    settings = load_settings(environment, SETTINGS)
    plan = Plan(
        study_of(settings, DIALOGUES, SEQUENCE),
        load_habits(HABITS, wanted.profile),
        wanted.participants,
        wanted.days,
        wanted.seed,
        settings.messages_per_second,
    )
    folder = made(wanted.out)
    ledger = rehearse(plan, wanted.processes)
    for file in write_report(plan, ledger, folder):
        say(f"written: {file}")


def in_bounds(name: str, number: int, most: int) -> None:
    """Raise BotError for a number that cannot be meant."""
    least = 0 if name == "participants" else 1
    if not least <= number <= most:
        raise BotError(f"--{name} {number} cannot be; it should be a number from {least} to {most}.")


def made(folder: Path) -> Path:
    """Make the folder that the report goes into. One that is there may be used; files of other reports are replaced."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BotError(f"--out {folder}: the folder cannot be made: {error.strerror}.") from None
    return folder


def study_of(settings: Settings, dialogues: Path, sequence: Path, outgoing: Path = OUTGOING) -> Study:
    """Return the study as its files and settings make it. Raises BotError naming each error in a file."""
    files_missing([dialogues, sequence])
    files = read_files([dialogues])
    problems = check_files(files, Demands(settings.languages, settings.categories, outgoing))
    if has_errors(problems):
        raise BotError("\n".join(str(each) for each in problems if each.severity is Severity.ERROR))
    known = dialogues_of(files)
    phrases = load_phrases(PHRASES_FILE, settings.languages, settings.default_language)
    # A plain dictionary can be handed to another process, which the settings' table cannot.
    rules = replace(rules_of(settings, developer=False, phrases=phrases), categories=dict(settings.categories))
    study = Study(known, {each.revision: each for each in known.values()}, tuple(read_sequence(sequence)), rules)
    missing = missing_required(known)
    if missing:
        raise BotError(f"The bot needs these dialogues, and they are not among the files: {', '.join(missing)}.")
    return study
