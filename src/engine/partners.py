# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from news of the other player: an invitation, a beginning, answers, triggers, an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from src.dialogues.model import Dialogue
from src.engine import pairs
from src.engine.deliveries import time_is_over
from src.engine.effects import News, NewsKind, Notice, Send, ToPartner, Turn
from src.engine.events import FromPartner, PartnerUnknown
from src.engine.state import Pair, Participant, Run, Status
from src.engine.study import Study
from src.engine.talk import NoWay, begin, dialogue_of, message_of, resolve, walk
from src.engine.timing import is_quiet
from src.engine.wording import say
from src.identities import Pseudonym

PAIRS = UUID("0d2c7a36-6d0e-5a0b-8a83-2f7f5b1b7c55")
"""The name space of the ids of pairs."""

REMEMBERED_NEWS = 50
ACTION = "2p_answer"
YES = frozenset({"yes", "si", "sí", "ja", "ok", "1", "true", "accept", "accepto", "acepto"})
"""Answers to an invitation that accept it; every other one declines."""


def invite(participant: Participant, game: str, partner: Pseudonym, now: datetime, study: Study) -> Turn:
    """Ask somebody to play a dialogue for two with the participant, who will have role 0.

    The participant stays free until the other accepts. A notice, and nothing else, when it cannot be.
    """
    dialogue = study.dialogues.get(game)
    if dialogue is None or not dialogue.is_for_two or invitation_in(study) is None or partner == participant.id:
        return Turn(participant, (Notice(f"{game}: nobody can be invited to this dialogue"),))
    name = str(uuid5(PAIRS, f"{participant.id} {partner} {game} {participant.version} {now.isoformat()}"))
    news = News(f"{name}.0.{NewsKind.INVITED}", name, participant.id, NewsKind.INVITED, game, dialogue.revision)
    return Turn(participant, (ToPartner(partner, news), say("partner_is_asked", participant, study.rules)))


def invitation_in(study: Study) -> Dialogue | None:
    """Return the dialogue that asks whether one would like to play: the first, by id, with the action `2p_answer`."""
    asking = (each for _, each in sorted(study.dialogues.items()) if not each.is_for_two)
    return next((each for each in asking if any(one.action == ACTION for one in each.messages.values())), None)


def from_partner(participant: Participant, event: FromPartner, now: datetime, study: Study) -> Turn:
    """Take news of the other player; news that were taken before, or come to nobody, change nothing."""
    news = event.news
    if participant.version == 0 or news.id in participant.recent_news:
        return Turn(participant)
    noted = replace(participant, recent_news=(*participant.recent_news, news.id)[-REMEMBERED_NEWS:])
    return REACTIONS[news.kind](noted, news, now, study)


def is_free(participant: Participant) -> bool:
    """Tell whether the person can begin a dialogue with somebody now."""
    can = participant.status is Status.ACTIVE and participant.reachable and not participant.erasing
    return can and participant.run is None


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
    sleeps = not study.rules.developer and is_quiet(now, participant, study.rules)
    if dialogue is None or not is_free(participant) or sleeps or news.dialogue not in study.dialogues:
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
    said_yes = bool(run.answers) and run.answers[-1].value.strip().casefold() in YES and ACTION in run.actions
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


