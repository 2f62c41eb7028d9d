# SPDX-License-Identifier: GPL-3.0-or-later
"""Participants on their way through an operator's hands: choose them, look what would change, change it safely.

All goes through the engine's rules and the store's conditional writes, as the bot's own turns do. Whoever is faster,
the bot or the operator, the other decides anew from what is there then; so nothing is lost while people play.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from src.engine.by_hand import Change
from src.engine.effects import KeepRun, KeepText
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.errors import BotError, NotKept
from src.identities import Pseudonym
from src.service.ports import Participants, Saving
from src.store.database import Database
from src.store.participants import ParticipantStore
from src.store.roster import Traits, batches, ids_beginning, ids_with, is_known

_TOGETHER = 100
"""So many participants are loaded and saved at once."""
_TRIES = 20
_SHORTEST_BEGINNING = 4
_ALIKE = 0.7

StudyOf = Callable[[Collection[str]], Study]
"""Returns the study, with these older revisions of dialogues, which running dialogues may be pinned to."""


class UnknownParticipant(BotError):
    """No participant, or more than one, has such an id."""


@dataclass(frozen=True)
class Choice:
    """Whom an operator means: `ids`, or everybody but `all_but`, and of these only those with the `traits`.

    Ids may be beginnings of ids that fit one participant.
    """

    ids: tuple[str, ...] = ()
    all_but: tuple[str, ...] = ()
    traits: Traits = field(default_factory=Traits)


@dataclass
class Outcome:
    """What was changed so far; it is filled while the work goes on, so that an interruption can be told exactly."""

    changed: list[Pseudonym] = field(default_factory=list)
    unchanged: int = 0
    gone: int = 0


def chosen(database: Database, choice: Choice) -> list[Pseudonym]:
    """Return whom the choice means. Raises UnknownParticipant for an id that nobody or several have."""
    fitting = ids_with(database, choice.traits)
    if choice.ids:
        wanted = {in_full(database, one) for one in choice.ids}
        return [one for one in fitting if one in wanted]
    left_out = {in_full(database, one) for one in choice.all_but}
    return [one for one in fitting if one not in left_out]


def in_full(database: Database, written: str) -> Pseudonym:
    """Return the one participant whose id is, or begins, as written. Raises UnknownParticipant with a suggestion.

    In full an id may have any form: other projects made theirs in ways of their own.
    """
    if is_known(database, written.strip()):
        return Pseudonym(written.strip())
    beginning = written.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{_SHORTEST_BEGINNING},32}}", beginning):
        raise UnknownParticipant(
            f"{written!r} is no participant's id: 32 of the digits 0-9 and a-f, or the first {_SHORTEST_BEGINNING} "
            f"or more. {_nearest(database, beginning)}"
        )
    found = ids_beginning(database, beginning, limit=3)
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownParticipant(f"Several participants' ids begin with {written!r}: {', '.join(found)}. Write more.")
    raise UnknownParticipant(f"No participant has the id {written!r}. {_nearest(database, beginning)}")


def _nearest(database: Database, written: str) -> str:
    """Return a sentence that names the id that was probably meant."""
    known = ids_with(database, Traits())
    # What begins alike is looked at first: comparing with a hundred thousand takes seconds.
    alike = [one for one in known if one[:3] == written[:3]]
    near = next((found for ids in (alike, known) if (found := _closest(written, ids))), None)
    where = "python3 manipulate_db/print_db_status.py shows all."
    return f"Do you mean {near}?" if near else where


def _closest(written: str, ids: Sequence[str]) -> str | None:
    shown = {one[: max(len(written), _SHORTEST_BEGINNING)]: one for one in ids}
    near = difflib.get_close_matches(written, shown, n=1, cutoff=_ALIKE)
    return shown[near[0]] if near else None


def preview(
    database: Database, ids: Sequence[Pseudonym], change: Change, now: datetime, study_of: StudyOf
) -> Counter[str]:
    """Count, by status, those whom the change would really change. Nothing is written. Raises DatabaseAway."""
    store = ParticipantStore(database, study_of(()).rules.default_language)
    would: Counter[str] = Counter()
    for some in batches(ids, _TOGETHER):
        found = store.load(some).values()
        study = study_of(_revisions(found))
        savings = (_saving(participant, change, now, study) for participant in found)
        would.update(saving.before.status.name for saving in savings if _is_change(saving))
    return would


def carry_out(
    database: Database,
    ids: Sequence[Pseudonym],
    change: Change,
    now: Callable[[], datetime],
    study_of: StudyOf,
    outcome: Outcome,
    store: Participants | None = None,
) -> None:
    """Change the participants a portion at a time, and note in `outcome` what was written. Raises BotError.

    `store`: that of a bot in this very process, which then knows of the change at once.
    """
    store = store or ParticipantStore(database, study_of(()).rules.default_language)
    for some in batches(ids, _TOGETHER):
        rest: Collection[Pseudonym] = some
        for _ in range(_TRIES):
            rest = _one_try(store, rest, change, now(), study_of, outcome)
            if not rest:
                break
        else:
            raise BotError(f"{len(rest)} participants changed again and again meanwhile. Run the same command again.")


def _one_try(
    store: Participants,
    some: Collection[Pseudonym],
    change: Change,
    now: datetime,
    study_of: StudyOf,
    outcome: Outcome,
) -> frozenset[Pseudonym]:
    """Load, decide, save; return those whom somebody else changed in between."""
    found: Mapping[Pseudonym, Participant] = store.load(some)
    outcome.gone += len(some) - len(found)
    study = study_of(_revisions(found.values()))
    decided = [_saving(before, change, now, study) for before in found.values()]
    savings = [saving for saving in decided if _is_change(saving)]
    outcome.unchanged += len(found) - len(savings)
    try:
        lost = store.save(savings)
    except NotKept as refused:
        raise BotError(f"{refused} The others of this portion were written.") from None
    outcome.changed += [saving.before.id for saving in savings if saving.before.id not in lost]
    return lost


def _saving(before: Participant, change: Change, now: datetime, study: Study) -> Saving:
    turn = change(before, now, study)
    after = replace(turn.participant, version=before.version + 1)
    runs = tuple(each for each in turn.effects if isinstance(each, KeepRun))
    return Saving(before, after, runs, tuple(each for each in turn.effects if isinstance(each, KeepText)))


def _is_change(saving: Saving) -> bool:
    return bool(saving.runs) or replace(saving.after, version=saving.before.version) != saving.before


def _revisions(people: Collection[Participant]) -> list[str]:
    return [run.revision for each in people for run in each.runs()]


def status_named(written: str) -> Status:
    """Return the status that a number, our name or the seed's name stands for. Raises BotError."""
    names = {"inbot": Status.ACTIVE, "paused": Status.DOWN, "left": Status.OUT}
    names |= {status.name.lower(): status for status in Status} | {str(int(status)): status for status in Status}
    if written.strip().lower() not in names:
        raise BotError(f"{written!r} is no status. Write 0 or start, 1 or active, 2 or down, 3 or out.")
    return names[written.strip().lower()]
