# SPDX-License-Identifier: GPL-3.0-or-later
"""A running or finished dialogue as the seed project's document, and back.

Beside the seed's keys stand three of ours: `revision`, `actions`, and `given`, the answers one by one in their order;
`answers` and `timestamps_answers` are what analysts read. A document without `revision` was written by the seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from src.engine.effects import KeepRun
from src.engine.state import GivenAnswer, Kept, Run
from src.identities import Pseudonym
from src.store.answers import answer_document, answer_from
from src.store.keys import key_of, name_of
from src.store.outbox import send_document, send_from
from src.store.pairs import pair_document, pair_from, players_of
from src.store.reading import Document, documents_of, mapping_of, number_of, text_of, texts_of
from src.store.times import EPOCH, from_date, from_unix, to_date, to_unix


def run_document(run: Run, player: Pseudonym) -> Document:
    """Return the running dialogue; what the seed keyed by player is keyed by our only one."""
    running_only: Document = {
        "messages_ids": {player: [] if run.question is None else [run.question]},
        "last_message": {player: run.at},
        "ignore": {player: False},
        "ca_complete": {player: run.pair is not None and run.pair.compared},
        "edit_msg_ident": {player: run.question},
        "over": run.over,
        "question_after": run.question_after,
        "remind_at": to_date(run.remind_at),
        "reminded": run.reminded,
        "reminded_at": to_date(run.reminded_at),
    }
    return _kept_in_both(run, player) | running_only


def history_document(kept: KeepRun, player: Pseudonym) -> Document:
    """Return a dialogue that is over, as it goes into the history."""
    marked: Document = {} if kept.why is None else {"unfinished_because": kept.why}
    if kept.run.pair is not None and kept.run.pair.invites:
        marked["pair"] = None  # who has invited whom is nobody's business afterwards
    return _kept_in_both(kept.run, player) | {"ended": kept.ended, "end_time": to_unix(kept.end)} | marked


def kept_document(kept: Kept | None, player: Pseudonym) -> Document | None:
    """Return the dialogue whose place is kept: as a running one, and why it was interrupted when."""
    if kept is None:
        return None
    place = {"since": to_date(kept.since), "why": kept.why, "unsent": [send_document(each) for each in kept.unsent]}
    return run_document(kept.run, player) | place


def kept_from(document: object, player: Pseudonym) -> Kept | None:
    """Read the dialogue whose place is kept; messages of it that cannot be read are left out: then it asks again."""
    found, run = mapping_of(document), run_from(document, player)
    since = from_date(found.get("since"))
    if run is None or since is None:
        return None
    try:
        unsent = tuple(send_from(one) for one in documents_of(found.get("unsent")))
    except (KeyError, TypeError, ValueError):
        unsent = ()
    return Kept(run, since, text_of(found.get("why"), ""), unsent)


def run_from(document: object, player: Pseudonym) -> Run | None:
    """Read the running dialogue; None when there is none, or when it does not say which one and where it stands."""
    found = mapping_of(document)
    dialogue, at = found.get("gameId"), _of_player(found.get("last_message"), player)
    if not isinstance(dialogue, str) or not isinstance(at, str):
        return None
    started_at = from_unix(found.get("start_time")) or EPOCH
    question = _question(found, player)
    return Run(
        id=str(found.get("_id") or dialogue),
        dialogue=dialogue,
        revision=text_of(found.get("revision"), ""),
        started_at=started_at,
        at=at,
        question=question,
        question_after=int(number_of(found.get("question_after"), (question or 1) - 1)),
        answers=answers_in(found, player, started_at),
        actions=texts_of(found.get("actions")),
        over=found.get("over") is True,
        remind_at=from_date(found.get("remind_at")),
        reminded=int(number_of(found.get("reminded"), 0)),
        reminded_at=from_date(found.get("reminded_at")),
        sent_at=_times(found, "timestamps_sent_messages", player),
        pair=pair_from(found.get("pair"), started_at),
    )


def _kept_in_both(run: Run, player: Pseudonym) -> Document:
    return {
        "_id": run.id,
        "gameId": run.dialogue,
        "players": players_of(run, player),
        "answers": {key_of(answer.name): answer.value for answer in run.answers},
        "timestamps_answers": {key_of(answer.name): to_unix(answer.answered_at) for answer in run.answers},
        "timestamps_sent_messages": {key_of(message): to_unix(time) for message, time in run.sent_at.items()},
        "ended": False,
        "start_time": to_unix(run.started_at),
        "end_time": None,
        "skip_status": False,
        "skip_waiting": False,
        "custom_data": {},
        "revision": run.revision,
        "given": [answer_document(answer) for answer in run.answers],
        "actions": list(run.actions),
        "pair": pair_document(run.pair) if run.pair else None,
    }


def answers_in(found: Mapping[str, Any], player: Pseudonym, started_at: datetime) -> tuple[GivenAnswer, ...]:
    """Return the answers of a running or finished dialogue's document, in the order in which they were given.

    One whose time is not known gets the time at which the dialogue began.
    """
    if "given" not in found:
        return _given_in_seed(found, player, started_at)
    return tuple(answer_from(one, started_at) for one in documents_of(found["given"]))


def _given_in_seed(found: Mapping[str, Any], player: Pseudonym, started_at: datetime) -> tuple[GivenAnswer, ...]:
    """Read the seed's answers: which message asked is not known there, nor whether they were typed."""
    times = _times(found, "timestamps_answers", player)
    answers = mapping_of(_inside(found.get("answers"), player))
    return tuple(
        GivenAnswer("", name, text_of(value, str(value)), False, None, times.get(name, started_at))
        for name, value in answers.items()
        if not isinstance(value, Mapping)
    )


def _times(found: Mapping[str, Any], key: str, player: Pseudonym) -> dict[str, datetime]:
    """Read unix times by name; names of the seed project were never coded."""
    read = name_of if "revision" in found else str
    times = ((read(name), from_unix(value)) for name, value in mapping_of(_inside(found.get(key), player)).items())
    return {name: time for name, time in times if time is not None}


def _question(found: Mapping[str, Any], player: Pseudonym) -> int | None:
    """Return the Telegram message id of the open question; the seed kept (chat, message) or a list of messages."""
    for key in ("edit_msg_ident", "messages_ids"):
        value = _of_player(found.get(key), player)
        last = value[-1] if isinstance(value, list) and value else value
        if isinstance(last, int) and not isinstance(last, bool):
            return int(last)
    return None


def _of_player(value: object, player: Pseudonym) -> object:
    """Return what a mapping holds for the player; the only entry where the seed used another key for the same
    person.
    """
    by_player = mapping_of(value)
    if len(by_player) == 1:
        return next(iter(by_player.values()))
    return by_player.get(player)


def _inside(value: object, player: Pseudonym) -> object:
    """Return the mapping below a player's key, where the seed nested one; else the value itself."""
    below = _of_player(value, player)
    return below if isinstance(below, Mapping) else value
