# SPDX-License-Identifier: GPL-3.0-or-later
"""Walking through a dialogue: begin, answer, ask again, end. One burst of messages until the next question."""

from __future__ import annotations

import html
from datetime import datetime
from uuid import UUID, uuid5

from src.dialogues.model import DONT_SAVE, Choice, Dialogue, InputKind, Message, Next
from src.engine import pairs
from src.engine.answers import Understood, time_of_day
from src.engine.effects import Effect, KeepRun, Notice, Outgoing, OwnData, RemoveButtons, Send, Turn
from src.engine.endings import ACTIONS, count_as_done, points_of
from src.engine.news import NewsKind, ToPartner
from src.engine.state import GivenAnswer, Participant, Run
from src.engine.study import Study
from src.engine.timing import timeshift_of
from src.engine.wording import say, shown
from src.frozen import replace

LONGEST_BURST = 100
"""So many messages without a question are a circle."""

RUNS = UUID("6f0f6a6e-4b0c-5d53-9a0e-3c2d2f0b7a11")
"""The name space of the ids of running dialogues."""

FIELDS = {"language": "language", "freq": "freq", "horari_relats": "part_of_day"}
"""Fields that a dialogue saves and the bot itself reads, and where the state keeps them."""


PRESUMED = 2**52
"""The "message id" of a question that is probably there, but nobody told us where: any newer message counts as it."""


class NoWay(Exception):
    """The dialogue has no way on from here. Its text is for the operators and holds no answer."""


def begin(participant: Participant, dialogue: Dialogue, now: datetime, study: Study) -> Turn:
    """Start a dialogue. One that cannot begin leaves the participant as they are, with a notice for the operators."""
    if dialogue.is_for_two:
        return Turn(participant, (Notice(f"{dialogue.id} is for two players, and cannot be played by one"),))
    event = participant.recent_updates[-1:]
    name = f"{participant.id} {dialogue.id} {participant.version} {event} {now.isoformat()}"
    run = Run(str(uuid5(RUNS, name)), dialogue.id, dialogue.revision, now, dialogue.initial_messages[0])
    announced = (Send(f"<code>{html.escape(dialogue.id, quote=False)}</code>"),) if study.rules.developer else ()
    try:
        turn = walk(participant, run, dialogue, run.at, None, now, study)
    except NoWay as fault:
        return Turn(participant, (Notice(str(fault)),))
    return Turn(turn.participant, announced + turn.effects)


def answer(
    participant: Participant, reading: Understood, now: datetime, study: Study, pressed: int | None = None
) -> Turn:
    """Record an answer to the open question and go on; without a way on the question stays, and nothing is recorded.

    `pressed` is the Telegram message whose button was pressed.
    """
    run, message, dialogue = open_question(participant, study)
    given = GivenAnswer(message.id, reading.name, reading.value, reading.typed, run.sent_at.get(message.id), now)
    recorded = replace(run, answers=(*run.answers, given), question=None, remind_at=None, reminded=0, reminded_at=None)
    went_on, news = pairs.answered(recorded, given, participant.id)
    # A second tap on the same message must not be taken for one on the next question.
    heard = replace(participant, last_message_id=max(participant.last_message_id, pressed or 0))
    told = saved(without_question(heard), message, dialogue, reading, now, study)
    try:
        turn = after_answer(told, went_on, message, dialogue, reading.next, now, study)
    except NoWay as fault:
        return Turn(
            participant, (Notice(f"{dialogue.id}, {message.id}: {fault}"), say("hitch", participant, study.rules))
        )
    return Turn(turn.participant, (*buttons_gone(run, message, pressed), *news, *turn.effects))


def after_answer(
    participant: Participant,
    run: Run,
    message: Message,
    dialogue: Dialogue,
    following: Next,
    now: datetime,
    study: Study,
) -> Turn:
    """Go on behind an answer; what is compared waits for the partner's answer first. Raises NoWay."""
    run, news = pairs.triggers_after(run, message, participant.id)
    if pairs.must_wait(run, message, dialogue):
        waiting = pairs.waiting_text(message, participant, run, study.rules)
        return Turn(replace(participant, run=pairs.compared(run, waiting=True)), (*news, *waiting))
    target = resolve(following, run)
    turn = walk(participant, run, dialogue, target, message.wait, now, study)
    return Turn(turn.participant, (*news, *turn.effects))


def ask_again(participant: Participant, now: datetime, study: Study) -> Turn:
    """Send the open question once more; the buttons of the earlier message go."""
    run, message, _ = open_question(participant, study)
    again = replace(run, question=None, remind_at=None)
    effects = shown(message, participant, run, 0.0, now, study.rules)
    return Turn(replace(without_question(participant), run=again), (*buttons_gone(run, message), *effects))


