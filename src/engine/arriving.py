# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody whom the seed project left comes to us, with all they had: the same question stays open, or comes again.

The seed wrote down neither which revision of a dialogue somebody had begun, nor what is to be done at its end; both
are found again by going the way through the dialogue that their answers lead.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from src.dialogues.model import Dialogue, Message
from src.engine.answers import Understood, read_press, read_text
from src.engine.by_hand import by_day
from src.engine.effects import KeepRun, Send, Turn
from src.engine.state import Absence, Kept, Participant, Run, Status
from src.engine.study import Study
from src.engine.talk import PRESUMED, NoWay, ask_again, close, resolve, walk
from src.engine.turn import settled
from src.frozen import replace

LONGEST_WAY = 500
TAKEN_OVER = "taken over"
"""Why a dialogue ended that nobody can go on with."""


class Place(StrEnum):
    """What becomes of the dialogue that somebody is in the middle of."""

    NONE = ""
    SAME = "stay at the question that is open"
    ASKED = "get their question again, because it may never have reached them"
    GOES_ON = "get what follows the last message that reached them"
    KEPT = "pause, and get their question when they come back"
    FOUND = "get the first question that they have not answered, because the message where they were is gone"
    LEFT = "have left: their dialogue ends"
    GONE = "were in a dialogue, or at a message, that is gone: it ends, their answers stay, the next dialogue comes"
    FOR_TWO = "were in a dialogue for two, which cannot go on: it ends, their answers stay, the next dialogue comes"


def arrived(participant: Participant, now: datetime, study: Study) -> tuple[Place, Turn]:
    """Return where somebody goes on, and their first turn with us; it wakes nobody. Whoever has arrived already is not
    changed.
    """
    run = participant.run
    if participant.erasing or (run is None and participant.next_at is not None):
        return Place.NONE, Turn(participant)
    if run is None:
        return Place.NONE, by_day(settled(Turn(participant), now, study), now, study)
    if run.revision or (run.over and participant.outbox):
        return Place.NONE, Turn(participant)
    place, turn = placed(participant, run, now, study)
    return place, by_day(settled(turn, now, study), now, study)


def placed(participant: Participant, run: Run, now: datetime, study: Study) -> tuple[Place, Turn]:
    """Find the place in the dialogue, or end it where there is none."""
    dialogue = study.dialogues.get(run.dialogue)
    if dialogue is None:
        return ended(Place.GONE, participant, now, study)
    if dialogue.is_for_two:
        return ended(Place.FOR_TWO, participant, now, study)
    if participant.status is Status.OUT:
        return ended(Place.LEFT, participant, now, study)
    here, actions = way_of(participant, run, dialogue, now)
    found = replace(run, revision=dialogue.revision, actions=actions)
    if run.over:
        return Place.GOES_ON, Turn(replace(participant, run=found))
    message = dialogue.messages.get(run.at)
    if message is None and here is None:
        return ended(Place.GONE, participant, now, study)
    if message is None:
        return asked(Place.FOUND, participant, replace(found, at=here or "", question=None), now, study)
    if not message.asks:
        return went_on(participant, found, dialogue, message, now, study)
    return at_question(participant, found, message, now, study)


def ended(place: Place, participant: Participant, now: datetime, study: Study) -> tuple[Place, Turn]:
    """End the dialogue where it is; its answers go to the history."""
    closed = close(participant, now, study)
    effects = (
        replace(each, why=TAKEN_OVER) if isinstance(each, KeepRun) and not each.ended else each
        for each in closed.effects
    )
    return place, Turn(closed.participant, tuple(effects))


def at_question(
    participant: Participant, run: Run, message: Message, now: datetime, study: Study
) -> tuple[Place, Turn]:
    """Stay at a question that has reached the person; one that may not have, or whose buttons cannot be told from
    older ones, comes again.
    """
    here = replace(participant, run=run)
    waits = any(isinstance(each.what, Send) and each.what.asks for each in participant.outbox)
    if run.question is not None or waits:
        return Place.SAME, Turn(here)
    if run.at in run.sent_at and not message.buttons:
        # The seed kept no message of it because there was nothing to be taken off; but it was sent.
        presumed = replace(run, question=PRESUMED, question_after=max(participant.last_message_id - 1, 0))
        return Place.SAME, Turn(replace(participant, run=presumed))
    return asked(Place.ASKED, participant, run, now, study)


def asked(place: Place, participant: Participant, run: Run, now: datetime, study: Study) -> tuple[Place, Turn]:
    """Ask the question again; somebody who pauses is asked when they come back."""
    if participant.status is Status.DOWN:
        return Place.KEPT, Turn(replace(participant, run=None, kept=Kept(run, now, str(Absence.PAUSED))))
    try:
        return place, ask_again(replace(participant, run=run), now, study)
    except NoWay:
        return ended(Place.GONE, participant, now, study)


def went_on(
    participant: Participant, run: Run, dialogue: Dialogue, message: Message, now: datetime, study: Study
) -> tuple[Place, Turn]:
    """Send what follows a message that asks nothing; somebody who pauses gets it when they come back."""
    try:
        target = resolve(message.next, run)
        turn = walk(participant, run, dialogue, target, message.wait, now, study)
    except NoWay:
        return ended(Place.GONE, participant, now, study)
    after = turn.participant.run
    if participant.status is Status.DOWN and after is not None and not after.over:
        sends = tuple(each for each in turn.effects if isinstance(each, Send))
        return Place.KEPT, Turn(replace(participant, run=None, kept=Kept(after, now, str(Absence.PAUSED), sends)))
    return Place.GOES_ON, turn


def way_of(participant: Participant, run: Run, dialogue: Dialogue, now: datetime) -> tuple[str | None, tuple[str, ...]]:
    """Follow the answers from the first message to where the person is, or to the first question without an answer.

    Return that question, and the actions on the way. Where the way does not lead to the message at which the person
    is, the actions of that message alone count.
    """
    here: str | None = dialogue.initial_messages[0]
    actions: list[str] = []
    for _ in range(LONGEST_WAY):
        message = dialogue.messages.get(here or "")
        if message is None:
            break
        actions += [message.action] if message.action else []
        if message.id == run.at:
            return message.id, tuple(actions)
        try:
            here = next_of(message, run, participant, now)
        except NoWay:
            if run.at not in dialogue.messages:
                return message.id if message.asks else None, tuple(actions)
            break
    stands = dialogue.messages.get(run.at)
    return None, (stands.action,) if stands and stands.action else ()


def next_of(message: Message, run: Run, participant: Participant, now: datetime) -> str | None:
    """Return the message that the answers lead to from here. Raises NoWay when the question has no answer yet."""
    if not message.asks:
        return resolve(message.next, run)
    answers = run.answer_texts()
    name = message.buttons[0].name if message.buttons else message.typed
    value = answers.get(name or "")
    if value is None:
        raise NoWay("the question has no answer yet")
    read = read_press if message.buttons else read_text
    reading = read(message, value, answers, participant, now)
    if not isinstance(reading, Understood):
        raise NoWay("the answer is none of this question")
    return resolve(reading.next, run)
