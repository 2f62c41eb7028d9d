# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person's message means, in this order: leaving and consent, other commands, the open question, a kind
phrase.
"""

from __future__ import annotations

from datetime import datetime

from src.engine.answers import NotUnderstood, Understood, read_press, read_text
from src.engine.commands import Wish, command_in
from src.engine.deliveries import unreachable
from src.engine.effects import AnswerPress, KeepText, Outgoing, Send, Turn
from src.engine.events import BlockedBot, ButtonPressed, Event, OtherContent, TextTyped
from src.engine.pairs import is_waiting
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.talk import NoWay, answer, close, is_question, open_question
from src.engine.wishes import WISHES, question_is_out, start
from src.engine.wording import say

LONGEST_KEPT_TEXT = 1000
"""Characters of a text that is kept beside the answers; an answer is kept whole, up to the question's own bound."""

STILL_HEARD = (Wish.START, Wish.FORGET_ME)
"""What is read of someone who has left."""


def text_typed(participant: Participant, event: TextTyped, now: datetime, study: Study) -> Turn:
    """Understand a text. Of someone who left, only /start and /forgetme are read and nothing is kept."""
    command = command_in(event.text, developer=study.rules.developer)
    if participant.erasing or (
        participant.status is Status.OUT and (command is None or command.wish not in STILL_HEARD)
    ):
        return Turn(participant)
    # Before the consent nothing is kept but answers of the welcome, which stand in its run.
    has_agreed = participant.status is not Status.START
    kept = (KeepText(event.text[:LONGEST_KEPT_TEXT], now),) if has_agreed else ()
    if participant.version == 0:
        turn = start(participant, now, study)
    elif command is not None:
        turn = WISHES[command.wish](participant, command, now, study)
    else:
        turn = plain_text(participant, event.text, now, study)
    return Turn(turn.participant, (*kept, *turn.effects))


def button_pressed(participant: Participant, event: ButtonPressed, now: datetime, study: Study) -> Turn:
    """Understand a press; it counts only on the message that asks now. Every press is answered."""
    has_left = participant.status is Status.OUT and participant.run is None
    word = None if has_left else old_button(participant, study)
    stale = Turn(participant, (AnswerPress(event.query_id, word),))
    question_id = bound_message(participant, event)
    if question_id is None:
        return stale
    try:
        run, message, _ = open_question(participant, study)
    except NoWay:
        # The dialogue is gone and no revision of it was kept: it ends, so that the next one can come.
        ended = close(participant, now, study)
        return Turn(ended.participant, (*stale.effects, *ended.effects))
    reading = read_press(message, event.value, run.answer_texts(), participant, now)
    if isinstance(reading, NotUnderstood):
        complaint = say(reading.phrase, participant, study.rules)
        return Turn(participant, (AnswerPress(event.query_id), complaint))
    turn = answer(participant, reading, now, study, pressed=question_id)
    kept = (KeepText(event.value, now),) if participant.status is not Status.START else ()
    return Turn(turn.participant, (AnswerPress(event.query_id), *kept, *turn.effects))


def bound_message(participant: Participant, event: ButtonPressed) -> int | None:
    """Return the Telegram message that was pressed if it asks now, else None.

    Telegram may tell of a press before our own note of the delivery is made: a message newer than all that we know
    of is then the question that is just going out. And a copy of the question, whose delivery a crash hid from us,
    counts too.
    """
    run = participant.run
    if run is None or event.message_id is None:
        return None
    if run.question is not None:
        return event.message_id if run.question_after < event.message_id <= run.question else None
    # A press proves that the message is there, whatever has come in front of it in the outbox meanwhile.
    is_newer = event.message_id > participant.last_message_id
    return event.message_id if is_newer and is_question(next_of_dialogue(participant)) else None


def next_of_dialogue(participant: Participant) -> Outgoing | None:
    """Return the first message of a dialogue in the outbox."""
    return next((each for each in participant.outbox if isinstance(each.what, Send) and each.what.run), None)


def old_button(participant: Participant, study: Study) -> str:
    """Return the kind word for a press that changes nothing."""
    return say("old_button", participant, study.rules).text


def plain_text(participant: Participant, text: str, now: datetime, study: Study) -> Turn:
    """Take a text as the answer to the open question, or say kindly what is expected."""
    if participant.run is None:
        return Turn(participant, (say(IDLE_PHRASES[participant.status], participant, study.rules),))
    if is_waiting(participant.run, study):
        return Turn(participant, (say("waiting_for_partner", participant, study.rules),))
    if not question_is_out(participant):
        return Turn(participant, (say("one_moment", participant, study.rules),))
    try:
        run, message, _ = open_question(participant, study)
    except NoWay:
        return close(participant, now, study)
    reading = read_text(message, text, run.answer_texts(), participant, now)
    if isinstance(reading, Understood):
        return answer(participant, reading, now, study)
    return Turn(participant, (say(reading.phrase, participant, study.rules),))


IDLE_PHRASES = {
    Status.START: "begin_with_start",
    Status.ACTIVE: "nothing_asked",
    Status.DOWN: "you_are_paused",
    Status.OUT: "begin_with_start",
}


def other_content(participant: Participant, event: OtherContent, now: datetime, study: Study) -> Turn:
    """React to stickers, voice, pictures and the like: kindly, and nothing of them is kept."""
    if participant.status is Status.OUT:
        return Turn(participant)
    if participant.version == 0:
        return start(participant, now, study)
    if participant.run is None:
        return Turn(participant, (say(IDLE_PHRASES[participant.status], participant, study.rules),))
    if is_waiting(participant.run, study):
        return Turn(participant, (say("waiting_for_partner", participant, study.rules),))
    if not question_is_out(participant):
        return Turn(participant, (say("one_moment", participant, study.rules),))
    try:
        _, message, _ = open_question(participant, study)
    except NoWay:
        return close(participant, now, study)
    phrase = "please_write" if message.typed and not message.buttons else "buttons_only"
    return Turn(participant, (say(phrase, participant, study.rules),))


def nothing(participant: Participant, event: Event, now: datetime, study: Study) -> Turn:
    """Let it be."""
    return Turn(participant)


def blocked(participant: Participant, event: BlockedBot, now: datetime, study: Study) -> Turn:
    """Stop writing to someone who blocked the bot."""
    return unreachable(participant, event, now, study)
