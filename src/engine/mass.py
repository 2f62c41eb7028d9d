# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass sends as one participant meets them. A receipt in the state makes sure that nothing comes twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from src.engine.effects import Effect, Outgoing, Send, Turn
from src.engine.events import BlockedBot, Delivered, Event, GivenUp, MassDialogue, MassText, Unreachable, Withdrawn
from src.engine.state import Outcome, Participant, Receipt, Status
from src.engine.study import Study
from src.engine.talk import begin
from src.engine.timing import is_quiet
from src.frozen import replace

RECEIPTS_KEPT = 50


def entry_of(job: str) -> str:
    """Return the id that the message of a mass send has in everybody's outbox."""
    return f"job {job}"


def receipt_of(participant: Participant, job: str) -> Receipt | None:
    """Return what became of this mass send for the participant; None: it has not come to them."""
    return next((each for each in participant.receipts if each.job == job), None)


def with_receipt(participant: Participant, job: str, outcome: Outcome) -> Participant:
    """Return the participant with this outcome in the place of an earlier one."""
    others = tuple(each for each in participant.receipts if each.job != job)
    return replace(participant, receipts=(*others, Receipt(job, outcome))[-RECEIPTS_KEPT:])


def wants_none(participant: Participant) -> bool:
    """Tell whether nothing is sent to this person unasked: paused, left, not agreed yet, or out of reach."""
    return participant.status is not Status.ACTIVE or not participant.reachable or participant.erasing


def text(participant: Participant, event: MassText, now: datetime, study: Study) -> Turn:
    """Put a text for everybody into the outbox, in the participant's language."""
    if participant.version == 0 or receipt_of(participant, event.job):
        return Turn(participant)
    said = event.texts.get(participant.language) or event.texts.get(study.rules.default_language)
    if wants_none(participant) or not said:
        return Turn(with_receipt(participant, event.job, Outcome.SKIPPED))
    return Turn(with_receipt(participant, event.job, Outcome.QUEUED), (Send(said, job=event.job),))


def dialogue(participant: Participant, event: MassDialogue, now: datetime, study: Study) -> Turn:
    """Begin a dialogue for somebody who is free and awake; others are asked again later, unless this is the `last`
    time.
    """
    found = study.dialogues.get(event.dialogue)
    if participant.version == 0 or receipt_of(participant, event.job):
        return Turn(participant)
    if wants_none(participant) or event.dialogue in participant.done or found is None:
        return Turn(with_receipt(participant, event.job, Outcome.SKIPPED))
    if participant.run is not None or participant.outbox or is_quiet(now, participant, study.rules):
        return Turn(with_receipt(participant, event.job, Outcome.SKIPPED) if event.last else participant)
    turn = begin(participant, found, now, study)
    if turn.participant.run is None:
        return Turn(with_receipt(turn.participant, event.job, Outcome.FAILED), turn.effects)
    return Turn(with_receipt(turn.participant, event.job, Outcome.QUEUED), with_job(turn.effects, event.job))


def with_job(effects: tuple[Effect, ...], job: str) -> tuple[Effect, ...]:
    """Return the effects with the mass send's mark on the first message."""
    first = next(at for at, each in enumerate(effects) if isinstance(each, Send))
    return tuple(
        replace(each, job=job) if at == first and isinstance(each, Send) else each for at, each in enumerate(effects)
    )


def withdrawn(participant: Participant, event: Withdrawn, now: datetime, study: Study) -> Turn:
    """Take back what has not gone out; a dialogue of which nothing has been seen has not begun."""
    receipt = receipt_of(participant, event.job)
    entry = next((each for each in participant.outbox if each.id == entry_of(event.job)), None)
    if receipt is None or receipt.outcome is not Outcome.QUEUED or entry is None:
        return Turn(participant)
    is_text = isinstance(entry.what, Send) and entry.what.run is None and not study.rules.developer
    rest = tuple(each for each in participant.outbox if each is not entry and (is_text or not of_run(each)))
    run = participant.run if is_text else None
    if rest and participant.outbox[0] is rest[0]:
        due = participant.outbox_at
    else:
        due = now + timedelta(seconds=rest[0].what.pause) if rest else None
    stopped = replace(participant, outbox=rest, outbox_at=due, run=run)
    return Turn(with_receipt(stopped, event.job, Outcome.WITHDRAWN))


def of_run(entry: Outgoing) -> bool:
    """Tell whether an entry belongs to a dialogue."""
    return isinstance(entry.what, Send) and entry.what.run is not None


def noted(turn: Turn, event: Event) -> Turn:
    """Return the turn with the outcome of each mass send whose message has left the outbox, for whatever reason."""
    participant = turn.participant
    queued = {each.id for each in participant.outbox}
    for receipt in participant.receipts:
        entry = entry_of(receipt.job)
        if isinstance(event, Delivered) and event.outgoing == entry:
            participant = with_receipt(participant, receipt.job, Outcome.SENT)
        elif receipt.outcome is Outcome.QUEUED and entry not in queued:
            participant = with_receipt(participant, receipt.job, outcome_of(event, entry))
    return turn if participant is turn.participant else Turn(participant, turn.effects)


def outcome_of(event: Event, entry: str) -> Outcome:
    """Return why an entry is not in the outbox any more."""
    if isinstance(event, BlockedBot | Unreachable):
        return Outcome.BLOCKED
    if isinstance(event, GivenUp) and event.outgoing == entry:
        return Outcome.FAILED
    return Outcome.SKIPPED
