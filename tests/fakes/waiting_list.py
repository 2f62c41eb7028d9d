# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiting list in memory, over the participants' documents in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from src.identities import Pseudonym
from src.service.admin_ports import Round
from tests.fakes.ports import FakeParticipants


@dataclass
class FakeWaitingList:
    """The port `WaitingList`; tests put the rounds in by hand."""

    participants: FakeParticipants
    kept: dict[str, Round] = field(default_factory=dict)

    def rounds(self) -> list[Round]:
        return list(self.kept.values())

    def people(self, game: str) -> int:
        return sum(each.get("waits_for") == game for each in self.participants.documents.values())

    def next(self, game: str, now: datetime, after: int, limit: int) -> list[Pseudonym]:
        found = [
            Pseudonym(who)
            for who, each in self.participants.documents.items()
            if each.get("waits_for") == game and each["waits_from"] <= now
        ]
        return found[after : after + limit]

    def begin(self, before: Round, begun_at: datetime, left: int) -> bool:
        if self.kept[before.game].number != before.number:
            return False
        self.kept[before.game] = replace(before, number=before.number + 1, begun_at=begun_at, left=left)
        return True

    def note(self, current: Round, left: int) -> None:
        self.kept[current.game] = replace(current, left=left)
