# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that Telegram does not take as they are, and trouble with what is known of them: no message gets lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from src.dialogues.model import FileKind
from src.engine.effects import ButtonShown, FileShown, Send
from src.errors import BotError, DatabaseAway, Refused, TryLater
from src.identities import TelegramId
from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.simulator.calls import Call
from src.simulator.faults import Fault
from src.simulator.refusals import bad_request
from src.telegram_bot import TelegramBot
from tests.engine.samples import PERSON, goes_on, na, said, with_person
from tests.engine.samples import dialogue as dialogue_of
from tests.service.local_telegram import PICTURE, TOKEN, failing, local_api, outgoing_folder, somebody
from tests.service.test_telegram_port import answering
from tests.simulator.client import picture

ROWS = ((ButtonShown("yes", "Sí"), ButtonShown("no", "Нет")),)
SEA = Send("<b>The sea</b>", ROWS, PICTURE)


@dataclass
class Ids:
    """What Telegram calls the files, in memory; in trouble on order."""

    kept: dict[tuple[FileKind, str], str] = field(default_factory=dict)
    trouble: BotError | None = None

    def of(self, kind: FileKind, digest: str) -> str | None:
        self._answer()
        return self.kept.get((kind, digest))

    def keep(self, kind: FileKind, digest: str, file_id: str) -> None:
        self._answer()
        self.kept[kind, digest] = file_id

    def forget(self, kind: FileKind, digest: str, file_id: str) -> None:
        self._answer()
        if self.kept.get((kind, digest)) == file_id:
            del self.kept[kind, digest]

    def _answer(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def api() -> Iterator[LocalBotApi]:
    with local_api() as api:
        yield api


@pytest.fixture
def outgoing(tmp_path: Path) -> Path:
    return outgoing_folder(tmp_path)


@pytest.fixture
def ids() -> Ids:
    return Ids()


@pytest.fixture
def bot(api: LocalBotApi, outgoing: Path, ids: Ids) -> TelegramBot:
    return TelegramBot(TOKEN, outgoing, url=api.url, file_ids=ids)


@pytest.fixture
def ann(api: LocalBotApi) -> TelegramId:
    return somebody(api)


def seen(api: LocalBotApi, ann: TelegramId) -> list[tuple[str, str, int]]:
    return [(each.kind, each.plain, sum(map(len, each.buttons))) for each in api.chat(ann)[1:]]


WRONG_PICTURES = {
    "too wide": picture(9000, 1001),
    "too narrow": picture(2100, 100),
    "too big": picture(10, 10) + bytes(10 * 1024 * 1024),
    "no picture": b"no picture",
}


@pytest.mark.parametrize("content", WRONG_PICTURES.values(), ids=WRONG_PICTURES)
def test_a_picture_that_is_no_photo_goes_as_a_document_and_is_uploaded_as_one_once(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path, content: bytes
) -> None:
    (outgoing / "img" / "sea.png").write_bytes(content)
    for _ in range(3):
        assert bot.send(ann, SEA) == api.chat(ann)[-1].message_id
    assert seen(api, ann) == [("document", "The sea", 2)] * 3
    assert len({each.file_id for each in api.chat(ann)[1:]}) == 1
    assert api.request_counts()["sendPhoto"] == 1


def refuse(api: LocalBotApi, **by_method: Fault) -> None:
    """Let these methods fail so."""
    api.set_faults(lambda call: by_method.get(call.method))


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_error(413),
        Fault(refusal=bad_request("PHOTO_INVALID_DIMENSIONS")),
        Fault(refusal=bad_request("PHOTO_SAVE_FILE_INVALID")),
        Fault(refusal=bad_request("file is too big")),
    ],
    ids=["413", "dimensions", "saving", "size"],
)
def test_the_question_stays_with_whatever_carries_its_text(
    api: LocalBotApi, outgoing: Path, ann: TelegramId, fault: Fault
) -> None:
    refuse(api, sendPhoto=fault)
    TelegramBot(TOKEN, outgoing, url=api.url).send(ann, SEA)
    refuse(api, sendPhoto=fault, sendDocument=fault)
    bot = TelegramBot(TOKEN, outgoing, url=api.url)
    bot.send(ann, SEA)
    assert seen(api, ann) == [("document", "The sea", 2), ("text", "The sea", 2)]
    with pytest.raises(Refused):
        bot.send(ann, Send("", file=PICTURE))


