# SPDX-License-Identifier: GPL-3.0-or-later
"""Admins over the local Bot API: each command, right and wrong; strangers; a mass send that is killed on its way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from src.engine.state import Participant, Status
from src.hash_unhash import load_pseudonym_key, pseudonym_of
from src.identities import Pseudonym, TelegramId
from src.paths import DIALOGUES
from src.simulator.bot_api import LocalBotApi
from src.simulator.pace import Limits
from src.store.audit import check
from src.store.database import Database, open_database
from src.store.documents import new_document
from tests.end_to_end.project import Project, project_with_telegram, running_bot, start_bot, wait_until

PASSWORD = "canary-of-the-admins"
CROWD = 3000
DONE = tuple(path.stem for path in DIALOGUES.glob("*.json"))


def set_password(project: Project) -> None:
    """Set the password as an operator does."""
    script = str(project.root / "security/set_admin_password.py")
    done = subprocess.run(
        [sys.executable, script], env=project.environment, input=f"{PASSWORD}\n", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def database_of(project: Project) -> Database:
    """Open the bot's database beside it."""
    return open_database("", "experiment_db", project.root / "data" / "db")


@dataclass
class Chat:
    """The chat of one person with the bot."""

    telegram: LocalBotApi
    id: int

    def said(self) -> list[str]:
        return [each.plain for each in self.telegram.chat(self.id) if each.from_bot]

    def answer(self, text: str) -> str:
        """Write, and return what the bot says next."""
        before = len(self.said())
        self.telegram.write(self.id, text)
        wait_until(lambda: len(self.said()) > before, f"no answer to {text.split()[0]}")
        return self.said()[before]

    def is_answered(self, text: str, answer: str) -> None:
        """Write, and wait for an answer that holds this."""
        before = len(self.said())
        self.telegram.write(self.id, text)
        wait_until(
            lambda: any(answer in each for each in self.said()[before:]), f"{text!r}: {self.said()[before:]}", 10
        )

    def press(self, label: str) -> None:
        """Press the newest button that reads so."""
        for message in reversed(self.telegram.chat(self.id)):
            for button in (each for row in message.buttons for each in row):
                if button.label.startswith(label):
                    self.telegram.press(self.id, message.message_id, button.data)
                    return
        raise AssertionError(f"no button {label}")

    def waits_for(self, text: str, seconds: float = 30) -> None:
        wait_until(
            lambda: any(text in each for each in self.said()), f"{text!r} is not said: {self.said()[-3:]}", seconds
        )


def enrol(project: Project, telegram: LocalBotApi, people: int, done: tuple[str, ...] = DONE) -> list[int]:
    """Put active participants into the study who wait for nothing."""
    key = load_pseudonym_key(project.root / "security" / "keys")
    ids = [telegram.add_person(f"p{number}", "en", started=True) for number in range(people)]
    names = {each: pseudonym_of(TelegramId(each), key) for each in ids}
    with database_of(project) as database:
        database.hashes.insert_many([{"_id": name, "Tele_id": each} for each, name in names.items()])
        active = [Participant(name, "en", status=Status.ACTIVE, done=done, version=1) for name in names.values()]
        database.clients.insert_many([new_document(each) for each in active])
    return ids


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, LocalBotApi, Chat]]:
    """A running bot with three participants, and somebody who has become an admin."""
    with project_with_telegram(tmp_path_factory.mktemp("admins")) as (project, telegram):
        set_password(project)
        enrol(project, telegram, 3)
        admin = Chat(telegram, telegram.add_person("Ada", "en"))
        with running_bot(project):
            telegram.write(admin.id, f"/admin {PASSWORD}")
            admin.waits_for("You are an admin now")
            yield project, telegram, admin


def test_the_password_vanishes_from_the_chat(place: tuple[Project, LocalBotApi, Chat]) -> None:
    _, telegram, admin = place
    wait_until(lambda: not any(PASSWORD in each.text for each in telegram.chat(admin.id)), "the password stands there")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/help", "For admins"),
        ("/status", "Participants"),
        ("/status 0zz", "It is used like this"),
        ("/status", "Messages sent:"),
        ("/global nonsense", "There is no dialogue nonsense"),
        ("/global", "It is used like this"),
        ("/broadcast <b>open", "never closed"),
        ("/broadcast", "It is used like this"),
        ("/jobs send 999", "there is no mass send number 999"),
        ("/jobs what", "It is used like this"),
        ("/clear", "dialogue"),
        ("/clear all", "running dialogues were ended"),
        ("/clear !", "It is used like this"),
        ("/set thanks interval 60", "thanks is for one player"),
        ("/set together_alba interval 60", "interval 60. It holds from now on. 0 participants wait for it."),
        ("/set together_alba interval 60", "until pct is set"),
        ("/set together_alba pct 101", "0 to 100"),
        ("/set together_alba daytime yes", "daytime True"),
        ("/set thanks", "It is used like this"),
        ("/reload_games", "17 dialogues"),
        ("/reload_users", "participants:"),
        ("/save", "reads and writes"),
        ("/jugar thanks", "thanks begins"),
        ("/jugar nonsense", "There is no dialogue nonsense"),
        ("/jugar", "It is used like this"),
        ("/msg 0 ", "It is used like this"),
        ("/admin", "It is used like this"),
    ],
)
def test_each_command_says_what_it_did_or_how_it_is_used(
    place: tuple[Project, LocalBotApi, Chat], text: str, said: str
) -> None:
    place[2].is_answered(text, said)


