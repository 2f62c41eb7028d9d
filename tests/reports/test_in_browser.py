# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails and interactive pages in a real browser, on a phone and on a desk; without any network."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from src.mail_message import message_of
from src.reports.evolution import evolution
from src.reports.interactive import evolution_page
from src.reports.posting import mail_of
from tests.end_to_end.browser import DESKTOP, PHONE, open_browser
from tests.mail.post_office import Way
from tests.reports.crowd import Crowd
from tests.reports.told import ZONE, people, weekly, wishes

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll("td, th, p, h1, h2")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.textContent)"""
FIRST_DOT = """() => {
    const chart = document.getElementById("chart"), box = chart.getBoundingClientRect();
    const { xaxis, yaxis } = chart._fullLayout, dots = chart.data[1];
    return { x: box.left + xaxis._offset + xaxis.d2p(dots.x[0]), y: box.top + yaxis._offset + yaxis.d2p(dots.y[0]) };
}"""
HOVERED = "document.querySelector('.hoverlayer')?.textContent ?? ''"


@pytest.fixture(scope="module")
def browser(browser_program: Path) -> Iterator[Browser]:
    with open_browser(browser_program) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page that reaches nothing but files; what it complains about fails the test."""
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on(
        "request",
        lambda request: None if request.url.startswith(("file:", "data:", "blob:")) else complaints.append(request.url),
    )
    yield opened
    context.close()
    assert complaints == []


def shown_by_a_mail_program(folder: Path, many: int, language: str) -> Path:
    """Take the mail apart as mail programs do, its pictures by their Content-ID; return the page."""
    report, files = weekly(many, language)
    mail = message_of(mail_of(report, files), Way(25))
    body = mail.get_body(("html",))
    assert body is not None
    shown = str(body.get_content())
    for part in mail.walk():
        if name := part["Content-ID"]:
            data = b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            shown = shown.replace(f"cid:{name.strip('<>')}", f"data:{part.get_content_type()};base64,{data}")
    file = folder / "mail.html"
    file.write_text(shown, "utf-8")
    return file


@pytest.mark.parametrize(("many", "language"), [(0, "ca"), (300, "de")])
def test_a_mail_shows_its_pictures_and_fits_on_a_phone(page: Page, tmp_path: Path, many: int, language: str) -> None:
    file = shown_by_a_mail_program(tmp_path, many, language)
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(file.as_uri())
        assert page.evaluate(OVERFLOW) <= 0
        assert page.evaluate(CUT_OFF) == []
        widths: list[list[int]] = page.locator("img").evaluate_all(
            "all => all.map(one => [one.naturalWidth, one.width])"
        )
        assert len(widths) == 5
        assert all(natural > 1000 and 300 < shown <= width for natural, shown in widths)


def test_the_sankey_page_answers_to_the_mouse(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "sankey.html"
    file.write_bytes(weekly(900)[1][0].content)
    page.goto(file.as_uri())
    expect(page.locator(".sankey-node")).to_have_count(14)
    assert "woman" in page.locator("#chart").inner_text()
    page.locator(".sankey-link").first.hover()
    page.wait_for_function(f"({HOVERED}).includes('→')")
    assert re.search(r"about \d*[05] people", page.evaluate(HOVERED))
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_function("document.querySelector('.main-svg').clientWidth < 400")
    assert page.evaluate(OVERFLOW) <= 0


def opened_ways(page: Page, folder: Path, many: int, crowd: Crowd | None = None) -> dict[str, Any]:
    data = evolution(iter(people(many, crowd=crowd)), wishes(), ZONE)
    file = folder / "ways.html"
    file.write_bytes(evolution_page(data, wishes()))
    page.goto(file.as_uri())
    expect(page.locator("#chart .main-svg").first).to_be_visible()
    return data


def dots(page: Page) -> int:
    """Return how many dots are drawn."""
    return int(page.evaluate("document.getElementById('chart').data.slice(1).reduce((n, one) => n + one.x.length, 0)"))


def test_ways_are_filtered_by_status_and_language(page: Page, tmp_path: Path) -> None:
    data = opened_ways(page, tmp_path, 200)
    assert dots(page) == sum(len(runs) for _, _, runs in data["people"])
    expect(page.locator("#shown")).to_contain_text("200 of 200 participants")
    boxes = {"status": len(data["statuses"]), "language": len(data["languages"])}
    for kind, count in boxes.items():
        assert page.locator(f'input[name="{kind}"]').count() == count
    page.locator('label:has-text("active") input[name="status"]').uncheck()
    german = data["languages"].index("de")
    page.locator('label:has-text("de") input[name="language"]').uncheck()
    left = [runs for status, language, runs in data["people"] if status != 1 and language != german]
    assert 0 < len(left) < 200
    expect(page.locator("#shown")).to_contain_text(f"{len(left)} of 200 participants")
    assert dots(page) == sum(map(len, left))


def test_a_dot_says_which_dialogue_when_how_long_and_how_far(page: Page, tmp_path: Path) -> None:
    opened_ways(page, tmp_path, 1, Crowd(1, lost=0.0))
    place = page.evaluate(FIRST_DOT)
    page.mouse.move(place["x"] - 40, place["y"])
    page.mouse.move(place["x"], place["y"], steps=4)
    page.wait_for_function(f"({HOVERED}).includes('welcome')")
    said = page.evaluate(HOVERED)
    assert re.search(r"begin: 2026-\d\d-\d\d \d\d:\d\d", said)
    for words in ("end: 2026-", "duration: ", "last message: message"):
        assert words in said


def test_five_thousand_people_are_drawn_at_once_and_filtered_quickly(page: Page, tmp_path: Path) -> None:
    data = opened_ways(page, tmp_path, 5000)
    assert len(data["people"]) == 5000
    assert dots(page) == sum(len(runs) for _, _, runs in data["people"]) > 15_000
    kinds = page.evaluate("[...new Set(document.getElementById('chart').data.map(one => one.type))]")
    traces = page.evaluate("document.getElementById('chart').data.length")
    assert (kinds, traces <= 8) == (["scattergl"], True)
    page.locator('label:has-text("left") input').uncheck()
    expect(page.locator("#shown")).not_to_contain_text("5000 of")


def test_dates_are_no_english_words_in_other_languages(page: Page, tmp_path: Path) -> None:
    told = wishes("ca")
    file = tmp_path / "ways.html"
    file.write_bytes(evolution_page(evolution(iter(people(20)), told, ZONE), told))
    page.goto(file.as_uri())
    expect(page.locator(".xtick").first).to_have_text(re.compile(r"^\d+/\d+"))
    expect(page.locator("#filters")).to_contain_text("llengua")


def test_nobody_is_drawn_as_such(page: Page, tmp_path: Path) -> None:
    opened_ways(page, tmp_path, 0)
    assert "Nobody yet." in page.locator("#chart").inner_text()


def test_of_very_many_people_only_some_are_drawn_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    persons = people(400, crowd=Crowd(400, lost=0.0))
    runs = sum(len(one.runs) + bool(one.open) for one in persons)
    monkeypatch.setattr("src.reports.evolution.MOST_RUNS", runs // 3)
    data = evolution(iter(persons), wishes(), ZONE)
    assert data["every"] == 4
    assert len(data["people"]) == 100
    assert "One person in 4 is drawn" in evolution_page(data, wishes()).decode()
