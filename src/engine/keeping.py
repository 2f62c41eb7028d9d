# SPDX-License-Identifier: GPL-3.0-or-later
"""The place in a dialogue that is interrupted: kept for a week, then given up. And who is absent, and how."""

from __future__ import annotations

from datetime import datetime, timedelta

from src.engine.effects import KeepRun, Send, Turn
from src.engine.state import Absence, Kept, Participant, Status
from src.engine.study import Study
from src.engine.talk import NoWay, ask_again, close, dialogue_of
from src.frozen import replace

KEPT_FOR = timedelta(days=7)
"""Whoever comes back within this time is asked the open question again, with all answers in place."""

INTERRUPTED = "interrupted"
"""Why a place is kept while somebody is asked whether they want to leave, or to be erased."""

NEVER_KEPT = frozenset({"pause", "resume", "unsubscribe", "forgetme"})


def keep_place(participant: Participant, now: datetime, study: Study, why: str) -> Turn:
    """Interrupt the running dialogue and keep its place; where there is nothing to be kept, end it as `close` does.

    There is one place: a second dialogue that is interrupted before the first could go on ends.
    """
    run = participant.run
    if run is None or run.over or participant.kept is not None or run.dialogue in NEVER_KEPT:
        return close(participant, now, study)
    dialogue = dialogue_of(run, study)
    is_refused = why == Absence.UNREACHABLE and participant.status is Status.START
    # In a dialogue for two, somebody else waits: they are told at once, and are free again.
    if dialogue is None or run.pair is not None or is_refused:
        return close(participant, now, study)
    waiting = (each.what for each in participant.outbox)
    unsent = tuple(each for each in waiting if isinstance(each, Send) and each.run == run.id)
    closed = close(participant, now, study)
    if any(each.job for each in unsent):
        # Of a dialogue for everybody nothing has been seen: it counts as skipped, and must not come in spite of that.
        return closed
    # Nobody can take the buttons off in the chat of somebody who blocked us: they go when the question comes again.
    standing = run.question if why == Absence.UNREACHABLE else None
    place = Kept(replace(run, question=standing, remind_at=None), now, str(why), unsent)
    effects = tuple(each for each in closed.effects if not isinstance(each, KeepRun))
    return Turn(replace(closed.participant, kept=place), effects)


def back_in_place(participant: Participant, now: datetime, study: Study) -> Turn:
    """Go on where the place was kept, once nothing else is running and the person is there again."""
    kept = participant.kept
    if kept is None or participant.run is not None:
        return Turn(participant)
    if participant.status is Status.OUT or is_given_up(participant, now):
        return give_up(participant, now)
    if participant.status is Status.DOWN or not participant.reachable:
        return Turn(participant)
    back = replace(participant, run=replace(kept.run, reminded=0, reminded_at=None), kept=None)
    if kept.unsent:
        return Turn(back, (replace(kept.unsent[0], pause=0.0), *kept.unsent[1:]))
    try:
        return ask_again(back, now, study)
    except NoWay:
        return close(back, now, study)


def is_given_up(participant: Participant, now: datetime) -> bool:
    """Tell whether a place has been kept for so long that it is not to be kept any longer."""
    return participant.kept is not None and now - participant.kept.since >= KEPT_FOR


def give_up(participant: Participant, now: datetime) -> Turn:
    """End the dialogue whose place was kept, as unfinished; its answers go to the history, marked."""
    kept = participant.kept
    if kept is None:
        return Turn(participant)
    return Turn(replace(participant, kept=None), (KeepRun(kept.run, now, ended=False, why=kept.why),))


def with_absence(participant: Participant, now: datetime) -> Participant:
    """Note whether somebody is absent, in which way, and since when."""
    found = absence_of(participant)
    if found is participant.absence:
        return participant
    return replace(participant, absence=found, absent_since=None if found is Absence.NONE else now)


def absence_of(participant: Participant) -> Absence:
    """Return in which way somebody is absent. Who blocked the bot has not come back by unblocking it alone."""
    if participant.status is Status.OUT:
        return Absence.LEFT
    if not participant.reachable:
        return Absence.UNREACHABLE
    if participant.status is Status.DOWN:
        was_unreachable = participant.absence is Absence.UNREACHABLE
        return Absence.UNREACHABLE if was_unreachable else Absence.PAUSED
    run = participant.run
    if run is None or run.reminded_at is None:
        return Absence.NONE
    is_heard = participant.heard_at is not None and participant.heard_at >= run.reminded_at
    return Absence.NONE if is_heard else Absence.SILENT
