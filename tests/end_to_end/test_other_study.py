# SPDX-License-Identifier: GPL-3.0-or-later
"""Another study, in other languages and with other categories, is data alone: the real bot plays it end to end."""

from __future__ import annotations

import json
import logging
import random
import re
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from src.dialogues.html import plain_text
from src.paths import DIALOGUES, ROOT
from src.phrases import load_phrases
from src.settings import load_settings
from src.simulator.bot_api import LocalBotApi
from src.simulator.calls import Call
from src.upkeep.study import Demands, check_files, read_files, read_sequence
from tests.end_to_end.people import Person, take_part
from tests.end_to_end.project import (
    TOKEN,
    Project,
    copy_of_project,
    project_with_telegram,
    running_bot,
    wait_until,
)
from tests.end_to_end.test_whole_sequence import documents, presses_in

STUDY = ROOT / "tests" / "other_study"
SETTINGS = load_settings({}, STUDY / "settings.toml")
SEQUENCE = read_sequence(STUDY / "bot" / "sequence.txt")
APPS = {"fr": "fr", "pt": "pt", "pt-br": "pt", "de": "fr"}
"""What Telegram says of the person's language, and the language that they are spoken to in."""

EACH = 3


def dialogues_in(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}


def texts_of(dialogue: Mapping[str, Any], language: str) -> Iterator[str]:
    """Yield every text and label of a dialogue in one language."""
    for message in dialogue["messages"].values():
        labels = [label for one in message.get("vars", ()) if isinstance(one, dict) for label in one.get("texts", ())]
        for text in (message["text"], *labels):
            yield text if isinstance(text, str) else text.get(language, "")


def patterns(language: str) -> list[re.Pattern[str]]:
    """Return what the bot may say in a language: dialogues and phrases, whatever stands in place of braces."""
    phrases = tomllib.loads((STUDY / "phrases.toml").read_text("utf-8"))
    texts = [text for one in dialogues_in(STUDY / "gamesInfo").values() for text in texts_of(one, language)]
    texts += [texts_by_language[language] for texts_by_language in phrases.values()]
    plain = (re.escape(plain_text(text)) for text in texts if text)
    return [re.compile(re.sub(r"\\\{[^}]*\\\}", "[^{}]+", text)) for text in plain]


@dataclass
class Everything:
    """Hears all that the bot sends: `said` holds each text and label by the person's id, as they were sent."""

    said: dict[int, list[str]] = field(default_factory=dict)

    def hear(self, call: Call) -> None:
        """Note what a request of the bot would show; it stands in the place of faults, and makes none."""
        if call.chat_id is None:
            return
        rows = (call.json("reply_markup") or {}).get("inline_keyboard", [])
        labels = [button["text"] for row in rows for button in row]
        texts = [text for text in (call.text("text"), call.text("caption")) if text]
        self.said.setdefault(call.chat_id, []).extend(plain_text(text) for text in [*texts, *labels])

    def strange(self, person: int, language: str) -> list[str]:
        """Return what a person was shown and the study does not say in their language."""
        known = patterns(language)
        assert self.said[person]
        return [text for text in self.said[person] if not any(pattern.fullmatch(text) for pattern in known)]


def arrived(telegram: LocalBotApi) -> list[tuple[Person, str]]:
    """Let some people with each language of the app press Start; return them with the language to be spoken."""
    people = []
    for number, app in enumerate(list(APPS) * EACH):
        person = Person(telegram, telegram.add_person(f"Person {number}", app), random.Random(number))
        telegram.write(person.id, "/start")
        people.append((person, APPS[app]))
    return people


def has_finished(person: Person) -> bool:
    """Tell whether the last message of the last dialogue is in the chat."""
    newest = person.telegram.chat(person.id)[-1]
    return newest.from_bot and SETTINGS.contact in newest.plain


def typed_by(person: Person) -> list[str]:
    chat = person.telegram.chat(person.id)
    return [message.plain for message in chat if not message.from_bot and message.plain != "/start"]


@dataclass
class Stage:
    """A running bot with the other study, its Telegram, and somebody who hears all of it."""

    project: Project
    telegram: LocalBotApi
    everything: Everything


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with project_with_telegram(tmp_path, study=STUDY) as (project, telegram), running_bot(project):
        everything = Everything()
        telegram.set_faults(everything.hear)
        yield Stage(project, telegram, everything)


