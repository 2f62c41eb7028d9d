# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts together what admins' commands need: the desk, the doorkeeper, the mass sends, the count of messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from src.admin_password import is_password
from src.service.admin_desk import AdminDesk
from src.service.admin_jobs import JobCommands
from src.service.admin_pairs import PairCommands
from src.service.background import Background
from src.service.conversation import Conversation
from src.service.delivery import Delivery
from src.service.doorkeeper import Doorkeeper
from src.service.health import Vitals
from src.service.mass_sends import MassSends
from src.service.pairing import Pairing
from src.service.traffic import CountingTelegram
from src.store.audit import record
from src.store.database import Database
from src.store.jobs import JobStore, RecipientStore
from src.store.steering import PeopleStore, TryStore, note_traffic
from src.store.waiting_list import WaitingListStore


def open_desk(
    database: Database,
    conversation: Conversation,
    delivery: Delivery,
    telegram: CountingTelegram,
    vitals: Callable[[], Vitals],
    per_second: float,
    keys: Path,
) -> Mapping[str, Callable[[], bool]]:
    """Connect admins with the conversation; return the loops that have to run for them."""
    clock = conversation.clock
    jobs, recipients = JobStore(database), RecipientStore(database)
    people, waiting = PeopleStore(database), WaitingListStore(database)

    def audit(who: str, what: str, result: Mapping[str, object], now: datetime) -> None:
        record(database, who, what, result, now)

    doorkeeper = Doorkeeper(
        lambda password: is_password(password, keys), TryStore(database), conversation, clock, audit
    )
    desk = AdminDesk(
        conversation,
        JobCommands(jobs, recipients, clock, per_second),
        PairCommands(conversation, people, waiting),
        jobs,
        recipients,
        people,
        doorkeeper,
        audit,
        vitals,
        Background(1, "admins' desk").submit,
        Background(1, "doorkeeper").submit,
    )
    conversation.desk = desk.take
    sends = MassSends(
        jobs,
        recipients,
        conversation,
        clock,
        audit,
        per_second,
        delivery.stop,
        lambda people: delivery.write_notes(conversation, people),
    )
    return {
        "mass sends": sends.one_pass,
        "pairing": Pairing(waiting, conversation, clock).one_pass,
        "traffic": lambda: telegram.note(lambda sent, now: note_traffic(database, sent, now), clock),
    }
