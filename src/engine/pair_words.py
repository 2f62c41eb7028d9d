# SPDX-License-Identifier: GPL-3.0-or-later
"""Why two people cannot be paired just now, in words for admins; HTML."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime

from src.dialogues.names import INVITING
from src.engine.admins import unknown_dialogue
from src.engine.invitations import invitation_in
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.waiting_list import sleeps
from src.engine.whereabouts import STATUS_WORDS

NO_INVITATION = f"No dialogue asks whether somebody would like to play: one with the action {INVITING} is needed."


def cannot_play(game: str, own: Participant, partner: Participant, now: datetime, study: Study) -> str:
    """Return why an admin cannot play a dialogue with this participant now; empty if they can."""
    dialogue = study.dialogues.get(game)
    if dialogue is None:
        return unknown_dialogue(game, study)
    if not dialogue.is_for_two:
        return f"{html.escape(game)} is for one player. Write /jugar {html.escape(game)}."
    if invitation_in(study) is None:
        return NO_INVITATION
    if own.id == partner.id:
        return "nobody can play with themselves."
    return is_not_free(own, "you") or is_not_free(partner, partner.id) or is_asleep(partner, now, study)


def is_not_free(participant: Participant, name: str) -> str:
    """Return why somebody cannot begin a dialogue now; empty if they can."""
    be, have = ("are", "have") if name == "you" else ("is", "has")
    if participant.status is not Status.ACTIVE:
        words = {Status.START: f"{have} not agreed to take part yet", Status.OUT: f"{have} left"}
        return f"{name} {words.get(participant.status, f'{be} {STATUS_WORDS[participant.status]}')}."
    if participant.erasing or not participant.reachable:
        return f"{name} cannot be reached."
    if participant.run is not None:
        return f"{name} {be} in another dialogue now, {html.escape(participant.run.dialogue)}. Try again later."
    return ""


def is_asleep(participant: Participant, now: datetime, study: Study) -> str:
    """Return that it is night where somebody is; empty by day."""
    return f"it is night where {participant.id} is. Try again by day." if sleeps(participant, now, study.rules) else ""


def cannot_pair(game: str, settings: Mapping[str, int | bool], study: Study) -> str:
    """Return why nobody is paired for a dialogue; empty if nothing is missing."""
    missing = [name for name in ("interval", "pct") if not settings.get(name)]
    if missing:
        return f"Nobody is paired until {' and '.join(missing)} is set, too."
    if game not in study.sequence:
        return "It does not stand in the sequence, so nobody waits for it."
    return "" if invitation_in(study) else NO_INVITATION
