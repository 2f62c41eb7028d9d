# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page posts: a JSON object, and in it texts; and the same post twice, which does its work once."""

import json
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from src.simulator.entities import Json
from src.simulator.refusals import NotPossible

REMEMBERED = 1_000


async def json_body(request: web.Request) -> Json:
    """Read a JSON object; asking for this content type keeps plain forms of other sites out. Raises NotPossible."""
    if request.content_type != "application/json":
        raise NotPossible("The body must be JSON, with the content type application/json.")
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise NotPossible("The body is no JSON.") from error
    if not isinstance(body, dict):
        raise NotPossible("The body must be a JSON object.")
    return body


def text_in(body: Json, name: str) -> str:
    """Return a text of the body; raise NotPossible if there is none of this name."""
    if not isinstance(body.get(name), str):
        raise NotPossible(f'The field "{name}" must be a text.')
    return str(body[name])


class Once:
    """Remembers the last answers by the `key` that came with the post.

    When a connection drops the page cannot know whether its post has arrived: it posts the same again, with the same
    key, and a person who wrote once has written once.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Json] = OrderedDict()

    def answer(self, key: object, make: Callable[[], Json]) -> Json:
        """Return the answer that this key had before, else make it; without a key it is always made."""
        if not isinstance(key, str):
            return make()
        if key not in self._answers:
            self._answers[key] = make()
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[key]
