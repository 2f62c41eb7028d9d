# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails through a real SMTP server: encrypted or not, with login or without; and nothing is lost when it fails."""

from __future__ import annotations

import logging
import socket
import ssl
import stat
from email.message import EmailMessage
from pathlib import Path

import pytest

from src.mail import Attachment, Mail, MailAway, Post, send_mail
from src.mail_password import store_password
from src.secrets_store import make_tokens_key
from tests.checklist.tls import own_certificate
from tests.mail.post_office import PASSWORD, Moods, Way, mail_in, post_office

PICTURE = b"\x89PNG\r\n\x1a\n and more"
MAIL = Mail("Tägliche Mail", "Für alle\n", '<p>Für alle <img src="cid:chart" alt="a chart"></p>')


@pytest.fixture
def post(tmp_path: Path) -> Post:
    keys = make_tokens_key(tmp_path / "keys").parent
    return Post(tmp_path / "unsent", keys, pauses=(0.05,), seconds_to_answer=5.0)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    public, private = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def waiting(post: Post) -> list[Path]:
    return sorted(post.unsent.glob("*.eml"))


def refusal(way: Way, post: Post, mail: Mail = MAIL) -> str:
    """Return the one line that says why the mail could not be sent."""
    with pytest.raises(MailAway) as caught:
        send_mail(mail, way, post)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_mail_comes_with_text_html_picture_and_attachment(post: Post) -> None:
    files = (Attachment("chart.png", PICTURE, cid="chart"), Attachment("page.html", b"<p>hello</p>"))
    moods = Moods()
    with post_office(moods) as port:
        send_mail(Mail(MAIL.subject, MAIL.text, MAIL.html, files), Way(port), post)
    (envelope,) = moods.taken
    mail = mail_in(envelope)
    assert envelope.rcpt_tos == ["anna@example.org", "bert@example.org"]
    assert (mail["Subject"], mail["X-Still-To"]) == (MAIL.subject, None)
    text, page = mail.get_body(("plain",)), mail.get_body(("related",))
    assert isinstance(text, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    shown, picture = page.iter_parts()
    assert "cid:chart" in shown.get_content()
    assert (picture["Content-ID"], picture.get_content()) == ("<chart>", PICTURE)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["page.html"]
    assert waiting(post) == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_encrypted_and_with_login(
    post: Post, certificate: tuple[Path, ssl.SSLContext], security: str
) -> None:
    public, context = certificate
    store_password("bot", PASSWORD, post.keys, into_file=True)
    starttls, tls = (context, None) if security == "starttls" else (None, context)
    moods = Moods()
    with post_office(moods, starttls=starttls, tls=tls, login=True) as port:
        send_mail(MAIL, Way(port, smtp_security=security, smtp_user="bot", smtp_ca=public), post)
    assert moods.signed_in == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_trusts_is_one_line(
    post: Post, certificate: tuple[Path, ssl.SSLContext], security: str
) -> None:
    starttls, tls = (certificate[1], None) if security == "starttls" else (None, certificate[1])
    with post_office(Moods(), starttls=starttls, tls=tls) as port:
        assert "certificate that is not valid" in refusal(Way(port, smtp_security=security), post)
    assert len(waiting(post)) == 1


def test_a_wrong_password_is_one_line_that_does_not_show_it(
    post: Post, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    store_password("bot", "something else", post.keys, into_file=True)
    moods = Moods()
    with post_office(moods, starttls=certificate[1], login=True) as port:
        way = Way(port, smtp_security="starttls", smtp_user="bot", smtp_ca=certificate[0])
        said = refusal(way, post)
        assert "refuses SMTP_USER or the password" in said
        assert "something else" not in said
        store_password("bot", PASSWORD, post.keys, into_file=True)
        send_mail(Mail("second", "second"), way, post)
    assert [mail_in(envelope)["Subject"] for envelope in moods.taken] == [MAIL.subject, "second"]
    assert waiting(post) == []


def test_no_password_and_one_that_smtp_cannot_carry_are_one_line(post: Post) -> None:
    way = Way(1, smtp_user="bot")
    assert "keyring_entry.py" in refusal(way, post)
    store_password("bot", "pässword", post.keys, into_file=True)
    assert "only ASCII" in refusal(way, post)
    assert len(waiting(post)) == 2


def test_who_is_refused_still_waits_and_the_others_get_it_once(post: Post) -> None:
    moods = Moods(refuses=("bert@example.org",))
    with post_office(moods) as port:
        said = refusal(Way(port), post)
        assert "refuses 1 of 2 addresses" in said
        assert "bert" not in said
        moods.refuses = ()
        send_mail(Mail("second", "second"), Way(port), post)
    assert [envelope.rcpt_tos for envelope in moods.taken] == [
        ["anna@example.org"],
        ["bert@example.org"],
        ["anna@example.org", "bert@example.org"],
    ]
    assert [mail_in(envelope)["X-Still-To"] for envelope in moods.taken] == [None, None, None]


def test_a_server_that_is_away_loses_nothing(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = int(one.getsockname()[1])
    assert "cannot be reached" in refusal(Way(port), post)
    (kept,) = waiting(post)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    moods = Moods(data_answer="552 too big")
    with post_office(moods) as port, caplog.at_level(logging.WARNING):
        assert "refuses the mail itself (code 552)" in refusal(Way(port), post, Mail("second", "second"))
        assert "An older mail still waits" in caplog.text
        moods.data_answer = "250 OK"
        send_mail(Mail("third", "third"), Way(port), post)
    assert [mail_in(envelope)["Subject"] for envelope in moods.taken] == [MAIL.subject, "second", "third"]


def test_a_slow_server_is_not_waited_for_for_ever(post: Post) -> None:
    impatient = Post(post.unsent, post.keys, pauses=(), seconds_to_answer=0.3)
    with post_office(Moods(slow=1.0)) as port:
        assert "does not answer within 0.3 s" in refusal(Way(port), impatient)
    assert len(waiting(post)) == 1


def test_a_server_without_starttls_gets_neither_mail_nor_password(post: Post) -> None:
    moods = Moods()
    with post_office(moods) as port:
        assert "no STARTTLS" in refusal(Way(port, smtp_security="starttls"), post)
    assert moods.taken == []


def test_a_subject_of_two_lines_adds_no_header(post: Post) -> None:
    moods = Moods()
    with post_office(moods) as port:
        send_mail(Mail("one\nBcc: eve@example.org", "text"), Way(port), post)
    assert mail_in(moods.taken[0])["Bcc"] is None