def test_one_participant_by_the_beginning_of_the_pseudonym(place: tuple[Project, LocalBotApi, Chat]) -> None:
    project, telegram, admin = place
    key = load_pseudonym_key(project.root / "security" / "keys")
    person = next(each.id for each in telegram.people() if each.name == "p0")
    name = pseudonym_of(TelegramId(person), key)
    admin.is_answered(f"/status {name[:12]}", f"{name}: active")
    admin.is_answered(f"/msg {name[:12]} <b>Hello</b> there", "1 message is on its way")
    Chat(telegram, person).waits_for("Hello there")


def test_a_broadcast_is_shown_tried_and_sent_in_each_language(place: tuple[Project, LocalBotApi, Chat]) -> None:
    project, telegram, admin = place
    admin.is_answered("/broadcast en: <i>News</i> for you\n\nca: Novetats", "goes to 3 people")
    admin.press("Send to me")
    admin.waits_for("Novetats")
    admin.press("Send")
    admin.waits_for("done. sent 3, skipped 0, blocked 0, failed 0")
    for person in (each.id for each in telegram.people() if each.name in ("p0", "p1", "p2")):
        assert Chat(telegram, person).said().count("News for you") == 1
    admin.is_answered("/jobs", "done. sent 3")
    with database_of(project) as database:
        chain = check(database)
        texts = " ".join(str(each) for each in database.database["audit"].find())
    assert (chain.faults, chain.entries > 10) == ((), True)
    assert "News" not in texts
    assert project.script("manipulate_db/check_audit.py").returncode == 0


def test_a_stranger_learns_nothing_is_locked_out_and_the_password_is_nowhere(
    place: tuple[Project, LocalBotApi, Chat],
) -> None:
    project, telegram, _ = place
    person = next(each.id for each in telegram.people() if each.name == "p1")
    stranger = Chat(telegram, person)
    unknown = stranger.answer("/nothing of the kind")
    time.sleep(1.1)
    for text in ("/status", "/broadcast hello", *(f"/admin wrong{number}-canary" for number in range(5))):
        assert stranger.answer(text) == unknown
        time.sleep(0.2)
    assert stranger.answer(f"/admin {PASSWORD}") == unknown
    with database_of(project) as database:
        for name in database.database.list_collection_names():
            for document in database.database[name].find():
                assert "canary" not in str(document), f"the password is in {name}"
    assert "canary" not in project.log()
    errors = project.root / "log" / "errorOutput.log"
    assert "canary" not in (errors.read_text("utf-8") if errors.exists() else "")


