# SPDX-License-Identifier: GPL-3.0-or-later
"""Line 12: another program asks for the same bot's updates."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.checklist.playground import ASK
from tests.checklist.stage import Stage
from tests.end_to_end.project import TOKEN, wait_until

WARNING = "another program asks for this bot's updates"
SECONDS = 14.0


def poll(url: str, over: threading.Event) -> None:
    """Ask for updates again and again, as a bot that somebody has forgotten; confirm none."""
    address = f"{url}/bot{TOKEN}/getUpdates?timeout=1&limit=1"
    while not over.is_set():
        with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(address, timeout=20) as answer:
            answer.read()


@contextlib.contextmanager
def other_poller(url: str) -> Iterator[None]:
    """Let another program poll for as long as the block lasts."""
    over = threading.Event()
    thread = threading.Thread(target=poll, args=(url, over))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def health(stage: Stage) -> dict[str, Any]:
    """Return what the bot says about itself."""
    return dict(json.loads(stage.project.script("main.py", "--health").stdout))


def gaps(stage: Stage, begin: float) -> list[float]:
    """Return the seconds between the bot's own questions; they ask for many updates at a time."""
    asked = [at for at, call in stage.calls if call.method == "getUpdates" and call.number("limit", 100) > 1]
    return [later - earlier for earlier, later in pairwise(at for at in asked if at > begin)]


def test_12_two_pollers_are_told_of_once_and_the_bot_goes_on_when_the_other_leaves(own_stage: Stage) -> None:
    stage = own_stage
    person = stage.newcomer()
    stage.watch()
    with other_poller(stage.telegram.url):
        wait_until(lambda: WARNING in stage.output(), "nobody complains")
        begin = time.monotonic()
        stage.press(person, "again")
        wait_until(lambda: health(stage)["counts"]["409"] > 0, "health does not know of it")
        time.sleep(max(0.0, begin + SECONDS - time.monotonic()))
    # One question brings the press, and is followed by the next at once; all others end with the conflict.
    assert sum(gap < 3 for gap in gaps(stage, begin)) <= 1
    assert len(gaps(stage, begin)) <= SECONDS / 3 + 1
    # Told when it begins, and once more after the question that brought the press and so ended it for a moment.
    assert stage.bot.said().count(WARNING) <= 2
    stage.wait_for(person, ASK, times=2, seconds=40)
    stage.confirmed()
    assert stage.texts(person).count(ASK) == 2
    assert "works again" in stage.bot.said()
