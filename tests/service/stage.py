# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the service share: a small study, people in it, and fakes that also tell what they were asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from src.dialogues.parse import parse_dialogue
from src.engine.effects import Outgoing, Send
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.errors import DatabaseAway
from src.identities import Pseudonym, TelegramId
from src.service.ports import Saving
from src.store.documents import new_document
from tests.dialogues.samples import button, document, message
from tests.fakes.ports import NOON, FakeClock, FakeParticipants
from tests.fakes.world import RULES, World, study_of, with_rules

ANN = TelegramId(1)
BEA = TelegramId(2)
TROUBLE = "no rule can be computed for this text"


@dataclass
class WatchedParticipants(FakeParticipants):
    """Notes who was loaded and who was saved together. The next saves raise what stands in `troubles`."""

    loads: list[frozenset[Pseudonym]] = field(default_factory=list)
    batches: list[frozenset[Pseudonym]] = field(default_factory=list)
    troubles: list[DatabaseAway] = field(default_factory=list)
    always_slower: bool = False

    def load(self, ids: Collection[Pseudonym]) -> dict[Pseudonym, Participant]:
        self.loads.append(frozenset(ids))
        return super().load(ids)

    def save(self, savings: Sequence[Saving]) -> frozenset[Pseudonym]:
        asked = frozenset(each.before.id for each in savings)
        self.batches.append(asked)
        if self.troubles:
            raise self.troubles.pop(0)
        return asked if self.always_slower else super().save(savings)


class WallClock(FakeClock):
    """The machine's clock, for tests with threads."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def small_study(*stories: str) -> Study:
    """Return a study whose welcome asks `Ready?` and then says `Thanks.`; a story is a message with its name."""
    ask = message("SA", "Ready?", vars=[button("ready", "yes", "no")], next={"ready": {"yes": "thanks", "no": None}})
    welcome = document({"ask": ask, "thanks": message(text="Thanks.")}, _id="welcome", title="user_settings")
    told = [document({"m": message(text=f"This is {name}.")}, _id=name) for name in stories]
    return study_of([parse_dialogue(each) for each in (welcome, *told)], stories)


def watched(study: Study | None = None, clock: FakeClock | None = None) -> tuple[World, WatchedParticipants]:
    """Return a world, and its participants with what they were asked."""
    participants = WatchedParticipants()
    return World(study or small_study(), clock=clock or FakeClock(), participants=participants), participants


def fails_at(study: Study, part: str) -> Study:
    """Return the study with a rule that raises at every text that has this part: a turn with such a text fails."""

    def reading_pause(text: str) -> float:
        if part in text:
            raise ZeroDivisionError(TROUBLE)
        return RULES.reading_pause(text)

    return with_rules(study, reading_pause=reading_pause)


def enrol(world: World, person: int, **parts: object) -> Participant:
    """Put somebody who takes part into the database."""
    plain = {"language": "ca", "status": Status.ACTIVE, "version": 1}
    participant = Participant(world.who(person), **{**plain, **parts})  # type: ignore[arg-type]
    world.participants.documents[participant.id] = new_document(participant)
    return participant


def to_be_sent(
    world: World, person: int, *texts: str, at: datetime = NOON, pause: float = 0.0, **parts: object
) -> Participant:
    """Put somebody into the database for whom these texts are due, and wake the delivery."""
    outbox = tuple(Outgoing(f"0.{number}", Send(text, pause=pause)) for number, text in enumerate(texts))
    participant = enrol(world, person, outbox=outbox, outbox_at=at, next_at=at, **parts)
    world.delivery.wake(participant)
    return participant


def deliver(world: World, passes: int = 50) -> int:
    """Let the delivery work on what is due now, for at most so many passes; return how many it needed."""
    for done in range(passes):
        if not world.delivery.one_pass(world.conversation, wait=0.0):
            return done
        world.delivery.write_notes(world.conversation, world.notes.everybody())
    return passes


def let_pass(world: World, **how_long: float) -> None:
    """Let time pass and everything happen that becomes due, also between two milliseconds."""
    end = world.clock.now() + timedelta(**how_long)
    for _ in range(10_000):
        world.work()
        due = world.participants.due(end, 1)
        if not due:
            world.clock.time = end
            return
        world.clock.time = max(due[0][1], world.clock.now()) + timedelta(milliseconds=1)
    raise AssertionError("the bot never comes to rest")
