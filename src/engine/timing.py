# SPDX-License-Identifier: GPL-3.0-or-later
"""When something may be sent: quiet hours, parts of the day, and the participant's own clock. Times go in and out
in UTC.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from src.engine.effects import Send
from src.engine.state import Participant
from src.engine.study import Rules

PARTS_OF_DAY = {
    "Ma": (time(7), time(12)),
    "MD": (time(12), time(16)),
    "Ta": (time(16), time(21)),
}
"""Morning, midday and evening as `hour` saves them, from and until; any other value means: at any time."""

LATE = timedelta(minutes=10)
"""A dialogue that comes so much later than planned is overdue; who was heard of within this time is there."""

SPREAD = timedelta(minutes=30)
"""Overdue dialogues are spread over so long."""

HALF_A_DAY = 12 * 3600
QUARTER_HOUR = 15 * 60


def own_clock(now: datetime, participant: Participant, rules: Rules) -> datetime:
    """Return what the participant's clock shows at `now`, without a time zone."""
    study_clock = now.astimezone(rules.timezone).replace(tzinfo=None)
    return study_clock + timedelta(seconds=participant.timeshift)


def moments_of(shown: datetime, participant: Participant, rules: Rules) -> tuple[datetime, ...]:
    """Return the moments (UTC) at which the participant's clock shows `shown`: two, when the clock is put back.

    A time that the change to summer time skips gives the moment just after the change.
    """
    study_clock = (shown - timedelta(seconds=participant.timeshift)).replace(tzinfo=rules.timezone)
    first, second = (study_clock.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return (first, second) if second > first else (first,)


def is_quiet(now: datetime, participant: Participant, rules: Rules) -> bool:
    """Tell whether `now` falls into the participant's quiet hours; there are none when both ends are equal."""
    clock = own_clock(now, participant, rules).time()
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= clock < rules.quiet_until
    return clock >= rules.quiet_from or clock < rules.quiet_until


def next_time(now: datetime, hour: time, participant: Participant, rules: Rules) -> datetime:
    """Return the next moment, not before `now`, at which the participant's clock shows `hour`."""
    today = datetime.combine(own_clock(now, participant, rules).date(), hour)
    moments = (moment for days in range(3) for moment in moments_of(today + timedelta(days=days), participant, rules))
    return next(moment for moment in moments if moment >= now)


def out_of_quiet(due: datetime, participant: Participant, rules: Rules) -> datetime:
    """Return `due`, or the end of the quiet hours that it falls into."""
    if not is_quiet(due, participant, rules):
        return due
    return next_time(due, rules.quiet_until, participant, rules)


def into_part_of_day(due: datetime, participant: Participant, rules: Rules) -> datetime:
    """Return `due`, or the next beginning of the part of the day that the participant chose."""
    part = PARTS_OF_DAY.get(participant.part_of_day)
    if part is None or part[0] <= own_clock(due, participant, rules).time() < part[1]:
        return due
    return next_time(due, part[0], participant, rules)


def allowed_from(due: datetime, participant: Participant, rules: Rules, *, is_story: bool) -> datetime:
    """Return the first moment from `due` on at which a new dialogue may be sent.

    Developers do not wait. A part of the day that lies wholly in the quiet hours gives way to them.
    """
    if rules.developer:
        return due
    awake = out_of_quiet(due, participant, rules)
    if not is_story:
        return awake
    wanted = out_of_quiet(into_part_of_day(awake, participant, rules), participant, rules)
    return wanted if into_part_of_day(wanted, participant, rules) == wanted else awake


def is_late(participant: Participant, now: datetime) -> bool:
    """Tell whether the next dialogue is overdue and nobody is waiting for it: we were away, or the study has grown."""
    if participant.dialogue_at is None or now - participant.dialogue_at < LATE:
        return False
    return participant.heard_at is None or now - participant.heard_at > LATE


def spread(due: datetime, participant: Participant, rules: Rules, *, is_story: bool) -> datetime:
    """Return a moment soon after `due` at which a new dialogue may be sent, another one for each participant."""
    digest = hashlib.sha256(participant.id.encode("utf-8")).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    scale = 0.0 if rules.developer else min(rules.rhythm_scale, 1.0)
    # Whole milliseconds: the database keeps no more.
    later = timedelta(milliseconds=int(SPREAD / timedelta(milliseconds=1) * share * scale))
    moment = due + later
    allowed = allowed_from(moment, participant, rules, is_story=is_story)
    if allowed == moment:
        return moment
    # It would fall into the night: then some minutes after its end, and not all in the same second.
    next_day = allowed + later
    return next_day if allowed_from(next_day, participant, rules, is_story=is_story) == next_day else allowed


def would_wake(participant: Participant, now: datetime, rules: Rules) -> bool:
    """Tell whether the first message of the outbox would come at night, in a dialogue or a reminder to which nobody
    has reacted yet, or about a partner.

    That happens after a downtime, or when Telegram has made us wait: the dialogue began in the evening.
    """
    run = participant.run
    if rules.developer or not participant.outbox:
        return False
    first = participant.outbox[0].what
    if isinstance(first, Send) and first.by_day:
        is_there = participant.heard_at is not None and now - participant.heard_at <= LATE
        return not is_there and is_quiet(now, participant, rules)
    if run is None:
        return False
    began = max(run.started_at, run.reminded_at or run.started_at)
    if participant.heard_at is not None and participant.heard_at >= began:
        return False
    return is_quiet(now, participant, rules)


def timeshift_of(typed: time, now: datetime, rules: Rules) -> int:
    """Return how many seconds a clock that shows `typed` at `now` is ahead of the study's clock.

    Folded to at most twelve hours either way and rounded to a quarter of an hour.
    """
    study = now.astimezone(rules.timezone).time()
    ahead = (typed.hour - study.hour) * 3600 + (typed.minute - study.minute) * 60 - study.second
    folded = (ahead + HALF_A_DAY) % (2 * HALF_A_DAY) - HALF_A_DAY
    return round(folded / QUARTER_HOUR) * QUARTER_HOUR
