# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person's message means, in this order: leaving and consent, other commands, the open question, a kind
phrase.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from src.engine.answers import NotUnderstood, Understood, read_press, read_text
from src.engine.commands import Command, Wish, command_in
from src.engine.deliveries import unreachable
from src.engine.effects import AnswerPress, KeepText, Outgoing, Send, Turn
from src.engine.events import BlockedBot, ButtonPressed, Event, OtherContent, TextTyped
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.talk import NoWay, answer, ask_again, begin, close, is_question, open_question
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


def question_is_out(participant: Participant) -> bool:
    """Tell whether the open question has reached the person, as far as we know."""
    return participant.run is not None and not participant.run.over and participant.run.question is not None


def old_button(participant: Participant, study: Study) -> str:
    """Return the kind word for a press that changes nothing."""
    return say("old_button", participant, study.rules).text


def plain_text(participant: Participant, text: str, now: datetime, study: Study) -> Turn:
    """Take a text as the answer to the open question, or say kindly what is expected."""
    if participant.run is None:
        return Turn(participant, (say(IDLE_PHRASES[participant.status], participant, study.rules),))
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


def start(participant: Participant, now: datetime, study: Study) -> Turn:
    """Begin with the welcome; who is in the study already sees where they are."""
    reached = replace(participant, reachable=True)
    if participant.status is Status.DOWN:
        return resume(reached, None, now, study)
    if question_is_out(participant):
        return ask_again(reached, now, study)
    if participant.run is not None:
        return Turn(reached, (say("one_moment", participant, study.rules),))
    if participant.status is Status.ACTIVE:
        return Turn(reached, (say("already_here", participant, study.rules),))
    return begin(replace(reached, status=Status.START), study.dialogues["welcome"], now, study)


def leave(participant: Participant, command: Command | None, now: datetime, study: Study) -> Turn:
    """Ask whether they really want to leave; only the confirmation in that dialogue makes it so."""
    return instead(participant, "unsubscribe", now, study)


def pause(participant: Participant, command: Command | None, now: datetime, study: Study) -> Turn:
    """Stop sending until the person comes back. Before the consent there is nothing to pause."""
    if is_asked(participant, "pause"):
        return ask_again(participant, now, study)

    def paused(stopped: Participant) -> Turn:
        if stopped.status is Status.OUT:
            return Turn(stopped)
        if stopped.status is Status.START:
            return Turn(stopped, (say("begin_with_start", stopped, study.rules),))
        return begin(replace(stopped, status=Status.DOWN), study.dialogues["pause"], now, study)

    return close(participant, now, study).then(paused)


def resume(participant: Participant, command: Command | None, now: datetime, study: Study) -> Turn:
    """Go on after a pause."""
    if participant.status is not Status.DOWN:
        return start(participant, now, study)
    return instead(replace(participant, status=Status.ACTIVE, reachable=True), "resume", now, study)


def instead(participant: Participant, name: str, now: datetime, study: Study) -> Turn:
    """End what is running and begin another dialogue at once; one that runs already is asked again.

    Ending may show that the person has confirmed to leave just now: then that is all.
    """
    if is_asked(participant, name):
        return ask_again(participant, now, study)
    had_left = participant.status is Status.OUT

    def begun(stopped: Participant) -> Turn:
        if stopped.status is Status.OUT and not had_left:
            return Turn(stopped)
        return begin(stopped, study.dialogues[name], now, study)

    return close(participant, now, study).then(begun)


def is_asked(participant: Participant, name: str) -> bool:
    """Tell whether this dialogue is running and waits for an answer."""
    return participant.run is not None and participant.run.dialogue == name and question_is_out(participant)


def setting(participant: Participant, command: Command, now: datetime, study: Study) -> Turn:
    """Begin the dialogue of a setting, unless another dialogue is running."""
    dialogue = study.dialogues.get(command.dialogue or "")
    if participant.run is not None:
        return Turn(participant, (say("after_this_dialogue", participant, study.rules),))
    if participant.status is Status.START:
        return Turn(participant, (say("begin_with_start", participant, study.rules),))
    if dialogue is None:
        return Turn(participant, (say("nothing_asked", participant, study.rules),))
    return begin(participant, dialogue, now, study)


def forget_me(participant: Participant, command: Command, now: datetime, study: Study) -> Turn:
    """Ask, twice, whether everything is to be erased; a study without that dialogue can only say whom to write to."""
    if "forgetme" in study.dialogues:
        return instead(participant, "forgetme", now, study)
    return Turn(participant, (say("erase_by_contact", participant, study.rules),))


def help_text(participant: Participant, command: Command, now: datetime, study: Study) -> Turn:
    """Say what can be written."""
    return Turn(participant, (say("help", participant, study.rules),))


def forget_done(participant: Participant, command: Command, now: datetime, study: Study) -> Turn:
    """Let a developer play all dialogues again."""
    fresh = replace(participant, done=(), dialogue_at=now)
    return Turn(fresh, (Send(f"{len(participant.done)} dialogues forgotten."),))


WISHES: dict[Wish, Callable[[Participant, Command, datetime, Study], Turn]] = {
    Wish.START: lambda participant, _, now, study: start(participant, now, study),
    Wish.LEAVE: leave,
    Wish.PAUSE: pause,
    Wish.RESUME: resume,
    Wish.SETTING: setting,
    Wish.FORGET_ME: forget_me,
    Wish.HELP: help_text,
    Wish.FORGET_DONE: forget_done,
}
