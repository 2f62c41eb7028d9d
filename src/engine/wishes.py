# SPDX-License-Identifier: GPL-3.0-or-later
"""What each command does: begin, leave, pause, go on, change a setting, have everything erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from src.engine.commands import Command, Wish
from src.engine.effects import OwnData, Send, Turn
from src.engine.keeping import INTERRUPTED, keep_place
from src.engine.pairs import is_waiting
from src.engine.state import Absence, Participant, Status
from src.engine.study import Study
from src.engine.talk import ask_again, begin, close
from src.engine.wording import say
from src.frozen import replace


def question_is_out(participant: Participant) -> bool:
    """Tell whether the open question has reached the person, as far as we know."""
    return participant.run is not None and not participant.run.over and participant.run.question is not None


def start(participant: Participant, now: datetime, study: Study) -> Turn:
    """Begin with the welcome; who is in the study already sees where they are."""
    reached = replace(participant, reachable=True)
    if participant.status is Status.DOWN:
        return resume(reached, None, now, study)
    if participant.status is Status.OUT:
        closed = close(reached, now, study)
        return closed.then(
            lambda left: begin(replace(left, status=Status.START), study.dialogues["welcome"], now, study)
        )
    if is_waiting(participant.run, study):
        return Turn(reached, (say("waiting_for_partner", participant, study.rules),))
    if question_is_out(participant):
        return ask_again(reached, now, study)
    if participant.run is not None:
        return Turn(reached, (say("one_moment", participant, study.rules),))
    if participant.status is Status.ACTIVE:
        return Turn(reached, (say("already_here", participant, study.rules),))
    if participant.kept is not None:
        # The welcome was interrupted: it goes on where it was, and does not begin a second time.
        return Turn(reached)
    return begin(replace(reached, status=Status.START), study.dialogues["welcome"], now, study)


def leave(participant: Participant, command: Command | None, now: datetime, study: Study) -> Turn:
    """Ask whether they really want to leave; only the confirmation in that dialogue makes it so."""
    return instead(participant, "unsubscribe", now, study)


def pause(participant: Participant, command: Command | None, now: datetime, study: Study) -> Turn:
    """Stop sending until the person comes back; their place is kept. Before the consent there is nothing to pause."""
    if is_asked(participant, "pause"):
        return ask_again(participant, now, study)

    def paused(stopped: Participant) -> Turn:
        if stopped.status is Status.OUT:
            return Turn(stopped)
        if stopped.status is Status.START:
            return Turn(stopped, (say("begin_with_start", stopped, study.rules),))
        since = stopped.absent_since if stopped.absence is Absence.PAUSED else now
        resting = replace(stopped, status=Status.DOWN, absence=Absence.PAUSED, absent_since=since)
        return begin(resting, study.dialogues["pause"], now, study)

    if participant.status is Status.ACTIVE:
        return keep_place(participant, now, study, Absence.PAUSED).then(paused)
    return close(participant, now, study).then(paused)


def resume(participant: Participant, command: Command | None, now: datetime, study: Study) -> Turn:
    """Go on after a pause."""
    if participant.status is not Status.DOWN:
        return start(participant, now, study)
    return instead(replace(participant, status=Status.ACTIVE, reachable=True), "resume", now, study)


def instead(participant: Participant, name: str, now: datetime, study: Study) -> Turn:
    """Interrupt what is running and begin another dialogue at once; one that runs already is asked again.

    Ending may show that the person has confirmed to leave just now: then that is all.
    """
    if is_asked(participant, name):
        return ask_again(participant, now, study)
    had_left = participant.status is Status.OUT

    def begun(stopped: Participant) -> Turn:
        if stopped.status is Status.OUT and not had_left:
            return Turn(stopped)
        return begin(stopped, study.dialogues[name], now, study)

    return keep_place(participant, now, study, INTERRUPTED).then(begun)


def is_asked(participant: Participant, name: str) -> bool:
    """Tell whether this dialogue is running and waits for an answer."""
    return participant.run is not None and participant.run.dialogue == name and question_is_out(participant)


def setting(participant: Participant, command: Command, now: datetime, study: Study) -> Turn:
    """Begin the dialogue of a setting, unless another dialogue is running; one that asks already asks again."""
    dialogue = study.dialogues.get(command.dialogue or "")
    if is_asked(participant, command.dialogue or ""):
        return ask_again(participant, now, study)
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


def my_data(participant: Participant, command: Command, now: datetime, study: Study) -> Turn:
    """Send a file with everything that is stored about the person."""
    return Turn(participant, (OwnData(participant.id, participant.language),))


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
    Wish.MY_DATA: my_data,
    Wish.HELP: help_text,
    Wish.FORGET_DONE: forget_done,
}
