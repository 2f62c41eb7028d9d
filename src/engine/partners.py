# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from news of the other player: answers, triggers, an end. How it begins is in `invitations.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from src.engine import pairs
from src.engine.deliveries import time_is_over
from src.engine.effects import Notice, Send, Turn
from src.engine.events import FromPartner, PartnerUnknown
from src.engine.invitations import accepted, declined, invited, proposed
from src.engine.news import News, NewsKind, ToPartner
from src.engine.state import Participant, Run
from src.engine.study import Study
from src.engine.talk import NoWay, dialogue_of, message_of, resolve, walk
from src.engine.waiting_list import set_aside
from src.frozen import replace

REMEMBERED_NEWS = 50


def from_partner(participant: Participant, event: FromPartner, now: datetime, study: Study) -> Turn:
    """Take news of the other player; news that were taken before, or come to nobody, change nothing."""
    news = event.news
    if participant.version == 0 or news.id in participant.recent_news:
        return Turn(participant)
    noted = replace(participant, recent_news=(*participant.recent_news, news.id)[-REMEMBERED_NEWS:])
    return REACTIONS[news.kind](noted, news, now, study)


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
    NewsKind.SET_ASIDE: set_aside,
    NewsKind.PROPOSED: proposed,
    NewsKind.INVITED: invited,
    NewsKind.ACCEPTED: accepted,
    NewsKind.DECLINED: declined,
    NewsKind.ANSWERED: partner_answered,
    NewsKind.TRIGGERED: partner_triggered,
    NewsKind.ENDED: partner_ended,
    NewsKind.GONE: partner_gone,
}
