# SPDX-License-Identifier: GPL-3.0-or-later
"""A database as the seed project might have left it: people who really played, written down in many of its ways."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bson import ObjectId

from src.engine.state import Participant, Run, Status
from src.identities import Pseudonym
from src.service.conversation import Happened
from src.store.database import Database
from src.store.documents import participant_from
from src.store.runs import run_from
from tests.service.crowd import RULES, Crowd, Phone
from tests.service.random_study import RandomStudy

Json = dict[str, Any]
MADRID = ZoneInfo("Europe/Madrid")
OURS = (
    "dialogue_at outbox outbox_at held_until next_at heard_at reachable absence absent_since kept_game erasing admin"
    " receipts updates version writer"
).split()
"""Fields that the seed did not have."""
FIRST_NUMBER = 500_000_000
LONGEST_PLAY = 24


@dataclass
class LeftBehind:
    """The database, who was in it, and where each of them stood: what the seed knew of it."""

    crowd: Crowd
    before: dict[Pseudonym, Participant]
    numbers: dict[Pseudonym, int]


def left_behind(database: Database, people: int, name: str) -> LeftBehind:
    """Let people play in memory, each for a while of their own, and write them down as the seed did."""
    chance = random.Random(f"left {name}")
    crowd = Crowd(database, RandomStudy(random.Random(f"study {name}")), people)
    crowd.upload()
    phones = list(crowd.phones.values())
    ends = {phone.who: chance.randint(1, LONGEST_PLAY) for phone in phones}
    for step in range(LONGEST_PLAY):
        crowd.step([phone for phone in phones if ends[phone.who] > step])
    # Most have read what came last and say nothing; to the others it was still on its way.
    only_read(crowd, [phone for phone in phones if chance.random() < 0.8])
    numbers = {phone.who: FIRST_NUMBER + number for number, phone in enumerate(phones)}
    for collection in ("bot", "gamesInfo", "dialogue_revisions"):
        database.database[collection].drop()
    database.games.insert_many(list(crowd.study.dialogues.values()))
    busy = {"_id": ObjectId(), "busy": list(numbers.values())[:5], "waiting": {str(FIRST_NUMBER + 7): 1}}
    database.bot.insert_many([{"_id": ObjectId(), "list_of_relatos": crowd.study.uploadable()}, busy])
    before: dict[Pseudonym, Participant] = {}
    for who, document in ((Pseudonym(name), one) for name, one in crowd.memory.documents.items()):
        known = participant_from(document, "en")
        before[who] = known if known.run or not known.kept else replace(known, run=known.kept.run)
        written = Writer(chance, who, numbers[who], crowd).document(before[who], document)
        database.clients.insert_one(written)
        database.hashes.insert_one({"_id": who, "Tele_id": chance.choice((int, str, float))(numbers[who])})
    return LeftBehind(crowd, before, numbers)


def only_read(crowd: Crowd, phones: list[Phone]) -> None:
    """Let people read what has come, and do nothing."""
    happened = []
    for phone in phones:
        entries, phone.pending = phone.pending, ()
        happened.append(Happened(phone.who, tuple(phone.show(entry, next(crowd.numbers)) for entry in entries), "en"))
    crowd.conversation.handle([each for each in happened if each.events])


@dataclass
class Writer:
    """Writes one person down, each part in one of the ways that occur."""

    chance: random.Random
    who: Pseudonym
    number: int
    crowd: Crowd

    def document(self, one: Participant, ours: Json) -> Json:
        """Return the whole document."""
        kept = {key: value for key, value in ours.items() if key not in OURS}
        status = int(one.status)
        kept["status"] = self.any_of(status, str(status), float(status), ("START", "INBOT", "DOWN", "OUT")[status])
        kept["rhythm"] = self.any_of(one.rhythm, int(one.rhythm), f"{one.rhythm}", "24h")
        kept["freq"] = self.any_of(24, "24", "24 hores")
        kept["language"] = self.any_of("en", "EN", "en_GB", "English")
        kept["points"] = self.any_of(one.points, str(one.points))
        kept["end_of_last_game_of_type_CT"] = self.time(one.story_ended_at) if one.story_ended_at else 0
        kept["first_name"], kept["chat_id"] = "Núria", self.number
        kept["current_game"] = self.running(one.run) if one.run else self.any_of(None, {})
        history = self.crowd.memory.history.get(self.who, [])
        kept["game_history"] = [self.finished(each) for each in history] or self.any_of([], None)
        kept["message_history"] = [self.text(each) for each in self.crowd.memory.texts.get(self.who, [])]
        for field in ("dnd", "game_dnd", "horari_relats", "timeshift_in_seconds"):
            if self.chance.random() < 0.5:
                kept.pop(field, None)
        return kept

    def any_of(self, *ways: Any) -> Any:
        return self.chance.choice(ways)

    def time(self, when: datetime) -> Any:
        """Write a moment down."""
        seconds = when.timestamp()
        in_madrid = when.astimezone(MADRID).replace(tzinfo=None)
        return self.any_of(seconds, str(seconds), seconds * 1000, when, in_madrid.isoformat(" "), when.isoformat())

    def keyed(self, value: Json) -> Json:
        """Write a mapping by the player, or as it is."""
        return self.any_of(value, {self.who: value}, {str(self.number): value}) if value else {}

    def times(self, times: Mapping[str, datetime]) -> Json:
        """Write times by names, some with dots around them; or names by times."""
        if self.chance.random() < 0.2 and len(set(times.values())) == len(times):
            return self.keyed({str(time.timestamp()): name for name, time in times.items()})
        return self.keyed({name: self.time(time) for name, time in times.items()})

    def parts(self, run: Run) -> Json:
        """Return what running and finished dialogues have in common."""
        answered = {each.name: each.answered_at for each in run.answers}
        dotted = self.chance.random() < 0.3
        return {
            "_id": run.id,
            "gameId": run.dialogue,
            "players": self.any_of([self.who], [self.number]),
            "answers": self.keyed({each.name: each.value for each in run.answers}),
            "timestamps_answers": self.times({(f"p.{key}" if dotted else key): at for key, at in answered.items()}),
            "timestamps_sent_messages": self.times(run.sent_at),
            "start_time": self.time(run.started_at),
            "skip_status": False,
            "custom_data": {"seen.by": self.number},
        }

    def running(self, run: Run) -> Json:
        """Return a dialogue in progress; what had not been sent yet is not known to the seed."""
        player = self.any_of(self.who, str(self.number))
        if run.question is None:  # about to be sent once more, after a pause: the seed knew no such thing
            run = replace(run, sent_at={name: at for name, at in run.sent_at.items() if name != run.at})
        asked = self.any_of([self.number, run.question], (self.number, run.question)) if run.question else None
        return self.parts(run) | {
            "ended": run.over,
            "last_message": {player: run.at},
            "messages_ids": {player: [run.question] if run.question else []},
            "ignore": {player: False},
            "edit_msg_ident": {player: asked},
        }

    def finished(self, ours: Json) -> Json:
        """Return a dialogue of the history."""
        run = run_from({**ours, "last_message": {self.who: "x"}}, self.who)
        assert run is not None
        end = datetime.fromtimestamp(ours["end_time"], UTC)
        return self.parts(run) | {"ended": ours["ended"], "end_time": self.time(end)}

    def text(self, ours: Json) -> Any:
        """Return something that a person wrote: as a whole message of Telegram, or a part of it."""
        at = datetime.fromtimestamp(ours["time"], UTC)
        sender = {"id": self.number, "first_name": "Núria", "username": "nuria_x"}
        raw = {"message_id": 5, "from": sender, "chat": sender, "date": int(ours["time"]), "text": ours["text"]}
        return self.any_of(
            {"time": self.time(at), "text": ours["text"]}, raw, ours["text"], [self.time(at), ours["text"]]
        )


def everything(database: Database) -> dict[str, list[Json]]:
    """Return all that the database holds."""
    names = sorted(database.database.list_collection_names())
    return {name: sorted(database.database[name].find(), key=lambda one: str(one["_id"])) for name in names}


def key() -> bytes:
    """Return the key of the pseudonyms, one for tests."""
    return b"a key for tests only, and nobody"


def at(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that stands."""
    return lambda: moment