def accepted(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Begin as the first player, if still free; else the other one must not wait."""
    dialogue = study.revisions.get(news.revision) or study.dialogues.get(news.dialogue)
    pair = Pair(news.pair, news.sender, 0, news.dialogue, now + pairs.LONGEST_WAIT)
    if dialogue is None or not is_free(participant):
        return Turn(participant, gone(pair, participant.id))
    return begin_together(participant, dialogue, pair, now, study)


def gone(pair: Pair, who: Pseudonym) -> tuple[ToPartner, ...]:
    """Tell the partner that there is nobody to play with."""
    return (pairs.news_of(pair, who, NewsKind.GONE),)


def declined(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Tell the first person kindly that nothing comes of it; who is busy by now need not hear of it."""
    return Turn(participant, (say("partner_declined", participant, study.rules),) if is_free(participant) else ())


def playing_with(participant: Participant, news: News) -> Run | None:
    """Return the running dialogue that the news belong to."""
    run = participant.run
    if run is None or run.pair is None or run.pair.invites or run.pair.id != news.pair:
        return None
    return run


def partner_answered(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Note an answer of the partner; a comparison that waited for it goes on."""
    run = playing_with(participant, news)
    if run is None or run.pair is None or news.answer is None:
        return not_here(participant, news)
    heard = replace(run, pair=replace(run.pair, answers=(*run.pair.answers, news.answer)))
    run = pairs.moved(heard, now)
    noted = replace(participant, run=run)
    dialogue = dialogue_of(run, study)
    if dialogue is None or run.over or not run.pair or not run.pair.compared:
        return Turn(noted)
    try:
        message = message_of(dialogue, run.at)
        if pairs.must_wait(run, message, dialogue):
            return Turn(noted)
        going_on = pairs.compared(run, waiting=False)
        return walk(noted, going_on, dialogue, resolve(message.next, going_on), message.wait, now, study)
    except NoWay as fault:
        return Turn(noted, (Notice(f"{dialogue.id}, {run.at}: {fault}"),))


def partner_triggered(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Show the message that the partner sends, if the person waits for it; else it waits for them."""
    run = playing_with(participant, news)
    if run is None or run.pair is None or news.message is None:
        return not_here(participant, news)
    run = pairs.moved(replace(run, pair=replace(run.pair, triggered=(*run.pair.triggered, news.message))), now)
    noted = replace(participant, run=run)
    dialogue = dialogue_of(run, study)
    if dialogue is None or run.over:
        return Turn(noted)
    try:
        message = message_of(dialogue, run.at)
        run, first = pairs.next_triggered(run, message)
        return Turn(noted) if first is None else walk(at_rest(noted), run, dialogue, first, message.wait, now, study)
    except NoWay as fault:
        return Turn(noted, (Notice(f"{dialogue.id}, {run.at}: {fault}"),))


def at_rest(participant: Participant) -> Participant:
    """Return the participant with what still waits in the outbox no longer an open question: it is led on from."""
    open_entries = [
        replace(each, what=replace(each.what, asks=False)) if isinstance(each.what, Send) else each
        for each in participant.outbox
    ]
    return replace(participant, outbox=tuple(open_entries))


def partner_ended(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """Note that the partner has come to the end: nothing more is to be waited for."""
    run = playing_with(participant, news)
    if run is None or run.pair is None:
        return Turn(participant)
    return Turn(replace(participant, run=replace(run, pair=replace(run.pair, partner_over=True))))


def partner_gone(participant: Participant, news: News, now: datetime, study: Study) -> Turn:
    """End the dialogue: the partner has left it. After the partner's own end this says nothing new."""
    run = playing_with(participant, news)
    if run is None or run.pair is None or run.pair.partner_over or run.over:
        return Turn(participant)
    alone = replace(run, pair=replace(run.pair, partner_over=True))
    return time_is_over(replace(participant, run=alone), now, study)


def not_here(participant: Participant, news: News) -> Turn:
    """Tell a partner who still plays that this side does not (any more)."""
    name = f"{news.id}.{NewsKind.GONE}"
    return Turn(
        participant, (ToPartner(news.sender, News(name, news.pair, participant.id, NewsKind.GONE, news.dialogue)),)
    )


def partner_unknown(participant: Participant, event: PartnerUnknown, now: datetime, study: Study) -> Turn:
    """The partner's document is gone, with all that was in it: the dialogue is over at once."""
    run = participant.run
    if run is None or run.pair is None or run.pair.id != event.pair or run.over:
        return Turn(participant)
    alone = replace(run, pair=replace(run.pair, partner_over=True))
    return time_is_over(replace(participant, run=alone), now, study)


REACTIONS: Mapping[NewsKind, Callable[[Participant, News, datetime, Study], Turn]] = {
    NewsKind.PROPOSED: proposed,
    NewsKind.INVITED: invited,
    NewsKind.ACCEPTED: accepted,
    NewsKind.DECLINED: declined,
    NewsKind.ANSWERED: partner_answered,
    NewsKind.TRIGGERED: partner_triggered,
    NewsKind.ENDED: partner_ended,
    NewsKind.GONE: partner_gone,
}
