# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the local Bot API share: a plain HTTP client, a clock set by hand, a small picture."""

import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import urllib3

from src.simulator.bot_api import LocalBotApi

TOKEN = "4242:local-token"
HTTP = urllib3.PoolManager(retries=False, timeout=10, maxsize=8)


@dataclass
class HandClock:
    """A clock that goes on only when a test says so."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of one answer."""

    status: int
    headers: Any
    body: Any

    @property
    def description(self) -> str:
        return str(self.body["description"])

    @property
    def result(self) -> Any:
        assert self.body["ok"], self.body
        return self.body["result"]


class Bot:
    """A bot that speaks plain HTTP, with no library between."""

    def __init__(self, api: LocalBotApi, token: str = TOKEN) -> None:
        self.api = api
        self._token = token

    def ask(self, method: str, files: dict[str, tuple[str, bytes]] | None = None, **parameters: object) -> Answer:
        """Post a method as multipart/form-data and return the answer, whatever it is."""
        fields: dict[str, Any] = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()
        }
        response = HTTP.request("POST", self.address(method), fields=fields | (files or {}))
        return read(response)

    def say(self, method: str, files: dict[str, tuple[str, bytes]] | None = None, **parameters: object) -> Any:
        """Post a method that must succeed and return its result."""
        return self.ask(method, files, **parameters).result

    def refusal(self, method: str, files: dict[str, tuple[str, bytes]] | None = None, **parameters: object) -> str:
        """Post a method that must be refused and return code and text."""
        answer = self.ask(method, files, **parameters)
        assert answer.body["ok"] is False
        assert answer.body["error_code"] == answer.status
        return f"{answer.status} {answer.description}"

    def address(self, method: str) -> str:
        return f"{self.api.url}/bot{self._token}/{method}"


def read(response: urllib3.BaseHTTPResponse) -> Answer:
    """Read JSON where it is JSON, else text."""
    text = response.data.decode()
    is_json = "json" in response.headers.get("Content-Type", "")
    return Answer(response.status, response.headers, json.loads(text) if is_json else text)


def picture(width: int, height: int) -> bytes:
    """Return the beginning of a PNG of this size, which is all that is looked at."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