def walk(
    participant: Participant,
    run: Run,
    dialogue: Dialogue,
    start: str | None,
    wait: float | None,
    now: datetime,
    study: Study,
) -> Turn:
    """Send messages from `start` until one asks or the dialogue is over. Raises NoWay."""
    effects: list[Effect] = []
    here = start
    for _ in range(LONGEST_BURST):
        if here is None:
            run, news = pairs.telling(replace(run, over=True), participant.id, NewsKind.ENDED)
            return Turn(replace(participant, run=run), (*news, *effects))
        message = message_of(dialogue, here)
        run = replace(run, at=here, actions=(*run.actions, *((message.action,) if message.action else ())))
        run, news = pairs.triggers_at_once(run, message, participant.id)
        effects += (*news, *shown(message, participant, run, wait, now, study.rules))
        run, triggered = pairs.next_triggered(run, message)
        if message.asks and triggered is None:
            return Turn(replace(participant, run=run), tuple(effects))
        here, wait = triggered or resolve(message.next, run), message.wait
    raise NoWay(f"{dialogue.id}: {LONGEST_BURST} messages without a question; is there a circle?")


def resolve(target: Next, run: Run) -> str | None:
    """Follow choices until a message's id or the end. Raises NoWay where an answer has no branch.

    A choice with `replace_variable` asks for the partner's answer, where there is a partner who gave it.
    """
    own, partners = run.answer_texts(), run.partner_texts()
    while isinstance(target, Choice):
        value = {**own, **partners}.get(target.answer) if target.replaces else own.get(target.answer)
        if value is None or value not in target.branches:
            raise NoWay(f"the answer {target.answer!r} has no branch for what was chosen")
        target = target.branches[value]
    return target


def message_of(dialogue: Dialogue, name: str) -> Message:
    """Return a message of the dialogue. Raises NoWay."""
    if name not in dialogue.messages:
        raise NoWay(f"{dialogue.id}: there is no message {name!r}")
    return dialogue.messages[name]


def dialogue_of(run: Run, study: Study) -> Dialogue | None:
    """Return the dialogue that the run is pinned to; the newest one when that revision is unknown."""
    return study.revisions.get(run.revision) or study.dialogues.get(run.dialogue)


def open_question(participant: Participant, study: Study) -> tuple[Run, Message, Dialogue]:
    """Return the running dialogue and the message at which it waits. Raises NoWay when there is none (any more)."""
    run = participant.run
    dialogue = dialogue_of(run, study) if run and not run.over else None
    if run is None or dialogue is None:
        raise NoWay("no question is open")
    return run, message_of(dialogue, run.at), dialogue


def is_question(entry: Outgoing | None) -> bool:
    """Tell whether an entry of the outbox is the open question."""
    return entry is not None and isinstance(entry.what, Send) and entry.what.asks


def without_question(participant: Participant) -> Participant:
    """Return the participant without the question in the outbox: it has been answered, or will be asked anew."""
    return replace(participant, outbox=tuple(each for each in participant.outbox if not is_question(each)))


def buttons_gone(run: Run, message: Message, pressed: int | None = None) -> tuple[RemoveButtons, ...]:
    """Return what takes the buttons off the question, and off the copy of it that was pressed."""
    if not message.buttons:
        return ()
    standing = dict.fromkeys(each for each in (pressed, run.question) if each is not None and each != PRESUMED)
    return tuple(RemoveButtons(each) for each in standing)


def saved(
    participant: Participant, message: Message, dialogue: Dialogue, reading: Understood, now: datetime, study: Study
) -> Participant:
    """Copy the answer to the participant's field that the message names, unless they would rather not have it saved."""
    if not reading.may_save:
        return participant
    if dialogue.id == "world" and message.input and message.input.kind is InputKind.TIME:
        clock = time_of_day(reading.value)
        shift = timeshift_of(clock, now, study.rules) if clock else participant.timeshift
        participant = replace(participant, timeshift=shift)
    if message.save is None or reading.value == DONT_SAVE:
        return participant
    if message.save in FIELDS:
        changed: dict[str, str] = {FIELDS[message.save]: reading.value}
        return replace(participant, **changed)  # type: ignore[arg-type]  # the three fields are texts
    return replace(participant, fields={**participant.fields, message.save: reading.value})


def close(participant: Participant, now: datetime, study: Study) -> Turn:
    """End the running dialogue where it is: its place is given up, its answers are kept.

    Whoever has answered everything has finished, even if the last messages have not reached them.
    """
    run = participant.run
    tidying = tuple(each for each in participant.outbox if isinstance(each.what, RemoveButtons | OwnData | ToPartner))
    stopped = replace(participant, outbox=tidying)
    if run is None:
        return Turn(stopped)
    if run.over:
        return finish(stopped, now, study)
    known = run.question is not None and run.question != PRESUMED
    gone = (RemoveButtons(run.question),) if known and run.question else ()
    return Turn(
        replace(stopped, run=None), (*gone, *pairs.farewell(run, participant.id), KeepRun(run, now, ended=False))
    )


def finish(participant: Participant, now: datetime, study: Study) -> Turn:
    """End the running dialogue as it should: actions, points, done, the due time of the next one."""
    run = participant.run
    assert run is not None  # the callers have looked
    dialogue = dialogue_of(run, study)
    after = replace(participant, run=None)
    notices: tuple[Effect, ...] = ()
    invites = run.pair is not None and run.pair.invites
    if dialogue is not None and not invites:  # whoever says yes or no has not moved on in the study by that
        gained, notices = points_of(dialogue, run, participant, now)
        after = count_as_done(replace(after, points=after.points + gained), dialogue, run, now, study)
    for name in run.actions:
        if name in ACTIONS:
            after = ACTIONS[name](after, run, now, study)
    return Turn(after, (*notices, KeepRun(run, now, ended=True)))
