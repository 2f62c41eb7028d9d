# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo as a process of its own, a headless browser, and persons who look at the chat page and use it."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.end_to_end.project import RunningBot, copy_of_project, start_bot, wait_until

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
DESKTOP = (1280, 800)
PHONE = (390, 844)
SECONDS_TO_START = 60
SECONDS_TO_STOP = 5
PATIENCE_MS = 20_000
# What a person can see of a message, taken from the page in one go.
READ = """items => items.map(item => ({
    id: Number(item.dataset.messageId),
    from_bot: item.classList.contains("from-bot"),
    text: item.querySelector(".text")?.textContent ?? "",
    bold: [...item.querySelectorAll(".text strong")].map(each => each.textContent),
    italic: [...item.querySelectorAll(".text em")].map(each => each.textContent),
    buttons: [...item.querySelectorAll("button.inline")].map(each => [each.dataset.value, each.textContent]),
    picture: item.querySelector(".photo img")?.getAttribute("src") ?? "",
    document: item.querySelector("a.document")?.href ?? "",
    document_name: item.querySelector(".file-name")?.textContent ?? "",
}))"""
OVERFLOW = "element => element.scrollWidth - element.clientWidth"
BELOW_THE_END = "element => element.scrollHeight - element.scrollTop - element.clientHeight"


@dataclass(frozen=True)
class Demo:
    """A running demo and the address that it printed."""

    bot: RunningBot
    url: str


@contextlib.contextmanager
def running_demo(folder: Path, **environment: str) -> Iterator[Demo]:
    """Run `main.py --demo` in a copy of the project; after the block it must end in order and leave nothing behind."""
    project = copy_of_project(folder)
    project.environment |= environment
    bot = start_bot(project, "--demo", "--port", str(free_port()))
    try:
        wait_until(lambda: address_in(bot.said()) != "", "the demo does not start: " + bot.said(), SECONDS_TO_START)
        yield Demo(bot, address_in(bot.said()))
        code, seconds = bot.stop()
        assert code == 0, bot.said()
        assert seconds < SECONDS_TO_STOP
        assert "Traceback" not in bot.said()
        assert programs_of(project.root) == []
    finally:
        if bot.process.poll() is None:
            bot.stop()


def address_in(said: str) -> str:
    """Return the address that the demo asks to open, or an empty text if it has not said one yet."""
    found = re.search(r"Open (http://127\.0\.0\.1:\d+/) in your browser", said)
    return found[1] if found else ""


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs_of(root: Path) -> list[str]:
    """Return the command lines of all programs that were started from, or for, this copy of the project."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(root) in command:
                found.append(command)
    return found


@contextlib.contextmanager
def open_browser(program: Path) -> Iterator[Browser]:
    """Run a headless browser for as long as the block lasts."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS.split())
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class Seen:
    """One message as the page shows it. `buttons` are pairs of value and label; no picture or document is empty."""

    id: int
    from_bot: bool
    text: str
    bold: tuple[str, ...]
    italic: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    picture: str
    document: str
    document_name: str


@dataclass
class ChatTab:
    """A browser tab with the chat page. `complaints` are errors on the console, refused and failed requests."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, url: str) -> None:
        """Open the page and listen to what goes wrong in it."""
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"{request.url} {request.failure}"))
        self.page.goto(url)
        expect(self.page.locator("#side")).to_be_visible()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def add_person(self, name: str, language: str) -> None:
        """Add a person whose app speaks `language`, and press Start in the chat that opens."""
        if not self.page.locator("#add-name").is_visible():
            self.page.locator("#add-person").click()
        self.page.locator("#add-name").fill(name)
        self.page.locator("#add-language").select_option(language)
        self.page.locator("#add-person").click()
        expect(self.page.locator("#chat-state")).to_contain_text(name)
        self.page.locator("#start").click()
        expect(self.page.locator("#start")).to_be_hidden()

    def show(self, name: str) -> None:
        """Change to the chat of a person that is there already."""
        self.page.locator("[data-person]", has_text=name).click()
        expect(self.page.locator("#chat-state")).to_contain_text(name)

    def messages(self) -> list[Seen]:
        """Return the messages on the screen, oldest first."""
        found: list[dict[str, Any]] = self.page.locator("#messages .message").evaluate_all(READ)
        return [
            Seen(
                **{
                    **each,
                    "bold": tuple(each["bold"]),
                    "italic": tuple(each["italic"]),
                    "buttons": tuple((value, label) for value, label in each["buttons"]),
                }
            )
            for each in found
        ]

    def press(self, message: Seen, value: str) -> None:
        """Press a button; then all buttons of the message must vanish."""
        item = self.page.locator(f'.message[data-message-id="{message.id}"]')
        item.locator(f'button.inline[data-value="{value}"]').click()
        expect(item.locator(".keyboard")).to_have_count(0)

    def write(self, text: str) -> None:
        """Type a text and send it."""
        own = self.page.locator(".message.from-person")
        before = own.count()
        self.page.locator("#message-input").fill(text)
        self.page.locator("#send").click()
        expect(own).to_have_count(before + 1)

    def picture_is_displayed(self, message: Seen) -> bool:
        """Tell whether the picture of a message has been loaded and can be seen."""
        image = self.page.locator(f'.message[data-message-id="{message.id}"] .photo img')
        expect(image).to_be_visible()
        wait_until(lambda: bool(image.evaluate("image => image.complete")), "the picture does not come")
        return int(image.evaluate("image => image.naturalWidth")) > 0

    def too_wide(self) -> int:
        """Return by how many pixels the page or the chat is wider than what is visible."""
        return max(
            int(self.page.locator(part).evaluate(OVERFLOW)) for part in ("html", "#side", "#scroll", "#composer")
        )

    def is_at_the_end(self) -> bool:
        """Tell whether the chat shows its newest message."""
        return int(self.page.locator("#scroll").evaluate(BELOW_THE_END)) <= 1


def open_window(browser: Browser, size: tuple[int, int] = DESKTOP) -> ChatTab:
    """Open a window of its own for a tab: a tab behind another one draws, and so is clicked, but once a second."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE)
    context.set_default_timeout(PATIENCE_MS)
    return ChatTab(context.new_page())
