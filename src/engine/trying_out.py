# SPDX-License-Identifier: GPL-3.0-or-later
"""What authors do to an invented person to see a dialogue: changes by hand, by the same rules as operators' ones."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from src.dialogues.model import Dialogue
from src.engine.answers import Understood, read_press, read_text
from src.engine.by_hand import Change
from src.engine.effects import Effect, Outgoing, RemoveButtons, Send, Turn
from src.engine.keeping import give_up
from src.engine.sequence import next_dialogue
from src.engine.state import Participant, Run, Status
from src.engine.study import Study
from src.engine.talk import PRESUMED, NoWay, begin, close, message_of, resolve, walk
from src.engine.turn import settled
from src.frozen import replace

What = TypeVar("What", bound=Effect)

STATUS_IN = {"welcome": Status.START, "pause": Status.DOWN}
"""The status in which people live through these dialogues; in all others they take part."""


def to_dialogue(name: str) -> Change:
    """Return the change that begins a dialogue at once, whatever was running, as if it had never been done.

    A dialogue that is not there, or that is for two, changes nothing.
    """

    def changed(participant: Participant, now: datetime, study: Study) -> Turn:
        dialogue = study.dialogues.get(name)
        if dialogue is None or dialogue.is_for_two or participant.erasing:
            return Turn(participant)
        stopped = close(participant, now, study).then(lambda closed: give_up(closed, now))
        return settled(stopped.then(lambda free: begun(free, dialogue, now, study)), now, study)

    return changed


def begun(participant: Participant, dialogue: Dialogue, now: datetime, study: Study) -> Turn:
    """Begin a dialogue; its first message comes without a pause, because its author is waiting for it."""
    done = tuple(each for each in participant.done if each != dialogue.id)
    status = STATUS_IN.get(dialogue.id, Status.ACTIVE)
    turn = begin(replace(participant, status=status, reachable=True, done=done), dialogue, now, study)
    return Turn(turn.participant, tuple(map(without_pause, turn.effects[:1])) + turn.effects[1:])


def from_the_beginning(participant: Participant, now: datetime, study: Study) -> Turn:
    """Begin the running dialogue again, in its newest revision."""
    return to_dialogue(participant.run.dialogue)(participant, now, study) if participant.run else Turn(participant)


def onwards(participant: Participant, now: datetime, study: Study) -> Turn:
    """Wait no longer: what is to be sent goes out without pauses, or the next dialogue of the sequence begins."""
    if participant.outbox:
        return hurried(participant, now, study)
    dialogue = next_dialogue(participant, study)
    if participant.run is not None or dialogue is None:
        return Turn(participant)
    return to_dialogue(dialogue.id)(participant, now, study)


def hurried(participant: Participant, now: datetime, study: Study) -> Turn:
    """Let what is to be sent go out without pauses."""
    if not participant.outbox:
        return Turn(participant)
    entries = tuple(replace(each, what=without_pause(each.what)) for each in participant.outbox)
    return settled(Turn(replace(participant, outbox=entries, outbox_at=now)), now, study)


def to_language(language: str) -> Change:
    """Return the change to this language; what was sent since the last answer comes again in it."""

    def changed(participant: Participant, now: datetime, study: Study) -> Turn:
        if participant.language == language:
            return Turn(participant)
        speaking = replace(participant, language=language)
        shown = shown_again(speaking, now, study)
        return shown if shown.participant != speaking else settled(Turn(speaking), now, study)

    return changed


def shown_again(participant: Participant, now: datetime, study: Study) -> Turn:
    """Move the running dialogue to its newest revision: what was sent since the last answer comes again, at once.

    Where that revision has no such way any more, the dialogue begins again.
    """
    run = participant.run
    newest = study.dialogues.get(run.dialogue) if run else None
    if run is None or run.over or newest is None or participant.erasing:
        return Turn(participant)
    rest = tuple(each for each in participant.outbox if not belongs_to(run, each))
    moved = replace(run, revision=newest.revision, question=None, remind_at=None)
    try:
        start = way_taken(participant, moved, newest, now)
        turn = walk(replace(participant, outbox=rest), moved, newest, start, None, now, study)
    except NoWay:
        return from_the_beginning(participant, now, study)
    known = run.question is not None and run.question != PRESUMED
    gone = (RemoveButtons(run.question),) if known and run.question else ()
    return settled(Turn(turn.participant, (*gone, *map(without_pause, turn.effects))), now, study)


def way_taken(participant: Participant, run: Run, dialogue: Dialogue, now: datetime) -> str | None:
    """Return the message that the last answer leads to, or the first one as long as nothing was answered.

    Raises NoWay where the dialogue, in its newest revision, does not ask that any more or has no such answer.
    """
    if not run.answers:
        return dialogue.initial_messages[0]
    last = run.answers[-1]
    read = read_text if last.typed else read_press
    reading = read(message_of(dialogue, last.message), last.value, run.answer_texts(), participant, now)
    if not isinstance(reading, Understood):
        raise NoWay("the last answer is none any more")
    return resolve(reading.next, run)


def belongs_to(run: Run, entry: Outgoing) -> bool:
    """Tell whether this is a message of the running dialogue."""
    return isinstance(entry.what, Send) and entry.what.run == run.id


def without_pause(what: What) -> What:
    """Return what is to be sent as something that is sent at once; all else as it is."""
    return replace(what, pause=0.0) if isinstance(what, Send) else what
