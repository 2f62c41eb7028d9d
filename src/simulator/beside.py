# SPDX-License-Identifier: GPL-3.0-or-later
"""What another program adds to the chat page: files of its own, and answers to what they ask."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from src.errors import BotError
from src.simulator.bodies import json_body
from src.simulator.entities import Json
from src.simulator.refusals import NotPossible

ENDINGS = frozenset({".js", ".css"})


@dataclass(frozen=True)
class Beside:
    """`folder` holds the files, of which the page loads `panel.js`; each of `answers` takes JSON and returns JSON.

    Answers are made in threads of their own, and may take a while. A BotError is shown to the person as its one line.
    """

    folder: Path
    answers: Mapping[str, Callable[[Json], Json]]


class BesideRoutes:
    """Hands out the files as /beside/NAME, and answers what is posted there."""

    def __init__(self, beside: Beside) -> None:
        self._answers = beside.answers
        self._files = {each.name: each for each in beside.folder.iterdir() if each.suffix in ENDINGS}

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/beside/{name}", self.file)
        app.router.add_post("/beside/{name}", self.answer)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.FileResponse(file, headers={"Cache-Control": "no-cache"})

    async def answer(self, request: web.Request) -> web.Response:
        """Answer what the page asks."""
        answer = self._answers.get(request.match_info["name"])
        if answer is None:
            raise web.HTTPNotFound
        asked = await json_body(request)
        try:
            told = await asyncio.to_thread(answer, asked)
        except BotError as error:
            raise NotPossible(str(error)) from error
        return web.json_response(text=json.dumps(told, ensure_ascii=False))
