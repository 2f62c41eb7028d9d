# SPDX-License-Identifier: GPL-3.0-or-later
"""What the seed keyed by player, by the pseudonym or by the Telegram number: whose is whose in a dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from src.engine.state import Run
from src.identities import Pseudonym
from src.store.reading import mapping_of
from src.store.seed.facts import Facts, Person, telegram_number


def of_player(value: object, person: Person) -> object:
    """Return what a mapping holds for this person, the value of its only entry, or the value itself if it is none."""
    if not isinstance(value, Mapping):
        return value
    own = next((value[name] for name in person.names() if name in value), None)
    return own if own is not None else next(iter(value.values())) if len(value) == 1 else None


def inside(document: Mapping[str, Any], key: str, person: Person) -> Mapping[str, Any]:
    """Return the part of this person in what may be keyed by player, or not."""
    value = mapping_of(document.get(key))
    own = next((value[name] for name in person.names() if name in value), None)
    if own is not None:
        return mapping_of(own)
    is_nested = value and all(isinstance(each, Mapping) for each in value.values())
    return mapping_of(next(iter(value.values()))) if is_nested and len(value) == 1 else value if not is_nested else {}


def not_of_player(document: Mapping[str, Any], key: str, person: Person, elsewhere: frozenset[str]) -> object:
    """Return what is kept of the other player and nowhere else, or in another shape than by name."""
    value = document.get(key)
    if not isinstance(value, Mapping):
        return value or None
    mine = inside(document, key, person)
    if value is mine or list(value.values()) == [mine]:
        return None
    left_out = person.names() | elsewhere
    return {name: part for name, part in value.items() if name not in left_out} or None


def told_elsewhere(document: Mapping[str, Any], run: Run, facts: Facts) -> frozenset[str]:
    """Return the names of those players whose own document tells of this dialogue, and of those who were erased.

    What they said is not kept here once more: when they are erased it has to be gone.
    """
    players = document.get("players")
    found: set[str] = set()
    for player in players if isinstance(players, list) else []:
        number = telegram_number(player)
        who = facts.numbers.get(number, Pseudonym(str(player))) if number is not None else Pseudonym(str(player))
        if run.id in facts.for_two.get(who, (run.id,)):
            found |= {str(player), who} | ({str(number)} if number is not None else set())
    return frozenset(found)


def numbers_in(person: Person, document: Mapping[str, Any], facts: Facts) -> dict[int, Any]:
    """Return those whose numbers may stand in a dialogue: this person and the other players."""
    players = document.get("players")
    numbers = [telegram_number(each) for each in players] if isinstance(players, list) else []
    found = {each: facts.numbers[each] for each in numbers if each is not None and each in facts.numbers}
    return found | ({person.number: person.id} if person.number is not None else {})
