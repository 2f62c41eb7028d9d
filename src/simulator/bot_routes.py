# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot's side over HTTP: /bot<TOKEN>/METHOD and /file/bot<TOKEN>/PATH."""

import asyncio
import http
import json
import secrets
from typing import Any

from aiohttp import web

from src.simulator.calls import Call
from src.simulator.fault_orders import FaultOrders
from src.simulator.faults import NO_FAULT, Fault, FaultHook, no_faults
from src.simulator.methods import METHODS
from src.simulator.pace import Pace, messages_in
from src.simulator.polling import Polling
from src.simulator.reading import read_call
from src.simulator.refusals import Refusal, TooLarge
from src.simulator.request_log import RequestLog
from src.simulator.telegram import Telegram

_NAMES = {name.lower(): name for name in (*METHODS, "getUpdates")}


class BotRoutes:
    """Answers the bot. `hook` is asked about every request, see faults.py, and after it the `orders`; `pace` judges
    what is carried out.
    """

    def __init__(self, token: str, telegram: Telegram, polling: Polling, log: RequestLog) -> None:
        self._token = token
        self._telegram = telegram
        self._polling = polling
        self._log = log
        self.hook: FaultHook = no_faults
        self.orders = FaultOrders()
        self.pace = Pace()

    def add_to(self, app: web.Application) -> None:
        """Add the bot's routes to an application."""
        app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]*}", self.method)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self.file)
        app.router.add_route("*", "/bot{rest:.*}", self.nothing)

    async def method(self, request: web.Request) -> web.StreamResponse:
        """Carry out one method, unless a fault says otherwise, and answer as Telegram does."""
        try:
            self._check_token(request)
            name = _NAMES.get(request.match_info["method"].lower(), "")
            call = await read_call(request, name)
        except Refusal as refusal:
            return _refused(refusal)
        except TooLarge:
            return html_error(413)
        self._log.note(name or "unknown", call.chat_id, messages_in(call))
        fault = self.hook(call) or self.orders.fault_for(call) or NO_FAULT
        await asyncio.sleep(fault.delay)
        answer = await self._answer(call, fault)
        await asyncio.sleep(fault.late)
        return await _deliver(request, answer, fault)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file that getFile named."""
        try:
            self._check_token(request)
        except Refusal as refusal:
            return _refused(refusal)
        folder = self._telegram.files.folder.resolve()
        path = (folder / request.match_info["path"]).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            return _refused(Refusal(404, "Not Found"))
        return web.FileResponse(path, headers={"Content-Type": "application/octet-stream"})

    async def nothing(self, _request: web.Request) -> web.Response:
        """Answer addresses that are no method."""
        return _refused(Refusal(404, "Not Found"))

    def _check_token(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if secrets.compare_digest(given.encode(), self._token.encode()):
            return
        known_form = given.partition(":")[0].isdigit() and given.partition(":")[2]
        raise Refusal(401, "Unauthorized" if known_form else "Unauthorized: invalid token specified")

    async def _answer(self, call: Call, fault: Fault) -> web.Response:
        if fault.refusal is not None:
            return _refused(fault.refusal)
        if fault.html_status is not None:
            return html_error(fault.html_status, fault.retry_after)
        if fault.odd_answer is not None:
            return web.Response(body=fault.odd_answer, content_type="application/json")
        if not fault.carried_out:
            return web.Response()
        try:
            return _json({"ok": True, "result": await self._carry_out(call)})
        except Refusal as refusal:
            return _refused(refusal)

    async def _carry_out(self, call: Call) -> Any:
        if call.method == "getUpdates":
            return await self._polling.get_updates(call)
        if call.method not in METHODS:
            raise Refusal(404, "Not Found: method not found")
        self.pace.check(call)
        with self._telegram.lock:
            return METHODS[call.method](self._telegram, call)


def html_error(status: int, retry_after: int | None = None) -> web.Response:
    """Return an error as a front server words it: a small HTML page, no JSON."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    reason = http.HTTPStatus(status).phrase
    page = (
        f"<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n"
        f"<center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)


async def _deliver(request: web.Request, answer: web.Response, fault: Fault) -> web.StreamResponse:
    """Send the answer, or half of it, or close the connection."""
    if not fault.truncated and not fault.unanswered:
        return answer
    assert request.transport is not None, "the connection is open until we close it"
    if fault.unanswered:
        request.transport.abort()
        return answer
    body = answer.body if isinstance(answer.body, bytes) else b""
    half = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    request.transport.close()
    return half


def _refused(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    headers = {}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    if "retry_after" in refusal.parameters:
        headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return _json(body, refusal.code, headers)


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)
