# SPDX-License-Identifier: GPL-3.0-or-later
"""Many people at once: entered into the database as if they had come long ago, and due now."""

from __future__ import annotations

from datetime import UTC, datetime

from src.engine.state import Participant, Status
from src.hash_unhash import load_pseudonym_key
from src.identities import TelegramId
from src.service.ports import Saving
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from tests.checklist.stage import Stage


def enrol(stage: Stage, count: int) -> list[int]:
    """Let so many be in the study, past the welcome, to each of whom the news is due now; the bot may run or not."""
    people = [stage.telegram.add_person("Enrolled", "en", started=True) for _ in range(count)]
    now = datetime.now(UTC).replace(microsecond=0)
    with stage.database() as database:
        key = load_pseudonym_key(stage.project.root / "security" / "keys")
        known = PseudonymStore(database, key)
        names = known.of([TelegramId(person) for person in people])
        known.enter(names)
        fresh = [Participant(who, "en") for who in names.values()]
        savings = [Saving(each, enrolled(each, now)) for each in fresh]
        for at in range(0, count, 500):
            ParticipantStore(database, "en").save(savings[at : at + 500])
    return people


def enrolled(newcomer: Participant, now: datetime) -> Participant:
    """Return somebody as they are after the welcome, a while ago."""
    return Participant(
        newcomer.id, "en", Status.ACTIVE, rhythm=0.0, done=("welcome",), dialogue_at=now, next_at=now, version=1
    )
