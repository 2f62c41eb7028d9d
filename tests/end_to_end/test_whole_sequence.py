# SPDX-License-Identifier: GPL-3.0-or-later
"""The real bot, a real database process and the local Bot API: many people go through the whole study, also when
it is killed.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from src.simulator.bot_api import LocalBotApi
from src.store.database import open_database
from tests.database import with_histories
from tests.end_to_end.people import Person, take_part
from tests.end_to_end.project import Project, RunningBot, project_with_telegram, running_bot, start_bot, wait_until

LANGUAGES = ("ca", "es", "en", "de")
SEQUENCE = ["welcome", "training", "sociodem", "story_nora", "info_listening", "story_leo", "thanks"]
PEOPLE = 50
CONTACT = "team@example.org"
KILLS = 3


def arrived(telegram: LocalBotApi, count: int) -> list[Person]:
    """Let so many people press Start, one after the other."""
    people = []
    for number in range(count):
        person = telegram.add_person(f"Person {number}", LANGUAGES[number % 4])
        people.append(Person(telegram, person, random.Random(number)))
        telegram.write(person, "/start")
    return people


def has_finished(person: Person) -> bool:
    """Tell whether the last message of the last dialogue is in the chat: it alone names the contact and asks
    nothing.
    """
    newest = person.telegram.chat(person.id)[-1]
    was_pressed = bool(person.said) and person.said[-1][0] == newest.message_id
    return newest.from_bot and CONTACT in newest.plain and not newest.buttons and not was_pressed


def documents(project: Project, people: list[Person]) -> dict[int, dict[str, Any]]:
    """Return each person's document, read from the bot's own database by another process of it."""
    with open_database("", "experiment_db", project.root / "data" / "db") as database:
        found = {one["_id"]: with_histories(database, one) for one in database.clients.find()}
        names = {one["Tele_id"]: one["_id"] for one in database.hashes.find()}
    return {person.id: found[names[person.id]] for person in people}


def presses_in(document: dict[str, Any]) -> list[str]:
    """Return the values of all presses in a person's history, in order."""
    return [given["value"] for game in document["game_history"] for given in game["given"] if not given["typed"]]


def every_answer_is_there_once(project: Project, people: list[Person]) -> None:
    """Compare what people pressed with what their histories hold."""
    for person, document in ((each, documents(project, people)[each.id]) for each in people):
        assert [game["gameId"] for game in document["game_history"]] == SEQUENCE
        assert all(game["ended"] for game in document["game_history"])
        assert presses_in(document) == [value for _, value in person.said]


def repeated(telegram: LocalBotApi, person: Person) -> int:
    """Count messages that came twice in a row, which only a crash can cause."""
    seen = [(message.from_bot, message.plain, message.photo, message.document) for message in telegram.chat(person.id)]
    return sum(one == other for one, other in pairwise(seen) if one[0])


def test_fifty_people_go_through_the_whole_sequence_and_every_press_is_kept_once(tmp_path: Path) -> None:
    with project_with_telegram(tmp_path, CONTACT=CONTACT) as (project, telegram), running_bot(project):
        people = arrived(telegram, PEOPLE)
        take_part(people, has_finished, seconds=120)
        time.sleep(0.3)
        every_answer_is_there_once(project, people)
        assert sum(repeated(telegram, person) for person in people) == 0
        assert all(press.answered_at is not None for press in telegram.presses())


def test_the_same_holds_when_the_bot_is_killed_in_the_middle(tmp_path: Path) -> None:
    with project_with_telegram(tmp_path, CONTACT=CONTACT) as (project, telegram):
        bot = start_bot(project)
        bot.wait_until_it_runs()
        people = arrived(telegram, PEOPLE)
        bots = [bot]

        def is_done(person: Person) -> bool:
            if len(bots) <= KILLS and sum(len(each.said) for each in people) > 400 * len(bots):
                bots.append(killed_and_started_again(bots[-1]))
            return has_finished(person)

        try:
            take_part(people, is_done, seconds=150)
            time.sleep(0.3)
            assert len(bots) == KILLS + 1
            every_answer_is_there_once(project, people)
            worst = max(Counter({each.id: repeated(telegram, each) for each in people}).values())
            assert worst <= KILLS
        finally:
            bots[-1].stop()


def killed_and_started_again(bot: RunningBot) -> RunningBot:
    """Kill the bot and start it again at once; people go on pressing meanwhile."""
    bot.kill()
    return start_bot(bot.project)


def test_while_the_pause_of_one_person_runs_another_is_answered_within_a_second(tmp_path: Path) -> None:
    # One person is made to wait 20 s between messages, by a dialogue that the test uploads.
    with project_with_telegram(tmp_path, PAUSE_SCALE="1") as (project, telegram):
        path = project.root / "data" / "gamesInfo" / "welcome.json"
        path.write_text(SLOW_WELCOME, "utf-8")
        assert project.script("data/gamesInfo/update_mongoDB_games.py").returncode == 0
        with running_bot(project):
            slow, quick = telegram.add_person("Slow", "en"), telegram.add_person("Quick", "en")
            telegram.write(slow, "/start")
            wait_until(lambda: len(telegram.chat(slow)) == 2, "the first message does not come")
            telegram.write(quick, "/start")
            begin = time.monotonic()
            wait_until(lambda: len(telegram.chat(quick)) == 2, "nobody answers the other person")
            assert time.monotonic() - begin < 4.0  # the reading pause of its own first message is 1.1 s
            telegram.write(quick, "/help")
            begin = time.monotonic()
            wait_until(lambda: len(telegram.chat(quick)) == 4, "nobody answers the other person")
            assert time.monotonic() - begin < 1.0
            assert len(telegram.chat(slow)) == 2


SLOW_WELCOME = """{
  "_id": "welcome", "title": "user_settings", "initial_messages": ["one"], "points": ["0"],
  "messages": {
    "one": {"type": "NA", "text": "First", "wait": 20, "next": "two"},
    "two": {"type": "NA", "text": "Second", "wait": null, "next": null, "action": "legal_yes"}
  }
}"""
