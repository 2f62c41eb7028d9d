# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking somebody to play a dialogue for two, their answer, and the beginning on both sides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from src.dialogues.model import Dialogue
from src.dialogues.names import INVITING, YES
from src.engine import pairs
from src.engine.effects import Notice, Turn
from src.engine.events import InvitePartner
from src.engine.keeping import INTERRUPTED, NEVER_KEPT, keep_place
from src.engine.news import News, NewsKind, ToPartner
from src.engine.state import Pair, Participant, Run, Status
from src.engine.study import Study
from src.engine.talk import NoWay, begin, walk
from src.engine.waiting_list import is_free, sleeps
from src.engine.wording import say
from src.frozen import replace
from src.identities import Pseudonym

PAIRS = UUID("0d2c7a36-6d0e-5a0b-8a83-2f7f5b1b7c55")
"""The name space of the ids of pairs."""


def asks_for_partner(participant: Participant, event: InvitePartner, now: datetime, study: Study) -> Turn:
    """Ask the person whom an admin has named; for somebody who has been erased since, nothing happens."""
    if participant.version == 0:
        return Turn(participant)
    return invite(participant, event.game, event.partner, now, study)


def invite(participant: Participant, game: str, partner: Pseudonym, now: datetime, study: Study) -> Turn:
    """Ask somebody to play a dialogue for two with the participant, who will have role 0.

    The participant stays free until the other accepts. A notice, and nothing else, when it cannot be.
    """
    dialogue = study.dialogues.get(game)
    if dialogue is None or not dialogue.is_for_two or invitation_in(study) is None or partner == participant.id:
        return Turn(participant, (Notice(f"{game}: nobody can be invited to this dialogue"),))
    name = pair_name(participant.id, partner, game, f"{participant.version} {now.isoformat()}")
    news = News(f"{name}.0.{NewsKind.INVITED}", name, participant.id, NewsKind.INVITED, game, dialogue.revision)
    return Turn(participant, (ToPartner(partner, news), say("partner_is_asked", participant, study.rules)))


def pair_name(first: Pseudonym, second: Pseudonym, game: str, occasion: str) -> str:
    """Return the id that both documents will share; the same for the same occasion, and it names nobody."""
    return str(uuid5(PAIRS, f"{first} {second} {game} {occasion}"))


def invitation_in(study: Study) -> Dialogue | None:
    """Return the dialogue that asks whether one would like to play: the first, by id, with the action `2p_answer`."""
    asking = (each for _, each in sorted(study.dialogues.items()) if not each.is_for_two)
    return next((each for each in asking if any(one.action == INVITING for one in each.messages.values())), None)


def proposed(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Ask somebody of the waiting list whether they would like to; only then another person is asked."""
    return asked(participant, news, 0, now, study)


def invited(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Ask the second person."""
    return asked(participant, news, 1, now, study)


def asked(participant: Participant, news: News, role: int, now: datetime, study: Study) -> Turn:
    """Begin the invitation; who is busy, asleep or away declines without being asked."""
    dialogue = invitation_in(study)
    pair = Pair(news.pair, news.sender, role, news.dialogue, now + pairs.LONGEST_WAIT, invites=True)
    no = answer_to_invitation(participant, pair, NewsKind.DECLINED)
    is_away = not is_free(participant) or sleeps(participant, now, study.rules)
    if dialogue is None or is_away or news.dialogue not in study.dialogues:
        return Turn(participant, no)
    begun = begin(replace(participant, invited_at=now), dialogue, now, study)
    if begun.participant.run is None:
        return Turn(begun.participant, (*begun.effects, *no))
    run = replace(begun.participant.run, pair=pair)
    return Turn(replace(begun.participant, run=run), begun.effects)


def answer_to_invitation(participant: Participant, pair: Pair, kind: NewsKind) -> tuple[ToPartner, ...]:
    """Tell the other person yes or no; the first of a waiting list has nobody to tell no."""
    if kind is NewsKind.DECLINED and pair.role == 0:
        return ()
    return (pairs.news_of(pair, participant.id, kind),)


def invitation_answered(participant: Participant, run: Run, now: datetime, study: Study) -> Turn:
    """Go on after the invitation: the second person begins to play, the first one lets the second be asked."""
    pair = run.pair
    assert pair is not None  # the caller has looked
    dialogue = study.dialogues.get(pair.game)
    said_yes = bool(run.answers) and run.answers[-1].value.strip().casefold() in YES and INVITING in run.actions
    if not said_yes or dialogue is None or not is_free(participant):
        return Turn(participant, answer_to_invitation(participant, pair, NewsKind.DECLINED))
    if pair.role == 0:
        phrase = say("partner_is_asked", participant, study.rules)
        return Turn(participant, (*answer_to_invitation(participant, pair, NewsKind.INVITED), phrase))
    accepting = pairs.news_of(pair, participant.id, NewsKind.ACCEPTED)
    told = replace(accepting, news=replace(accepting.news, revision=dialogue.revision))
    return Turn(participant, (told,)).then(lambda one: begin_together(one, dialogue, pair, now, study))


def begin_together(participant: Participant, dialogue: Dialogue, pair: Pair, now: datetime, study: Study) -> Turn:
    """Begin the dialogue for two on this side."""
    if pair.role >= len(dialogue.initial_messages):
        return Turn(participant, gone(pair, participant.id))
    first = dialogue.initial_messages[pair.role]
    playing = replace(pair, invites=False, deadline=now + pairs.LONGEST_WAIT, told=pair.told + 1)
    run = Run(str(uuid5(PAIRS, f"{pair.id} {pair.role}")), dialogue.id, dialogue.revision, now, first, pair=playing)
    try:
        return walk(participant, run, dialogue, first, None, now, study)
    except NoWay as fault:
        return Turn(participant, (Notice(str(fault)), *gone(playing, participant.id)))


def interrupted(participant: Participant, now: datetime, study: Study) -> Turn:
    """Make room for a partner who has said yes: a dialogue that began meanwhile keeps its place until afterwards."""
    run = participant.run
    can_wait = run is not None and run.pair is None and not run.over and run.dialogue not in NEVER_KEPT
    if not can_wait or participant.kept is not None:
        return Turn(participant)
    return keep_place(participant, now, study, INTERRUPTED)


def accepted(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Begin as the first player, if that can still be; else the other one must not wait."""
    dialogue = study.revisions.get(news.revision) or study.dialogues.get(news.dialogue)
    pair = Pair(news.pair, news.sender, 0, news.dialogue, now + pairs.LONGEST_WAIT)
    freed = interrupted(participant, now, study) if participant.status is Status.ACTIVE else Turn(participant)
    if dialogue is None or not is_free(freed.participant):
        return Turn(participant, gone(pair, participant.id))
    return freed.then(lambda one: begin_together(one, dialogue, pair, now, study))


def gone(pair: Pair, who: Pseudonym) -> tuple[ToPartner, ...]:
    """Tell the partner that there is nobody to play with."""
    return (pairs.news_of(pair, who, NewsKind.GONE),)


def declined(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Tell the first person kindly that nothing comes of it; who is busy by now need not hear of it."""
    phrase = replace(say("partner_declined", participant, study.rules), by_day=True)
    return Turn(participant, (phrase,) if is_free(participant) else ())
