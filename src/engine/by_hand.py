# SPDX-License-Identifier: GPL-3.0-or-later
"""What operators change by hand, by the same rules as everything else: buttons go, what is next is planned anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from src.engine.effects import Turn
from src.engine.keeping import give_up
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.talk import close
from src.engine.timing import out_of_quiet
from src.engine.turn import settled
from src.frozen import replace

Change = Callable[[Participant, datetime, Study], Turn]
"""A change by hand. A turn with the same participant and no effects: there is nothing to change."""


def to_status(status: Status) -> Change:
    """Return the change to this status. Who becomes active goes on where they are; else what runs ends there, and for
    somebody who is to begin anew what was kept for later, too.

    Nobody is written to: the person did not ask for it.
    """

    def changed(participant: Participant, now: datetime, study: Study) -> Turn:
        if participant.status is status or participant.erasing:
            return Turn(participant)
        if status is Status.ACTIVE:
            active = replace(participant, status=status, reachable=True)
            return by_day(settled(Turn(active), now, study), now, study)
        ended = close(participant, now, study)
        if status is Status.START and participant.kept is not None:
            ended = ended.then(lambda closed: give_up(closed, now))
        return settled(ended.then(lambda closed: Turn(at_rest(closed, status))), now, study)

    return changed


def by_day(turn: Turn, now: datetime, study: Study) -> Turn:
    """Let what is to be sent wait for the end of the quiet hours: the person did not ask for it."""
    participant, day = turn.participant, out_of_quiet(now, turn.participant, study.rules)
    if study.rules.developer or participant.outbox_at is None or day <= participant.outbox_at:
        return turn
    return Turn(replace(participant, outbox_at=day, next_at=day), turn.effects)


def at_rest(participant: Participant, status: Status) -> Participant:
    """Return the participant in a status in which no dialogue comes; who has left is not waiting for one either."""
    resting = replace(participant, status=status)
    return replace(resting, dialogue_at=None) if status is Status.OUT else resting


def forget_running(participant: Participant, now: datetime, study: Study) -> Turn:
    """End the running dialogue where it is. Its buttons vanish, and what was answered is kept in the history."""
    if participant.run is None or participant.erasing:
        return Turn(participant)
    return settled(close(participant, now, study), now, study)


def forget_done(participant: Participant, now: datetime, study: Study) -> Turn:
    """Let the participant get all dialogues again, the first one when the next is due; answers are kept."""
    if not participant.done or participant.erasing:
        return Turn(participant)
    return settled(Turn(replace(participant, done=())), now, study)
