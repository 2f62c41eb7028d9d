# SPDX-License-Identifier: GPL-3.0-or-later
"""Which dialogue is next, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from src.dialogues.model import Dialogue
from src.engine.state import Participant, Status
from src.engine.study import Pace, Rules, Study

NOT_REMEMBERED = frozenset({"lang", "hour", "frequencia_relats", "world", "pause", "resume", "forgetme"})
"""Dialogues that are never "done": they can be asked for again and again."""

SHARE_OF_RHYTHM = {Pace.AT_ONCE: 0.0, Pace.QUARTER: 0.25, Pace.RHYTHM: 1.0}


def next_dialogue(participant: Participant, study: Study) -> Dialogue | None:
    """Return the first dialogue of the sequence that is neither done nor running, or None at the end.

    A dialogue that researchers insert later in front is therefore sent too. Dialogues marked `skip`, dialogues that are
    not there, dialogues for two and those that are never done are passed over.
    """
    taken = NOT_REMEMBERED | set(participant.done) | ({participant.run.dialogue} if participant.run else set())
    for name in study.sequence:
        dialogue = study.dialogues.get(name)
        if dialogue and name not in taken and not dialogue.skip and not dialogue.is_for_two:
            return dialogue
    return None


def pace_of(dialogue: Dialogue, rules: Rules) -> Pace:
    """Return the pace that the dialogue's category has; categories nobody has heard of wait a quarter of the rhythm."""
    return rules.categories.get(dialogue.title, Pace.QUARTER)


def wait_after(dialogue: Dialogue, participant: Participant, rules: Rules) -> timedelta:
    """Return how long the participant rests between the end of `dialogue` and the next one of the sequence."""
    share = SHARE_OF_RHYTHM[pace_of(dialogue, rules)]
    return timedelta(seconds=share * participant.rhythm * rules.rhythm_scale)


def next_wish(participant: Participant, now: datetime, study: Study) -> datetime | None:
    """Return when the sequence has to be looked at again for an idle participant; None: nothing is planned."""
    if participant.erasing:
        return now
    if participant.status is not Status.ACTIVE or participant.run is not None or not participant.reachable:
        return None
    if next_dialogue(participant, study) is None:
        return None
    return participant.dialogue_at or now
