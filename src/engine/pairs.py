# SPDX-License-Identifier: GPL-3.0-or-later
"""Two players: what one's document tells the other one's, and when a player has to wait for the other.

Each player has a document and a running dialogue of their own; both runs name each other and share the pair's id.
Nothing is written into both at once: news go through the outbox of one into the document of the other, in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from src.dialogues.model import Dialogue, Kind, Message
from src.dialogues.rules import waits_for_trigger
from src.engine.effects import Send
from src.engine.news import News, NewsKind, ToPartner
from src.engine.state import GivenAnswer, Pair, Participant, Run
from src.engine.study import Rules, Study
from src.frozen import replace
from src.identities import Pseudonym

LONGEST_WAIT = timedelta(hours=24)
"""A dialogue for two is over when neither player has moved for so long."""

Effects = tuple[ToPartner, ...]


def news_of(
    pair: Pair, sender: Pseudonym, kind: NewsKind, *, message: str | None = None, answer: GivenAnswer | None = None
) -> ToPartner:
    """Return the next piece of news of this player for the other one; the caller counts it."""
    name = f"{pair.id}.{pair.role}.{pair.told}.{kind}"
    return ToPartner(pair.partner, News(name, pair.id, sender, kind, pair.game, message=message, answer=answer))


def telling(
    run: Run, who: Pseudonym, kind: NewsKind, *, message: str | None = None, answer: GivenAnswer | None = None
) -> tuple[Run, Effects]:
    """Tell the partner something; return the run that remembers it. In a dialogue for one nothing is told."""
    if run.pair is None or run.pair.invites:
        return run, ()
    told = news_of(run.pair, who, kind, message=message, answer=answer)
    return replace(run, pair=replace(run.pair, told=run.pair.told + 1)), (told,)


def answered(run: Run, given: GivenAnswer, who: Pseudonym) -> tuple[Run, Effects]:
    """Tell the partner an answer; giving one is a move, and the time for the next one begins anew."""
    if run.pair is None or run.pair.invites:
        return run, ()
    return telling(moved(run, given.answered_at), who, NewsKind.ANSWERED, answer=given)


def triggers_after(run: Run, message: Message, who: Pseudonym) -> tuple[Run, Effects]:
    """Send the partner the message that `message` triggers, now that it has been answered."""
    if message.triggers is None or not is_left_by_answer(message):
        return run, ()
    return telling(run, who, NewsKind.TRIGGERED, message=message.triggers)


def triggers_at_once(run: Run, message: Message, who: Pseudonym) -> tuple[Run, Effects]:
    """Send the partner what a message triggers that nobody answers, as soon as it is shown."""
    if message.triggers is None or is_left_by_answer(message):
        return run, ()
    return telling(run, who, NewsKind.TRIGGERED, message=message.triggers)


def is_left_by_answer(message: Message) -> bool:
    """Tell whether the person leaves this message by answering it."""
    return message.asks and not waits_for_trigger(message)


def moved(run: Run, now: datetime) -> Run:
    """Note that one of both has done something just now."""
    if run.pair is None:
        return run
    return replace(run, pair=replace(run.pair, deadline=max(run.pair.deadline, now + LONGEST_WAIT)))


def compared(run: Run, *, waiting: bool) -> Run:
    """Note whether the open comparison has been answered here and waits for the partner."""
    return replace(run, pair=replace(run.pair, compared=waiting)) if run.pair else run


def comparisons(answers: Iterable[GivenAnswer], dialogue: Dialogue) -> int:
    """Count the answers to messages that compare: the n-th of one player belongs to the n-th of the other."""
    asked = (dialogue.messages.get(answer.message) for answer in answers)
    return sum(message is not None and message.kind is Kind.COMPARE for message in asked)


def must_wait(run: Run, message: Message, dialogue: Dialogue) -> bool:
    """Tell whether `message` compares, and the partner has not answered their part of it yet."""
    if run.pair is None or message.kind is not Kind.COMPARE:
        return False
    return comparisons(run.pair.answers, dialogue) < comparisons(run.answers, dialogue)


def waiting_text(message: Message, participant: Participant, run: Run, rules: Rules) -> tuple[Send, ...]:
    """Return what the first of both reads until the other has answered; nothing where the author wrote nothing."""
    if message.waiting_text is None:
        return ()
    text = message.waiting_text.in_language(participant.language, rules.default_language)
    return (Send(text, run=run.id, message=message.id),) if text.strip() else ()


def next_triggered(run: Run, message: Message) -> tuple[Run, str | None]:
    """Take the first message that the partner has triggered, should the person wait for it; None: nothing is there."""
    if run.pair is None or not waits_for_trigger(message) or not run.pair.triggered:
        return run, None
    first, *rest = run.pair.triggered
    return replace(run, question=None, pair=replace(run.pair, triggered=tuple(rest))), first


def is_waiting(run: Run | None, study: Study) -> bool:
    """Tell whether the person has done their part, and only the partner can lead on."""
    if run is None or run.pair is None or run.over:
        return False
    dialogue = study.revisions.get(run.revision) or study.dialogues.get(run.dialogue)
    message = dialogue.messages.get(run.at) if dialogue else None
    return run.pair.compared or (message is not None and waits_for_trigger(message))


def limit_of(run: Run | None, now: datetime, study: Study) -> datetime | None:
    """Return when a dialogue with somebody else has to be over; None: there is no limit.

    Who waits for somebody that has come to the end, or who has ended, has waited long enough. Who still answers
    after that plays on alone.
    """
    if run is None or run.over:
        return None
    if run.pair is None:
        # The seed project knew nothing of pairs as we do: whoever it left in the middle is freed after a day, too.
        dialogue = study.revisions.get(run.revision) or study.dialogues.get(run.dialogue)
        return run.started_at + LONGEST_WAIT if dialogue is not None and dialogue.is_for_two else None
    if run.pair.partner_over:
        return now if is_waiting(run, study) else None
    return run.pair.deadline


def farewell(run: Run, who: Pseudonym) -> Effects:
    """Return what the partner is told when the person goes before the end."""
    pair = run.pair
    if pair is None or pair.partner_over or (pair.invites and pair.role == 0):
        return ()
    return (news_of(pair, who, NewsKind.DECLINED if pair.invites else NewsKind.GONE),)
