# SPDX-License-Identifier: GPL-3.0-or-later
"""What of everything that was gathered is told, now that everybody is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from src.upkeep.export.discretion import FREE_TEXT, NOTHING, RARE, Discretion
from src.upkeep.export.gathering import Answer, Gathered, Person


@dataclass(frozen=True)
class Masked:
    """Says what of the gathered may be shown: rare values and answers that few have given are left out."""

    gathered: Gathered
    rare: Mapping[Hashable, frozenset[str]] = field(default_factory=dict)
    too_few: Mapping[Hashable, frozenset[str]] = field(default_factory=dict)

    def trait(self, person: Person, name: str) -> str | None:
        """Return what is told of a participant's trait."""
        value = person.traits.get(name)
        return None if value in self.rare.get(name, ()) else value

    def answers(self, person: Person) -> list[Answer]:
        """Return the answers that are told, in their order; the numbers of those in one run have no gaps."""
        if not self.too_few:
            return person.answers()
        orders: dict[tuple[str, int, str], int] = {}
        told = []
        for each in person.answers():
            place = self.gathered.places[each.place]
            if (place.dialogue, place.message, place.variable) in self.too_few:
                continue
            run = (place.dialogue, each.repeat, each.progress)
            orders[run] = orders.get(run, 0) + 1
            told.append(each._replace(order=orders[run]))
        return told

    def value(self, answer: Answer) -> tuple[str | None, str | None]:
        """Return what is told of the value of an answer, and if nothing, why."""
        place = self.gathered.places[answer.place]
        if (answer.value or NOTHING) in self.rare.get((place.dialogue, place.variable), ()):
            return None, RARE
        return answer.value, FREE_TEXT if answer.value is None else None


def tell(told: Masked) -> Counter[str]:
    """Count what the tables tell and leave out."""
    counted = Counter(participants=told.gathered.people, answers=told.gathered.answers)
    if told.gathered.discretion == Discretion():
        return counted
    counted["answers"] = 0
    for person in told.gathered:
        shown = told.answers(person)
        counted["answers"] += len(shown)
        counted.update(f"values left out: {why}" for each in shown if (why := told.value(each)[1]))
    if left_out := told.gathered.answers - counted["answers"]:
        counted["answers left out: small groups"] = left_out
    return counted


def masked(gathered: Gathered) -> Masked:
    """Decide what is left out, now that everybody is known."""
    smallest = gathered.discretion.smallest_group
    if not smallest:
        return Masked(gathered)
    return Masked(gathered, gathered.groups.rare(smallest), gathered.presence.rare(smallest))
