# SPDX-License-Identifier: GPL-3.0-or-later
"""From an HTTP request to a `Call`: query, form, multipart or JSON, whatever the bot's library prefers."""

import json

from aiohttp import web

from src.simulator.calls import Call, Upload, as_parameter
from src.simulator.refusals import TooLarge, bad_request

MOST_BYTES_OF_FILE = 50 * 1024 * 1024
MOST_BYTES_OF_REQUEST = MOST_BYTES_OF_FILE + 1024 * 1024
MOST_BYTES_DISCARDED = 4 * MOST_BYTES_OF_REQUEST


async def read_call(request: web.Request, method: str) -> Call:
    """Return what the bot asks for; raise TooLarge or, if the body cannot be read, Refusal 400."""
    parameters = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return Call(method, parameters)
    if (request.content_length or 0) > MOST_BYTES_OF_REQUEST:
        await _discard(request)
        raise TooLarge("The request is larger than the front server allows.")
    try:
        if request.content_type == "application/json":
            parameters |= _from_json(await request.text())
            "".join(parameters.values()).encode()
            return Call(method, parameters)
        return await _read_form(request, method, parameters)
    except UnicodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    except web.HTTPRequestEntityTooLarge as error:
        raise TooLarge("The request is larger than the front server allows.") from error
    except ValueError as error:
        raise bad_request("can't read the body of the request") from error


def _from_json(source: str) -> dict[str, str]:
    try:
        body = json.loads(source)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object: expected an Object")
    return {name: as_parameter(value) for name, value in body.items() if value is not None}


async def _read_form(request: web.Request, method: str, parameters: dict[str, str]) -> Call:
    files: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = _upload(value)
        else:
            parameters[name] = value if isinstance(value, str) else bytes(value).decode()
    return Call(method, parameters, files)


def _upload(field: web.FileField) -> Upload:
    with field.file as source:
        content = source.read()
    if len(content) > MOST_BYTES_OF_FILE:
        raise TooLarge("The file is larger than the front server allows.")
    return Upload(field.filename.replace("%22", '"'), content)


async def _discard(request: web.Request) -> None:
    """Read the body away, so that the sender comes to reading our answer, but not without end."""
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > MOST_BYTES_DISCARDED:
            return
