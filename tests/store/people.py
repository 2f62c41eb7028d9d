# SPDX-License-Identifier: GPL-3.0-or-later
"""Participants for the tests of this folder: a plain one, and any that could be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as some

from src.dialogues.model import FileKind
from src.engine.effects import ButtonShown, DeleteMessage, EditText, FileShown, Outgoing, OwnData, RemoveButtons, Send
from src.engine.news import News, NewsKind, ToPartner
from src.engine.state import GivenAnswer, Outcome, Pair, Participant, Receipt, Run, Status
from src.identities import Pseudonym
from src.service.ports import Saving

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNA = Pseudonym("a" * 32)
BERTA = Pseudonym("b" * 32)


def person(who: Pseudonym = ANNA) -> Participant:
    """Return somebody who has been stored once."""
    return Participant(id=who, language="ca", status=Status.ACTIVE, version=1)


def number(place: int) -> Pseudonym:
    """Return the pseudonym of one of many."""
    return Pseudonym(f"{place:032x}")


def newcomer(participant: Participant) -> Saving:
    """Return the saving that makes the document of somebody new."""
    return Saving(Participant(id=participant.id, language=participant.language), participant)


def one_more_point(before: Participant) -> Saving:
    """Return a saving that everybody can do, and that can be counted afterwards."""
    return Saving(before, replace(before, points=before.points + 1, version=before.version + 1))


def run(**changed: object) -> Run:
    """Return a running dialogue."""
    plain = Run(id="run-1", dialogue="welcome", revision="r1", started_at=NOON, at="hello")
    return replace(plain, **changed)  # type: ignore[arg-type]


_TRICKY = (
    "a.b",
    "$a",
    "a$",
    ".",
    "$",
    "",
    "%",
    "%2E",
    "%--",
    "%--a",
    "%25",
    "_id",
    "status",
    "version",
    "ca.ña",
    "\0",
)
names = some.sampled_from(_TRICKY) | some.text(max_size=8)
texts = some.text(max_size=20) | some.sampled_from(_TRICKY)
whole = some.integers(min_value=0, max_value=2**53)
times = some.integers(min_value=1, max_value=4_102_444_800_000).map(
    lambda milliseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
)
perhaps_times = some.none() | times
answers = some.builds(
    GivenAnswer,
    message=names,
    name=names,
    value=texts,
    typed=some.booleans(),
    asked_at=perhaps_times,
    answered_at=times,
)
pairs = some.builds(
    Pair,
    id=texts,
    partner=some.sampled_from((ANNA, BERTA)),
    role=some.integers(min_value=0, max_value=1),
    game=texts,
    deadline=times,
    invites=some.booleans(),
    told=some.integers(min_value=0, max_value=99),
    answers=some.lists(answers, max_size=2).map(tuple),
    triggered=some.lists(texts, max_size=2).map(tuple),
    compared=some.booleans(),
    partner_over=some.booleans(),
)
news = some.builds(
    News,
    id=texts,
    pair=texts,
    sender=some.sampled_from((ANNA, BERTA)),
    kind=some.sampled_from(NewsKind),
    dialogue=texts,
    revision=texts,
    message=some.none() | names,
    answer=some.none() | answers,
)
runs = some.builds(
    Run,
    id=some.uuids().map(str),
    dialogue=names,
    revision=texts,
    started_at=times,
    at=names,
    question=some.none() | whole,
    question_after=whole,
    over=some.booleans(),
    answers=some.lists(answers, max_size=4).map(tuple),
    actions=some.lists(texts, max_size=3).map(tuple),
    sent_at=some.dictionaries(names, times, max_size=4),
    pair=some.none() | pairs,
)
buttons = some.builds(ButtonShown, value=texts, label=texts)
keyboards = some.lists(some.lists(buttons, max_size=2).map(tuple), max_size=3).map(tuple)
sends = some.builds(
    Send,
    text=texts,
    buttons=keyboards,
    file=some.none() | some.builds(FileShown, kind=some.sampled_from(FileKind), name=texts),
    pause=some.floats(min_value=0, max_value=1e6),
    run=some.none() | texts,
    message=some.none() | names,
    asks=some.booleans(),
    job=some.none() | whole.map(str),
    by_day=some.booleans(),
)
outgoings = some.builds(
    Outgoing,
    id=texts,
    what=sends
    | some.builds(RemoveButtons, message_id=whole)
    | some.builds(DeleteMessage, message_id=whole)
    | some.builds(EditText, message_id=whole, text=texts, buttons=keyboards)
    | some.builds(ToPartner, to=some.sampled_from((ANNA, BERTA)), news=news)
    | some.builds(OwnData, who=some.sampled_from((ANNA, BERTA)), language=texts),
    tries=some.integers(min_value=0, max_value=9),
)
participants = some.builds(
    Participant,
    id=some.sampled_from((ANNA, BERTA)),
    language=texts,
    status=some.sampled_from(Status),
    freq=texts,
    rhythm=some.floats(min_value=0, max_value=1e12),
    part_of_day=texts,
    timeshift=some.integers(min_value=-50_000, max_value=50_000),
    points=some.floats(allow_nan=False, allow_infinity=False),
    done=some.lists(names, max_size=4).map(tuple),
    run=some.none() | runs,
    fields=some.dictionaries(names, texts, max_size=4),
    story_ended_at=perhaps_times,
    dialogue_at=perhaps_times,
    outbox=some.lists(outgoings, max_size=3).map(tuple),
    outbox_at=perhaps_times,
    next_at=perhaps_times,
    heard_at=perhaps_times,
    reachable=some.booleans(),
    erasing=some.booleans(),
    admin=some.booleans(),
    receipts=some.lists(some.builds(Receipt, job=whole.map(str), outcome=some.sampled_from(Outcome)), max_size=3).map(
        tuple
    ),
    last_message_id=whole,
    invited_at=perhaps_times,
    waits_for=some.none() | names,
    waits_from=perhaps_times,
    recent_news=some.lists(texts, max_size=3).map(tuple),
    recent_updates=some.lists(whole, max_size=4).map(tuple),
    version=some.integers(min_value=1, max_value=2**53),
)
