# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of the waiting list play while the bot is killed again and again: both sides agree, nobody stays waiting."""

from __future__ import annotations

import contextlib
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from src.engine.state import Participant, Status
from src.hash_unhash import load_pseudonym_key, pseudonym_of
from src.identities import Pseudonym, TelegramId
from src.simulator.bot_api import LocalBotApi
from src.store.database import Database, open_database
from src.store.documents import new_document
from src.store.histories import runs_of
from src.store.steering import PeopleStore
from tests.end_to_end.people import Person
from tests.end_to_end.project import (
    Project,
    RunningBot,
    project_with_telegram,
    running_bot,
    start_bot,
    wait_until,
)
from tests.end_to_end.test_admins import PASSWORD, Chat, set_password

GAME = "together_alba"
BEFORE = ("welcome", "training", "sociodem", "story_nora", "info_listening", "story_leo", "thanks")
PEOPLE = 20
KILLS = 5
LONGEST = 90.0


def database_of(project: Project) -> Database:
    """Open the bot's database beside it."""
    return open_database("", "experiment_db", project.root / "data" / "db")


def enrol(project: Project, telegram: LocalBotApi) -> list[Person]:
    """Put people into the study who have come as far as the dialogue for two, and let them be paired every second."""
    key = load_pseudonym_key(project.root / "security" / "keys")
    ids = [telegram.add_person(f"p{number}", "en", started=True) for number in range(PEOPLE)]
    names = {each: pseudonym_of(TelegramId(each), key) for each in ids}
    now = datetime.now(UTC)
    with database_of(project) as database:
        database.hashes.insert_many([{"_id": name, "Tele_id": each} for each, name in names.items()])
        active = Participant(Pseudonym(""), "en", status=Status.ACTIVE, done=BEFORE, next_at=now, version=1)
        database.clients.insert_many([new_document(replace(active, id=who)) for who in names.values()])
        store = PeopleStore(database)
        store.set_pairing(GAME, "interval", 1)
        store.set_pairing(GAME, "pct", 100)
    return [Person(telegram, each, random.Random(each)) for each in ids]


def is_done(person: Person) -> bool:
    """Tell whether somebody has read the last message of the dialogue."""
    return any("This is the end of your conversation" in each.plain for each in person.telegram.chat(person.id))


def act(people: list[Person], until: float) -> None:
    """Let all of them answer, side by side, until that moment."""
    while time.monotonic() < until:
        acted = [person.act() for person in people]
        if not any(acted):
            time.sleep(0.02)


@contextlib.contextmanager
def killed(project: Project) -> Iterator[list[RunningBot]]:
    """Give a running bot, the last of a list; whichever stands there at the end is stopped."""
    bots = [start_bot(project)]
    try:
        yield bots
    finally:
        if bots[-1].process.poll() is None:
            bots[-1].stop()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, list[Person]]]:
    """Everybody has played with somebody, and the bot was killed so often meanwhile."""
    chance = random.Random(6)
    with project_with_telegram(tmp_path_factory.mktemp("pairs")) as (project, telegram):
        set_password(project)
        people = enrol(project, telegram)
        with killed(project) as bots:
            bots[-1].wait_until_it_runs()
            for _ in range(KILLS):
                act(people, time.monotonic() + chance.uniform(0.3, 1.2))
                bots[-1].kill()
                bots.append(start_bot(project))
            deadline = time.monotonic() + LONGEST
            # What a kill between two documents leaves behind is one pair that is not asked, at most.
            while sum(map(is_done, people)) < PEOPLE - 2 * KILLS or not is_quiet(project):
                assert time.monotonic() < deadline, f"{sum(map(is_done, people))} have played, and others wait"
                act(people, time.monotonic() + 0.5)
        yield project, people


def is_quiet(project: Project) -> bool:
    """Tell whether nobody is in a dialogue, and nothing is to be sent."""
    with database_of(project) as database:
        busy: list[dict[str, Any]] = [{"current_game": {"$ne": None}}, {"outbox.0": {"$exists": True}}]
        return all(database.clients.count_documents(each) == 0 for each in busy)


