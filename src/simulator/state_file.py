# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the state of the local Bot API in a JSON file, so that a demo goes on where it was stopped."""

import json
import logging
import os
import threading
from pathlib import Path
from typing import Any

from src.simulator.entities import Json
from src.simulator.messages import ChatMessage, Person, message_from_json
from src.simulator.presses import Press
from src.simulator.refusals import StateUnreadable
from src.simulator.telegram import Event, Telegram

SECONDS_BETWEEN_WRITES = 0.5
FORM = 1

log = logging.getLogger(__name__)


class StateFile:
    """Writes the file in a thread of its own, shortly after a change, always whole.

    Only chats with changes are put into words again, so that the lock is held for a moment.
    """

    def __init__(self, path: Path, telegram: Telegram) -> None:
        self._path = path
        self._telegram = telegram
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._dirty: set[int] = set(telegram.chats)
        self._written: dict[int, str] = {}
        self._thread: threading.Thread | None = None

    def on_event(self, event: Event) -> None:
        """Note that something changed; called with the lock held."""
        if event.kind in ("message", "deleted"):
            self._dirty.add(event.chat_id)
        self._changed.set()

    def start(self) -> None:
        """Write after changes from now on."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="local-bot-api-state", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write a last time and end."""
        self._stopping.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            self._changed.wait()
            self._stopping.wait(SECONDS_BETWEEN_WRITES)
            last = self._stopping.is_set()
            self._changed.clear()
            try:
                self._save()
            except OSError:
                log.exception("The state of the local Bot API could not be written")
            if last:
                return

    def _save(self) -> None:
        with self._telegram.lock:
            rest = _dump(self._telegram)
            dirty, self._dirty = self._dirty, set()
            chats = {chat_id: list(self._telegram.chats[chat_id].values()) for chat_id in dirty}
        for chat_id, messages in chats.items():
            self._written[chat_id] = json.dumps([each.as_json() for each in messages], ensure_ascii=False)
        body = ",\n".join(f'"{chat_id}": {text}' for chat_id, text in self._written.items())
        head = json.dumps(rest, ensure_ascii=False)[:-1]
        _write_whole(self._path, f'{head}, "chats": {{\n{body}\n}}}}\n')


def load_state(path: Path, telegram: Telegram) -> None:
    """Take over the state of an earlier run, if there is one; raise StateUnreadable if it is broken."""
    if not path.exists():
        return
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        _take_over(telegram, body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateUnreadable(path) from error


def _dump(telegram: Telegram) -> Json:
    return {
        "form": FORM,
        "next_message_id": telegram.next_message_id,
        "next_person_id": telegram.next_person_id,
        "webhook": telegram.webhook,
        "people": [dict(vars(person)) for person in telegram.people.values()],
        "updates": telegram.updates.dump(),
        "presses": [dict(vars(press)) for press in telegram.presses.all()[-100:]],
        "profile": telegram.profile.dump(),
        "files": telegram.files.dump(),
    }


def _take_over(telegram: Telegram, body: Json) -> None:
    if body["form"] != FORM:
        raise ValueError("another form of state file")
    telegram.next_message_id = int(body["next_message_id"])
    telegram.next_person_id = int(body["next_person_id"])
    telegram.webhook = str(body["webhook"])
    telegram.people = {each["id"]: Person(**each) for each in body["people"]}
    telegram.updates.load(body["updates"])
    telegram.presses.load(Press(**each) for each in body["presses"])
    telegram.profile.load(body["profile"])
    telegram.files.load(body["files"])
    chats = {person_id: _messages(body["chats"].get(str(person_id), [])) for person_id in telegram.people}
    telegram.chats = chats


def _messages(bodies: list[Any]) -> dict[int, ChatMessage]:
    messages = map(message_from_json, bodies)
    return {message.message_id: message for message in messages}


def _write_whole(path: Path, text: str) -> None:
    """Write beside the file and rename, so that there is always one whole file; readable by us alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(path)
