# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo as a person sees it: in a browser, with a click on Start, from the consent to the last thank-you."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, product
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.browser import DESKTOP, PHONE, ChatTab, Seen, open_browser, open_window
from tests.end_to_end.showing import Demo, running_demo

pytestmark = pytest.mark.browser

CONTACT = "team@example.org"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SECONDS_FOR_A_JOURNEY = 180
LANGUAGES = ("ca", "es", "en", "de")
OTHERWISE = "ca"
REFUSING = frozenset({"no", "question", "ask", "later", "again", "change", "dontsave"})


@pytest.fixture(scope="module")
def browser(browser_program: Path) -> Iterator[Browser]:
    with open_browser(browser_program) as browser:
        yield browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), CONTACT=CONTACT) as demo:
        yield demo


@dataclass(frozen=True)
class Line:
    """A message in one language: what should stand in the chat. `labels`: its buttons' by value; `file`: or empty."""

    dialogue: str
    message: str
    asks: str
    text: str
    labels: Mapping[str, str]
    file: str


@dataclass
class Participant:
    """Somebody in a tab: the language they choose, the one of their app, and what they type into the two fields."""

    tab: ChatTab
    study: Mapping[str, Sequence[Line]]
    name: str
    app: str
    language: str
    area: str
    number: str
    heard: list[tuple[Line, Seen]] = field(default_factory=list)
    wrote: list[str] = field(default_factory=lambda: ["/start"])
    done: bool = False

    def act(self) -> bool:
        """Read what is new and answer it; tell whether there was anything new."""
        new = self.tab.messages(from_bot=True, skipped=len(self.heard))
        for seen in new:
            self.heard.append((self.understood(seen), seen))
            self.look_at(*self.heard[-1])
        if new:
            self.answer(*self.heard[-1])
        return bool(new)

    def understood(self, seen: Seen) -> Line:
        """Find the line in the dialogues, of the language that this person has now."""
        chosen = any(line.message == "language" for line, _ in self.heard)
        language = self.language if chosen else (self.app if self.app in LANGUAGES else OTHERWISE)
        spoken = [line for line in self.study[language] if re.fullmatch(pattern(line.text), seen.text)]
        assert spoken, f"{self.name} cannot find this in {language}: {seen.text!r}"
        here = [line for line in spoken if self.heard and line.dialogue == self.heard[-1][0].dialogue]
        return (here or spoken)[0]

    def look_at(self, line: Line, seen: Seen) -> None:
        """Check that the message looks as its author wrote it."""
        for marked, tag in ((seen.bold, "b"), (seen.italic, "i")):
            wanted = re.findall(f"<{tag}>(.*?)</{tag}>", line.text, re.DOTALL)
            assert len(marked) == len(wanted), (line, marked)
            assert all(re.fullmatch(pattern(one), other) for one, other in zip(wanted, marked, strict=True))
        assert dict(seen.buttons) == line.labels
        assert bool(seen.picture) == line.file.endswith(".png")
        assert seen.document_name == (line.file if line.file.endswith(".pdf") else "")
        assert not seen.picture or self.tab.picture_is_displayed(seen)
        if seen.document:
            answer = self.tab.page.request.get(seen.document)
            assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
            assert answer.body().startswith(b"%PDF-")

    def answer(self, line: Line, seen: Seen) -> None:
        """Press the first button that does not refuse, or type what is asked for."""
        if line.message == "language":
            self.tab.press(seen, self.language)
        elif seen.buttons:
            values = [value for value, _ in seen.buttons]
            self.tab.press(seen, next(value for value in values if value not in REFUSING))
        elif line.asks == "WA":
            self.wrote.append(self.area if line.message == "area" else self.number)
            self.tab.write(self.wrote[-1])
        self.done = (line.dialogue, line.message) == ("thanks", "goodbye")

    def dialogues(self) -> list[str]:
        """Return the dialogues in the order in which they came."""
        return [dialogue for dialogue, _ in groupby(line.dialogue for line, _ in self.heard)]


