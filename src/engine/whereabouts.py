# SPDX-License-Identifier: GPL-3.0-or-later
"""Where one participant is, since when, what comes next, when, and why: in words for admins, never what they wrote."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

from src.engine.pairs import is_waiting
from src.engine.sequence import next_dialogue, pace_of
from src.engine.state import Participant, Status
from src.engine.study import Pace, Study
from src.engine.timing import allowed_from, is_quiet

STATUS_WORDS = {
    Status.START: "has not agreed to take part yet",
    Status.ACTIVE: "active",
    Status.DOWN: "paused",
    Status.OUT: "has left",
}


def ago(then: datetime | None, now: datetime) -> str:
    """Return how long ago something was, or how soon it will be, in words."""
    if then is None:
        return "never"
    seconds = (now - then).total_seconds()
    words = lasting(abs(seconds))
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def lasting(seconds: float) -> str:
    """Return a length of time in words, in its two largest units."""
    rest = round(seconds)
    if rest < 60:
        return f"{rest} s"
    if rest < 3600:
        return f"{rest // 60} min"
    if rest < 86_400:
        return f"{rest // 3600} h {rest % 3600 // 60} min"
    return f"{rest // 86_400} days {rest % 86_400 // 3600} h"


def whereabouts(participant: Participant, now: datetime, study: Study) -> list[str]:
    """Return lines of HTML about a participant."""
    reach = "" if participant.reachable else ", and cannot be reached (has blocked the bot, or is gone)"
    return [
        f"<b>{participant.id}</b>: {STATUS_WORDS[participant.status]}{reach}",
        f"Language {html.escape(participant.language)}, rhythm {lasting(participant.rhythm)}, "
        f"{len(participant.done)} dialogues done, {participant.points:g} points"
        + (", is an admin" if participant.admin else ""),
        f"Last heard of: {ago(participant.heard_at, now)}",
        here(participant, now, study),
        *([queue(participant, now)] if participant.outbox else []),
        f"Next: {what_comes(participant, now, study)}",
    ]


def here(participant: Participant, now: datetime, study: Study) -> str:
    """Say which dialogue is running, at which message, since when."""
    run = participant.run
    if run is None:
        return "In no dialogue."
    at = f"In {html.escape(run.dialogue)} since {ago(run.started_at, now)}"
    if run.over:
        return f"{at}: its last messages are on their way."
    if is_waiting(run, study):
        return f"{at}: at {html.escape(run.at)}, waiting for the other player."
    if run.question is None:
        return f"{at}: the message {html.escape(run.at)} is on its way."
    asked = run.sent_at.get(run.at)
    since = f", asked {ago(asked, now)}" if asked else ""
    return f"{at}: the question {html.escape(run.at)} is open{since}."


def queue(participant: Participant, now: datetime) -> str:
    """Say what waits to be sent, and whether that has failed."""
    tries = participant.outbox[0].tries
    failed = f", tried {tries} times without success" if tries else ""
    count = len(participant.outbox)
    waiting = "1 message waits" if count == 1 else f"{count} messages wait"
    return f"{waiting}, the first is due {ago(participant.outbox_at, now)}{failed}."


def what_comes(participant: Participant, now: datetime, study: Study) -> str:
    """Say what comes next, when and why; or why nothing does."""
    if participant.status is not Status.ACTIVE:
        return f"nothing, because this person {is_not_active(participant.status)}."
    if not participant.reachable:
        return "nothing, until this person is heard of again."
    dialogue = next_dialogue(participant, study)
    if dialogue is None and participant.waits_for is not None:
        return f"{html.escape(participant.waits_for)}, when there is a partner."
    if dialogue is None:
        return "nothing: this person has done all of the sequence. It goes on when the sequence grows."
    name = html.escape(dialogue.id)
    if participant.run is not None:
        return f"{name}, when the running dialogue has ended."
    is_story = pace_of(dialogue, study.rules) is Pace.RHYTHM
    planned = max(participant.dialogue_at or now, now)
    due = allowed_from(planned, participant, study.rules, is_story=is_story)
    return f"{name}, {'now' if due <= now else ago(due, now)}: {reason(participant, planned, due, now, study)}."


def is_not_active(status: Status) -> str:
    """Return why somebody gets nothing, as half a sentence."""
    return f"is {STATUS_WORDS[status]}" if status is Status.DOWN else STATUS_WORDS[status]


def reason(participant: Participant, planned: datetime, due: datetime, now: datetime, study: Study) -> str:
    """Say why a dialogue comes when it comes."""
    if due - planned > timedelta(seconds=1):
        quiet = is_quiet(planned, participant, study.rules)
        return "it is night there until then" if quiet else "it waits for the time of day that the person chose"
    if planned > now:
        return "that is the rhythm that the person chose"
    return "it is its turn"
