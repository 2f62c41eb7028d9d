# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails to the team, through any SMTP server. What cannot be sent lies in log/unsent/ and goes out with the next."""

from __future__ import annotations

import fcntl
import logging
import smtplib
import ssl
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from src.errors import BotError
from src.mail_message import Attachment, Mail, MailSettings, message_of
from src.mail_password import read_password
from src.paths import KEYS, LOG
from src.private_files import make_private_folder, replace_private, write_new_private

__all__ = ("Attachment", "Mail", "MailAway", "MailSettings", "Post", "message_of", "send_mail")

UNSENT = LOG / "unsent"
_STILL_TO = "X-Still-To"
"""Who has not got the mail yet; only in the kept file, never on the way."""
_SECONDS_TO_ANSWER = 30.0
_PAUSES = (2.0, 8.0)
_TRY_LATER = range(400, 500)

log = logging.getLogger(__name__)


class MailAway(BotError):
    """A mail could not be sent to everybody; it is kept, and goes out with the next one."""


class _Later(Exception):
    """The server could not do it now: worth another try in a moment. The text says why."""


@dataclass(frozen=True)
class Post:
    """Where mails wait, where the password's key lies, and how patient the sending is (seconds)."""

    unsent: Path = UNSENT
    keys: Path = KEYS
    pauses: tuple[float, ...] = _PAUSES
    seconds_to_answer: float = _SECONDS_TO_ANSWER


def send_mail(mail: Mail, settings: MailSettings, post: Post = Post()) -> None:
    """Send the mail, and before it those that wait.

    It is on the disk before the server is asked, and goes from there only when the server has taken it. Raises
    MailAway if it could not be sent to everybody, BotError if the settings or the password are not there.
    """
    _check(settings)
    make_private_folder(post.unsent)
    own = _keep(message_of(mail, settings), settings.mail_to, post.unsent)
    with _alone(post.unsent):
        troubles = _send_all(sorted(post.unsent.glob("*.eml")), settings, post)
    for file, trouble in troubles.items():
        if file != own:
            log.warning("An older mail still waits in %s: %s", file, trouble)
    if own in troubles:
        raise MailAway(f"{troubles[own]} The mail is kept in {own} and goes out with the next.")


def _check(settings: MailSettings) -> None:
    missing = [name.upper() for name in ("smtp_host", "mail_from", "mail_to") if not getattr(settings, name)]
    if missing:
        raise BotError(f"No mail can be sent: set {', '.join(missing)} in data/settings.toml or the environment.")


def _keep(message: EmailMessage, to: Sequence[str], folder: Path) -> Path:
    """Write the mail down and return its file; the names of files sort by time."""
    message[_STILL_TO] = ", ".join(to)
    file = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}.eml"
    write_new_private(file, bytes(message))
    return file


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other programs from sending the same mails at the same time."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _send_all(files: Sequence[Path], settings: MailSettings, post: Post) -> dict[Path, str]:
    """Send all that waits over one connection; return what was wrong by file. A fault of the way there meets all."""
    try:
        password = read_password(settings.smtp_user, post.keys) if settings.smtp_user else ""
        if not (settings.smtp_user + password).isascii():
            raise MailAway("SMTP_USER or the mail password has letters that cannot be sent by SMTP: only ASCII can.")
        for pause in (*post.pauses, None):
            try:
                with _signed_in(settings, password, post.seconds_to_answer) as server:
                    return {file: trouble for file in files if file.exists() and (trouble := _send(file, server))}
            except _Later as trouble:
                if pause is None:
                    return dict.fromkeys((file for file in files if file.exists()), str(trouble))
                time.sleep(pause)
    except BotError as error:
        return dict.fromkeys((file for file in files if file.exists()), str(error))
    raise AssertionError("the last try always returns")


@contextmanager
def _signed_in(settings: MailSettings, password: str, seconds: float) -> Iterator[smtplib.SMTP]:
    """Open the connection, encrypted as the settings say. Raises _Later, or MailAway when no retry helps."""
    try:
        with _connected(settings, seconds) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, password)
            yield server
    except OSError as error:  # all errors of smtplib and ssl are such
        raise _translated(error, f"The mail server {settings.smtp_host}:{settings.smtp_port}", seconds) from None


def _translated(error: OSError, place: str, seconds: float) -> MailAway | _Later:
    """Say what went wrong on the way to the server; a server's own words are not shown, they may hold an address."""
    match error:
        case ssl.SSLCertVerificationError():
            reason = error.verify_message
            return MailAway(f"{place} shows a certificate that is not valid: {reason}. See SMTP_HOST, SMTP_CA.")
        case ssl.SSLError():
            return MailAway(f"{place} does not speak TLS like this. See SMTP_PORT and SMTP_SECURITY.")
        case smtplib.SMTPNotSupportedError():
            return MailAway(f"{place} has no STARTTLS or no login. See SMTP_SECURITY and SMTP_USER.")
        case smtplib.SMTPAuthenticationError() if error.smtp_code not in _TRY_LATER:
            store = "python3 monitoring/keyring_entry.py"
            return MailAway(f"{place} refuses SMTP_USER or the password. Store it: {store}.")
        case smtplib.SMTPServerDisconnected() if not isinstance(error.__context__, TimeoutError):
            return _Later(f"{place} has hung up.")
        case smtplib.SMTPResponseException():
            return _Later(f"{place} is not ready (code {error.smtp_code}).")
        case TimeoutError() | smtplib.SMTPServerDisconnected():  # smtplib hides the one in the other
            return _Later(f"{place} does not answer within {seconds:g} s.")
        case _:
            return _Later(f"{place} cannot be reached: {error.strerror or type(error).__name__}.")


@contextmanager
def _connected(settings: MailSettings, seconds: float) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context(cafile=settings.smtp_ca)
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        with smtplib.SMTP_SSL(host, port, timeout=seconds, context=trusted) as server:
            yield server
        return
    with smtplib.SMTP(host, port, timeout=seconds) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        yield server


def _send(file: Path, server: smtplib.SMTP) -> str:
    """Send one kept mail; return what was wrong, or nothing. Who refused it stays in the file, the others do not."""
    message = message_from_bytes(file.read_bytes(), policy=policy.SMTP)
    to = [one.strip() for one in str(message[_STILL_TO] or message["To"]).split(",")]
    del message[_STILL_TO]
    try:
        refused = set(server.send_message(message, to_addrs=to))
    except smtplib.SMTPRecipientsRefused as error:
        refused = set(error.recipients)
    except smtplib.SMTPSenderRefused as error:
        return f"The mail server refuses the sender MAIL_FROM (code {error.smtp_code})."
    except smtplib.SMTPDataError as error:
        return f"The mail server refuses the mail itself (code {error.smtp_code})."
    if not refused:
        file.unlink()
        return ""
    message[_STILL_TO] = ", ".join(one for one in to if one in refused)
    replace_private(file, bytes(message))
    return f"The mail server refuses {len(refused)} of {len(to)} addresses of MAIL_TO; correct them."