def pattern(text: str) -> str:
    """Return a regular expression for a text of an author: no tags, and anything in place of a {name}."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    return "(?s)" + ".+".join(re.escape(part) for part in re.split(r"\{\w+\}", plain))


def in_language(text: str | Mapping[str, str], language: str) -> str:
    """Return a text of a dialogue in one language; some are the same in all."""
    return text if isinstance(text, str) else text[language]


def read_study(root: Path) -> dict[str, list[Line]]:
    """Return, by language, everything that the dialogues of a copy of the project can say, in the study's order."""
    content = (root / "data" / "bot" / "sequence.txt").read_text("utf-8")
    order = [line for line in content.splitlines() if line and not line.startswith("#") and is_for_one(root, line)]
    return {language: lines(root, order, language) for language in LANGUAGES}


def is_for_one(root: Path, dialogue: str) -> bool:
    """Tell whether one person alone gets a dialogue; another one begins only when there is a partner."""
    document = json.loads((root / "data" / "gamesInfo" / f"{dialogue}.json").read_text("utf-8"))
    return len(document["initial_messages"]) == 1


def lines(root: Path, order: Sequence[str], language: str) -> list[Line]:
    """Return everything that the dialogues can say in a language."""
    found = []
    for dialogue in order:
        path = root / "data" / "gamesInfo" / f"{dialogue}.json"
        messages = json.loads(path.read_text("utf-8"))["messages"]
        for name, message in messages.items():
            variables = [each for each in message.get("vars", []) if isinstance(each, dict)]
            labels = {
                value: in_language(label, language)
                for each in variables
                for value, label in zip(each.get("values", []), each.get("texts", []), strict=True)
            }
            text = in_language(message["text"], language)
            file = "".join(in_language(each.get("file_name", ""), language) for each in variables)
            found.append(Line(dialogue, name, message["type"], text, labels, file))
    return found


def take_part(people: Sequence[Participant], seconds: float) -> None:
    """Let all of them read and answer, side by side, until each is done; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while waiting := [person for person in people if not person.done]:
        acted = [person.act() for person in waiting]
        assert time.monotonic() < deadline, [(each.name, each.heard[-1:]) for each in waiting]
        if not any(acted):
            waiting[0].tab.page.wait_for_timeout(20)


def everybody(tabs: Sequence[ChatTab], study: Mapping[str, Sequence[Line]]) -> list[Participant]:
    """Return one person for each language; two of them have an app that speaks another language."""
    return [
        Participant(tabs[0], study, "Mercè", "fr", "ca", "Vilanova", "3"),
        Participant(tabs[1], study, "Íñigo", "es", "es", "Zaragoza", "0"),
        Participant(tabs[2], study, "Maeve", "en", "en", "Leeds & York", "12"),
        Participant(tabs[3], study, "Jörg", "en", "de", "Köln <Süd>", "999"),
    ]


def test_people_of_all_languages_go_from_start_to_the_last_thank_you(browser: Browser, demo: Demo) -> None:
    study = read_study(demo.bot.project.root)
    people = everybody([open_window(browser) for _ in LANGUAGES], study)
    for person in people:
        person.tab.open(demo.url)
        person.tab.add_person(person.name, person.app)
    people[0].tab.set_faster(on=True)
    take_part(people, SECONDS_FOR_A_JOURNEY)
    for person in people:
        assert person.dialogues() == list(dict.fromkeys(line.dialogue for line in study[person.language]))
        nobody_else_is_in_the_chat_of(person, people)
        a_reload_changes_nothing_for(person)
    every_chat_is_the_same_in_one_tab(people)
    assert [complaint for person in people for complaint in person.tab.complaints] == []
    for person in people:
        person.tab.page.context.close()


def nobody_else_is_in_the_chat_of(person: Participant, people: Sequence[Participant]) -> None:
    """Check that the chat holds what this person typed, and nothing of what others typed."""
    chat = person.tab.messages()
    assert [each.text for each in chat if not each.from_bot] == person.wrote
    assert [each.id for each in chat if each.from_bot] == [seen.id for _, seen in person.heard]
    said = "\n".join(each.text for each in chat)
    assert [other.name for other in people if other.area in said] == [person.name]
    assert CONTACT in chat[-1].text


def a_reload_changes_nothing_for(person: Participant) -> None:
    """Check that the page shows the same chat, at its end, when it is loaded again."""
    before = person.tab.messages()
    person.tab.comes_to_the_end()
    person.tab.page.reload()
    expect(person.tab.page.locator("#chat-state")).to_contain_text(person.name)
    expect(person.tab.page.locator("#messages .message")).to_have_count(len(before))
    assert person.tab.messages() == before
    shown = [person.tab.picture_is_displayed(each) for each in before if each.picture]
    assert len(shown) >= 3
    assert all(shown)
    person.tab.comes_to_the_end()


def every_chat_is_the_same_in_one_tab(people: Sequence[Participant]) -> None:
    """Check that one tab shows everybody's chat as their own tabs do."""
    tab = people[0].tab
    for person in people:
        tab.show(person.name)
        expect(tab.page.locator("#messages .message").last).to_contain_text(CONTACT)
        assert tab.messages() == person.tab.messages()


