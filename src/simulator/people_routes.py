# SPDX-License-Identifier: GPL-3.0-or-later
"""The people's side over HTTP, for the chat page and for other processes: /people, /events and the page."""

import mimetypes
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from aiohttp import web

from src.simulator import people_side
from src.simulator.bodies import Once, json_body, text_in
from src.simulator.entities import Json
from src.simulator.live import LiveEvents, message_json, person_json
from src.simulator.refusals import NotPossible
from src.simulator.telegram import Telegram

PAGE = Path(__file__).parent / "page"
MOST_AT_ONCE = 200
LONGEST_PREVIEW = 80
_PAGE_FILES = {"": "index.html"} | {
    name: name for name in ("chat.js", "events.js", "net.js", "screen.js", "view.js", "chat.css")
}
_SHOWN_IN_THE_BROWSER = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}
)

Action = Callable[[Telegram, int, Json], Any]


def _write(telegram: Telegram, person_id: int, body: Json) -> Json:
    return message_json(people_side.write(telegram, person_id, text_in(body, "text")))


def _press(telegram: Telegram, person_id: int, body: Json) -> Json:
    message_id = body.get("message_id")
    if not isinstance(message_id, int):
        raise NotPossible('The field "message_id" must be a number.')
    return {"query_id": people_side.press(telegram, person_id, message_id, text_in(body, "data"))}


def _send_other(telegram: Telegram, person_id: int, body: Json) -> Json:
    return message_json(people_side.send_other(telegram, person_id, text_in(body, "kind")))


def _block(telegram: Telegram, person_id: int, _body: Json) -> Json:
    return person_json(people_side.set_blocked(telegram, person_id, True))


def _unblock(telegram: Telegram, person_id: int, _body: Json) -> Json:
    return person_json(people_side.set_blocked(telegram, person_id, False))


ACTIONS: dict[str, Action] = {
    "messages": _write,
    "presses": _press,
    "others": _send_other,
    "block": _block,
    "unblock": _unblock,
}


class PeopleRoutes:
    """Answers the page and other processes that play persons."""

    def __init__(self, telegram: Telegram, live: LiveEvents, has_panel: bool = False) -> None:
        self._telegram = telegram
        self._live = live
        self._has_panel = has_panel
        self._once = Once()

    def add_to(self, app: web.Application) -> None:
        """Add the routes of the people's side to an application."""
        app.router.add_get("/people", self.people)
        app.router.add_post("/people", self.add_person)
        app.router.add_get("/people/files/{file_id}", self.file)
        app.router.add_get(r"/people/{id:\d+}/messages", self.messages)
        app.router.add_get(r"/people/{id:\d+}/commands", self.commands)
        app.router.add_post(r"/people/{id:\d+}/{action}", self.act)
        app.router.add_get("/events", self._live.serve)
        app.router.add_get("/{name:|chat.js|events.js|net.js|screen.js|view.js|chat.css}", self.page)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Hand out the chat page and its parts."""
        return web.FileResponse(PAGE / _PAGE_FILES[request.match_info["name"]], headers={"Cache-Control": "no-cache"})

    async def people(self, _request: web.Request) -> web.Response:
        """List all persons, with the number of the last event that this list includes."""
        with self._telegram.lock:
            people = [person_json(person) | self._newest(person.id) for person in self._telegram.people.values()]
            bot = self._telegram.bot_user()
            numbered = {"sequence": self._telegram.sequence, "panel": self._has_panel}
            return _json({"people": people, "bot": bot} | numbered)

    def _newest(self, person_id: int) -> Json:
        """Return how the newest message of a chat begins, and its id."""
        last = next(reversed(self._telegram.chats[person_id].values()), None)
        words = (last.plain or last.kind)[:LONGEST_PREVIEW] if last else ""
        return {"last": words, "newest": last.message_id if last else 0}

    async def add_person(self, request: web.Request) -> web.Response:
        """Add a person from {"name", "language_code"}."""
        body = await json_body(request)
        language = str(body.get("language_code", "en"))
        with self._telegram.lock:
            person = people_side.add_person(self._telegram, text_in(body, "name"), language, None)
        return _json(person_json(person), 201)

    async def messages(self, request: web.Request) -> web.Response:
        """List the last messages of a chat, oldest first, or those before the message `before`."""
        before = int(request.query.get("before", "0")) or None
        with self._telegram.lock:
            self._telegram.person(_person_id(request))
            chat = self._telegram.chats[_person_id(request)]
            newest_first = (each for each in reversed(chat.values()) if not before or each.message_id < before)
            found = [message_json(each) for each in islice(newest_first, MOST_AT_ONCE + 1)]
            sequence = self._telegram.sequence
        more = len(found) > MOST_AT_ONCE
        return _json({"messages": found[:MOST_AT_ONCE][::-1], "more": more, "sequence": sequence})

    async def commands(self, request: web.Request) -> web.Response:
        """List the commands that the bot offers to this person."""
        with self._telegram.lock:
            person = self._telegram.person(_person_id(request))
            commands = self._telegram.profile.commands_for(person.id, person.language_code)
        return _json({"commands": commands})

    async def act(self, request: web.Request) -> web.Response:
        """Let a person write, press, send something else, block or unblock."""
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        body = await json_body(request)
        with self._telegram.lock:
            return _json(self._once.answer(body.get("key"), lambda: action(self._telegram, _person_id(request), body)))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file by its id; only harmless kinds open in the browser."""
        stored = self._telegram.files.find(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(stored.path)[0] or "application/octet-stream"
        headers = {"Content-Type": kind, "Cache-Control": "private, max-age=3600"}
        if kind not in _SHOWN_IN_THE_BROWSER:
            headers |= {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
        return web.FileResponse(self._telegram.files.folder / stored.path, headers=headers)


def _person_id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _json(body: Json, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)
