# SPDX-License-Identifier: GPL-3.0-or-later
"""Live events for the chat page, and the JSON forms in which it sees persons and messages."""

import asyncio
import json

from aiohttp import web

from src.simulator.entities import Json
from src.simulator.messages import ChatMessage, Person
from src.simulator.presses import Press
from src.simulator.telegram import Event

MOST_WAITING = 1000
_SHOWN = frozenset({"person", "message", "deleted", "typing", "answer", "commands", "beside"})


class LiveEvents:
    """Spreads events to the open WebSockets. A page that is too slow is cut off and comes back."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queues: set[asyncio.Queue[str | None]] = set()

    def listen(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Spread events in this loop from now on; None: in none."""
        self._loop = loop

    def on_event(self, event: Event) -> None:
        """Take an event from any thread."""
        loop = self._loop
        if self._queues and event.kind in _SHOWN and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._spread, event)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Keep one WebSocket until the page leaves or is too slow."""
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        sender = asyncio.create_task(self._send(socket, queue))
        try:
            async for _ in socket:
                pass
        finally:
            self._queues.discard(queue)
            sender.cancel()
        return socket

    def close(self) -> None:
        """Let go of all pages."""
        for queue in self._queues:
            queue.put_nowait(None)

    def _spread(self, event: Event) -> None:
        text = json.dumps(_event_json(event), ensure_ascii=False)
        for queue in list(self._queues):
            if queue.qsize() > MOST_WAITING:
                self._queues.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(text)

    async def _send(self, socket: web.WebSocketResponse, queue: asyncio.Queue[str | None]) -> None:
        try:
            await socket.send_str('{"kind": "hello"}')
            while (text := await queue.get()) is not None:
                await socket.send_str(text)
            await socket.close()
        except ConnectionError:
            return


def person_json(person: Person) -> Json:
    """Return what the page knows about a person."""
    return dict(vars(person))


def message_json(message: ChatMessage) -> Json:
    """Return what the page needs to draw a message: entities and buttons, never markup."""
    body: Json = {
        name: getattr(message, name)
        for name in ("message_id", "from_bot", "date", "kind", "plain", "photo", "document", "edited")
    }
    body["entities"] = [entity.as_json() for entity in message.entities]
    body["file"] = f"/people/files/{message.file_id}" if message.file_id else None
    body["buttons"] = [[_button_json(button) for button in row] for row in message.keyboard]
    return body


def _button_json(button: Json) -> Json:
    return {name: button[key] for name, key in _BUTTON_FIELDS if key in button}


_BUTTON_FIELDS = (("label", "text"), ("data", "callback_data"), ("url", "url"), ("style", "style"))


def _event_json(event: Event) -> Json:
    body: object = event.body
    if isinstance(body, ChatMessage):
        body = message_json(body)
    elif isinstance(body, Person):
        body = person_json(body)
    elif isinstance(body, Press):
        body = {name: getattr(body, name) for name in ("query_id", "message_id", "data", "text", "show_alert")}
    return {"kind": event.kind, "sequence": event.sequence, "chat_id": event.chat_id, "body": body}
