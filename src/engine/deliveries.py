# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows when time comes, or when Telegram has taken, put off or refused a message."""

from __future__ import annotations

from datetime import datetime, timedelta

from src.engine.effects import Notice, Outgoing, RemoveButtons, Send, Turn
from src.engine.events import Delivered, Event, GivenUp, PutOff, TimeArrived, WaitsForMorning
from src.engine.keeping import give_up, is_given_up, keep_place
from src.engine.news import ToPartner
from src.engine.pairs import is_waiting, limit_of
from src.engine.reminding import is_reminder_due, planned, remind
from src.engine.sequence import next_dialogue, pace_of
from src.engine.state import Absence, Participant, Run, Status
from src.engine.study import Pace, Study
from src.engine.talk import PRESUMED, begin, close
from src.engine.timing import allowed_from, is_late, out_of_quiet, spread
from src.engine.wording import say
from src.frozen import replace

AFTER_A_FAULT = timedelta(hours=1)
"""A participant whose dialogue cannot begin is looked at again then, so that one cannot stop the others."""


def time_arrived(participant: Participant, event: TimeArrived, now: datetime, study: Study) -> Turn:
    """Remind of the open question, or begin the next dialogue, if it may be sent now; else plan it anew.

    A place that was kept for too long is given up, and nobody waits for a partner longer than the limit. Of what is
    overdue after a downtime, not everything comes at once.
    """
    if is_given_up(participant, now):
        return give_up(participant, now)
    limit = limit_of(participant.run, now, study)
    if limit is not None and limit <= now and not participant.outbox:
        return time_is_over(participant, now, study)
    if is_reminder_due(participant, now):
        return remind(participant, now, study)
    if participant.outbox or participant.run is not None or participant.status is not Status.ACTIVE:
        return Turn(participant)
    dialogue = next_dialogue(participant, study)
    if dialogue is None:
        return Turn(participant)
    is_story = pace_of(dialogue, study.rules) is Pace.RHYTHM
    due = allowed_from(max(participant.dialogue_at or now, now), participant, study.rules, is_story=is_story)
    if is_late(participant, now):
        due = spread(due, participant, study.rules, is_story=is_story)
    if due > now:
        return Turn(replace(participant, dialogue_at=due))
    turn = begin(participant, dialogue, now, study)
    if turn.participant.run is None:
        return Turn(replace(turn.participant, dialogue_at=now + AFTER_A_FAULT), turn.effects)
    return turn


def time_is_over(participant: Participant, now: datetime, study: Study) -> Turn:
    """End a dialogue for two in which the partner is silent or gone; an invitation nobody answered ends silently."""
    run = participant.run
    closed = close(participant, now, study)
    if run is None or (run.pair is not None and run.pair.invites):
        return closed
    phrase = replace(say("time_is_over", participant, study.rules), by_day=True)
    return Turn(closed.participant, (*closed.effects, phrase))


def entry_of(participant: Participant, name: str) -> Outgoing | None:
    """Return the entry of the outbox with this id, if it is still there."""
    return next((each for each in participant.outbox if each.id == name), None)


def without(participant: Participant, entry: Outgoing, now: datetime) -> Participant:
    """Take an entry out of the outbox; the pause of the one behind it begins now."""
    rest = tuple(each for each in participant.outbox if each is not entry)
    due = now + timedelta(seconds=rest[0].what.pause) if rest else None
    return replace(participant, outbox=rest, outbox_at=due)


def delivered(participant: Participant, event: Delivered, now: datetime, study: Study) -> Turn:
    """Note that a message has arrived; a question is bound to it. One that nobody waits for any more loses its
    buttons.
    """
    latest = max(participant.last_message_id, event.message_id or 0)
    known = replace(participant, last_message_id=latest)
    entry = entry_of(participant, event.outgoing)
    if entry is None:
        # Heard of twice, the open question is no message that nobody waits for.
        asks = participant.run is not None and participant.run.question == event.message_id
        gone = event.has_buttons and event.message_id is not None and not asks
        return Turn(known, (RemoveButtons(event.message_id),) if gone and event.message_id else ())
    after = without(known, entry, now)
    if isinstance(entry.what, Send) and after.run is not None and entry.what.run == after.run.id:
        run = noted(after.run, entry.what, event.message_id, participant.last_message_id, event.at or now)
        # Who waits for a partner is not reminded: there is nothing that they could do.
        reminded = run if is_waiting(run, study) else planned(run, entry.what, participant, now, study.rules)
        after = replace(after, run=reminded)
    return Turn(after)


