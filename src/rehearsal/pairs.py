# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialogues for two in a rehearsal: the real loop that makes pairs, with those who wait in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from src.engine.study import Study
from src.frozen import replace
from src.identities import Pseudonym
from src.rehearsal.habits import Pairs
from src.rehearsal.world import JumpingClock, Memory
from src.service.admin_ports import Round
from src.service.conversation import Conversation
from src.service.pairing import Pairing

LOOK_EVERY = timedelta(minutes=15)


@dataclass
class WaitingInMemory:
    """Who waits for a partner, and the rounds by dialogue."""

    memory: Memory
    found: dict[str, Round] = field(default_factory=dict)

    def rounds(self) -> list[Round]:
        """Return the pairings."""
        return list(self.found.values())

    def people(self, game: str) -> int:
        """Count those who wait for this dialogue."""
        return sum(1 for each in self.memory.people.values() if each.waits_for == game)

    def next(self, game: str, now: datetime, after: int, limit: int) -> list[Pseudonym]:
        """Return those who wait and may be asked now: at most `limit`, but for the first `after`."""
        people = self.memory.people.values()
        waiting = ((each.waits_from, each.id) for each in people if each.waits_for == game and each.waits_from)
        return [who for _, who in sorted(each for each in waiting if each[0] <= now)][after : after + limit]

    def begin(self, before: Round, begun_at: datetime, left: int) -> bool:
        """Begin the next round."""
        self.found[before.game] = replace(before, number=before.number + 1, begun_at=begun_at, left=left)
        return True

    def note(self, current: Round, left: int) -> None:
        """Note how many pairs are to be made yet."""
        self.found[current.game] = replace(self.found[current.game], left=left)


class Pairings:
    """Looks again and again whether a round of pairing is due, as long as the study has a dialogue for two."""

    def __init__(
        self, study: Study, pairs: Pairs, memory: Memory, conversation: Conversation, clock: JumpingClock
    ) -> None:
        self.clock = clock
        rounds = {
            name: Round(name, round(3600 * pairs.every_hours), round(100 * pairs.share), daytime=True)
            for name in study.sequence
            if name in study.dialogues and study.dialogues[name].is_for_two
        }
        self.pairing = Pairing(WaitingInMemory(memory, rounds), conversation, clock)
        self.look_at = clock.now() if rounds else None

    def next_due(self) -> datetime | None:
        """Return when to look the next time; None: never."""
        return self.look_at

    def work(self) -> None:
        """Make the pairs that are due by now."""
        now = self.clock.now()
        if self.look_at is None or self.look_at > now:
            return
        while self.pairing.one_pass():
            pass
        self.look_at = now + LOOK_EVERY
