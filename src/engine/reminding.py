# SPDX-License-Identifier: GPL-3.0-or-later
"""A question that nobody answers comes again: once, and once more a week later, in the day time; then never again.
What is overdue after a downtime does not come to everybody at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from src.engine.effects import Send, Turn
from src.engine.state import Participant, Run, Status
from src.engine.study import Rules, Study
from src.engine.talk import NoWay, ask_again, close
from src.engine.timing import LATE, out_of_quiet, spread
from src.frozen import replace

SECOND_REMINDER = timedelta(days=7)


def planned(run: Run, sent: Send, participant: Participant, now: datetime, rules: Rules) -> Run:
    """Plan when the question that has just arrived is brought again, if it is one, and if it ever is.

    Only whoever has agreed to take part, and does not pause, is reminded.
    """
    if not sent.asks:
        return run
    wait = (timedelta(hours=rules.reminder_hours), SECOND_REMINDER, None)[min(run.reminded, 2)]
    if wait is None or rules.reminder_hours == 0 or participant.status is not Status.ACTIVE:
        return replace(run, remind_at=None)
    return replace(run, remind_at=out_of_quiet(now + wait, participant, rules))


def is_reminder_due(participant: Participant, now: datetime) -> bool:
    """Tell whether the open question has waited for so long that it is to be brought again."""
    run = participant.run
    if run is None or run.over or run.remind_at is None or participant.outbox:
        return False
    return participant.status is Status.ACTIVE and participant.reachable and run.remind_at <= now


def remind(participant: Participant, now: datetime, study: Study) -> Turn:
    """Bring the open question again; at night, or when it is overdue, only plan it for a moment by day."""
    run = participant.run
    assert run is not None  # `is_reminder_due` has looked
    assert run.remind_at is not None
    if study.rules.reminder_hours == 0:
        return Turn(replace(participant, run=replace(run, remind_at=None)))
    later = out_of_quiet(now, participant, study.rules)
    if now - run.remind_at >= LATE:
        later = spread(later, participant, study.rules, is_story=False)
    if later > now:
        return Turn(replace(participant, run=replace(run, remind_at=later)))
    reminded = replace(run, reminded=run.reminded + 1, reminded_at=now)
    try:
        return ask_again(replace(participant, run=reminded), now, study)
    except NoWay:
        return close(participant, now, study)