def test_a_picture_that_telegram_refuses_for_another_reason_is_no_document(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId
) -> None:
    refuse(api, sendPhoto=Fault(refusal=bad_request("BUTTON_DATA_INVALID")))
    bot.send(ann, SEA)
    assert seen(api, ann) == [("text", "The sea", 2)]
    assert "sendDocument" not in api.request_counts()


def test_a_picture_is_tried_as_a_photo_again_when_it_has_been_changed(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path
) -> None:
    (outgoing / "img" / "sea.png").write_bytes(picture(9000, 1001))
    bot.send(ann, SEA)
    (outgoing / "img" / "sea.png").write_bytes(picture(90, 101))
    bot.send(ann, SEA)
    assert [each[0] for each in seen(api, ann)] == ["document", "photo"]


def test_an_upload_that_may_go_better_later_is_neither_given_up_nor_made_a_document(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, ids: Ids
) -> None:
    for fault in (faults.server_error(502), faults.flood_wait(3), faults.answer_lost()):
        failing(api, fault)
        with pytest.raises(TryLater):
            bot.send(ann, SEA)
    assert ids.kept == {}
    assert set(api.request_counts()) == {"sendPhoto"}


@pytest.mark.parametrize("known", [True, False])
def test_when_the_ids_cannot_be_used_the_message_goes_out_all_the_same_and_once(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, ids: Ids, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    if known:
        bot.send(ann, SEA)
    ids.trouble = BotError("The database refuses what was asked for.")
    before = len(api.chat(ann))
    caplog.set_level(logging.DEBUG)
    assert bot.send(ann, SEA)
    assert len(api.chat(ann)) == before + 1
    assert str(ann) not in "".join(each.getMessage() for each in caplog.records if each.name.startswith("src."))


def test_an_id_that_cannot_be_kept_does_not_undo_the_message(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, ids: Ids
) -> None:
    def goes_away(call: Call) -> None:
        ids.trouble = DatabaseAway("The database is away.") if call.method == "sendPhoto" else None

    api.set_faults(goes_away)
    assert bot.send(ann, SEA) == api.chat(ann)[-1].message_id
    assert seen(api, ann) == [("photo", "The sea", 2)]


ODD: tuple[dict[str, object], ...] = (
    {},
    {"photo": []},
    {"photo": None},
    {"photo": [{}]},
    {"document": "x"},
    {"document": []},
    {"photo": {"a": 1}},
)


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_answer_without_a_file_is_a_message_that_arrived(odd: dict[str, object], outgoing: Path, ids: Ids) -> None:
    with answering(json.dumps({"ok": True, "result": {"message_id": 8, **odd}}).encode()) as url:
        assert TelegramBot(TOKEN, outgoing, url=url, file_ids=ids).send(TelegramId(1), SEA) == 8
    assert ids.kept == {}


def test_a_file_that_cannot_be_read_leaves_its_text(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path
) -> None:
    bot.send(ann, SEA)
    (outgoing / "img" / "sea.png").unlink()
    bot.send(ann, SEA)
    assert [each[0] for each in seen(api, ann)] == ["photo", "text"]


def test_a_message_that_the_database_held_up_stays_in_the_outbox_and_goes_out_once() -> None:
    files = [{"name": "pic", "type": "img", "file_name": "sea.png"}]
    world = with_person(dialogue_of({"one": na("1", "two"), "two": na("2", vars=files)}), person={"next_at": None})
    world.participants.documents[world.who(PERSON)]["next_at"] = world.clock.now()
    world.telegram.troubles = [None, DatabaseAway("The database is away.")]
    with pytest.raises(DatabaseAway):
        goes_on(world, minutes=1)
    assert said(world) == ["1"]
    assert [each.tries for each in world.participant(PERSON).outbox] == [0]
    goes_on(world, minutes=2)
    assert said(world) == ["1", "2"]


def test_a_name_is_looked_for_in_the_folder_of_its_kind(bot: TelegramBot) -> None:
    assert bot.files.path_of(PICTURE).name == "sea.png"
    with pytest.raises(Refused):
        bot.files.path_of(FileShown(FileKind.DOCUMENT, "sea.png"))
