# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a bot may write: Telegram's limits, refused with 429, and a meter for any window of time.

Telegram's FAQ for bots: about one message a second in one chat, short bursts allowed, and about 30 a second over all
chats. Edits count as messages, answerCallbackQuery does not. How long a burst may be is not published.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from src.simulator.calls import Call
from src.simulator.refusals import Refusal, too_many_requests
from src.simulator.request_log import RequestRecord

COUNTED = frozenset(
    "sendMessage sendPhoto sendDocument editMessageText editMessageCaption editMessageReplyMarkup".split()
)
LIKELY_BURST = 5


@dataclass(frozen=True)
class Limits:
    """`per_chat` messages a second in one chat, after a `burst` of so many; `overall` in any one second.

    `penalty` is the least that a bot is told to wait, in seconds. A message that comes before the wait is over is
    refused too.
    """

    per_chat: float = 1.0
    burst: int = LIKELY_BURST
    overall: int = 30
    penalty: int = 1


@dataclass(frozen=True)
class Violations:
    """How often a bot was too fast: in one chat, over all chats, and before a wait that it was told was over."""

    in_a_chat: int = 0
    overall: int = 0
    too_early: int = 0


@dataclass
class _Chat:
    tokens: float
    at: float
    closed_until: float = 0.0


class Pace:
    """Judges each request when it is about to be carried out; `now` gives seconds that only grow."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._limits: Limits | None = None
        self._chats: dict[int, _Chat] = {}
        self._last_second: deque[float] = deque()
        self._counts = {"in_a_chat": 0, "overall": 0, "too_early": 0}

    def set_limits(self, limits: Limits | None) -> None:
        """Hold these limits from now on, and count anew; None: no limits."""
        with self._lock:
            self._limits = limits
            self._chats.clear()
            self._last_second.clear()
            self._counts = dict.fromkeys(self._counts, 0)

    def violations(self) -> Violations:
        """Return what was counted since the limits were set."""
        with self._lock:
            return Violations(**self._counts)

    def check(self, call: Call) -> None:
        """Take note of a request; raise Refusal 429 if it is more than the limits allow."""
        messages = messages_in(call)
        with self._lock:
            if self._limits is not None and messages and call.chat_id is not None:
                self._check(self._limits, call.chat_id, messages, self._now())

    def _check(self, limits: Limits, chat_id: int, messages: int, now: float) -> None:
        chat = self._chats.setdefault(chat_id, _Chat(limits.burst, now))
        if now < chat.closed_until:
            raise self._refused("too_early", chat, chat.closed_until - now, now)
        chat.tokens = min(limits.burst, chat.tokens + (now - chat.at) * limits.per_chat)
        chat.at = now
        if chat.tokens < messages:
            wait = (messages - chat.tokens) / limits.per_chat
            raise self._refused("in_a_chat", chat, max(wait, limits.penalty), now)
        while self._last_second and self._last_second[0] <= now - 1.0:
            self._last_second.popleft()
        if len(self._last_second) + messages > limits.overall:
            raise self._refused("overall", chat, limits.penalty, now)
        chat.tokens -= messages
        self._last_second.extend([now] * messages)

    def _refused(self, kind: str, chat: _Chat, seconds: float, now: float) -> Refusal:
        self._counts[kind] += 1
        asked = max(math.ceil(seconds), 1)
        if kind != "too_early":
            chat.closed_until = now + asked
        return too_many_requests(asked)


def messages_in(call: Call) -> int:
    """Return as how many messages a request counts; an album counts as its parts."""
    if call.method != "sendMediaGroup":
        return 1 if call.method in COUNTED else 0
    try:
        media = call.json("media")
    except Refusal:
        return 0
    return len(media) if isinstance(media, list) else 0


def most_in_a_window(records: Iterable[RequestRecord], seconds: float) -> int:
    """Return the most messages that began in any `seconds`, the end of the window not included."""
    window: deque[RequestRecord] = deque()
    inside = most = 0
    for record in records:
        window.append(record)
        inside += record.messages
        while window[0].at <= record.at - seconds:
            inside -= window.popleft().messages
        most = max(most, inside)
    return most
