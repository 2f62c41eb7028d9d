# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running bot is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from src.service.agenda import Agenda
from src.service.conversation import Conversation
from src.service.delivery import Delivery
from src.service.fence import Lease
from src.service.health import Health, Vitals
from src.service.message_loop import MessageLoop
from src.service.scheduler import Scheduler
from src.service.typist import Typist
from src.service.watch import Watch


@dataclass(frozen=True)
class Engine:
    """The parts of a running bot.

    `revive` brings an embedded database back that has died; `lease` tells whether we may still run;
    `interrupt` makes the main thread hear a stop signal; `write_health` keeps
    what `health` knows where others can read it; `watch` ends the process when a loop hangs;
    `loops` are what else is done again and again, as long as we have the lease.
    """

    messages: MessageLoop
    scheduler: Scheduler
    delivery: Delivery
    typist: Typist
    conversation: Conversation
    agenda: Agenda
    revive: Callable[[], None]
    lease: Lease
    interrupt: Callable[[], None]
    health: Health
    write_health: Callable[[Vitals], None]
    watch: Watch
    loops: Mapping[str, Callable[[], bool]] = field(default_factory=dict)
