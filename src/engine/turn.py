# SPDX-License-Identifier: GPL-3.0-or-later
"""The one entrance to the engine: participant + event + now → participant + effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from src.engine import admins, deliveries, invitations, listening, mass, partners, passwords
from src.engine.effects import (
    AdminWish,
    AnswerPress,
    Erase,
    KeepRun,
    KeepText,
    Outgoing,
    Send,
    Sendable,
    Turn,
)
from src.engine.events import (
    BlockedBot,
    ButtonPressed,
    Cleared,
    Delivered,
    Edited,
    Event,
    FromPartner,
    FromTelegram,
    GivenUp,
    InvitePartner,
    MassDialogue,
    MassText,
    OtherContent,
    PartnerUnknown,
    PasswordChecked,
    PutOff,
    TextTyped,
    TimeArrived,
    Told,
    UnblockedBot,
    Unreachable,
    WaitsForMorning,
    Withdrawn,
)
from src.engine.keeping import KEPT_FOR, back_in_place, with_absence
from src.engine.pairs import limit_of
from src.engine.sequence import next_wish
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.talk import finish
from src.engine.waiting_list import with_wish
from src.engine.wording import say
from src.frozen import replace

REMEMBERED_UPDATES = 100
"""Telegram hands out at most this many updates at a time, and only those of the last time can come twice."""

REACTIONS: Mapping[type[object], Callable[..., Turn]] = {
    TextTyped: listening.text_typed,
    ButtonPressed: listening.button_pressed,
    OtherContent: listening.other_content,
    Edited: listening.nothing,
    BlockedBot: listening.blocked,
    UnblockedBot: listening.nothing,
    TimeArrived: deliveries.time_arrived,
    Delivered: deliveries.delivered,
    PutOff: deliveries.put_off,
    WaitsForMorning: deliveries.waits_for_morning,
    GivenUp: deliveries.given_up,
    Unreachable: deliveries.unreachable,
    PasswordChecked: passwords.checked,
    Told: admins.told,
    Cleared: admins.cleared,
    MassText: mass.text,
    MassDialogue: mass.dialogue,
    Withdrawn: mass.withdrawn,
    FromPartner: partners.from_partner,
    PartnerUnknown: partners.partner_unknown,
    InvitePartner: invitations.asks_for_partner,
}


def take_turn(participant: Participant, event: Event, now: datetime, study: Study) -> Turn:
    """Decide what one event changes. An update that was handled before changes nothing.

    The new state carries its outbox and the time at which it has to be looked at again; the effects that are left are
    those that are done at once (AnswerPress), kept in the history (KeepRun, KeepText) or logged (Notice).
    """
    if isinstance(event, FromTelegram):
        if event.update in participant.recent_updates or is_nobody(participant, event):
            return Turn(participant, acknowledged(event))
        heard = heard_of(participant, event, now)
    elif is_gone(participant, event):
        return Turn(participant)
    else:
        heard = participant
    turn = REACTIONS[type(event)](heard, event, now, study)
    is_idle = not any(isinstance(each, Sendable | KeepRun | KeepText | AdminWish) for each in turn.effects)
    if isinstance(event, FromTelegram) and turn.participant == heard and is_idle and is_unmoved(participant, heard):
        return Turn(participant, turn.effects)
    return mass.noted(settled(turn, now, study), event)


def is_nobody(participant: Participant, event: FromTelegram) -> bool:
    """Tell whether this comes from somebody who is not here (any more), and says nothing to us."""
    return participant.version == 0 and not isinstance(event, TextTyped | OtherContent)


def is_gone(participant: Participant, event: Event) -> bool:
    """Tell whether somebody was erased while a message was under way: what became of it must not make them anew."""
    is_first_word = isinstance(event, PasswordChecked) and event.is_new
    return participant.version == 0 and not is_first_word


def acknowledged(event: Event) -> tuple[AnswerPress, ...]:
    """Return what stops the progress bar, should the event be a press."""
    return (AnswerPress(event.query_id),) if isinstance(event, ButtonPressed) else ()


def failed_turn(participant: Participant, event: FromTelegram, now: datetime, study: Study) -> Turn:
    """Return what follows from something a person did and our own turn failed at: it is kept, and they are told so."""
    text = event.text if isinstance(event, TextTyped) else event.value if isinstance(event, ButtonPressed) else None
    kept = (
        (KeepText(admins.without_password(text)[: listening.LONGEST_KEPT_TEXT], now),)
        if text and participant.status is Status.ACTIVE
        else ()
    )
    told = () if participant.status is Status.OUT or text is None else (say("hitch", participant, study.rules),)
    return settled(Turn(heard_of(participant, event, now), (*acknowledged(event), *kept, *told)), now, study)


def heard_of(participant: Participant, event: FromTelegram, now: datetime) -> Participant:
    """Remember the update and that the person was there just now, and so can be written to again."""
    recent = (*participant.recent_updates, event.update)[-REMEMBERED_UPDATES:]
    return replace(participant, recent_updates=recent, heard_at=now, reachable=not isinstance(event, BlockedBot))


def is_unmoved(participant: Participant, heard: Participant) -> bool:
    """Tell whether there is nothing to be remembered: the person is reachable or not as before, new, or has left.

    Of somebody who is being erased everything is: Telegram may bring it again when they are nobody to us.
    """
    if listening.is_being_erased(participant):
        return False
    return participant.reachable == heard.reachable or participant.version == 0 or participant.status is Status.OUT


def settled(turn: Turn, now: datetime, study: Study) -> Turn:
    """Put what is to be sent into the outbox, end a dialogue whose last message is out, set when to look again."""
    posted = with_outbox(turn, now)
    run = posted.participant.run
    if (
        run
        and run.over
        and not any(isinstance(e.what, Send) and e.what.run == run.id for e in posted.participant.outbox)
    ):
        over = run
        posted = posted.then(lambda participant: finish(participant, now, study))
        if over.pair is not None and over.pair.invites:
            answered = posted.then(lambda participant: invitations.invitation_answered(participant, over, now, study))
            posted = with_outbox(answered, now)
    posted = with_outbox(posted.then(lambda participant: back_in_place(participant, now, study)), now)
    participant = with_wish(with_absence(posted.participant, now), now, study)
    waiting = participant.outbox_at if participant.outbox else next_look(participant, now, study)
    gone = (Erase(),) if participant.erasing and not participant.outbox else ()
    return Turn(replace(participant, next_at=waiting), (*posted.effects, *gone))


def next_look(participant: Participant, now: datetime, study: Study) -> datetime | None:
    """Return when somebody has to be looked at to whom nothing is being sent; None: not until something happens."""
    run, kept = participant.run, participant.kept
    plans = (
        next_wish(participant, now, study),
        run.remind_at if run and participant.status is Status.ACTIVE else None,
        limit_of(run, now, study),
        kept.since + KEPT_FOR if kept else None,
    )
    return min((each for each in plans if each is not None), default=None)


def with_outbox(turn: Turn, now: datetime) -> Turn:
    """Move what is to be sent from the effects into the outbox.

    What belongs to no dialogue (a phrase, buttons to be removed, news for a partner) goes in front of messages that
    are still waiting, behind others of its kind; a phrase that is waiting already is not said twice.
    """
    participant = turn.participant
    waiting = list(participant.outbox)
    sends = [each for each in turn.effects if isinstance(each, Sendable)]
    new = [each for each in sends if part_of_dialogue(each) or all(each != old.what for old in waiting)]
    entries = numbered(new, participant)
    front = [entry for entry in entries if not part_of_dialogue(entry.what)]
    back = [entry for entry in entries if part_of_dialogue(entry.what)]
    place = next((at for at, entry in enumerate(waiting) if part_of_dialogue(entry.what)), len(waiting))
    if front and waiting and place == 0:
        waiting[0] = shortened(waiting[0], participant.outbox_at, now)
    outbox = (*waiting[:place], *front, *waiting[place:], *back)
    is_new_first = bool(outbox) and outbox[0] not in participant.outbox
    due = now + timedelta(seconds=outbox[0].what.pause) if is_new_first else participant.outbox_at if outbox else None
    if due is not None and participant.held_until is not None:
        due = max(due, participant.held_until)
    rest = tuple(each for each in turn.effects if not isinstance(each, Sendable))
    return Turn(replace(participant, outbox=outbox, outbox_at=due), rest)


def numbered(new: Sequence[Sendable], participant: Participant) -> list[Outgoing]:
    """Make entries with ids that no entry of the outbox has; several turns may be saved under one version."""
    taken = {entry.id for entry in participant.outbox}
    ids = (f"{participant.version + 1}.{number}" for number in count())
    free = (each for each in ids if each not in taken)
    names = (mass.entry_of(what.job) if isinstance(what, Send) and what.job else next(free) for what in new)
    return [Outgoing(name, what) for name, what in zip(names, new, strict=True)]


def shortened(entry: Outgoing, due: datetime | None, now: datetime) -> Outgoing:
    """Take off an entry's pause what has passed of it already: a phrase in front must not make it begin anew."""
    rest = max((due - now).total_seconds(), 0.0) if due is not None else 0.0
    if not isinstance(entry.what, Send) or entry.what.by_day:
        return entry
    return replace(entry, what=replace(entry.what, pause=rest))


def part_of_dialogue(what: Sendable) -> bool:
    """Tell whether this is a message of a dialogue, which keeps its place in the order, or waits for the day."""
    return isinstance(what, Send) and (what.run is not None or what.by_day)
