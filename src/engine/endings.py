# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end of a dialogue does to a participant: points, done or not, what comes next, actions that files name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from src.dialogues.formula import FormulaFailed, parse_formula
from src.dialogues.model import Dialogue
from src.engine.commands import COMMANDS
from src.engine.effects import Effect, Notice
from src.engine.sequence import NOT_REMEMBERED, pace_of, wait_after
from src.engine.state import Participant, Run, Status
from src.engine.study import Pace, Study
from src.frozen import replace

LONGEST_RHYTHM = 366 * 24 * 3600.0
"""Seconds; a dialogue that lets people type a number may get any."""


STARTED_BY_PEOPLE = NOT_REMEMBERED | {"unsubscribe"} | {command.dialogue for command in COMMANDS}


def count_as_done(participant: Participant, dialogue: Dialogue, run: Run, now: datetime, study: Study) -> Participant:
    """Remember the dialogue as done and set when the next one may come.

    A dialogue that people start by themselves does not move that time: who changes the language, or goes through the
    questions about oneself once more, gets no story sooner.
    """
    is_new = dialogue.id not in participant.done
    if is_new and dialogue.id not in NOT_REMEMBERED and "legal_no" not in run.actions:
        participant = replace(participant, done=(*participant.done, dialogue.id))
    if not is_new or (dialogue.id in STARTED_BY_PEOPLE and dialogue.id not in study.sequence):
        return participant
    if pace_of(dialogue, study.rules) is Pace.RHYTHM:
        participant = replace(participant, story_ended_at=now)
    return replace(participant, dialogue_at=now + wait_after(dialogue, participant, study.rules))


def points_of(
    dialogue: Dialogue, run: Run, participant: Participant, now: datetime
) -> tuple[float, tuple[Effect, ...]]:
    """Compute the points of the player; a formula that fails gives none, and a notice."""
    role = run.pair.role if run.pair else 0
    if role >= len(dialogue.points):
        return 0.0, ()
    source = dialogue.points[role]
    try:
        value = parse_formula(source).evaluate(run.answer_texts(), points=participant.points, time=now.timestamp())
        return float(value), ()
    except (FormulaFailed, ValueError):
        return 0.0, (Notice(f"{dialogue.id}: the points could not be computed: {source}"),)


def consent(participant: Participant, run: Run, now: datetime, study: Study) -> Participant:
    """Make someone who agreed to take part an active participant."""
    return replace(participant, status=Status.ACTIVE)


def refuse(participant: Participant, run: Run, now: datetime, study: Study) -> Participant:
    """Leave someone who did not agree where they are; /start begins again."""
    return replace(participant, status=Status.START)


def take_rhythm(participant: Participant, run: Run, now: datetime, study: Study) -> Participant:
    """Make the chosen number of hours the rhythm; if one is running, it runs anew from the last story's end on."""
    try:
        rhythm = float(participant.freq) * 3600
    except ValueError:
        return participant
    if not 0 <= rhythm <= LONGEST_RHYTHM:
        return participant
    changed = replace(participant, rhythm=rhythm)
    story, due = participant.story_ended_at, participant.dialogue_at
    if story is None or due is None or due <= now:
        return changed
    planned = story + timedelta(seconds=participant.rhythm * study.rules.rhythm_scale)
    if abs(planned - due) > timedelta(seconds=1):
        return changed
    anew = story + timedelta(seconds=rhythm * study.rules.rhythm_scale)
    return replace(changed, dialogue_at=max(anew, now))


def leave(participant: Participant, run: Run, now: datetime, study: Study) -> Participant:
    """End the participation of someone who has confirmed it."""
    return replace(participant, status=Status.OUT, dialogue_at=None)


def take_break(participant: Participant, run: Run, now: datetime, study: Study) -> Participant:
    """Pause an active participant."""
    return replace(participant, status=Status.DOWN) if participant.status is Status.ACTIVE else participant


def forget(participant: Participant, run: Run, now: datetime, study: Study) -> Participant:
    """Have every trace of someone erased who has confirmed it twice."""
    return replace(participant, status=Status.OUT, dialogue_at=None, erasing=True)


Action = Callable[[Participant, Run, datetime, Study], Participant]

ACTIONS: dict[str, Action] = {
    "legal_yes": consent,
    "legal_no": refuse,
    "update_rhythm": take_rhythm,
    "unsubscribe_final": leave,
    "forget_everything": forget,
    "take_break": take_break,
}
"""What a message's `action` means at the end of its dialogue; other names do nothing."""
