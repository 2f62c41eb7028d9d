# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody whose every word is a token that exists nowhere else, and the search for these tokens afterwards."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from src.identities import Pseudonym
from src.store.database import Database
from tests.end_to_end.project import TOKEN, Project

PERSON = 7_310_446_092_771
STUMBLES = "stumbles"
DATABASES_OF_THE_SERVER = frozenset({"admin", "config", "local"})
STUMBLING = f'''

_read_text = read_text


def read_text(message, text, known, participant, now):  # noqa
    if "{STUMBLES}" in text:
        raise KeyError(text)
    return _read_text(message, text, known, participant, now)
'''


@dataclass
class Words:
    """The tokens that were given out so far: those of texts that may be kept, and those that nobody may keep."""

    kept: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)

    def to_keep(self, what: str) -> str:
        """Return a new token for a text that belongs into the person's own document."""
        return self._new(what, self.kept)

    def to_drop(self, what: str) -> str:
        """Return a new token for something that must stand nowhere."""
        return self._new(what, self.not_kept)

    def _new(self, what: str, where: list[str]) -> str:
        token = f"zq{len(self.kept) + len(self.not_kept):02}x{what}qz"
        where.append(token)
        return token

    @property
    def all(self) -> list[str]:
        """All tokens, whatever they were for."""
        return [*self.kept, *self.not_kept]


@dataclass(frozen=True)
class Place:
    """A document of a collection, and which of the tokens stand in it."""

    database: str
    collection: str
    document: Mapping[str, Any]
    found: frozenset[str]


def places_of(tokens: Collection[str], database: Database) -> list[Place]:
    """Look for tokens in every document of every collection of every database that is not the server's own."""
    client = database.database.client
    names = [name for name in client.list_database_names() if name not in DATABASES_OF_THE_SERVER]
    assert database.database.name in names
    return [
        Place(name, collection, document, found)
        for name in names
        for collection in client[name].list_collection_names()
        for document in client[name][collection].find()
        if (found := tokens_in(" ".join(leaves_of(document)), tokens))
    ]


def leaves_of(value: object) -> Iterator[str]:
    """Return all keys and all values of a document as texts, however deep they lie."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield str(key)
            yield from leaves_of(inside)
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inside in value:
            yield from leaves_of(inside)
    else:
        yield str(value)


def tokens_in(text: str, tokens: Collection[str]) -> frozenset[str]:
    """Return the tokens that stand in a text, in any case."""
    lower = text.casefold()
    return frozenset(token for token in tokens if token.casefold() in lower)


def written_files(project: Project) -> list[Path]:
    """Return every file that the bot and the database server may have written to, but for the database itself."""
    root = project.root
    beside = [path for path in (root / "data").glob("db.*") if path.is_file()]
    return [*root.parent.glob("terminal.*"), *(path for path in (root / "log").rglob("*") if path.is_file()), *beside]


def tokens_in_files(tokens: Collection[str], project: Project) -> dict[str, frozenset[str]]:
    """Return which files hold which tokens; files without any are left out."""
    found = {path.name: tokens_in(path.read_text("utf-8", "replace"), tokens) for path in written_files(project)}
    return {name: tokens for name, tokens in found.items() if tokens}


def secrets_of_the_bot() -> list[str]:
    """Return the bot's token, and the part of it that is secret."""
    return [TOKEN, TOKEN.partition(":")[2]]


def told_at_wrong_places(words: Words, database: Database, who: Pseudonym | None) -> list[str]:
    """Return where a token stands that may not stand there; None: the person has been erased.

    The Telegram id may stand in `hashes`, and texts that are kept in the documents that belong to the pseudonym.
    """
    tokens = [*words.all, str(PERSON), *secrets_of_the_bot()]
    return [
        f"{place.database}.{place.collection}: {token}"
        for place in places_of(tokens, database)
        for token in sorted(place.found)
        if not may_stand(token, place, words, who)
    ]


def may_stand(token: str, place: Place, words: Words, who: Pseudonym | None) -> bool:
    """Tell whether a token has its place in this document."""
    if who is None:
        return False
    if token == str(PERSON):
        return place.collection == "hashes" and place.document["_id"] == who
    owners = {"clients": "_id", "game_history": "participant", "message_history": "participant"}
    return token in words.kept and place.document.get(owners.get(place.collection, "")) == who


def talkative_with_faults(project: Project) -> None:
    """Let the copy log all that its own code and the HTTP library can say, and stumble over a certain text."""
    logs = project.root / "src" / "logs.py"
    source = logs.read_text("utf-8")
    louder = source.replace("logging.INFO", "logging.DEBUG").replace(
        '"urllib3": logging.WARNING', '"urllib3": logging.DEBUG'
    )
    assert louder.count("logging.DEBUG") == source.count("logging.INFO") + 1
    logs.write_text(louder, "utf-8")
    with (project.root / "src" / "engine" / "answers.py").open("a", encoding="utf-8") as answers:
        answers.write(STUMBLING)


def put_study_into(data: Path) -> None:
    """Put a dialogue behind the welcome whose formulas fail with every word that is no number."""
    rule = {"kind": "text", "next": "counted"}
    messages = {
        "word": {"type": "WA", "text": "Which word?", "vars": ["word"], "input": rule, "wait": None, "next": None},
        "counted": {
            "type": "NA",
            "text": "That makes {number}.",
            "display": {"number": "int('{word}')"},
            "wait": None,
            "next": "said",
        },
        "said": {
            "type": "NA",
            "text": "You said {said}.",
            "display": {"said": "'{word}'"},
            "wait": None,
            "next": None,
        },
    }
    dialogue = {
        "_id": "words",
        "title": "user_settings",
        "initial_messages": ["word"],
        "points": ["int('{word}')"],
        "messages": messages,
    }
    (data / "gamesInfo" / "words.json").write_text(json.dumps(dialogue, indent=1), "utf-8")
    (data / "bot" / "sequence.txt").write_text("welcome\nwords\nsociodem\n", "utf-8")