def test_on_a_phone_nothing_is_cut_off_and_the_newest_message_can_be_seen(browser: Browser, demo: Demo) -> None:
    study, tab = read_study(demo.bot.project.root), open_window(browser, PHONE)
    tab.open(demo.url)
    assert tab.too_wide() <= 0
    tab.add_person("Ada", "ca")
    name = "Bartholomäus-Maximilian von der Linde"
    tab.add_person(name, "de")
    tab.set_faster(on=True)
    expect(tab.page.locator('[data-person][aria-selected="true"]')).to_be_in_viewport(ratio=0.9)
    person = Participant(tab, study, name, "de", "de", "Ulm", "2")
    while "training" not in person.dialogues():
        if person.act():
            assert tab.too_wide() <= 0
            tab.comes_to_the_end()
        else:
            tab.page.wait_for_timeout(20)
    with tab.page.expect_popup() as opened:
        tab.page.locator("a.document").click()
    assert opened.value.url.startswith(demo.url)
    assert tab.complaints == []
    everybody_can_use_it(browser, tab.page.url)
    tab.page.context.close()


def everybody_can_use_it(browser: Browser, url: str) -> None:
    """Check a chat at each width, by day and by night, with the author's view and without it."""
    for size, scheme in product((PHONE, DESKTOP), SCHEMES):
        tab = open_window(browser, size, scheme)
        tab.open(url)
        tab.comes_to_the_end()
        assert tab.too_wide() <= 0
        assert tab.faults_for_the_disabled() == []
        tab.show_author()
        expect(tab.page.locator("#at-dialogue")).to_be_visible()
        assert tab.too_wide() <= 0
        assert tab.faults_for_the_disabled() == []
        assert tab.complaints == []
        tab.page.context.close()


def test_at_the_natural_pace_dots_show_that_the_bot_is_typing(browser: Browser, demo: Demo) -> None:
    tab = open_window(browser)
    tab.open(demo.url)
    tab.add_person("Lluc", "ca")
    tab.set_faster(on=False)
    tab.add_person("Pau", "ca")
    messages, dots = tab.page.locator(".message.from-bot"), tab.page.locator("#typing")
    expect(messages).to_have_count(1)
    expect(dots).to_be_visible()
    assert messages.count() == 1
    expect(messages).to_have_count(2)
    expect(dots).to_be_hidden()
    sent = messages.locator("time").evaluate_all("all => all.map(each => Date.parse(each.dateTime) / 1000)")
    assert 1 <= sent[1] - sent[0] <= 10
    assert tab.complaints == []
    tab.page.context.close()
