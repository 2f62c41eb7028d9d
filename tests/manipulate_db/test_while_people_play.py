# SPDX-License-Identifier: GPL-3.0-or-later
"""Fifty people play while operators run scripts two hundred times: no turn is lost, nobody is stranded."""

from __future__ import annotations

import importlib
import random
import sys
import threading
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo import UpdateOne

from src.engine.sequence import next_dialogue
from src.engine.state import Status
from src.errors import BotError
from src.identities import Pseudonym
from src.paths import ROOT
from src.startup import SystemClock
from src.store.database import Database
from src.store.participants import ParticipantStore
from tests.manipulate_db.processes import audits, script, uri_of
from tests.service.crowd import RULES, Crowd, Phone
from tests.service.random_study import RandomStudy

pytestmark = pytest.mark.slow

PEOPLE = 50
RUNS = 200
AS_PROCESSES = 4
"""So many of the runs are processes of their own; the others call what the processes call."""
AT_ONCE = 8
"""While one script runs, so many people do something."""


class CountingStore(ParticipantStore):
    """Counts the bot's writes that the database has taken, as the database counts them.

    Who was not told of as overtaken is no such count: a write that an operator has built upon at once may be among
    those that are tried again, and yet it stands.
    """

    kept = 0

    def _write(self, updates: Sequence[UpdateOne]) -> tuple[int, list[int]]:
        done, refused = super()._write(updates)
        self.kept += done
        return done, refused


@dataclass
class Operators:
    """Run scripts while people play, each time another one."""

    database: Database
    chance: random.Random
    people: Sequence[Pseudonym]
    runs: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def one_run(self, number: int) -> None:
        """Run one of the scripts."""
        name, *arguments = self.a_command()
        self.runs[name] += 1
        try:
            if number % (RUNS // AS_PROCESSES) == 0:
                code, _, errors = script(self.database, name, *arguments)
                assert code == 0, errors
            else:
                self.in_this_process(name, *arguments)
        except (BotError, AssertionError, SystemExit) as trouble:
            self.troubles.append(f"{name}: {trouble}")

    def a_command(self) -> tuple[str, ...]:
        """Return a script and its arguments: everybody, or some."""
        some = ("--id", *self.chance.sample(self.people, 7)) if self.chance.random() < 0.7 else ("--all",)
        return self.chance.choice(
            (
                ("change_status.py", self.chance.choice(("down", "active", "active")), *some, "--yes"),
                ("clear_current_games.py", "--id", *self.chance.sample(self.people, 5), "--yes"),
                ("clear_games_done.py", "--id", *self.chance.sample(self.people, 5), "--yes"),
                ("print_db_status.py", "--json"),
            )
        )

    def in_this_process(self, name: str, *arguments: str) -> None:
        door: Any = importlib.import_module(name.removesuffix(".py"))
        parser: ArgumentParser = door.parser()
        door.main(parser.parse_args([*arguments, "--database", self.database.database.name]))


@pytest.fixture
def doors(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the scripts be imported, and find the database as they do on an operator's command line."""
    monkeypatch.syspath_prepend(str(ROOT / "manipulate_db"))
    monkeypatch.setenv("MONGODB_URI", uri_of(database))
    for name in ("_start", "_choosing"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_fifty_people_play_while_scripts_run_two_hundred_times(
    database: Database, doors: None, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = Crowd(database, RandomStudy(random.Random("operators")), PEOPLE)
    store = CountingStore(database, "en")
    crowd.participants = store
    crowd.conversation = crowd.conversation_over(store)
    crowd.clock.time = SystemClock().now()  # operators have no other
    crowd.upload()
    everybody = list(crowd.phones.values())
    for _ in range(3):
        crowd.step(everybody)
    operators, chance = Operators(database, random.Random("commands"), list(crowd.phones)), random.Random("people")

    for number in range(RUNS):
        beside = threading.Thread(target=operators.one_run, args=(number,))
        beside.start()
        some = chance.sample(everybody, AT_ONCE)
        look_at_the_phones(crowd, some)
        crowd.step(some)
        beside.join()
    assert operators.troubles == []
    assert sum(operators.runs.values()) == RUNS

    operators.in_this_process("change_status.py", "active", "--all", "--yes")
    to_the_end(crowd)
    no_write_is_lost(database, store)
    no_answer_is_lost(crowd, database)
    nobody_is_stranded(crowd, store)
    capsys.readouterr()


def look_at_the_phones(crowd: Crowd, phones: Sequence[Phone]) -> None:
    """Let people see what operators have done: buttons that are gone, and what the scheduler would find due."""
    for who, participant in crowd.participants.load([phone.who for phone in phones]).items():
        crowd.left(participant)
        phone = crowd.phones[who]
        phone.due = phone.due and participant.next_at is not None and participant.next_at <= crowd.clock.now()
        if phone.question is not None and (participant.run is None or participant.run.id != phone.question.run):
            phone.question = None
        phone.paused = phone.paused and participant.status is Status.DOWN


def to_the_end(crowd: Crowd) -> None:
    """Let everybody go on until nothing happens any more."""
    everybody = list(crowd.phones.values())
    crowd.clock.pass_by(days=3)  # the operators' settings have a rhythm and quiet hours
    for _ in range(150):
        look_at_the_phones(crowd, everybody)
        if not crowd.step(everybody):
            return
    raise AssertionError("it never comes to rest")


def no_write_is_lost(database: Database, store: CountingStore) -> None:
    """Each write counts a document's version up by one: a write over another one would be missing in the sum."""
    by_hand = audits(database)
    assert len(by_hand) > RUNS / 4
    assert all(one["who"].startswith("operator") and one["time"] for one in by_hand)
    changed = sum(one["result"]["changed"] for one in by_hand)
    assert changed > RUNS
    assert sum(document["version"] for document in database.clients.find()) == store.kept + changed


def no_answer_is_lost(crowd: Crowd, database: Database) -> None:
    """What people answered is in their history once and in order; only of a dialogue that was ended by hand the last
    answer may have come too late.
    """
    answers = 0
    for document in database.clients.find():
        phone = crowd.phones[document["_id"]]
        ended_by_hand = {one["_id"] for one in document["game_history"] if not one["ended"]}
        given = [
            (one["_id"], each["message"], each["value"]) for one in document["game_history"] for each in one["given"]
        ]
        answers += len(given)
        assert is_part_in_order(given, phone.said)
        missing = Counter(phone.said) - Counter(given)
        assert {run for run, _, _ in missing} <= ended_by_hand
        assert all(count == 1 for count in Counter(run for run, _, _ in missing.elements()).values())
    assert answers > 5 * PEOPLE


def is_part_in_order(some: Sequence[object], all_of_them: Sequence[object]) -> bool:
    rest = iter(all_of_them)
    return all(one in rest for one in some)


def nobody_is_stranded(crowd: Crowd, store: ParticipantStore) -> None:
    """Everybody has come to the end, whatever was done to them on the way."""
    study = crowd.studies.current(RULES)
    people = store.load(list(crowd.phones))
    assert len(people) == PEOPLE
    for participant in people.values():
        assert participant.status is Status.ACTIVE
        assert (participant.run, participant.outbox) == (None, ())
        assert next_dialogue(participant, study) is None, (participant.next_at, participant.dialogue_at)
