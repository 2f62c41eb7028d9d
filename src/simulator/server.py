# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: one thread with its own event loop, started and stopped from outside."""

import asyncio
import socket
import threading
from collections.abc import Callable

from aiohttp import web

from src.simulator.reading import MOST_BYTES_OF_REQUEST
from src.simulator.refusals import PortTaken

SECONDS_TO_STOP = 10.0

Listen = Callable[[asyncio.AbstractEventLoop | None], None]


class Server:
    """Serves the routes that `add_routes` adds; `listen` is told the loop, and None when it ends."""

    def __init__(self, host: str, port: int, add_routes: Callable[[], web.Application], listen: Listen) -> None:
        self._host = host
        self.port = port
        self._make_app = add_routes
        self._listen = listen
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None

    def start(self) -> None:
        """Listen; return when requests are taken; raise PortTaken if the port is not free."""
        if self._thread is not None:
            return
        listening = self._bind()
        self.port = int(listening.getsockname()[1])
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening, ready)), name="local-bot-api", daemon=True
        )
        self._thread.start()
        ready.wait(SECONDS_TO_STOP)

    def stop(self) -> None:
        """Close all connections and the port; the same port is taken again at the next start."""
        thread, loop, end = self._thread, self._loop, self._end
        if thread is None or loop is None or end is None:
            return
        loop.call_soon_threadsafe(end.set)
        thread.join(SECONDS_TO_STOP)
        self._thread = self._loop = self._end = None

    def _bind(self) -> socket.socket:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._host, self.port))
            listening.listen(256)
        except (OSError, OverflowError) as error:
            listening.close()
            raise PortTaken(self._host, self.port, str(error)) from error
        return listening

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(self._make_app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        self._listen(self._loop)
        ready.set()
        await self._end.wait()
        self._listen(None)
        await runner.cleanup()


def new_app(*middlewares: Callable[..., object]) -> web.Application:
    """Return an application that takes requests as large as Telegram does."""
    return web.Application(client_max_size=MOST_BYTES_OF_REQUEST, middlewares=list(middlewares))  # type: ignore[arg-type]
