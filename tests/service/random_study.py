# SPDX-License-Identifier: GPL-3.0-or-later
"""A study made by chance, and edits of it as authors make them. Every text says where it comes from: `d3 #7: m2` is
message m2 of the seventh edition of d3.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from src.dialogues.check import SourceFile, check_dialogues, check_sequence, has_errors
from src.dialogues.model import REQUIRED_DIALOGUES
from src.dialogues.parse import revision_of

Json = dict[str, Any]

WHOLE_PLAY = 6
SHORTEST_PLAY = 4
CATEGORIES = ("at", "by")


@dataclass
class RandomStudy:
    """The study as its authors have it: the newest edition of each dialogue, and the order."""

    chance: random.Random
    dialogues: dict[str, Json] = field(default_factory=dict)
    sequence: list[str] = field(default_factory=list)
    editions: dict[tuple[str, int], str] = field(default_factory=dict)
    older: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = count()
        self.numbers = count(1)
        for name in REQUIRED_DIALOGUES:
            self.publish(self.stamped(one_message(name)))
        self.publish(self.stamped(self.welcome()))
        self.sequence = ["welcome", *(self.new_dialogue() for _ in range(WHOLE_PLAY))]

    def revision(self, dialogue: str) -> str | None:
        """Return the revision of the newest edition."""
        document = self.dialogues.get(dialogue)
        return revision_of(document) if document else None

    def publish(self, document: Json) -> None:
        """Make this the newest edition of its dialogue."""
        name = document["_id"]
        if name in self.dialogues:
            self.older.append(self.dialogues[name])
        self.dialogues[name] = document
        self.editions[name, edition_of(document)] = revision_of(document)

    def stamped(self, document: Json) -> Json:
        """Return the document as a new edition: every text says so."""
        number = next(self.numbers)
        for name, message in document["messages"].items():
            message["text"] = f"{document['_id']} #{number}: {name}"
        return document

    def welcome(self) -> Json:
        """Return a welcome in which everybody agrees."""
        asks = question("consent", {"yes": "end", "gladly": "end"})
        return document_of("welcome", {"ask": asks, "end": end() | {"action": "legal_yes"}})

    def new_dialogue(self) -> str:
        """Publish a dialogue that did not exist before; return its name."""
        name = f"d{next(self.names)}"
        ids = [f"m{number}" for number in range(self.chance.randint(2, 4))]
        messages = {one: self.message(one, ids[place + 1 :]) for place, one in enumerate(ids)}
        self.publish(self.stamped(document_of(name, messages, self.chance.choice(CATEGORIES))))
        return name

    def message(self, name: str, later: list[str]) -> Json:
        """Return a message that goes on to some of the later ones; without any it is the last."""
        if not later:
            return end()
        kind = self.chance.choices(("press", "type", "say"), (6, 2, 2))[0]
        if kind == "say":
            return end() | {"next": self.chance.choice(later)}
        if kind == "type":
            rule = {"kind": "text", "next": self.chance.choice(later), "answers": {"NO": later[-1]}}
            return end() | {"type": "WA", "vars": [f"typed_{name}"], "input": rule}
        return question(f"pressed_{name}", self.branches(later))

    def branches(self, later: list[str]) -> dict[str, str | None]:
        """Return two or three answers and where they lead."""
        values = self.chance.sample(("a", "b", "c", "d"), self.chance.choice((2, 3)))
        return {value: self.chance.choice((*later, None)) for value in values}

    # --- what authors do ---

    def edited(self) -> str:
        """Make one edit that the checker lets pass; return its name."""
        while True:
            name = self.chance.choice(list(EDITS))
            before = copy.deepcopy((self.dialogues, self.sequence, self.editions, self.older))
            EDITS[name](self)
            changed = (self.dialogues, self.sequence) != before[:2]
            if changed and len(self.uploadable()) > SHORTEST_PLAY and not self.has_errors():
                return name
            self.dialogues, self.sequence, self.editions, self.older = before

    def has_errors(self) -> bool:
        """Tell whether the checker refuses the study."""
        files = [SourceFile(f"{name}.json", document) for name, document in self.dialogues.items()]
        problems = check_dialogues(
            files, languages=("en",), known_files=lambda kind, name: False, categories=(*CATEGORIES, "user_settings")
        )
        return has_errors([*problems, *check_sequence(self.uploadable(), self.dialogues)])

    def uploadable(self) -> list[str]:
        """Return the sequence without names of dialogues that have been removed: the checker wants none."""
        return [name for name in self.sequence if name in self.dialogues]

    def any_story(self) -> Json:
        """Return a copy of one of the dialogues that are no settings."""
        return copy.deepcopy(self.dialogues[self.chance.choice(self.stories())])

    def stories(self) -> list[str]:
        """Return the dialogues that are no settings, also those that the sequence leaves out."""
        return [name for name in self.dialogues if name not in REQUIRED_DIALOGUES]

    def texts(self) -> None:
        self.publish(self.stamped(copy.deepcopy(self.dialogues[self.chance.choice(list(self.dialogues))])))

    def other_branches(self) -> None:
        document = self.any_story()
        ids = list(document["messages"])
        for place, message in enumerate(document["messages"].values()):
            if message["type"] == "SA":
                message.update(question(message["vars"][0]["name"], self.branches(ids[place + 1 :])))
        self.publish(self.stamped(document))

    def message_removed(self) -> None:
        document = self.any_story()
        ids = list(document["messages"])
        gone = self.chance.choice(ids[1:])
        later = ids[ids.index(gone) + 1 :]
        del document["messages"][gone]
        instead = later[0] if later else None
        document["messages"] = {name: led(one, gone, instead) for name, one in document["messages"].items()}
        self.publish(self.stamped(document))

    def message_added(self) -> None:
        document = self.any_story()
        ids = list(document["messages"])
        place = self.chance.randrange(len(ids) - 1)
        new = f"n{next(self.names)}"
        items = list(document["messages"].items())
        before = [(name, led(one, ids[place + 1], new)) for name, one in items[: place + 1]]
        added = (new, self.message(new, ids[place + 1 :]))
        document["messages"] = dict([*before, added, *items[place + 1 :]])
        self.publish(self.stamped(document))

    def dialogue_removed(self) -> None:
        name = self.any_story()["_id"]
        self.older.append(self.dialogues.pop(name))
        if self.chance.random() < 0.5:
            self.sequence = [one for one in self.sequence if one != name]

    def dialogue_added(self) -> None:
        self.sequence.insert(self.chance.randint(1, len(self.sequence)), self.new_dialogue())

    def other_order(self) -> None:
        names = self.stories()
        self.sequence = ["welcome", *self.chance.sample(names, self.chance.randint(len(names) // 2, len(names)))]

    def taken_back(self) -> None:
        if self.older:
            self.publish(copy.deepcopy(self.chance.choice(self.older)))


EDITS: Mapping[str, Callable[[RandomStudy], None]] = {
    "texts": RandomStudy.texts,
    "branches": RandomStudy.other_branches,
    "message removed": RandomStudy.message_removed,
    "message added": RandomStudy.message_added,
    "dialogue removed": RandomStudy.dialogue_removed,
    "dialogue added": RandomStudy.dialogue_added,
    "other order": RandomStudy.other_order,
    "taken back": RandomStudy.taken_back,
}


def edition_of(document: Json) -> int:
    """Return the number that stands in every text of the document."""
    text = next(iter(document["messages"].values()))["text"]
    return int(text.partition("#")[2].partition(":")[0])


def document_of(name: str, messages: Json, title: str = "user_settings") -> Json:
    """Return a dialogue for one player."""
    first = next(iter(messages))
    return {"_id": name, "title": title, "initial_messages": [first], "points": ["1"], "messages": messages}


def one_message(name: str) -> Json:
    """Return a dialogue that says one thing."""
    return document_of(name, {"m": end()})


def end() -> Json:
    """Return a message after which nothing follows."""
    return {"type": "NA", "text": "", "wait": None, "next": None}


def question(name: str, branches: Mapping[str, str | None]) -> Json:
    """Return a message with a button for each branch."""
    buttons = {"name": name, "type": "button", "texts": list(branches), "values": list(branches)}
    return end() | {"type": "SA", "vars": [buttons], "next": {name: dict(branches)}}


def led(message: Json, gone: str, instead: str | None) -> Json:
    """Return the message with every way to `gone` leading elsewhere."""
    return {
        key: other_way(value, gone, instead) if key in ("next", "input") else value for key, value in message.items()
    }


def other_way(target: Any, gone: str, instead: str | None) -> Any:
    if isinstance(target, dict):
        return {key: other_way(value, gone, instead) for key, value in target.items()}
    return instead if target == gone else target
