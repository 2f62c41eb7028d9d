# SPDX-License-Identifier: GPL-3.0-or-later
"""A way for one process to a server: it can be barred, and it remembers what was asked for."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

REQUEST = re.compile(rb"POST /bot[^/]+/(\w+) HTTP")


@dataclass
class Passage:
    """Listens at `port` and hands everything on to the server at `target` on this machine. While `open` is not set
    nothing moves, in neither direction, and nobody is told.
    """

    target: int
    open: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[float, str]] = field(default_factory=list)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def __post_init__(self) -> None:
        self.open.set()
        threading.Thread(target=self.listen, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def listen(self) -> None:
        """Let everybody in until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                inside, _ = self.listener.accept()
                outside = socket.create_connection(("127.0.0.1", self.target))
                for source, sink, notes in ((inside, outside, True), (outside, inside, False)):
                    threading.Thread(target=self.hand_on, args=(source, sink, notes), daemon=True).start()

    def hand_on(self, source: socket.socket, sink: socket.socket, notes: bool) -> None:
        """Hand on what comes until one side has enough."""
        with contextlib.suppress(OSError), source, sink:
            while data := source.recv(65_536):
                if notes:
                    found = REQUEST.findall(data)
                    self.asked += [(time.monotonic(), method.decode()) for method in found]
                self.open.wait()
                sink.sendall(data)
            for each in (source, sink):
                each.shutdown(socket.SHUT_RDWR)

    def asked_since(self, begin: float) -> list[str]:
        """Return which methods of the Bot API were asked for since then."""
        return [method for at, method in self.asked if at >= begin]


@contextlib.contextmanager
def passage(target: int) -> Iterator[Passage]:
    """Keep a passage as long as the block lasts."""
    way = Passage(target)
    try:
        yield way
    finally:
        way.open.set()
        way.listener.close()
