# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the people's side to this machine: pages of other sites may neither look nor act."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from src.simulator.refusals import NotPossible

OUR_HOSTS = frozenset({"localhost", "127.0.0.1"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep pages of other sites away from the people's side, and add the headers that every page needs."""
    if request.path.startswith(("/bot", "/file/bot")):
        return await handler(request)
    host = request.host.rsplit(":", 1)[0]
    if host not in OUR_HOSTS or request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        return web.json_response({"error": "Only this machine may come here."}, status=403)
    try:
        response = await handler(request)
    except NotPossible as error:
        response = web.json_response({"error": str(error)}, status=400)
    except ValueError:
        response = web.json_response({"error": "A number was expected."}, status=400)
    if not response.prepared:
        response.headers.update(_safe_headers(request.host))
    return response


def _safe_headers(host: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