def test_a_mass_send_that_is_killed_three_times_reaches_everyone_once(tmp_path: Path) -> None:
    with project_with_telegram(tmp_path, MESSAGES_PER_SECOND="200") as (project, telegram):
        set_password(project)
        ids = enrol(project, telegram, CROWD)
        admin = Chat(telegram, telegram.add_person("Ada", "en"))
        presser = Chat(telegram, telegram.add_person("Bea", "en"))
        with running_bot(project) as first:
            bot = first
            telegram.write(admin.id, f"/admin {PASSWORD}")
            admin.waits_for("You are an admin now")
            admin.is_answered("/broadcast The news of the day", f"goes to {CROWD} people")
            admin.press("Send")
            for part in (1, 2, 3):
                wait_until(lambda part=part: got(telegram, ids) >= part * CROWD // 5, "it does not go on", 90)  # type: ignore[misc]
                bot.kill()
                bot = start_bot(project)
                bot.wait_until_it_runs()
            begin = time.monotonic()
            presser.answer("/start")
            assert sent_since(telegram, begin) < 200, "more than a second's messages went first"
            admin.waits_for("done.", 120)
            assert bot.stop()[0] == 0
        times = Counter(sum(each.plain == "The news of the day" for each in telegram.chat(person)) for person in ids)
        assert set(times) <= {1, 2}
        # Thirty-two senders are in hand when the process is killed; each may repeat one message at most.
        assert times[2] <= 3 * 32, times


def sent_since(telegram: LocalBotApi, begin: float) -> int:
    """Return how many messages have been sent since a moment. A pace counted in messages holds on a busy machine."""
    return sum(each.at > begin for each in telegram.requests("sendMessage"))


def got(telegram: LocalBotApi, ids: list[int]) -> int:
    return sum(any(each.from_bot for each in telegram.chat(person)) for person in ids)


def test_at_telegrams_pace_a_mass_send_keeps_the_limit_and_stops_within_two_seconds(tmp_path: Path) -> None:
    with project_with_telegram(tmp_path, MESSAGES_PER_SECOND="30") as (project, telegram):
        set_password(project)
        ids = enrol(project, telegram, 400)
        telegram.set_limits(Limits())
        admin = Chat(telegram, telegram.add_person("Ada", "en"))
        presser = Chat(telegram, telegram.add_person("Bea", "en"))
        with running_bot(project):
            telegram.write(admin.id, f"/admin {PASSWORD}")
            admin.waits_for("You are an admin now")
            admin.is_answered("/broadcast The news of the day", "goes to 400 people")
            admin.press("Send")
            wait_until(lambda: got(telegram, ids) >= 100, "it does not begin")
            begin = time.monotonic()
            presser.answer("/start")
            assert sent_since(telegram, begin) < 30, "more than a second's messages went first"
            telegram.write(admin.id, "/jobs cancel 1")
            time.sleep(2.0)
            reached = got(telegram, ids)
            time.sleep(2.0)
            assert got(telegram, ids) == reached < 400
            admin.waits_for(f"cancelled. sent {reached}")
        assert telegram.violations().overall == 0
        assert telegram.most_messages() <= 30


def pseudonym_in(project: Project, person: int) -> Pseudonym:
    """Return under which name somebody stands in the database who has been enrolled."""
    return pseudonym_of(TelegramId(person), load_pseudonym_key(project.root / "security" / "keys"))


def test_a_dialogue_for_everybody_a_dialogue_ended_for_one_and_no_admin_any_more(tmp_path: Path) -> None:
    with project_with_telegram(tmp_path) as (project, telegram):
        set_password(project)
        free, busy, gone, blocked = enrol(project, telegram, 4, tuple(each for each in DONE if each != "hour"))
        admin = Chat(telegram, telegram.add_person("Ada", "en"))
        with running_bot(project):
            telegram.write(admin.id, f"/admin {PASSWORD}")
            admin.waits_for("You are an admin now")
            telegram.block(blocked)
            Chat(telegram, busy).is_answered("/lang", "Which language")
            telegram.deactivate(gone)
            admin.is_answered("/reload_users", "active 3, paused 1")
            is_shown_and_sent(admin)
            Chat(telegram, free).waits_for("At what time of day")
            admin.waits_for("sent 1, skipped 0, blocked 1, failed 0; 1 are asked again later")
            assert not any("At what time of day" in each for each in Chat(telegram, busy).said())
            admin.press("Cancel")
            admin.waits_for("cancelled. sent 1, skipped 0, blocked 1, failed 0")
            is_cleared(project, admin, Chat(telegram, free))
            is_no_admin_any_more(admin)


def is_shown_and_sent(admin: Chat) -> None:
    """Offer the dialogue to everybody; who cannot be reached, and who is busy, is counted before it goes out."""
    admin.is_answered("/global hour", "goes to 3 people: en 3.")
    preview = admin.said()[-1]
    assert "not to be reached 1" in preview
    assert "not agreed yet 1" in preview
    assert "1 are in another dialogue" in preview
    admin.press("Send")


def is_cleared(project: Project, admin: Chat, person: Chat) -> None:
    """End one participant's dialogue: its buttons go, nothing more of it comes, the other's goes on."""
    name = pseudonym_in(project, person.id)
    admin.is_answered(f"/clear {name[:12]}", f"1 running dialogue was ended: hour of {name}")
    wait_until(lambda: not any(each.buttons for each in person.telegram.chat(person.id)), "the buttons stand there")
    admin.is_answered(f"/clear {name}", "is in no dialogue; nothing was changed")
    admin.is_answered("/clear", "1 dialogues are running")
    with database_of(project) as database:
        found = database.clients.find_one({"_id": name})
    assert found is not None
    assert (found["current_game"], "hour" in found["games_done"]) == (None, False)


def is_no_admin_any_more(admin: Chat) -> None:
    """Give the right up: from now on a command is answered like any text, and a button of before does nothing."""
    admin.is_answered("/admin off", "You are no admin any more")
    said = []
    for text in ("/nothing of the kind", "/status", "/clear all", "/broadcast hello"):
        time.sleep(1.1)
        said.append(admin.answer(text))
    assert len(set(said)) == 1, said
    admin.press("End all")
    time.sleep(1.0)
    assert not any("were ended" in each for each in admin.said())
