# SPDX-License-Identifier: GPL-3.0-or-later
"""People get all that is stored about them, as a file from the real bot; and its menu is told at the start."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.simulator.messages import ChatMessage
from tests.end_to_end.project import (
    TOKEN,
    Project,
    project_with_telegram,
    running_bot,
    start_bot,
    wait_until,
)

WROTE = "zwölf-Kirschen-im-Regen"
CAPTION = "Hier ist alles, was über dich gespeichert ist."
MENU = "abmelden start pausieren fortsetzen freq lang world dia sociodem meinedaten vergissmich hilfe".split()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Project, LocalBotApi]]:
    with project_with_telegram(tmp_path, REMINDER_HOURS="0") as made:
        yield made


def content_of(telegram: LocalBotApi, message: ChatMessage) -> str:
    """Return what is in a file that somebody got, as their app downloads it."""
    with urllib.request.urlopen(f"{telegram.url}/bot{TOKEN}/getFile?file_id={message.file_id}", timeout=10) as answer:
        path = json.load(answer)["result"]["file_path"]
    with urllib.request.urlopen(f"{telegram.url}/file/bot{TOKEN}/{path}", timeout=10) as answer:
        return str(answer.read().decode("utf-8"))


def files_of(telegram: LocalBotApi, person: int) -> list[ChatMessage]:
    """Return the files with their own data that somebody got."""
    return [each for each in telegram.chat(person) if each.from_bot and each.caption == CAPTION]


def question_with(telegram: LocalBotApi, person: int, value: str) -> ChatMessage:
    """Return the newest question, as soon as it has this button."""

    def newest() -> ChatMessage | None:
        asking = [each for each in telegram.chat(person) if each.from_bot and each.buttons]
        return asking[-1] if asking and asking[-1].has_button(value) else None

    wait_until(lambda: newest() is not None, f"no question with the button {value}")
    found = newest()
    assert found is not None
    return found


def agrees(telegram: LocalBotApi, person: int) -> None:
    """Go through the welcome in German to the first dialogue behind it, and write something there."""
    telegram.write(person, "/start")
    asked = 0
    for value in ("de", "go", "go", "go", "go", "ok", "yes"):
        wait_until(lambda: question_with(telegram, person, value).message_id > asked, "no new question")  # noqa: B023
        asked = question_with(telegram, person, value).message_id
        telegram.press(person, asked, value)
    wait_until(lambda: any(each.buttons and each.message_id > asked for each in telegram.chat(person)), "no dialogue")
    telegram.write(person, WROTE)


def test_the_file_comes_also_when_the_bot_is_killed_and_holds_everything(world: tuple[Project, LocalBotApi]) -> None:
    project, telegram = world
    person = telegram.add_person("Somebody", "de")
    with running_bot(project) as bot:
        agrees(telegram, person)
        telegram.set_faults(lambda call: faults.request_lost() if call.method == "sendDocument" else None)
        telegram.write(person, "/meinedaten")
        wait_until(lambda: telegram.request_counts().get("sendDocument", 0) > 0, "the file is never sent")
        bot.kill()
    assert files_of(telegram, person) == []
    telegram.set_faults(None)
    with running_bot(project):
        wait_until(lambda: files_of(telegram, person) != [], "the file does not come after the crash")
        files = files_of(telegram, person)
        assert [each.document for each in files] == ["my_data.html"]
        page = content_of(telegram, files[0])
        assert WROTE in page
        assert str(person) in page
        assert "Einstellungen und Stand" in page
        assert "welcome" in page
        assert "<dt>Teilnahme</dt><dd>ja</dd>" in page
        assert page.count("<dd>go</dd>") >= 4
    assert WROTE not in project.log()
    assert str(person) not in project.log()


def test_the_menu_is_told_at_the_start_when_it_has_changed_and_stops_nobody(
    world: tuple[Project, LocalBotApi],
) -> None:
    project, telegram = world
    person = telegram.add_person("Somebody", "de")
    telegram.set_faults(lambda call: faults.refused(400, "Bad Request") if call.method == "setMyCommands" else None)
    with running_bot(project) as bot:
        assert "the next start tries again" in bot.said()
        telegram.write(person, "/start")
        wait_until(lambda: len(telegram.chat(person)) > 1, "nobody answers")
    assert telegram.commands(person) == []
    telegram.set_faults(None)
    with running_bot(project):
        assert [each["command"] for each in telegram.commands(person)] == MENU
    before = telegram.request_counts()["setMyCommands"]
    with running_bot(project):
        pass
    assert telegram.request_counts()["setMyCommands"] == before
    (project.root / "data" / "phrases.toml").write_text('[menu_pause]\nde = "kurz ausruhen"\n', "utf-8")
    with running_bot(project):
        assert telegram.request_counts()["setMyCommands"] == before + 5
        assert {"command": "pausieren", "description": "kurz ausruhen"} in telegram.commands(person)
    (project.root / "data" / "phrases.toml").write_text(f'[menu_pause]\nde = "{"x" * 257}"\n', "utf-8")
    refusing = start_bot(project)
    assert refusing.process.wait(timeout=20) == 1
    assert "menu_pause, de: has 257 characters; Telegram shows at most 256 there." in refusing.said()
    assert "Traceback" not in refusing.said()
