# SPDX-License-Identifier: GPL-3.0-or-later
"""A real SMTP server on this machine, with its own moods, and the settings that lead there."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "a long password"


@dataclass
class Moods:
    """How the server is; what it took."""

    refuses: tuple[str, ...] = ()
    data_answer: str = "250 OK"
    slow: float = 0.0
    taken: list[Envelope] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]) -> str:  # noqa: N802
        if address in self.refuses:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if self.data_answer.startswith("250"):
            self.taken.append(envelope)
            self.signed_in.append(bool(session.authenticated))
        return self.data_answer


@dataclass(frozen=True)
class Way:
    """The settings of sending."""

    smtp_port: int
    smtp_host: str = "127.0.0.1"
    smtp_security: str = "none"
    smtp_user: str = ""
    smtp_ca: Path | None = None
    mail_from: str = "bot@example.org"
    mail_to: tuple[str, ...] = ("anna@example.org", "bert@example.org")


def mail_in(envelope: Envelope) -> EmailMessage:
    """Return the mail as a mail program reads it."""
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=policy.default)


@contextmanager
def post_office(
    moods: Moods, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[int]:
    """Run the server and yield its port."""

    def knows(server: object, session: object, envelope: object, mechanism: str, who: LoginPassword) -> AuthResult:
        return AuthResult(success=who.password == PASSWORD.encode() and who.login == b"bot", handled=False)

    controller = Controller(
        moods,
        hostname="127.0.0.1",
        port=_free_port(),
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        auth_required=login and starttls is not None,  # with TLS from the start it would warn; see `signed_in`
        auth_require_tls=starttls is not None,
        authenticator=knows,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
