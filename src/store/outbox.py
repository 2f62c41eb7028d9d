# SPDX-License-Identifier: GPL-3.0-or-later
"""The outbox of a participant as documents, and back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from src.dialogues.model import FileKind
from src.engine.effects import (
    ButtonShown,
    DeleteMessage,
    EditText,
    FileShown,
    Outgoing,
    OwnData,
    RemoveButtons,
    Send,
    Sendable,
)
from src.engine.news import News, NewsKind, ToPartner
from src.identities import Pseudonym
from src.store.answers import answer_document, answer_from
from src.store.reading import Document, documents_of
from src.store.times import EPOCH

log = logging.getLogger(__name__)

_SEND = "send"
_REMOVE_BUTTONS = "remove_buttons"
_OWN_DATA = "own_data"
_EDIT = "edit"
_DELETE = "delete"
_TO_PARTNER = "to_partner"
_KINDS = (_SEND, _REMOVE_BUTTONS, _OWN_DATA, _EDIT, _DELETE, _TO_PARTNER)


def outgoing_document(outgoing: Outgoing) -> Document:
    """Return one entry of the outbox as it is stored."""
    counts = {"tries": outgoing.tries, "doubts": outgoing.doubts}
    return {"id": outgoing.id, **counts, **_what_document(outgoing.what)}


def outbox_from(value: object) -> tuple[Outgoing, ...]:
    """Read the outbox; whatever is no entry of ours is left out."""
    entries = (_outgoing_from(document) for document in documents_of(value))
    return tuple(entry for entry in entries if entry is not None)


def _outgoing_from(entry: Mapping[str, Any]) -> Outgoing | None:
    if entry.get("kind") not in _KINDS:
        return None
    try:
        return Outgoing(entry["id"], _what_from(entry), entry["tries"], int(entry.get("doubts", 0)))
    except (KeyError, TypeError, ValueError):
        # One odd entry, changed by hand perhaps, must not stop everybody.
        log.warning("An entry of an outbox cannot be read and is left out.")
        return None


def _what_document(what: Sendable) -> Document:
    if isinstance(what, RemoveButtons):
        return {"kind": _REMOVE_BUTTONS, "message_id": what.message_id}
    if isinstance(what, ToPartner):
        return {"kind": _TO_PARTNER, "to": what.to, "news": _news_document(what.news)}
    if isinstance(what, OwnData):
        return {"kind": _OWN_DATA, "who": what.who, "language": what.language}
    if isinstance(what, DeleteMessage):
        return {"kind": _DELETE, "message_id": what.message_id}
    if isinstance(what, EditText):
        buttons = _buttons_document(what.buttons)
        return {"kind": _EDIT, "message_id": what.message_id, "text": what.text, "buttons": buttons}
    return send_document(what)


def _buttons_document(rows: tuple[tuple[ButtonShown, ...], ...]) -> list[list[Document]]:
    return [[{"value": one.value, "label": one.label} for one in row] for row in rows]


def _buttons_from(rows: Any) -> tuple[tuple[ButtonShown, ...], ...]:
    return tuple(tuple(ButtonShown(one["value"], one["label"]) for one in row) for row in rows)


def send_document(what: Send) -> Document:
    """Return a message that is to be sent as it is stored."""
    return {
        "kind": _SEND,
        "text": what.text,
        "buttons": _buttons_document(what.buttons),
        "file": {"kind": what.file.kind.value, "name": what.file.name} if what.file else None,
        "pause": what.pause,
        "run": what.run,
        "message": what.message,
        "asks": what.asks,
        "job": what.job,
        "by_day": what.by_day,
    }


def _what_from(entry: Mapping[str, Any]) -> Sendable:
    if entry["kind"] == _REMOVE_BUTTONS:
        return RemoveButtons(entry["message_id"])
    if entry["kind"] == _TO_PARTNER:
        return ToPartner(Pseudonym(entry["to"]), _news_from(entry["news"]))
    if entry["kind"] == _OWN_DATA:
        return OwnData(Pseudonym(entry["who"]), entry["language"])
    if entry["kind"] == _DELETE:
        return DeleteMessage(entry["message_id"])
    if entry["kind"] == _EDIT:
        return EditText(entry["message_id"], entry["text"], _buttons_from(entry["buttons"]))
    return send_from(entry)


def send_from(entry: Mapping[str, Any]) -> Send:
    """Read a message that is to be sent; raises KeyError, TypeError or ValueError if it is none."""
    file = entry["file"]
    return Send(
        text=entry["text"],
        buttons=_buttons_from(entry["buttons"]),
        file=FileShown(FileKind(file["kind"]), file["name"]) if file else None,
        pause=float(entry["pause"]),
        run=entry["run"],
        message=entry["message"],
        asks=entry["asks"],
        job=entry.get("job"),
        by_day=entry.get("by_day") is True,
    )


def _news_document(news: News) -> Document:
    return {
        "id": news.id,
        "pair": news.pair,
        "sender": news.sender,
        "kind": news.kind.value,
        "dialogue": news.dialogue,
        "revision": news.revision,
        "message": news.message,
        "answer": answer_document(news.answer) if news.answer else None,
    }


def _news_from(entry: Mapping[str, Any]) -> News:
    return News(
        id=entry["id"],
        pair=entry["pair"],
        sender=Pseudonym(entry["sender"]),
        kind=NewsKind(entry["kind"]),
        dialogue=entry["dialogue"],
        revision=entry["revision"],
        message=entry["message"],
        answer=answer_from(entry["answer"], EPOCH) if entry["answer"] else None,
    )
