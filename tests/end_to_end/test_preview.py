# SPDX-License-Identifier: GPL-3.0-or-later
"""An author at work: their own folder in the chat page, each saved file checked and shown, and nothing left behind."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from src.paths import ROOT
from src.simulator.bot_api import LocalBotApi
from tests.end_to_end.browser import PHONE, ChatTab, open_browser, open_window
from tests.end_to_end.project import Project, copy_of_project
from tests.end_to_end.showing import Demo, running_preview

pytestmark = pytest.mark.browser

SAVED = {"save": "mood"}


def story(**changed: Any) -> dict[str, Any]:
    """Return a dialogue as its author writes it: a word, a question whose answer is saved, two ways to its end."""
    ask = {"ca": "Com va?", "es": "¿Qué tal?", "en": "How is it?", "de": "Wie geht es?"}
    button = {"name": "mood", "type": "button", "values": ["well", "so_so"], "texts": ["Well", "So so"]}
    ways = {"mood": {"well": "glad", "so_so": "thanks"}}
    return {
        "_id": "story_tea",
        "title": "compartir_vivencias",
        "initial_messages": ["hello"],
        "points": ["1"],
        "messages": {
            "hello": {"type": "NA", "text": changed.get("hello", "Tea is ready."), "wait": 0, "next": "ask"},
            "ask": {"type": "SA", "text": ask, "vars": [button], "wait": 0, "next": ways, **SAVED},
            "glad": {"type": "NA", "text": "Glad to hear.", "wait": 0, "next": changed.get("after_glad", "last")},
            "thanks": {"type": "NA", "text": "Thanks for saying it.", "wait": 0, "next": "last"},
            "last": {"type": "NA", "text": "See you.", "wait": 0, "next": None},
        },
    }


def second(identifier: str = "story_walk") -> dict[str, Any]:
    """Return another dialogue, of one question."""
    button = {"name": "walked", "type": "button", "values": ["yes", "no"], "texts": ["Yes", "No"]}
    message = {"type": "SA", "text": "Did you walk?", "vars": [button], "wait": 0, "next": {"walked": {}}}
    message["next"] = {"walked": {"yes": "end", "no": "end"}}
    end = {"type": "NA", "text": "Fine.", "wait": 0, "next": None}
    messages = {"ask": message, "end": end}
    return {"_id": identifier, "title": "t", "initial_messages": ["ask"], "points": ["0"], "messages": messages}


@dataclass
class Desk:
    """An author's desk: the folder with their files, and the page beside it."""

    folder: Path
    tab: ChatTab

    def save(self, dialogue: dict[str, Any] | str, name: str = "story_tea") -> None:
        """Save a file as an editor does."""
        text = dialogue if isinstance(dialogue, str) else json.dumps(dialogue, indent=1, ensure_ascii=False)
        (self.folder / f"{name}.json").write_text(text, "utf-8")

    @property
    def newest(self) -> Locator:
        """The newest message of the chat."""
        return self.tab.page.locator("#messages .message").last

    def part(self, name: str) -> Locator:
        """Return a part of the author's view."""
        return self.tab.page.locator(f"#{name}")

    def let_come(self, name: str) -> None:
        """Add a person, who is then asked the question of the first dialogue."""
        self.tab.add_person(name, "en")
        self.tab.set_faster(on=True)
        expect(self.newest.locator('[data-value="well"]')).to_be_visible()
        expect(self.part("at-message")).to_have_text("ask")

    def begin(self, dialogue: str) -> None:
        """Jump to a dialogue."""
        self.part("jump-to").select_option(dialogue)
        self.part("jump").click()
        expect(self.part("at-dialogue")).to_have_text(dialogue)


@pytest.fixture(scope="module")
def browser(browser_program: Path) -> Iterator[Browser]:
    with open_browser(browser_program) as browser:
        yield browser


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, Path]]:
    folder = tmp_path_factory.mktemp("an author's folder")
    for each in (story(), second()):
        (folder / f"{each['_id']}.json").write_text(json.dumps(each), "utf-8")
    with running_preview(tmp_path_factory.mktemp("preview"), folder) as demo:
        yield demo, folder


@pytest.fixture
def desk(browser: Browser, preview: tuple[Demo, Path]) -> Iterator[Desk]:
    demo, folder = preview
    for each in (story(), second()):
        (folder / f"{each['_id']}.json").write_text(json.dumps(each), "utf-8")
    tab = open_window(browser)
    tab.open(demo.url)
    yield Desk(folder, tab)
    assert tab.complaints == []
    tab.page.context.close()


def test_with_the_keyboard_alone_an_author_lives_through_a_dialogue_and_sees_what_is_stored(desk: Desk) -> None:
    page = desk.tab.page
    assert desk.tab.faults_for_the_disabled() == []
    desk.part("add-name").focus()
    page.keyboard.type("Mar")
    page.keyboard.press("Tab")
    page.keyboard.type("English")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(desk.part("start")).to_be_focused()
    expect(desk.part("where")).to_contain_text("does not know this person yet")
    page.keyboard.press("Enter")
    expect(desk.newest.locator("[data-value]")).to_have_count(2)
    expect(desk.part("at-message")).to_have_text("ask")
    expect(desk.part("where")).to_contain_text("the question ask is open")
    expect(desk.part("where")).to_contain_text("story_walk, when the running dialogue has ended")
    expect(desk.part("answers")).to_have_text("none yet")
    desk.newest.locator('[data-value="well"]').focus()
    page.keyboard.press("Enter")
    expect(desk.part("finished")).to_contain_text("story_tea: well")
    expect(desk.part("saved")).to_contain_text("moodwell")
    expect(desk.part("saved")).to_contain_text("points1")
    expect(desk.part("where")).to_contain_text("the rhythm that the person chose")
    desk.part("next-now").click()
    expect(desk.part("at-dialogue")).to_have_text("story_walk")


