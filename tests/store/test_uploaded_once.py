# SPDX-License-Identifier: GPL-3.0-or-later
"""Files go up to Telegram once: over HTTP against the local Bot API, with the ids in a real database."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from src import telegram_files
from src.dialogues.model import FileKind
from src.engine.effects import ButtonShown, FileShown, Send
from src.errors import DatabaseAway
from src.identities import TelegramId
from src.simulator.bot_api import LocalBotApi
from src.simulator.calls import Call
from src.simulator.faults import Fault
from src.simulator.refusals import bad_request
from src.store.database import Database, open_database
from src.store.file_ids import FileIdStore
from src.telegram_bot import TelegramBot, bot_number
from tests.service.local_telegram import PICTURE, TOKEN, local_api, outgoing_folder, somebody
from tests.simulator.client import picture
from tests.store.processes import server_of

ROWS = ((ButtonShown("yes", "Sí"),),)
SEA = Send("<i>The sea</i>", ROWS, PICTURE)
PAGE = Send("Read", file=FileShown(FileKind.DOCUMENT, "page.pdf"))


@dataclass
class Line:
    """Watches what goes over the line; the sendings by id may be refused with a text, so often."""

    sendings: list[str] = field(default_factory=list)
    refusal: str = ""
    refusals: int = 0

    def __call__(self, call: Call) -> Fault | None:
        if call.method not in ("sendPhoto", "sendDocument"):
            return None
        self.sendings.append("upload" if call.files else "id")
        if call.files or not self.refusals:
            return None
        self.refusals -= 1
        return Fault(refusal=bad_request(self.refusal))


@pytest.fixture
def api() -> Iterator[LocalBotApi]:
    with local_api() as api:
        yield api


@pytest.fixture
def line(api: LocalBotApi) -> Line:
    line = Line()
    api.set_faults(line)
    return line


@pytest.fixture
def outgoing(tmp_path: Path) -> Path:
    outgoing = outgoing_folder(tmp_path)
    (outgoing / "page.pdf").write_bytes(b"%PDF")
    return outgoing


@pytest.fixture
def ann(api: LocalBotApi) -> TelegramId:
    return somebody(api)


def started(api: LocalBotApi, outgoing: Path, database: Database) -> TelegramBot:
    """Return the bot as it is after a start: with nothing in memory."""
    return TelegramBot(TOKEN, outgoing, url=api.url, file_ids=FileIdStore(database, bot_number(TOKEN)))


@pytest.fixture
def bot(api: LocalBotApi, outgoing: Path, database: Database) -> TelegramBot:
    return started(api, outgoing, database)


def test_a_file_is_uploaded_once_whoever_gets_it_and_also_after_a_restart(
    api: LocalBotApi, bot: TelegramBot, line: Line, ann: TelegramId, outgoing: Path, database: Database
) -> None:
    bea = somebody(api)
    for what in (SEA, PAGE):
        for person in (ann, bea, ann):
            bot.send(person, what)
        started(api, outgoing, database).send(bea, what)
    assert line.sendings == ["upload", "id", "id", "id"] * 2
    shown = [(each.kind, each.photo or each.document, each.plain, len(each.buttons)) for each in api.chat(bea)[1:]]
    assert shown == [("photo", "sea.png", "The sea", 1)] * 2 + [("document", "page.pdf", "Read", 0)] * 2


def test_what_is_kept_names_the_bot_and_no_secret(
    bot: TelegramBot, line: Line, ann: TelegramId, database: Database
) -> None:
    bot.send(ann, SEA)
    (kept,) = database.database["files"].find()
    assert kept["_id"].startswith("424242:img:")
    assert TOKEN.partition(":")[2] not in str(kept)
    assert str(ann) not in str(kept)
    assert bot_number("a secret of another form") == ""


def test_the_content_counts_and_not_the_name(bot: TelegramBot, line: Line, ann: TelegramId, outgoing: Path) -> None:
    (outgoing / "img" / "copy.png").write_bytes(picture(30, 20))
    bot.send(ann, SEA)
    bot.send(ann, Send("", file=FileShown(FileKind.PICTURE, "copy.png")))
    (outgoing / "img" / "sea.png").write_bytes(picture(31, 20))
    bot.send(ann, SEA)
    assert line.sendings == ["upload", "id", "upload"]


def test_a_file_that_has_not_been_touched_is_not_read_again(
    bot: TelegramBot, line: Line, ann: TelegramId, outgoing: Path
) -> None:
    path = outgoing / "img" / "sea.png"
    bot.send(ann, SEA)
    before = path.stat()
    path.write_bytes(picture(20, 30))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    bot.send(ann, SEA)
    assert line.sendings == ["upload", "id"]


REFUSALS = (
    "wrong file identifier/HTTP URL specified",
    "wrong remote file identifier specified: Wrong padding length",
    "wrong file_id or the file is temporarily unavailable",
    "file reference has expired",
    "FILE_REFERENCE_EXPIRED",
    "can't use file of type Video as Photo",
    "MEDIA_EMPTY",
)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_an_id_that_telegram_refuses_is_forgotten_and_the_file_uploaded_once_again(
    api: LocalBotApi, bot: TelegramBot, line: Line, ann: TelegramId, database: Database, refusal: str
) -> None:
    bot.send(ann, SEA)
    (old,) = database.database["files"].find()
    line.refusal, line.refusals = refusal, 1
    for _ in range(2):
        bot.send(ann, SEA)
    assert line.sendings == ["upload", "id", "upload", "id"]
    (new,) = database.database["files"].find()
    assert new["_id"] == old["_id"]
    assert new["file_id"] != old["file_id"]
    assert [(each.kind, len(each.buttons)) for each in api.chat(ann)[1:]] == [("photo", 1)] * 3


def test_an_id_that_telegram_never_gave_heals_itself(
    bot: TelegramBot, line: Line, ann: TelegramId, database: Database, api: LocalBotApi, outgoing: Path
) -> None:
    bot.send(ann, PAGE)
    database.database["files"].update_many({}, {"$set": {"file_id": "of-another-life"}})
    again = started(api, outgoing, database)
    for _ in range(2):
        again.send(ann, PAGE)
    assert line.sendings == ["upload", "id", "upload", "id"]


def test_a_refusal_that_is_not_about_the_file_does_not_forget_it(
    api: LocalBotApi, bot: TelegramBot, line: Line, ann: TelegramId
) -> None:
    bot.send(ann, SEA)
    line.refusal, line.refusals = "reply markup is too long", 1
    for _ in range(2):
        bot.send(ann, SEA)
    assert line.sendings == ["upload", "id", "id"]
    assert [each.kind for each in api.chat(ann)[1:]] == ["photo", "text", "photo"]


def test_many_threads_may_send_a_new_file_at_the_same_moment(
    api: LocalBotApi, bot: TelegramBot, line: Line, ann: TelegramId, database: Database
) -> None:
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda _: bot.send(ann, SEA), range(24)))
    assert len(set(ids)) == 24
    assert line.sendings.count("upload") <= 6
    assert database.database["files"].count_documents({}) == 1
    assert [each.photo for each in api.chat(ann)[1:]] == ["sea.png"] * 24


def test_while_the_database_is_away_nothing_is_sent_and_afterwards_it_goes_once(
    api: LocalBotApi, line: Line, ann: TelegramId, outgoing: Path, tmp_path: Path
) -> None:
    with open_database("", "killed", tmp_path / "db") as database:
        os.kill(server_of(tmp_path / "db").process.pid, signal.SIGKILL)
        bot = started(api, outgoing, database)
        with pytest.raises(DatabaseAway):
            bot.send(ann, SEA)
        assert line.sendings == []
        database.revive()
        bot.send(ann, SEA)
        os.kill(server_of(tmp_path / "db").process.pid, signal.SIGKILL)
        bot.send(ann, SEA)
        # What is out is out: that its id cannot be kept is no reason to send it again.
        ids_of_page = FileIdStore(database, "7")
        with pytest.raises(DatabaseAway):
            ids_of_page.keep(FileKind.DOCUMENT, "abc", "one")
        assert ids_of_page.of(FileKind.DOCUMENT, "abc") == "one"
    assert line.sendings == ["upload", "id"]
    assert len(api.chat(ann)) == 3


def test_little_is_remembered_of_many_files(
    bot: TelegramBot, line: Line, ann: TelegramId, outgoing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_files, "REMEMBERED", 3)
    for number in range(10):
        (outgoing / f"{number}.pdf").write_bytes(b"%PDF" + bytes([number]))
        bot.send(ann, Send("", file=FileShown(FileKind.DOCUMENT, f"{number}.pdf")))
    assert len(bot.files._seen) == 3