def games_of(database: Database) -> dict[str, dict[Pseudonym, dict[str, Any]]]:
    """Return the runs of the dialogue for two by pair and player."""
    pairs: dict[str, dict[Pseudonym, dict[str, Any]]] = defaultdict(dict)
    for one in database.clients.find({}, {"_id": 1}):
        for run in runs_of(database, one["_id"]):
            if run["gameId"] == GAME:
                pairs[run["pair"]["id"]][one["_id"]] = run
    return pairs


def test_answers_and_points_agree_on_both_sides(played: tuple[Project, list[Person]]) -> None:
    project, people = played
    with database_of(project) as database:
        pairs = games_of(database)
        assert len(pairs) >= PEOPLE // 2 - KILLS
        for runs in pairs.values():
            (one, own), (other, others) = runs.items()
            assert own["players"] == others["players"]
            assert set(own["players"]) == {one, other}
            assert (own["ended"], others["ended"]) == (True, True)
            assert own["pair"]["given"] == others["given"]
            assert others["pair"]["given"] == own["given"]
        players = [who for runs in pairs.values() for who in runs]
        assert len(players) == len(set(players)) == sum(map(is_done, people))
        points = {one["_id"]: one["points"] for one in database.clients.find({}, {"points": 1})}
        assert {who for who, gained in points.items() if gained == 1} == set(players)
        assert set(points.values()) <= {0, 1}


def test_nobody_reads_what_the_other_did_not_choose(played: tuple[Project, list[Person]]) -> None:
    labels = {"evening": "a quiet evening", "company": "somebody who listens to you", "small": "a small joy"}
    project, people = played
    key = load_pseudonym_key(project.root / "security" / "keys")
    chats = {pseudonym_of(TelegramId(each.id), key): each for each in people}
    with database_of(project) as database:
        pairs = list(games_of(database).values())
    assert pairs
    for runs in pairs:
        for reader, writer in (tuple(runs), tuple(runs)[::-1]):
            wish = labels[runs[writer]["answers"]["wish"]]
            read = {each.plain for each in chats[reader].telegram.chat(chats[reader].id) if "wishes you" in each.plain}
            assert len(read) == 1
            assert wish in read.pop()


def test_an_invitation_comes_once_but_for_one_repeat_per_kill(played: tuple[Project, list[Person]]) -> None:
    _, people = played
    asked = [sum("another person of the study?" in each.plain for each in one.telegram.chat(one.id)) for one in people]
    assert sum(count - 1 for count in asked if count > 1) <= KILLS


def test_an_admin_plays_with_somebody_who_says_yes_and_reads_why_others_cannot(
    played: tuple[Project, list[Person]],
) -> None:
    project, (first, second, third, *_) = played
    key = load_pseudonym_key(project.root / "security" / "keys")
    own, free, paused = (pseudonym_of(TelegramId(each.id), key) for each in (first, second, third))
    admin, partner = Chat(first.telegram, first.id), Chat(second.telegram, second.id)
    with running_bot(project):
        first.telegram.write(first.id, f"/admin {PASSWORD}")
        admin.waits_for("You are an admin now")
        third.telegram.write(third.id, "pause")
        Chat(third.telegram, third.id).waits_for("resume")
        for text, said in (
            (f"/jugar {GAME}", f"Write /jugar {GAME} ID"),
            (f"/jugar {GAME} xyz", "It is used like this"),
            (f"/jugar {GAME} {'f' * 32}", "there is no participant"),
            (f"/jugar nonsense {free}", "There is no dialogue nonsense"),
            (f"/jugar thanks {free}", "thanks is for one player"),
            (f"/jugar {GAME} {own}", "nobody can play with themselves"),
            (f"/jugar {GAME} {paused}", f"0 participants are asked: {paused} is paused"),
            (f"/jugar {GAME} {free}", "1 participant is asked"),
        ):
            admin.is_answered(text, said)
        admin.waits_for("asking another person")
        partner.waits_for("another person of the study?")
        wait_until(second.act, "there is no invitation to be pressed")
        wait_until(lambda: count_of(admin, "A conversation for two") == 2, "the admin does not begin")
        admin.is_answered(f"/jugar {GAME} {free}", f"you are in another dialogue now, {GAME}")
        second.telegram.write(second.id, "pause")
        admin.waits_for("The time for this conversation is over")


def count_of(chat: Chat, text: str) -> int:
    """Count the messages that hold this."""
    return sum(text in each for each in chat.said())