def test_a_saved_file_is_shown_at_once_and_what_is_wrong_with_it_stands_beside(desk: Desk) -> None:
    page = desk.tab.page
    desk.let_come("Sol")
    expect(desk.part("files-state")).not_to_contain_text("error")
    asked = page.locator(".message", has_text="How is it?")
    expect(asked).to_have_count(1)
    desk.save(story(hello="<b>Coffee</b> is ready."))
    expect(page.locator(".message strong", has_text="Coffee")).to_be_visible()
    expect(asked).to_have_count(2)
    expect(page.locator("#messages [data-value]")).to_have_count(2)
    desk.save(json.dumps(story(hello="Not to be seen."), indent=1).replace('"title"', '"title', 1))
    expect(desk.part("problems")).to_contain_text("no JSON: line 3, column")
    expect(page.get_by_role("img", name="1 error in the files")).to_be_visible()
    desk.save(story(hello="Not to be seen either.", after_glad="nowhere"))
    expect(desk.part("problems").locator(".error")).to_contain_text("nowhere")
    assert desk.tab.faults_for_the_disabled() == []
    assert "Not to be seen" not in "".join(each.text for each in desk.tab.messages())
    desk.newest.locator('[data-value="well"]').click()
    expect(desk.newest).to_contain_text("See you.")
    desk.save(story(hello="Water is ready."))
    expect(desk.part("problems").locator(".error")).to_have_count(0)
    desk.save(second("story_new"), "story_new")
    expect(desk.part("jump-to").locator("option", has_text="story_new")).to_be_attached()
    desk.begin("story_new")
    expect(desk.newest).to_contain_text("Did you walk?")
    (desk.folder / "story_new.json").unlink()
    expect(desk.part("jump-to").locator("option", has_text="story_new")).to_have_count(0)
    desk.let_come("Eva")  # at once, and so to what is left


def test_a_restart_and_another_language_begin_where_they_should(desk: Desk) -> None:
    page = desk.tab.page
    desk.let_come("Noa")
    desk.part("speak").select_option("de")
    expect(desk.newest).to_contain_text("Wie geht es?")
    expect(page.locator("#messages [data-value]")).to_have_count(2)
    desk.part("restart").click()
    expect(page.locator(".message", has_text="Wie geht es?")).to_have_count(2)
    expect(page.locator("#messages [data-value]")).to_have_count(2)
    desk.newest.locator('[data-value="so_so"]').click()
    expect(page.locator(".message", has_text="Thanks for saying it.")).to_be_visible()
    expect(desk.part("finished")).to_contain_text("story_tea (interrupted)")


def test_two_persons_at_once_one_of_whom_blocks_the_bot(desk: Desk, browser: Browser, preview: Any) -> None:
    page, phone = desk.tab.page, open_window(browser, PHONE)
    desk.let_come("Ona")
    phone.open(preview[0].url)
    phone.add_person("Pol", "ca")
    phone.show_author()
    phone.page.locator("#jump-to").select_option("story_walk")
    phone.page.locator("#jump").click()
    expect(phone.page.locator("#at-dialogue")).to_have_text("story_walk")
    expect(desk.part("at-dialogue")).to_have_text("story_tea")
    phone.page.locator("#panel-close").click()
    expect(phone.page.locator("#panel")).to_be_hidden()
    expect(phone.page.locator("#panel-toggle")).to_be_focused()
    expect(phone.page.locator(".message", has_text="Did you walk?")).to_be_visible()
    phone.page.locator("#block").click()
    expect(phone.page.locator("#blocked")).to_be_visible()
    expect(phone.page.locator("#composer")).to_be_hidden()
    desk.newest.locator('[data-value="well"]').click()
    expect(page.locator(".message", has_text="See you.")).to_be_visible()
    phone.show_author()
    expect(phone.page.locator("#where")).to_contain_text("cannot be reached")
    phone.page.locator("#panel-close").click()
    phone.page.locator("#unblock").click()
    phone.write("/start")
    expect(phone.page.locator(".message", has_text="Did you walk?").nth(1)).to_be_visible()
    assert phone.complaints == []
    phone.page.context.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_of_project(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize(("path", "said"), [("no/such/folder", "does not exist"), ("src/engine", "holds no dialogue")])
def test_a_folder_that_cannot_be_shown_is_one_line(project: Project, path: str, said: str) -> None:
    done = project.script("data/gamesInfo/preview.py", str(project.root / path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert said in done.stderr


def test_a_port_that_is_taken_is_one_line_and_nothing_is_left(project: Project, tmp_path: Path) -> None:
    project.environment["TMPDIR"] = str(tmp_path)
    other = LocalBotApi("1:token")
    other.start()
    try:
        port = other.url.rpartition(":")[2]
        done = project.script("data/gamesInfo/preview.py", str(ROOT / "tests/other_study/gamesInfo"), "--port", port)
    finally:
        other.stop()
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("Choose another port.")
    assert list(tmp_path.glob("preview-*")) == []


def test_the_short_name_is_the_same_program() -> None:
    done = subprocess.run([ROOT / "data/gamesInfo/preview", "--help"], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Show dialogues in a chat page" in done.stdout
