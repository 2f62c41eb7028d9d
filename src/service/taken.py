# SPDX-License-Identifier: GPL-3.0-or-later
"""What the turns of one participant come to: one write, and what is done when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from src.engine.deliveries import out_of_outbox
from src.engine.effects import AnswerPress, Erase, ForDesk, KeepRun, KeepText, Notice, Turn
from src.engine.events import Delivered, Event, GivenUp
from src.engine.state import Participant
from src.frozen import replace
from src.service.ports import Saving

AFTER_A_FAILURE = timedelta(hours=1)


@dataclass
class Taken:
    """Several turns of one participant, taken one after the other in memory and saved as one."""

    before: Participant
    after: Participant
    runs: list[KeepRun] = field(default_factory=list)
    texts: list[KeepText] = field(default_factory=list)
    presses: list[AnswerPress] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    for_desk: list[ForDesk] = field(default_factory=list)
    erase: bool = False

    def add(self, turn: Turn) -> None:
        """Take a turn's result over."""
        self.after = turn.participant
        self.runs += [each for each in turn.effects if isinstance(each, KeepRun)]
        self.texts += [each for each in turn.effects if isinstance(each, KeepText)]
        self.presses += [each for each in turn.effects if isinstance(each, AnswerPress)]
        self.for_desk += [each for each in turn.effects if isinstance(each, ForDesk)]
        self.erase = any(isinstance(each, Erase) for each in turn.effects)
        self.notices += [each for each in turn.effects if isinstance(each, Notice)]

    def give_up(self, event: Event, now: datetime) -> None:
        """Keep what must be kept of an event of our own whose turn has failed.

        What we wanted to do is looked at again in an hour, not at once.
        """
        if isinstance(event, Delivered | GivenUp):
            self.after = out_of_outbox(self.after, event, now)
        self.after = put_aside(self.after, now)

    @property
    def changes(self) -> bool:
        """Tell whether there is anything to be saved."""
        return self.after != self.before or bool(self.runs or self.texts)

    def saving(self) -> Saving:
        """Return what goes to the database."""
        after = replace(self.after, version=self.before.version + 1)
        return Saving(self.before, after, tuple(self.runs), tuple(self.texts))


def put_aside(participant: Participant, now: datetime) -> Participant:
    """Return the participant with everything that is planned for them moved an hour ahead."""
    if participant.next_at is None:
        return participant
    later = max(participant.next_at, now + AFTER_A_FAILURE)
    return replace(participant, next_at=later, outbox_at=later if participant.outbox else None)
