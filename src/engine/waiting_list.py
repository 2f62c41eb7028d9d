# SPDX-License-Identifier: GPL-3.0-or-later
"""Who waits for a partner: whoever is free, and has done what comes before a dialogue for two in the sequence.

Nobody puts themselves on a list. Each document says for itself which dialogue it waits for, and from when on the person
may be asked; an index finds them, whatever the number of people enrolled.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from src.engine.effects import Turn
from src.engine.news import News, NewsKind
from src.engine.pairs import LONGEST_WAIT
from src.engine.sequence import NOT_REMEMBERED
from src.engine.state import Participant, Status
from src.engine.study import Rules, Study
from src.engine.timing import is_quiet
from src.frozen import replace
from src.identities import Pseudonym

ASKED_AGAIN_AFTER = timedelta(days=7)
"""Whoever has been asked to play with somebody is left in peace for so long, whatever they said."""


def is_free(participant: Participant) -> bool:
    """Tell whether the person can begin a dialogue with somebody now."""
    can = participant.status is Status.ACTIVE and participant.reachable and not participant.erasing
    return can and participant.run is None


def sleeps(participant: Participant, now: datetime, rules: Rules) -> bool:
    """Tell whether it is night where the person is; developers are never asleep."""
    return not rules.developer and is_quiet(now, participant, rules)


def waited_for(participant: Participant, study: Study) -> str | None:
    """Return the dialogue for two whose turn has come in the sequence; None: no partner is waited for."""
    if not is_free(participant) or participant.kept is not None:
        return None
    for name in study.sequence:
        dialogue = study.dialogues.get(name)
        if dialogue is None or dialogue.skip or name in participant.done or name in NOT_REMEMBERED:
            continue
        return name if dialogue.is_for_two else None
    return None


def with_wish(participant: Participant, now: datetime, study: Study) -> Participant:
    """Note what the person waits for, and from when on they may be asked."""
    game = waited_for(participant, study)
    if game is None:
        return replace(participant, waits_for=None)
    since = participant.waits_from or now
    if participant.invited_at is not None:
        since = max(since, participant.invited_at + ASKED_AGAIN_AFTER)
    return replace(participant, waits_for=game, waits_from=since)


def may_be_asked(participant: Participant, game: str, now: datetime, study: Study) -> bool:
    """Tell whether somebody who waits for this dialogue can be asked just now."""
    since = participant.waits_from
    waits = waited_for(participant, study) == game and since is not None and since <= now
    return waits and not participant.outbox and not sleeps(participant, now, study.rules)


def pairs_to_make(waiting: int, percent: int) -> int:
    """Return how many pairs are made of so many people who wait: one at least, as soon as there are two."""
    if waiting < 2 or percent <= 0:
        return 0
    return max(waiting * min(percent, 100) // 200, 1)


def proposal(name: str, game: str, first: Pseudonym, second: Pseudonym) -> tuple[News, News]:
    """Return what is told to two people who are to be paired: that the second is set aside, then the question to the
    first. The second is asked only when the first has said yes.
    """
    aside = News(f"{name}.1.{NewsKind.SET_ASIDE}", name, first, NewsKind.SET_ASIDE, game)
    return aside, News(f"{name}.0.{NewsKind.PROPOSED}", name, second, NewsKind.PROPOSED, game)


def set_aside(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Let nobody else be paired with this person, as long as the one who was asked first may answer."""
    return Turn(replace(participant, waits_from=now + LONGEST_WAIT))