def out_of_outbox(participant: Participant, event: Delivered | GivenUp, now: datetime) -> Participant:
    """Return the least that must be kept of a message that Telegram has taken or refused: it is not sent again, and a
    question that stands there can be answered.
    """
    entry, run = entry_of(participant, event.outgoing), participant.run
    if isinstance(event, Delivered) and entry and isinstance(entry.what, Send) and run and entry.what.run == run.id:
        run = noted(run, entry.what, event.message_id, participant.last_message_id, event.at or now)
    rest = tuple(each for each in participant.outbox if each is not entry)
    return replace(participant, outbox=rest, run=run)


def noted(run: Run, sent: Send, message_id: int | None, known: int, now: datetime) -> Run:
    """Note when a message of the running dialogue was sent and, if it asks, on which messages a press counts.

    `known` is the newest message that we knew of before.
    """
    sent_at = {**run.sent_at, sent.message: now} if sent.message else run.sent_at
    if not sent.asks:
        return replace(run, sent_at=sent_at)
    if message_id is None:
        return replace(run, sent_at=sent_at, question=PRESUMED, question_after=known)
    # Before the first message that we know of there may be keyboards of another time.
    return replace(run, sent_at=sent_at, question=message_id, question_after=known or message_id - 1)


def put_off(participant: Participant, event: PutOff, now: datetime, study: Study) -> Turn:
    """Try an entry again later; until then nothing is sent to this person, whatever comes up."""
    entry = entry_of(participant, event.outgoing)
    if entry is None:
        return Turn(participant)
    tried = replace(entry, tries=entry.tries + 1, doubts=entry.doubts + event.doubtful)
    outbox = tuple(tried if each is entry else each for each in participant.outbox)
    until = now + timedelta(seconds=event.seconds)
    return Turn(replace(participant, outbox=outbox, outbox_at=until, held_until=until))


def waits_for_morning(participant: Participant, event: WaitsForMorning, now: datetime, study: Study) -> Turn:
    """Let an entry wait for the end of the quiet hours; whoever writes to us before is answered at once."""
    if entry_of(participant, event.outgoing) is None:
        return Turn(participant)
    return Turn(replace(participant, outbox_at=out_of_quiet(now, participant, study.rules)))


def given_up(participant: Participant, event: GivenUp, now: datetime, study: Study) -> Turn:
    """Go on without an entry that Telegram refuses. A question that cannot be shown ends its dialogue, kindly."""
    entry = entry_of(participant, event.outgoing)
    if entry is None:
        return Turn(participant)
    rest = without(participant, entry, now)
    if not isinstance(entry.what, Send):
        return Turn(rest)
    run = participant.run
    where = f"{run.dialogue}, {entry.what.message}" if run and entry.what.run == run.id else "a phrase of the bot"
    notice = Notice(f"Telegram refuses {where}: {event.reason}")
    if not entry.what.asks:
        return Turn(rest, (notice,))
    ended = close(rest, now, study)
    later = replace(ended.participant, dialogue_at=now + 24 * AFTER_A_FAULT)
    return Turn(later, (notice, *ended.effects, say("hitch", participant, study.rules)))


def unreachable(participant: Participant, event: Event, now: datetime, study: Study) -> Turn:
    """Stop writing to someone whom Telegram does not let us reach; nothing is tried until they are heard of again."""
    closed = keep_place(participant, now, study, Absence.UNREACHABLE)
    rest = closed.participant
    status = Status.DOWN if rest.status is Status.ACTIVE else rest.status
    # Telegram does not let us reach the person; that is no reason to keep the partner waiting.
    news = tuple(each for each in rest.outbox if isinstance(each.what, ToPartner))
    stopped = replace(rest, status=status, reachable=False, outbox=news, outbox_at=now if news else None)
    return Turn(stopped, tuple(each for each in closed.effects if not isinstance(each, RemoveButtons)))
