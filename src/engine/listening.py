# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person's message means. `STEPS` is the order in which it is understood; each step is a function below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from src.engine import admins
from src.engine.answers import NotUnderstood, Understood, read_press, read_text
from src.engine.commands import Command, Wish, command_in
from src.engine.deliveries import unreachable
from src.engine.effects import AnswerPress, KeepText, Outgoing, Send, Turn
from src.engine.events import BlockedBot, ButtonPressed, Event, OtherContent, TextTyped
from src.engine.pairs import is_waiting
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.talk import NoWay, answer, close, is_question, open_question
from src.engine.wishes import WISHES, leave, question_is_out, start
from src.engine.wording import say

LONGEST_KEPT_TEXT = 1000
"""Characters of a text that is kept beside the answers; an answer is kept whole, up to the question's own bound."""

STILL_HEARD = (Wish.START, Wish.FORGET_ME, Wish.MY_DATA)
"""What is read of someone who has left."""


@dataclass(frozen=True)
class Heard:
    """A message that came from a person. `text` is None for stickers, voice, pictures, forwards and the like."""

    participant: Participant
    text: str | None
    command: Command | None
    now: datetime
    study: Study

    def phrase(self, name: str) -> Turn:
        """Return the turn that says one of the bot's own phrases and changes nothing."""
        return Turn(self.participant, (say(name, self.participant, self.study.rules),))


def text_typed(participant: Participant, event: TextTyped, now: datetime, study: Study) -> Turn:
    """Understand a text, and keep it if the person takes part and is heard."""
    for_admins = None if is_being_erased(participant) else admins.typed(participant, event, now, study)
    if for_admins is not None:
        return for_admins  # before anything is kept: what was typed may be the admins' password
    heard = Heard(participant, event.text, command_in(event.text, developer=study.rules.developer), now, study)
    turn = understood(heard)
    return Turn(turn.participant, (*kept_text(participant, event.text, now), *turn.effects))


def kept_text(participant: Participant, text: str, now: datetime) -> tuple[KeepText, ...]:
    """Return what is kept of a text or press beside the answers: nothing before the consent, nor after leaving."""
    takes_part = participant.status in (Status.ACTIVE, Status.DOWN)
    return (KeepText(text[:LONGEST_KEPT_TEXT], now),) if takes_part else ()


def other_content(participant: Participant, event: OtherContent, now: datetime, study: Study) -> Turn:
    """React to stickers, voice, pictures and the like: kindly, and nothing of them is kept."""
    return understood(Heard(participant, None, None, now, study))


def understood(heard: Heard) -> Turn:
    """Return the turn of the first step that understands the message; the last step understands every one."""
    return next(turn for step in STEPS if (turn := step(heard)) is not None)


def not_read(heard: Heard) -> Turn | None:
    """Let be what somebody says who is being erased, or who has left and wants none of the few things still heard.

    Whoever has left can be asked one thing: whether all is to be erased. Then their answer is read too.
    """
    participant, command = heard.participant, heard.command
    is_answer = command is None and participant.run is not None
    is_still_heard = command is not None and command.wish in STILL_HEARD
    has_left = participant.status is Status.OUT and not is_answer and not is_still_heard
    return Turn(participant) if has_left or is_being_erased(participant) else None


def is_being_erased(participant: Participant) -> bool:
    """Tell whether somebody has confirmed that all is to be erased; they get the last words, and then it happens."""
    run = participant.run
    return participant.erasing or (run is not None and run.over and "forget_everything" in run.actions)


def first_word(heard: Heard) -> Turn | None:
    """Ask for the consent, whatever the first word of somebody new is."""
    return start(heard.participant, heard.now, heard.study) if heard.participant.version == 0 else None


def wish_to_leave(heard: Heard) -> Turn | None:
    """Hear the wish to leave."""
    if heard.command is None or heard.command.wish is not Wish.LEAVE:
        return None
    return leave(heard.participant, heard.command, heard.now, heard.study)


def other_wish(heard: Heard) -> Turn | None:
    """Carry out any other command."""
    if heard.command is None:
        return None
    return WISHES[heard.command.wish](heard.participant, heard.command, heard.now, heard.study)


def nothing_is_asked(heard: Heard) -> Turn | None:
    """Say where somebody stands whom no dialogue asks anything."""
    return heard.phrase(IDLE_PHRASES[heard.participant.status]) if heard.participant.run is None else None


def waits_for_partner(heard: Heard) -> Turn | None:
    """Say that the other person has not done their part yet, to somebody who has done theirs."""
    return heard.phrase("waiting_for_partner") if is_waiting(heard.participant.run, heard.study) else None


def still_writing(heard: Heard) -> Turn | None:
    """Ask for patience: the next question is still on its way."""
    return None if question_is_out(heard.participant) else heard.phrase("one_moment")


def to_the_question(heard: Heard) -> Turn:
    """Take the message for the answer to the open question, or say kindly what is expected."""
    participant, now, study = heard.participant, heard.now, heard.study
    try:
        run, message, _ = open_question(participant, study)
    except NoWay:
        # The dialogue is gone and no revision of it was kept: it ends, so that the next one can come.
        return close(participant, now, study)
    if heard.text is None:
        return heard.phrase("please_write" if message.typed and not message.buttons else "buttons_only")
    reading = read_text(message, heard.text, run.answer_texts(), participant, now)
    return answer(participant, reading, now, study) if isinstance(reading, Understood) else heard.phrase(reading.phrase)


STEPS: tuple[Callable[[Heard], Turn | None], ...] = (
    not_read,
    first_word,
    wish_to_leave,
    other_wish,
    nothing_is_asked,
    waits_for_partner,
    still_writing,
    to_the_question,
)
"""The order in which a message is understood: the first step that returns a turn decides."""

IDLE_PHRASES = {
    Status.START: "begin_with_start",
    Status.ACTIVE: "nothing_asked",
    Status.DOWN: "you_are_paused",
    Status.OUT: "begin_with_start",
}


def button_pressed(participant: Participant, event: ButtonPressed, now: datetime, study: Study) -> Turn:
    """Understand a press; it counts only on the message that asks now. Every press is answered."""
    for_admins = None if is_being_erased(participant) else admins.pressed(participant, event, now, study)
    if for_admins is not None:
        return for_admins
    has_left = participant.status is Status.OUT and participant.run is None
    word = None if has_left else old_button(participant, study)
    stale = Turn(participant, (AnswerPress(event.query_id, word),))
    question_id = bound_message(participant, event)
    if question_id is None:
        return stale
    try:
        run, message, _ = open_question(participant, study)
    except NoWay:
        ended = close(participant, now, study)
        return Turn(ended.participant, (*stale.effects, *ended.effects))
    reading = read_press(message, event.value, run.answer_texts(), participant, now)
    if isinstance(reading, NotUnderstood):
        complaint = say(reading.phrase, participant, study.rules)
        return Turn(participant, (AnswerPress(event.query_id), complaint))
    turn = answer(participant, reading, now, study, pressed=question_id)
    kept = kept_text(participant, event.value, now)
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


def nothing(participant: Participant, event: Event, now: datetime, study: Study) -> Turn:
    """Let it be."""
    return Turn(participant)


def blocked(participant: Participant, event: BlockedBot, now: datetime, study: Study) -> Turn:
    """Stop writing to someone who blocked the bot."""
    return unreachable(participant, event, now, study)
