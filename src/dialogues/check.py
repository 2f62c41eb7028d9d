# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker: looks at all dialogues before an upload and names everything that is wrong, all at once.

`check_dialogues` for the files, `check_sequence` for the sequence, `missing_required` for what the bot needs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from src.dialogues.check_answers import check_answers, check_keys
from src.dialogues.check_pairs import check_pairs
from src.dialogues.check_texts import check_texts
from src.dialogues.check_ways import check_links, check_reach, check_ways
from src.dialogues.faults import Fault, Severity, warning
from src.dialogues.model import REQUIRED_DIALOGUES, FileKind
from src.dialogues.names import INVITING, id_of_file, normal
from src.dialogues.parse import read_dialogue
from src.dialogues.rules import Draft, Study

__all__ = (
    "Problem",
    "Severity",
    "SourceFile",
    "check_dialogues",
    "check_sequence",
    "has_errors",
    "missing_required",
)

SEQUENCE_FILE = "sequence.txt"
MAY_OPEN_THE_SEQUENCE = "welcome"


@dataclass(frozen=True)
class SourceFile:
    """A file as its reader found it: `document` is what the JSON holds; `fault` is set where it holds none.

    The fault is a half sentence such as "no JSON: line 3, column 7: a comma is missing".
    `doubled` are keys that stand twice in one object: JSON keeps the last, and the first is lost without a word.
    """

    name: str
    document: object | None = None
    fault: str | None = None
    doubled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: how bad, where (None: the whole), what, and how to mend it."""

    severity: Severity
    file: str
    message: str | None
    language: str | None
    what: str
    mend: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        places = [self.file]
        places += [f"message {self.message!r}"] if self.message is not None else []
        places += [f"language {self.language!r}"] if self.language is not None else []
        return " ".join(f"{self.severity}: {', '.join(places)}: {self.what}. {self.mend}.".split())


def has_errors(problems: Sequence[Problem]) -> bool:
    """Tell whether one of the problems refuses the upload."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def check_dialogues(
    files: Sequence[SourceFile],
    *,
    languages: Sequence[str],
    known_files: Callable[[FileKind, str], bool],
    categories: Collection[str],
    sequence: Sequence[str] = (),
    known_dialogues: Collection[str] = (),
) -> list[Problem]:
    """Return everything that is wrong with these files, in their order.

    `languages` are the study's; `known_files` tells whether a file (name in NFC) is below the folder of its
    kind; `known_dialogues` are ids that exist elsewhere, in the database, when only some files are checked.
    """
    study = Study(languages, categories, known_files)
    problems = [_problem(file.name, fault) for file in files for fault in _faults_of(file, study)]
    ids = {id_of_file(file.name) for file in files} | {normal(one) for one in known_dialogues}
    problems += _duplicates(files)
    problems += [
        _problem(SEQUENCE_FILE, warning(f"there is no dialogue {one!r}", "Mend the name, or add its file"))
        for one in dict.fromkeys(map(normal, sequence))
        if one not in ids
    ]
    return problems if known_dialogues else [*problems, *_without_invitation(files, sequence)]


def _problem(file: str, fault: Fault) -> Problem:
    return Problem(fault.severity, file, fault.message, fault.language, fault.what, fault.mend)


def _faults_of(file: SourceFile, study: Study) -> Iterator[Fault]:
    """Yield everything that is wrong with one file."""
    if file.fault is not None:
        yield Fault(file.fault, "Mend the file; nothing of it could be read")
        return
    if not isinstance(file.document, Mapping):
        yield Fault("the file holds no JSON object", 'Write {"_id": …, "title": …, "messages": …}')
        return
    faults: list[Fault] = []
    dialogue = read_dialogue(file.document, faults)
    broken = frozenset(fault.message for fault in faults if fault.message is not None)
    draft = Draft(dialogue, file.document, broken)
    if dialogue.id and dialogue.id != id_of_file(file.name):
        what = f"`_id` is {dialogue.id!r}, not the file's name"
        yield Fault(what, f"Rename the file to {dialogue.id}.json")
    yield from faults
    for key in file.doubled:
        yield warning(f"the key {key!r} stands twice in one object, only the last one counts", "Rename one of them")
    broken_links = list(check_links(draft))
    yield from broken_links
    yield from chain(check_answers(draft, study), check_texts(draft, study), check_keys(draft))
    # Ways are followed only through a dialogue that could be read as a whole: no gap is told twice.
    if not faults:
        yield from check_ways(draft)
    if not faults and not broken_links:
        yield from check_reach(draft)
        yield from check_pairs(draft)


def _duplicates(files: Sequence[SourceFile]) -> Iterator[Problem]:
    """Yield a problem for every file whose `_id` an earlier file has too."""
    first: dict[str, SourceFile] = {}
    for file in files:
        identifier = file.document.get("_id") if isinstance(file.document, Mapping) else None
        if not isinstance(identifier, str):
            continue
        other = first.setdefault(normal(identifier), file)
        if other is not file:
            what = f"`_id` {normal(identifier)!r} is also that of {other.name}"
            yield _problem(file.name, Fault(what, "Give each file an id of its own"))


def _without_invitation(files: Sequence[SourceFile], sequence: Sequence[str]) -> Iterator[Problem]:
    """Warn of dialogues for two in the sequence that can never begin, because nobody is asked to play them."""
    documents = [file.document for file in files if isinstance(file.document, Mapping)]
    named = set(map(normal, sequence))
    for_two = [one for one in documents if normal(str(one.get("_id"))) in named and _is_for_two(one)]
    if not for_two or any(_invites(one) for one in documents):
        return
    for one in for_two:
        what = f"{one.get('_id')!r} is for two players, and no dialogue asks whether anybody would like to play"
        yield _problem(SEQUENCE_FILE, warning(what, f"Add a dialogue for one player with the action {INVITING!r}"))


def _is_for_two(document: Mapping[str, object]) -> bool:
    first = document.get("initial_messages")
    return isinstance(first, list) and len(first) > 1


def _invites(document: Mapping[str, object]) -> bool:
    messages = document.get("messages")
    found = messages.values() if isinstance(messages, Mapping) else ()
    return any(isinstance(message, Mapping) and message.get("action") == INVITING for message in found)


def check_sequence(ids: Sequence[str], known_dialogues: Collection[str], *, file: str = SEQUENCE_FILE) -> list[Problem]:
    """Return what is wrong with a sequence: errors for ids that are unknown or repeated.

    A warning for dialogues that the bot starts itself; only `welcome` may stand there, as the first.
    """
    known = {normal(one) for one in known_dialogues}
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, identifier in enumerate(map(normal, ids)):
        if identifier not in known:
            faults.append(Fault(f"there is no dialogue {identifier!r}", "Mend the name, or upload the dialogue"))
        if identifier in seen:
            faults.append(Fault(f"{identifier!r} is there twice", "Delete one of the two lines"))
        seen.add(identifier)
        if identifier in REQUIRED_DIALOGUES and (place, identifier) != (0, MAY_OPEN_THE_SEQUENCE):
            faults.append(warning(f"the bot starts {identifier!r} by itself", "Take it out of the sequence"))
    return [_problem(file, fault) for fault in faults]


def missing_required(ids: Collection[str]) -> tuple[str, ...]:
    """Return those of the dialogues that the bot itself needs which are not among `ids`."""
    there = {normal(one) for one in ids}
    return tuple(one for one in REQUIRED_DIALOGUES if one not in there)
