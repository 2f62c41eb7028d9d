# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram, through telepot: the one door to it, with `telegram_errors.py` beside, where its errors become ours.

telepot's own MessageLoop confirms an update when it puts it into a queue in memory, so that a crash loses answers; its
GetUpdatesLoop cannot be stopped and goes deaf on update kinds it does not know. So the loop is ours
(`service/message_loop.py`), on top of telepot's Bot and its HTTP.
"""

from __future__ import annotations

import html
import io
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import telepot
import telepot.api
import urllib3

from src.dialogues.model import FileKind
from src.engine.effects import (
    ButtonShown,
    DeleteMessage,
    EditText,
    FileShown,
    ForTelegram,
    OwnData,
    RemoveButtons,
    Send,
)
from src.errors import BotError, Refused
from src.identities import TelegramId
from src.service.ports import FileIds, MadeFile, Update
from src.telegram_errors import translated
from src.telegram_files import Sent, TelegramFiles, Upload, sent_from
from src.telegram_updates import ALLOWED_UPDATES, update_from

log = logging.getLogger(__name__)

ANSWER_TIMEOUT = 10
"""Seconds to wait for Telegram's answer; a plain number, because telepot adds to it."""

UPLOAD_TIMEOUT = 60
BAD_HTML = re.compile(r"can't parse entities", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
FIELD_OF = {FileKind.PICTURE: "photo", FileKind.DOCUMENT: "document"}
METHOD_OF = {FileKind.PICTURE: "sendPhoto", FileKind.DOCUMENT: "sendDocument"}


def calc_delay_sending(text: str) -> float:
    """Return the pause, in seconds, before `text` is shown: the time to breathe and to read on. Adapt it here, and
    only here.
    """
    return min(1.0 + 0.02 * len(text), 7.0)


class TelegramBot:
    """The Telegram port. One instance serves all threads."""

    def __init__(
        self,
        token: str,
        outgoing: Path,
        *,
        url: str = "https://api.telegram.org",
        proxy: str = "",
        certificates: Path | None = None,
        file_ids: FileIds | None = None,
    ) -> None:
        """Prepare telepot for a bot's `token`; nothing is sent yet. `outgoing` is the folder of pictures and
        documents, `file_ids` remembers which of them Telegram has.
        """
        self.files = TelegramFiles(outgoing, file_ids)
        self.bot = telepot.Bot(token)
        prepare_telepot(url.rstrip("/"), proxy, certificates)

    def who_am_i(self) -> str:
        """Return the bot's user name. Raises NotAllowed for a wrong token, TryLater when Telegram is away."""
        return str(self._call("getMe", read=lambda me: me.get("username", "")))

    def listen_by_polling(self) -> None:
        """Take a webhook away if there is one; what is waiting stays."""
        self._call("deleteWebhook", {"drop_pending_updates": False})

    def updates(self, offset: int | None, wait: int) -> Sequence[Update]:
        """Return what has arrived; an update of a kind we do not know comes back with its number alone."""
        params = {"offset": offset, "timeout": wait, "allowed_updates": list(ALLOWED_UPDATES)}
        read = self._call("getUpdates", params, read=lambda page: [update_from(raw) for raw in page])
        return [update for update in read if update is not None]

    def send(self, to: TelegramId, what: ForTelegram) -> int | None:
        """Send a message and return its id; buttons that are gone already are no error."""
        if isinstance(what, RemoveButtons):
            self._remove_buttons(to, what)
            return None
        if isinstance(what, OwnData):
            raise Refused("a file about somebody is made before it is sent")
        if isinstance(what, EditText | DeleteMessage):
            self._change(to, what)
            return None
        if what.file is None:
            return self._send_text(to, what)
        try:
            return self._send_file(to, what, what.file)
        except Refused as refusal:
            if not what.text:
                raise
            log.warning("A file could not be sent, its text goes alone: %s", refusal)
            return self._send_text(to, what)

    def send_made(self, to: TelegramId, file: MadeFile) -> int:
        """Send a file that lies on no disk; Telegram's id of it is not kept."""
        given = ("document", Upload(file.name, file.content))
        return self._post("sendDocument", {"chat_id": to}, "caption", file.caption, given).message_id

    def set_profile(self, method: str, params: Mapping[str, Any]) -> None:
        """Set something that the bot tells about itself: its commands, its descriptions."""
        self._call(method, params)

    def answer_press(self, query_id: str, text: str | None) -> None:
        """Stop the progress bar; a query that is too old is nobody's trouble."""
        try:
            self._call("answerCallbackQuery", {"callback_query_id": query_id, "text": text[:200] if text else None})
        except BotError as error:
            log.info("A press could not be acknowledged: %s", error)

    def show_typing(self, to: TelegramId) -> None:
        """Show that the bot is writing."""
        try:
            self._call("sendChatAction", {"chat_id": to, "action": "typing"})
        except BotError as error:
            log.info("Typing could not be shown: %s", error)

    def _remove_buttons(self, to: TelegramId, what: RemoveButtons) -> None:
        try:
            self._call("editMessageReplyMarkup", {"chat_id": to, "message_id": what.message_id})
        except Refused as refusal:
            log.info("Buttons were not removed: %s", refusal)

    def _change(self, to: TelegramId, what: EditText | DeleteMessage) -> None:
        params: dict[str, Any] = {"chat_id": to, "message_id": what.message_id}
        try:
            if isinstance(what, DeleteMessage):
                self._call("deleteMessage", params)
            else:
                text = {"text": what.text, "parse_mode": "HTML", "reply_markup": keyboard(what.buttons)}
                self._call("editMessageText", params | text)
        except Refused as refusal:
            log.info("A message was not changed: %s", refusal)

    def _send_text(self, to: TelegramId, what: Send) -> int:
        params = {"chat_id": to, "reply_markup": keyboard(what.buttons)}
        return self._post("sendMessage", params, "text", what.text).message_id

    def _send_file(self, to: TelegramId, what: Send, file: FileShown) -> int:
        def post(kind: FileKind, given: str | Upload) -> Sent:
            params = {"chat_id": to, "reply_markup": keyboard(what.buttons)}
            if isinstance(given, str):
                return self._post(METHOD_OF[kind], {**params, FIELD_OF[kind]: given}, "caption", what.text)
            return self._post(METHOD_OF[kind], params, "caption", what.text, (FIELD_OF[kind], given))

        return self.files.send(file, post)

    def _post(
        self, method: str, params: dict[str, Any], field: str, text: str, file: tuple[str, Upload] | None = None
    ) -> Sent:
        rich = {**params, field: text, "parse_mode": "HTML"}
        try:
            return self._sent(method, rich, file)
        except Refused as refusal:
            if not BAD_HTML.search(str(refusal)):
                raise
            log.warning("Telegram does not accept the HTML of a text, it goes without: %s", refusal)
            bare = {**params, field: html.unescape(TAG.sub("", text))}
            return self._sent(method, bare, file)

    def _sent(self, method: str, params: Mapping[str, Any], file: tuple[str, Upload] | None) -> Sent:
        sent: Sent = self._call(method, params, file, sent_from)
        return sent

    def _call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        file: tuple[str, Upload] | None = None,
        read: Callable[[Any], Any] = lambda result: result,
    ) -> Any:
        # telepot gives the server's answer as plain dictionaries, and raises whatever comes its way.
        given = telepot._rectify({name: value for name, value in (params or {}).items() if value is not None})
        try:
            if file is None:
                # As a plain form: multipart, telepot's default, costs both sides several times as much.
                return read(self.bot._api_request(method, given, encode_multipart=False))
            # Fresh bytes at each attempt: a file object is exhausted by the first.
            upload = (file[1].name, io.BytesIO(file[1].content))
            return read(self.bot._api_request(method, given, {file[0]: upload}, timeout=UPLOAD_TIMEOUT))
        except Exception as error:  # noqa: BLE001
            # telepot lets anything out that a broken answer makes it stumble over (telegram.md 1.2, row 17).
            raise translated(error) from None


