# SPDX-License-Identifier: GPL-3.0-or-later
"""The Telegram port over real HTTP, against the local Bot API: texts, files, buttons, and what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.dialogues.model import FileKind
from src.engine.effects import ButtonShown, FileShown, RemoveButtons, Send
from src.errors import CannotReach, Refused
from src.identities import TelegramId
from src.simulator import faults
from src.simulator.bot_api import LocalBotApi
from src.simulator.faults import Fault
from src.simulator.messages import Button
from src.simulator.refusals import bad_request
from src.telegram_bot import TelegramBot, calc_delay_sending
from src.telegram_errors import by_code
from tests.engine.samples import PERSON, buttons, dialogue, na, sa, with_person
from tests.service.local_telegram import HELLO, PICTURE, TOKEN, failing, local_api, outgoing_folder, somebody
from tests.simulator.client import picture

ROWS = ((ButtonShown("yes", "Sí"), ButtonShown("no", "Нет")), (ButtonShown("later", "Später"),))


@pytest.fixture
def api() -> Iterator[LocalBotApi]:
    with local_api() as api:
        yield api


@pytest.fixture
def outgoing(tmp_path: Path) -> Path:
    return outgoing_folder(tmp_path)


@pytest.fixture
def bot(api: LocalBotApi, outgoing: Path) -> TelegramBot:
    return TelegramBot(TOKEN, outgoing, url=api.url)


@pytest.fixture
def ann(api: LocalBotApi) -> TelegramId:
    return somebody(api)


def test_a_text_arrives_with_its_html_and_its_buttons(api: LocalBotApi, bot: TelegramBot, ann: TelegramId) -> None:
    message_id = bot.send(ann, Send("<b>Què</b> tal &amp; <i>com</i>? 😀", ROWS))
    shown = api.chat(ann)[-1]
    assert (shown.message_id, shown.plain) == (message_id, "Què tal & com? 😀")
    assert [each["type"] for each in shown.entities if isinstance(each, dict)] in (["bold", "italic"], [])
    expected = ((Button("Sí", "yes"), Button("Нет", "no")), (Button("Später", "later"),))
    assert shown.buttons == expected


def test_a_picture_arrives_with_caption_and_buttons(api: LocalBotApi, bot: TelegramBot, ann: TelegramId) -> None:
    assert bot.send(ann, Send("<i>The sea</i>", ROWS[:1], PICTURE)) == api.chat(ann)[-1].message_id
    shown = api.chat(ann)[-1]
    assert (shown.kind, shown.photo, shown.plain, len(shown.buttons)) == ("photo", "sea.png", "The sea", 1)


def test_the_same_picture_can_be_sent_again(api: LocalBotApi, bot: TelegramBot, ann: TelegramId) -> None:
    for _ in range(2):
        bot.send(ann, Send("", file=PICTURE))
    assert [each.photo for each in api.chat(ann)[1:]] == ["sea.png"] * 2


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("in_the_dialogue", ["NFC", "NFD"])
@pytest.mark.parametrize("folder", ["", "fülls/"])
def test_a_document_is_found_whatever_form_its_name_has(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path, on_disk: str, in_the_dialogue: str, folder: str
) -> None:
    name = f"{folder}información.pdf"
    path = outgoing / unicodedata.normalize(on_disk, name)  # type: ignore[arg-type]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF")
    wanted = unicodedata.normalize(in_the_dialogue, name)  # type: ignore[arg-type]
    bot.send(ann, Send("read", file=FileShown(FileKind.DOCUMENT, wanted)))
    shown = api.chat(ann)[-1]
    assert (shown.kind, shown.plain) == ("document", "read")
    assert unicodedata.normalize("NFC", shown.document or "") == "información.pdf"


OUTSIDE = {
    "above": "../secret.pdf",
    "deep and back": "img/../../secret.pdf",
    "a link": "link.pdf",
    "a link with a name in another form": "á.pdf",
    "missing": "nothing.pdf",
    "a folder": "img",
    "nothing": "",
    "a name that is too long": "n" * 300 + ".pdf",
    "a name with a zero": "a\0b.pdf",
}


@pytest.mark.parametrize("name", OUTSIDE.values(), ids=OUTSIDE)
def test_a_file_that_is_missing_or_outside_of_the_folder_is_refused(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path, name: str
) -> None:
    for link in ("link.pdf", unicodedata.normalize("NFD", "á.pdf")):
        (outgoing / link).symlink_to(outgoing.parent / "secret.pdf")
    with pytest.raises(Refused):
        bot.send(ann, Send("", file=FileShown(FileKind.DOCUMENT, name)))
    bot.send(ann, Send("its text", file=FileShown(FileKind.DOCUMENT, name)))
    assert [(each.kind, each.plain) for each in api.chat(ann)[1:]] == [("text", "its text")]


def test_an_absolute_path_is_refused(bot: TelegramBot, ann: TelegramId, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        bot.send(ann, Send("", file=FileShown(FileKind.DOCUMENT, str(tmp_path / "secret.pdf"))))


def test_a_picture_that_telegram_does_not_take_goes_as_a_document_or_leaves_its_text(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path
) -> None:
    (outgoing / "img" / "sea.png").write_bytes(picture(20_000, 10))
    bot.send(ann, Send("The sea", ROWS, PICTURE))
    failing(api, faults.server_error(413), times=1)
    bot.send(ann, Send("Too big", ROWS, PICTURE))
    assert [(each.kind, each.plain, len(each.buttons)) for each in api.chat(ann)[1:]] == [
        ("document", "The sea", 2),
        ("text", "Too big", 2),
    ]


def test_html_that_is_broken_in_a_caption_never_costs_the_file(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId, outgoing: Path
) -> None:
    (outgoing / "img" / "sea.png").write_bytes(picture(20_000, 10))
    bot.send(ann, Send("<b>The sea", ROWS, PICTURE))
    assert [(each.kind, each.plain) for each in api.chat(ann)[1:]] == [("document", "The sea")]


def test_what_is_too_long_arrives_in_parts_in_order_with_the_keyboard_on_the_last(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId
) -> None:
    text = "\n\n".join(f"<b>{number} <i>{'word &amp; 😀 ' * 200}</i></b>" for number in range(5))
    asked = sa(text, [{"name": "pic", "type": "img", "file_name": "sea.png"}, buttons("ok", "yes")], "end")
    for what in with_person(dialogue({"ask": asked, "end": na("End.")})).shown(PERSON):
        bot.send(ann, what)
    file, *parts = api.chat(ann)[1:]
    assert (file.kind, file.plain, [len(each.buttons) for each in parts]) == ("photo", "", [0, 0, 1])
    assert [each.plain[0] for each in parts] == ["0", "2", "4"]
    assert {entity.kind for each in parts for entity in each.entities} == {"bold", "italic"}


def test_broken_html_is_sent_once_as_plain_text(api: LocalBotApi, bot: TelegramBot, ann: TelegramId) -> None:
    bot.send(ann, Send("<b>a &lt; b</i> & <c>", ROWS))
    bot.send(ann, Send("<b>sea", file=PICTURE))
    shown = api.chat(ann)[1:]
    assert [(each.kind, each.plain) for each in shown] == [("text", "a < b &"), ("photo", "sea")]
    assert len(shown[0].buttons) == 2
    failing(api, Fault(refusal=bad_request("can't parse entities: odd")))
    with pytest.raises(Refused):
        bot.send(ann, HELLO)
    assert api.request_counts()["sendMessage"] == 4


def test_buttons_are_removed_and_those_that_are_gone_are_no_error(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId
) -> None:
    message_id = bot.send(ann, Send("Ready?", ROWS))
    assert message_id is not None
    for _ in range(2):
        assert bot.send(ann, RemoveButtons(message_id)) is None
    assert api.chat(ann)[-1].buttons == ()
    assert bot.send(ann, RemoveButtons(99_999)) is None


def test_whom_telegram_does_not_let_the_bot_write_to_cannot_be_reached(
    api: LocalBotApi, bot: TelegramBot, ann: TelegramId
) -> None:
    never_wrote = TelegramId(api.add_person("Bea"))
    gone = TelegramId(api.add_person("Cleo"))
    api.write(gone, "/start")
    api.deactivate(gone)
    api.block(ann)
    for person in (ann, never_wrote, gone, TelegramId(1)):
        for what in (HELLO, Send("sea", file=PICTURE)):
            with pytest.raises(CannotReach):
                bot.send(person, what)
    api.unblock(ann)
    assert bot.send(ann, HELLO)


def test_a_request_that_telegram_refuses_for_good_says_why(bot: TelegramBot, ann: TelegramId) -> None:
    with pytest.raises(Refused, match="message is too long"):
        bot.send(ann, Send("a" * 5000))
    with pytest.raises(Refused, match="BUTTON_DATA_INVALID"):
        bot.send(ann, Send("a", ((ButtonShown("x" * 65, "x"),),)))


def test_what_a_refusal_quotes_of_the_message_or_says_of_the_person_is_not_told() -> None:
    said = by_code(400, 'Bad Request: can\'t parse entities: tag "what I feel" in "x>y" to 7310446092771', {})
    assert isinstance(said, Refused)
    assert str(said) == "Bad Request: can't parse entities: tag … in … to …"


def test_the_bot_knows_its_name_and_asks_for_the_kinds_it_reads(api: LocalBotApi, bot: TelegramBot) -> None:
    assert bot.who_am_i() == "local_bot"
    bot.listen_by_polling()
    person = api.add_person("Ann", "ca")
    api.write(person, "/start")
    updates = bot.updates(None, 0)
    assert [(each.sender, each.language) for each in updates] == [(person, "ca")]
    assert api.push_update("poll", {"id": "1"}) is None
    api.block(person)
    assert [each.id for each in bot.updates(updates[-1].id + 1, 5)] == [updates[-1].id + 1]


def test_the_pause_to_read_grows_with_the_text_and_stays_bounded() -> None:
    pauses = [calc_delay_sending("a" * length) for length in (0, 10, 100, 1000, 4096)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1.0, 7.0)