def same_place(left: LeftBehind, who: Pseudonym, after: Participant) -> str:
    """Return what is wrong with where somebody stands now, or nothing."""
    before = left.before[who]
    run, was = after.run or (after.kept.run if after.kept else None), before.run
    faults = []
    if (after.language, after.points, after.done) != ("en", before.points, before.done) and (
        was is None or not was.over
    ):
        faults.append(f"{before.points} {before.done} are {after.points} {after.done}")
    if after.status is not before.status and not (was and was.over):
        faults.append(f"{before.status} is {after.status}")
    if was is not None and not was.over and before.status is not Status.OUT:
        if run is None or (run.dialogue, run.revision, run.at) != (was.dialogue, was.revision, was.at):
            faults.append(f"{was.dialogue} at {was.at} is {run}")
        elif run.answer_texts() != was.answer_texts() or run.actions != was.actions:
            faults.append(f"{was.answers} {was.actions} are {run.answers} {run.actions}")
        elif was.question is not None and run.question != was.question:
            faults.append(f"the question {was.question} is {run.question}")
    return "; ".join(faults)


def phones_of(left: LeftBehind) -> list[Phone]:
    """Return the phones of those who had begun."""
    return [left.crowd.phones[who] for who in left.before]


def a_day_later(left: LeftBehind) -> datetime:
    """Return when the new bot begins."""
    left.crowd.clock.pass_by(days=1)
    return left.crowd.clock.now()


__all__ = ["RULES", "LeftBehind", "a_day_later", "at", "everything", "key", "left_behind", "phones_of", "same_place"]