def bot_number(token: str) -> str:
    """Return the bot's number at Telegram, with which every token begins; empty if this one does not."""
    number = token.partition(":")[0]
    return number if number.isdecimal() else ""


def keyboard(rows: Sequence[Sequence[ButtonShown]]) -> dict[str, Any] | None:
    """Return the inline keyboard as Telegram wants it, None without buttons."""
    if not rows:
        return None
    return {"inline_keyboard": [[{"text": each.label, "callback_data": each.value} for each in row] for row in rows]}


def prepare_telepot(url: str, proxy: str, certificates: Path | None) -> None:
    """Make telepot use our server, our proxy, one attempt per call and time-outs that end (telegram.md 1.2 and 1.4).

    telepot keeps these in its module, so they hold for every bot of the process.
    """
    options: dict[str, Any] = {"num_pools": 4, "maxsize": 64, "retries": False, "timeout": ANSWER_TIMEOUT}
    if certificates is not None:
        options["ca_certs"] = str(certificates)
    pool = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
    telepot.api._pools["default"] = pool
    telepot.api._which_pool = lambda _req, **_: "default"
    telepot.api._methodurl = lambda req, **_: f"{url}/bot{req[0]}/{req[1]}"
    telepot.api._fileurl = lambda req: f"{url}/file/bot{req[0]}/{req[1]}"
