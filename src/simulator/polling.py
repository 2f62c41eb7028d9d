# SPDX-License-Identifier: GPL-3.0-or-later
"""getUpdates: the long poll, and the quarrel of two pollers."""

import asyncio
import time
from typing import Any

from src.simulator.calls import Call
from src.simulator.entities import Json
from src.simulator.refusals import TWO_POLLERS, Refusal, bad_request, conflict
from src.simulator.telegram import Event, Telegram
from src.simulator.updates import Update

LONGEST_TIMEOUT = 50
MOST_UPDATES = 100
SECONDS_BETWEEN_CONFLICTS = 3.0

_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Polling:
    """The one long poll that a bot may have. Use it in the server's event loop only."""

    def __init__(self, telegram: Telegram, brake: bool) -> None:
        self._telegram = telegram
        self._brake = brake
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Future[bool] | None = None
        self._last_conflict = -SECONDS_BETWEEN_CONFLICTS
        self._last_start = -SECONDS_BETWEEN_CONFLICTS
        self._last_offset: int | None = None

    def listen(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Wake polls in this loop from now on; None: in none."""
        self._loop = loop
        self._waiting = None

    def on_event(self, event: Event) -> None:
        """Wake the poll that waits, if there is a new update; may be called from any thread."""
        loop = self._loop
        if event.kind == "update" and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, True)

    async def get_updates(self, call: Call) -> list[Json]:
        """Return updates, waiting up to `timeout` seconds for the first; raise Refusal 409 on a conflict."""
        self._wake(False)
        if self._telegram.webhook:
            raise conflict(_WEBHOOK)
        self._remember_allowed(call)
        offset = call.number("offset")
        limit, timeout = self._limit_and_timeout(call, offset)
        updates = self._fetch(offset, limit)
        deadline = time.monotonic() + timeout
        while not updates and (seconds := deadline - time.monotonic()) > 0:
            if not await self._updates_came(seconds):
                return []
            updates = self._fetch(max(offset, 0), limit)
        return [update.as_json() for update in updates]

    async def _updates_came(self, seconds: float) -> bool:
        """Wait; return False when the time is over; raise Refusal when another poll has taken over."""
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            came = await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return False
        finally:
            if self._waiting is waiting:
                self._waiting = None
        if not came:
            raise await self._conflict()
        return True

    def _wake(self, updates_came: bool) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(updates_came)

    async def _conflict(self) -> Refusal:
        """Return the refusal for the older poll; one that follows soon after another comes late."""
        now = time.monotonic()
        soon = now - self._last_conflict < SECONDS_BETWEEN_CONFLICTS
        self._last_conflict = now
        if soon:
            await asyncio.sleep(SECONDS_BETWEEN_CONFLICTS)
        return conflict(TWO_POLLERS)

    def _limit_and_timeout(self, call: Call, offset: int) -> tuple[int, int]:
        """Clip both, and slow down a bot that asks the same again and again, as Telegram does."""
        limit = call.number("limit", MOST_UPDATES)
        limit = limit if 1 <= limit <= MOST_UPDATES else MOST_UPDATES
        timeout = min(max(call.number("timeout"), 0), LONGEST_TIMEOUT)
        now = time.monotonic()
        since = now - self._last_start
        if self._brake and offset == self._last_offset:
            timeout = max(timeout, 3) if since < 3.0 else timeout
            limit = 1 if since < 0.5 else limit
        self._last_start, self._last_offset = now, offset
        return limit, timeout

    def _remember_allowed(self, call: Call) -> None:
        kinds: Any = call.json("allowed_updates")
        if kinds is None:
            return
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            raise bad_request("can't parse allowed updates: expected an Array of String")
        with self._telegram.lock:
            self._telegram.updates.allow(kinds)

    def _fetch(self, offset: int, limit: int) -> list[Update]:
        with self._telegram.lock:
            return self._telegram.updates.fetch(offset, limit)
