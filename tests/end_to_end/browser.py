# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless browser, and persons who look at the chat page and use it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.end_to_end.project import wait_until

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
DESKTOP = (1280, 800)
PHONE = (390, 844)
PATIENCE_MS = 20_000
# What a person can see of a message, taken from the page in one go.
READ = """(items, skipped) => items.slice(skipped).map(item => ({
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

    def messages(self, *, from_bot: bool = False, skipped: int = 0) -> list[Seen]:
        """Return the messages on the screen, oldest first: all or those of the bot, without so many that are known."""
        which = ".message.from-bot" if from_bot else ".message"
        found: list[dict[str, Any]] = self.page.locator(f"#messages {which}").evaluate_all(READ, skipped)
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

    def set_faster(self, *, on: bool) -> None:
        """Shorten all pauses and waits, for everybody, or make them natural again."""
        switch = self.page.get_by_role("switch", name="Faster")
        expect(switch).to_be_visible()
        if switch.get_attribute("aria-checked") != str(on).lower():
            switch.click()
        expect(switch).to_have_attribute("aria-checked", str(on).lower())

    def show_author(self) -> None:
        """Open the author's view, where it is not open yet."""
        if not self.page.locator("#panel").is_visible():
            self.page.locator("#panel-toggle").click()
        expect(self.page.locator("#panel")).to_be_visible()

    def faults_for_the_disabled(self) -> list[str]:
        """Return what axe-core finds that keeps people from using the page as it is now."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{each['impact']}: {each['id']} at {each['nodes'][0]['html'][:200]}"
            for each in found
            if each["impact"] in {"serious", "critical"}
        ]

    def too_wide(self) -> int:
        """Return by how many pixels the page or the chat is wider than what is visible."""
        return max(
            int(self.page.locator(part).evaluate(OVERFLOW)) for part in ("html", "#side", "#scroll", "#composer")
        )

    def is_at_the_end(self) -> bool:
        """Tell whether the chat shows its newest message."""
        return int(self.page.locator("#scroll").evaluate(BELOW_THE_END)) <= 1

    def comes_to_the_end(self) -> None:
        """Wait until the chat shows its newest message: it moves there when a picture has come, in the next frame."""
        wait_until(self.is_at_the_end, "the newest message cannot be seen")


def open_window(
    browser: Browser, size: tuple[int, int] = DESKTOP, scheme: Literal["light", "dark"] = "light"
) -> ChatTab:
    """Open a window of its own for a tab: a tab behind another one draws, and so is clicked, but once a second."""
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, has_touch=size == PHONE, color_scheme=scheme)
    context.set_default_timeout(PATIENCE_MS)
    return ChatTab(context.new_page())
