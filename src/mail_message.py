# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail as a message: plain text, HTML with its pictures beside it, attachments."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol


class MailSettings(Protocol):
    """What sending needs to know; `src.settings.Settings` has all of it."""

    @property
    def smtp_host(self) -> str: ...  # noqa: D102
    @property
    def smtp_port(self) -> int: ...  # noqa: D102
    @property
    def smtp_security(self) -> str: ...  # noqa: D102
    @property
    def smtp_user(self) -> str: ...  # noqa: D102
    @property
    def smtp_ca(self) -> Path | None: ...  # noqa: D102
    @property
    def mail_from(self) -> str: ...  # noqa: D102
    @property
    def mail_to(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Attachment:
    """A file of a mail. With a `cid` it is a picture that the HTML shows as `src="cid:…"`."""

    name: str
    content: bytes
    cid: str = ""


@dataclass(frozen=True)
class Mail:
    """What the team gets: plain text always, HTML beside it if there is any."""

    subject: str
    text: str
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()


def message_of(mail: Mail, settings: MailSettings) -> EmailMessage:
    """Return the mail as it goes over the wire: text, HTML with its pictures, attachments."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = " ".join(mail.subject.split())
    message["From"] = settings.mail_from
    message["To"] = ", ".join(settings.mail_to)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
        _add_pictures(message, mail)
    for attachment in mail.attachments:
        if not attachment.cid or mail.html is None:
            main, sub = _kind(attachment.name)
            message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    return message


def _add_pictures(message: EmailMessage, mail: Mail) -> None:
    """Put the pictures beside the HTML, where mail programs look for them."""
    page = message.get_payload()[1]  # type: ignore[index]
    assert isinstance(page, EmailMessage)
    for picture in mail.attachments:
        if picture.cid:
            main, sub = _kind(picture.name)
            page.add_related(
                picture.content,
                maintype=main,
                subtype=sub,
                cid=f"<{picture.cid}>",
                filename=picture.name,
                disposition="inline",
            )


def _kind(name: str) -> tuple[str, str]:
    main, _, sub = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
    return main, sub
