# SPDX-License-Identifier: GPL-3.0-or-later
"""A participant as the seed project's document in `clients`, and back.

Names that the seed's README and analysts know are kept; ours stand beside them. Times are cut to the millisecond, so
that what is read back equals what was written if the clock gives whole milliseconds. Fields that we do not know are
never written, and so stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from src.dialogues.names import OWN_FIELDS, SAVED_FOR_THE_BOT
from src.engine.effects import KeepText
from src.engine.state import Absence, Outcome, Participant, Receipt, Status
from src.identities import Pseudonym
from src.store.keys import OURS, key_of, name_of
from src.store.outbox import outbox_from, outgoing_document
from src.store.reading import Document, documents_of, number_of, number_text, numbers_of, text_of, texts_of
from src.store.runs import kept_document, kept_from, run_document, run_from
from src.store.times import from_date, from_unix, to_date, to_unix

RUN = "current_game"
RUNS_KEPT = "game_history"
TEXTS_KEPT = "message_history"
WRITER = "writer"
"""The mark of the last write to a document, see `participants.py`."""

NOT_LOADED = {RUNS_KEPT: 0, TEXTS_KEPT: 0, WRITER: 0}
"""The projection for everyday work: nobody needs what is over in a turn."""

_GUESSED = {
    "dialogue_at": ("rhythm", "end_of_last_game_of_type_CT"),
    f"{RUN}.question_after": (f"{RUN}.edit_msg_ident",),
}
_LONGEST_RHYTHM = 366 * 24 * 3600.0
_NEW: Mapping[str, Any] = {"dnd": False, "game_dnd": False, RUNS_KEPT: [], TEXTS_KEPT: []}
_OWN = OWN_FIELDS | SAVED_FOR_THE_BOT


def participant_document(participant: Participant) -> Document:
    """Return everything that we write of a participant, but for the histories; `next_at` and `waits_for` only when
    there is something.

    Their indexes leave out documents without them, and so stay as small as what is planned, and as those who wait.
    """
    document: Document = {_field_key(name): value for name, value in participant.fields.items()}
    document |= {
        "_id": participant.id,
        "status": int(participant.status),
        "language": participant.language,
        "freq": participant.freq,
        "rhythm": number_text(participant.rhythm),
        "horari_relats": participant.part_of_day,
        "timeshift_in_seconds": participant.timeshift,
        "points": participant.points,
        "games_done": list(participant.done),
        RUN: run_document(participant.run, participant.id) if participant.run else None,
        "end_of_last_game_of_type_CT": to_unix(participant.story_ended_at),
        "message_id": participant.last_message_id,
        "dialogue_at": to_date(participant.dialogue_at),
        "outbox": [outgoing_document(outgoing) for outgoing in participant.outbox],
        "outbox_at": to_date(participant.outbox_at),
        "held_until": to_date(participant.held_until),
        "heard_at": to_date(participant.heard_at),
        "reachable": participant.reachable,
        "absence": participant.absence.value,
        "absent_since": to_date(participant.absent_since),
        "kept_game": kept_document(participant.kept, participant.id),
        "erasing": participant.erasing,
        "admin": participant.admin,
        "receipts": [{"job": each.job, "outcome": each.outcome.value} for each in participant.receipts],
        "invited_at": to_date(participant.invited_at),
        "waits_from": to_date(participant.waits_from),
        "recent_news": list(participant.recent_news),
        "updates": " ".join(map(str, participant.recent_updates)),
        "version": participant.version,
    }
    if participant.next_at is not None:
        document["next_at"] = to_date(participant.next_at)
    if participant.waits_for is not None:
        document["waits_for"] = participant.waits_for
    return document


def new_document(participant: Participant) -> Document:
    """Return the whole document of somebody who has none yet."""
    return {**_NEW, **participant_document(participant)}


def text_document(kept: KeepText) -> Document:
    """Return what a person typed or pressed, as it goes into the history."""
    return {"time": to_unix(kept.time), "text": kept.text}


def changes(before: Participant, after: Participant) -> tuple[Document, Document]:
    """Return what is to be set and what is to be taken away, as MongoDB's `$set` and `$unset` want it.

    Within one and the same running dialogue only its own changed parts are set, so that others stay untouched.
    """
    old, new = participant_document(before), participant_document(after)
    if before.run and after.run and before.run.id == after.run.id:
        old, new = _with_parts_of_run(old), _with_parts_of_run(new)
    changed = {key: value for key, value in new.items() if key not in old or old[key] != value}
    for guessed, sources in _GUESSED.items():
        # What a document of the seed lacks is guessed from these; the guess would change together with them.
        if guessed in new and not changed.keys().isdisjoint(sources):
            changed[guessed] = new[guessed]
    return changed, {key: "" for key in old if key not in new}


def participant_from(document: Mapping[str, Any], default_language: str) -> Participant:
    """Read a participant, also one that the seed project wrote: what is missing or odd gets its default."""
    pseudonym = Pseudonym(document["_id"])
    return Participant(
        id=pseudonym,
        language=text_of(document.get("language"), default_language),
        status=status_of(document.get("status")),
        freq=text_of(document.get("freq"), Participant.freq),
        rhythm=number_of(document.get("rhythm"), Participant.rhythm),
        part_of_day=text_of(document.get("horari_relats"), Participant.part_of_day),
        timeshift=int(number_of(document.get("timeshift_in_seconds"), 0)),
        points=number_of(document.get("points"), 0.0),
        done=texts_of(document.get("games_done")),
        run=run_from(document.get(RUN), pseudonym),
        fields=_fields(document),
        story_ended_at=from_unix(document.get("end_of_last_game_of_type_CT")),
        dialogue_at=_dialogue_at(document),
        outbox=outbox_from(document.get("outbox")),
        outbox_at=from_date(document.get("outbox_at")),
        held_until=from_date(document.get("held_until")),
        next_at=from_date(document.get("next_at")),
        heard_at=from_date(document.get("heard_at")),
        reachable=document.get("reachable", True) is not False,
        kept=kept_from(document.get("kept_game"), pseudonym),
        absence=_absence(document.get("absence")),
        absent_since=from_date(document.get("absent_since")),
        erasing=document.get("erasing") is True,
        admin=document.get("admin") is True,
        receipts=_receipts(document.get("receipts")),
        last_message_id=int(number_of(document.get("message_id"), 0)),
        invited_at=from_date(document.get("invited_at")),
        waits_for=document["waits_for"] if isinstance(document.get("waits_for"), str) else None,
        waits_from=from_date(document.get("waits_from")),
        recent_news=texts_of(document.get("recent_news")),
        recent_updates=numbers_of(document.get("updates")),
        version=int(number_of(document.get("version"), 0)),
    )


def _with_parts_of_run(document: Document) -> Document:
    parts = {f"{RUN}.{key}": value for key, value in document[RUN].items()}
    return {key: value for key, value in document.items() if key != RUN} | parts


def _field_key(name: str) -> str:
    return OURS + name if name in _OWN else key_of(name)


def _fields(document: Mapping[str, Any]) -> dict[str, str]:
    """Return what dialogues saved: every text that is not the bot's own. Values of another kind stay in the
    database.
    """
    return {name_of(key): value for key, value in document.items() if key not in _OWN and isinstance(value, str)}


def _receipts(value: object) -> tuple[Receipt, ...]:
    known = {each.value: each for each in Outcome}
    return tuple(
        Receipt(str(one.get("job")), known[one["outcome"]])
        for one in documents_of(value)
        if one.get("outcome") in known
    )


def status_of(value: object) -> Status:
    """Read the status; without one nobody has consented, and with one that we do not know nothing is sent."""
    if value is None:
        return Status.START
    try:
        return Status(int(number_of(value, -1)))
    except ValueError:
        return Status.DOWN


def _absence(value: object) -> Absence:
    return Absence(value) if isinstance(value, str) and value in set(Absence) else Absence.NONE


def _dialogue_at(document: Mapping[str, Any]) -> datetime | None:
    """Return when the next dialogue may come; the seed did not keep it, but when the last story ended, and the
    rhythm.
    """
    if "dialogue_at" in document:
        return from_date(document["dialogue_at"])
    ended = from_unix(document.get("end_of_last_game_of_type_CT"))
    if ended is None:
        return None
    return ended + timedelta(seconds=min(number_of(document.get("rhythm"), Participant.rhythm), _LONGEST_RHYTHM))
