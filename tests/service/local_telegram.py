# SPDX-License-Identifier: GPL-3.0-or-later
"""The local Bot API and what the tests of the Telegram port share. The last bot that was made is the one that works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.dialogues.model import FileKind
from src.engine.effects import FileShown, Send
from src.identities import TelegramId
from src.simulator.bot_api import LocalBotApi
from src.simulator.faults import Fault
from tests.simulator.client import picture

TOKEN = "424242:AAF-secret_secret_secret_secret_secret"  # no token of anybody's
SECRET = "secret_secret"
PICTURE = FileShown(FileKind.PICTURE, "sea.png")
HELLO = Send("Hello")


@contextmanager
def local_api() -> Iterator[LocalBotApi]:
    """Run the local Bot API."""
    api = LocalBotApi(TOKEN, brake=False)
    api.start()
    try:
        yield api
    finally:
        api.stop()


def outgoing_folder(folder: Path) -> Path:
    """Return a new folder with the picture in it; outside of it lies `secret.pdf`."""
    outgoing = folder / "outgoing"
    (outgoing / "img").mkdir(parents=True)
    (outgoing / "img" / "sea.png").write_bytes(picture(30, 20))
    (folder / "secret.pdf").write_bytes(b"%PDF")
    return outgoing


def somebody(api: LocalBotApi) -> TelegramId:
    """Return somebody who has written to the bot."""
    person = api.add_person("Ann", "ca")
    api.write(person, "/start")
    return TelegramId(person)


def failing(api: LocalBotApi, fault: Fault, times: int = 1000) -> None:
    """Let the next requests fail like this."""
    left = [fault] * times
    api.set_faults(lambda _call: left.pop() if left else None)
