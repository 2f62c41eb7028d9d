# SPDX-License-Identifier: GPL-3.0-or-later
"""A short memory for participants: it saves reading, and never hides for long what others have changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from src.engine.state import Participant
from src.errors import DatabaseAway
from src.identities import Pseudonym
from src.service.ports import Saving
from src.service.recent import MOST_REMEMBERED, SECONDS_REMEMBERED, RecentParticipants
from tests.fakes.ports import FakeParticipants

ANN = Pseudonym("a" * 32)
BEA = Pseudonym("b" * 32)


@dataclass
class Counting(FakeParticipants):
    asked: list[Pseudonym] = field(default_factory=list)

    def load(self, ids: object) -> dict[Pseudonym, Participant]:
        self.asked += list(ids)  # type: ignore[call-overload]
        return super().load(ids)  # type: ignore[arg-type]


@dataclass
class Memory:
    """The memory before a store that counts, with a clock that is moved by hand."""

    store: Counting = field(default_factory=Counting)
    seconds: float = 100.0

    def __post_init__(self) -> None:
        self.recent = RecentParticipants(self.store, lambda: self.seconds)
        self.recent.save([Saving(Participant(ANN, "en"), Participant(ANN, "en", version=1))])

    def one_more_point(self, before: Participant) -> frozenset[Pseudonym]:
        after = replace(before, points=before.points + 1, version=before.version + 1)
        return self.recent.save([Saving(before, after)])


def test_whoever_was_written_or_read_just_now_is_not_read_again() -> None:
    memory = Memory()
    assert memory.recent.load([ANN, BEA]) == {ANN: Participant(ANN, "en", version=1)}
    memory.one_more_point(memory.recent.load([ANN])[ANN])
    assert memory.recent.load([ANN])[ANN].points == 1
    assert memory.store.asked == [BEA]


def test_after_a_moment_the_database_is_asked() -> None:
    memory = Memory()
    memory.store.save([Saving(Participant(ANN, "en", version=1), Participant(ANN, "de", version=2))])
    assert memory.recent.load([ANN])[ANN].language == "en"
    memory.seconds += SECONDS_REMEMBERED + 0.01
    assert memory.recent.load([ANN])[ANN].language == "de"


def test_whoever_was_overtaken_is_read_anew_at_once() -> None:
    memory = Memory()
    before = memory.recent.load([ANN])[ANN]
    memory.store.save([Saving(before, replace(before, language="de", version=2))])
    assert memory.one_more_point(before) == {ANN}
    assert memory.recent.load([ANN])[ANN].language == "de"


def test_after_a_write_of_which_nobody_knows_the_database_is_asked() -> None:
    memory = Memory()
    before = memory.recent.load([ANN])[ANN]
    memory.store.away = True
    with pytest.raises(DatabaseAway):
        memory.one_more_point(before)
    memory.store.away = False
    memory.recent.load([ANN])
    assert memory.store.asked == [ANN]


def test_an_older_reading_does_not_take_the_place_of_a_newer_writing() -> None:
    memory = Memory()
    before = memory.recent.load([ANN])[ANN]
    memory.one_more_point(before)
    memory.recent._remember([before])
    assert memory.recent.load([ANN])[ANN].points == 1


def test_an_erased_person_is_not_remembered() -> None:
    memory = Memory()
    memory.recent.erase(ANN)
    assert memory.recent.load([ANN]) == {}


def test_the_memory_is_bounded() -> None:
    memory = Memory()
    crowd = [Participant(Pseudonym(f"{number:032x}"), "en", version=1) for number in range(MOST_REMEMBERED + 50)]
    memory.recent._remember(crowd)
    assert len(memory.recent._recent) == MOST_REMEMBERED
