# SPDX-License-Identifier: GPL-3.0-or-later
"""The outbox of a participant as documents, and back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from src.dialogues.model import FileKind
from src.engine.effects import ButtonShown, DeleteMessage, EditText, FileShown, Outgoing, RemoveButtons, Send, Sendable
from src.store.reading import Document, documents_of

log = logging.getLogger(__name__)

_SEND = "send"
_REMOVE_BUTTONS = "remove_buttons"
_EDIT = "edit"
_DELETE = "delete"
_KINDS = (_SEND, _REMOVE_BUTTONS, _EDIT, _DELETE)


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
    if isinstance(what, DeleteMessage):
        return {"kind": _DELETE, "message_id": what.message_id}
    buttons = [[{"value": one.value, "label": one.label} for one in row] for row in what.buttons]
    if isinstance(what, EditText):
        return {"kind": _EDIT, "message_id": what.message_id, "text": what.text, "buttons": buttons}
    return {
        "kind": _SEND,
        "text": what.text,
        "buttons": buttons,
        "file": {"kind": what.file.kind.value, "name": what.file.name} if what.file else None,
        "pause": what.pause,
        "run": what.run,
        "message": what.message,
        "asks": what.asks,
        "job": what.job,
    }


def _what_from(entry: Mapping[str, Any]) -> Sendable:
    if entry["kind"] == _REMOVE_BUTTONS:
        return RemoveButtons(entry["message_id"])
    if entry["kind"] == _DELETE:
        return DeleteMessage(entry["message_id"])
    buttons = tuple(tuple(ButtonShown(one["value"], one["label"]) for one in row) for row in entry["buttons"])
    if entry["kind"] == _EDIT:
        return EditText(entry["message_id"], entry["text"], buttons)
    file = entry["file"]
    return Send(
        text=entry["text"],
        buttons=buttons,
        file=FileShown(FileKind(file["kind"]), file["name"]) if file else None,
        pause=float(entry["pause"]),
        run=entry["run"],
        message=entry["message"],
        asks=entry["asks"],
        job=entry.get("job"),
    )