def test_the_checker_has_nothing_to_say_about_the_other_study() -> None:
    demands = Demands(SETTINGS.languages, SETTINGS.categories, STUDY / "outgoing_files")
    assert check_files(read_files([STUDY / "gamesInfo"]), demands) == []
    assert set(SETTINGS.languages).isdisjoint(load_settings({}, ROOT / "no such file").languages)


def test_its_phrases_are_complete(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        load_phrases(STUDY / "phrases.toml", SETTINGS.languages, SETTINGS.default_language)
    assert caplog.messages == []


def test_people_go_through_another_study_and_read_nothing_of_ours(stage: Stage) -> None:
    telegram = stage.telegram
    people = arrived(telegram)
    everybody = [person for person, _ in people]
    take_part(everybody, has_finished, seconds=60)
    time.sleep(0.3)
    kept = documents(stage.project, everybody)
    for person, language in people:
        every_answer_is_there_once(person, kept[person.id])
        assert kept[person.id]["language"] == language
        assert stage.everything.strange(person.id, language) == []
        chat = telegram.chat(person.id)
        assert any(SETTINGS.emergency_numbers in message.plain for message in chat)
        assert {message.photo for message in chat if message.photo} == {"lune.png"}
    assert not only_ours() & set(dialogues_in(stage.project.root / "data" / "gamesInfo"))


def every_answer_is_there_once(person: Person, document: dict[str, Any]) -> None:
    """Compare what a person pressed and typed with what the history holds."""
    games = document["game_history"]
    assert [game["gameId"] for game in games] == SEQUENCE
    assert all(game["ended"] and game["revision"] for game in games)
    assert presses_in(document) == [value for _, value in person.said]
    typed = [given["value"] for game in games for given in game["given"] if given["typed"]]
    assert typed == typed_by(person)


def only_ours() -> set[str]:
    """Return the dialogues that our own study has and the other one has not."""
    ours = set(dialogues_in(DIALOGUES)) - set(dialogues_in(STUDY / "gamesInfo"))
    assert ours
    return ours


WRITTEN = (
    ("coucou", "buttons_only"),
    ("/freq", "after_this_dialogue"),
    ("/help", "help"),
    ("pause", "begin_with_start"),
    ("ola", "begin_with_start"),
)


def test_the_bots_own_sentences_are_those_of_the_study(stage: Stage) -> None:
    telegram = stage.telegram
    phrases = tomllib.loads((STUDY / "phrases.toml").read_text("utf-8"))
    for language in SETTINGS.languages:
        person = Person(telegram, telegram.add_person("Somebody", language), random.Random(0))
        telegram.write(person.id, "/start")
        messages_come(person, 3)
        for text, phrase in WRITTEN:
            before = len(telegram.chat(person.id))
            telegram.write(person.id, text)
            messages_come(person, before + 2)
            expected = phrases[phrase][language].replace("{emergency}", SETTINGS.emergency_numbers)
            assert telegram.chat(person.id)[-1].plain == expected.replace("{contact}", SETTINGS.contact)
        assert stage.everything.strange(person.id, language) == []


def messages_come(person: Person, count: int) -> None:
    """Wait until so many messages stand in the chat."""
    wait_until(lambda: len(person.telegram.chat(person.id)) == count, "the bot does not answer")


def test_a_person_changes_to_the_other_language_of_the_study(stage: Stage) -> None:
    telegram = stage.telegram
    person = Person(telegram, telegram.add_person("Somebody", "fr"), random.Random(1))
    telegram.write(person.id, "/start")
    take_part([person], has_finished, seconds=30)
    before = len(telegram.chat(person.id))
    telegram.write(person.id, "/lang")
    messages_come(person, before + 2)
    stage.everything.said.clear()
    telegram.press(person.id, telegram.chat(person.id)[-1].message_id, "pt")
    messages_come(person, before + 3)
    telegram.write(person.id, "ola")
    messages_come(person, before + 5)
    assert stage.everything.strange(person.id, "pt") == []


def test_a_fault_in_the_phrases_is_one_line_at_the_start(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path, STUDY)
    assert project.script("security/generate_keys.py").returncode == 0
    project.environment |= {"TELEGRAM_TOKEN": TOKEN}
    (project.root / "data" / "phrases.toml").write_text('[hitch]\nfr = "<b>x"\n', "utf-8")
    done = project.script("main.py", seconds=20)
    assert done.returncode == 1
    lines = [line for line in (done.stdout + done.stderr).splitlines() if " INFO " not in line]
    assert len(lines) == 1, lines
    assert "data/phrases.toml, hitch, fr: the tag <b> is never closed." in lines[0]
