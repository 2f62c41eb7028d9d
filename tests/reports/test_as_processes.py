# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports' scripts as people and cron start them: with a real database and a real mail server."""

from __future__ import annotations

import gzip
import json
import re
import ssl
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from bson.int64 import Int64

from src.mail_password import store_password
from src.paths import ROOT
from src.store.database import open_database
from tests.checklist.tls import own_certificate
from tests.end_to_end.project import Project, copy_of_project
from tests.mail.post_office import PASSWORD, Moods, mail_in, post_office
from tests.reports.crowd import SECRET, SEQUENCE, Crowd, fill

pytestmark = pytest.mark.slow

TELEGRAM_ID = 7_310_446_092_771
HOME_IN_README = "~/botcode/CoActuem_Telegram_bot/"
README = (ROOT / "README.md").read_text("utf-8")
CRON_LINES = re.findall(rf"^[\d*/]+(?: +[\d*/]+){{4}} +({HOME_IN_README}monitoring/.+)$", README, re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a copy of the project with keys, its packages beside it as `make` leaves them."""
    copy = copy_of_project(tmp_path)
    assert copy.script("security/generate_keys.py").returncode == 0
    (copy.root / ".venv").symlink_to(sys.prefix)
    (copy.root / "log").mkdir(exist_ok=True)
    (tmp_path / "botcode").mkdir()
    (tmp_path / "botcode" / "CoActuem_Telegram_bot").symlink_to(copy.root)
    return copy


@pytest.fixture
def study(project: Project) -> Iterator[Project]:
    """Put thirty people into the project's own database, which runs as long as the test."""
    with open_database("", "experiment_db", project.root / "data" / "db") as database:
        database.make_indexes()
        fill(database, 5, Crowd(30, lost=4.0), filing=0)
        database.hashes.insert_many(
            [{"_id": one["_id"], "Tele_id": Int64(TELEGRAM_ID)} for one in database.clients.find({}, {"_id": 1})]
        )
        database.bot.insert_one({"_id": "study", "version": 1, "sequence": list(SEQUENCE), "dialogues": []})
        yield project


def settings(project: Project, **wanted: object) -> None:
    """Write the file of settings, over what was there."""
    file = project.root / "data" / "settings.toml"
    old = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    new = [f"{name} = {json.dumps(value)}" for name, value in wanted.items()]
    file.write_text("\n".join([*old, *new]) + "\n", "utf-8")


def test_the_readme_has_the_lines_of_the_two_mails() -> None:
    assert [line.split()[0].rpartition("/")[2] for line in CRON_LINES] == ["general_daily.py", "general_weekly.py"]


def test_crontab_lines_send_the_mails_by_starttls_with_login(study: Project, tmp_path: Path) -> None:
    public, private = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    store_password("bot", PASSWORD, study.root / "security" / "keys", into_file=True)
    moods = Moods()
    with post_office(moods, starttls=context, login=True) as port:
        settings(study, smtp_host="127.0.0.1", smtp_port=port, smtp_user="bot", smtp_ca=str(public))
        settings(study, mail_from="bot@example.org", mail_to="anna@example.org, bert@example.org", report_language="ca")
        for line in CRON_LINES:
            as_cron_does(line, home=tmp_path)
    assert said(study, "daily") + said(study, "weekly") == 2 * "Sent to 2 addresses.\n"
    assert moods.signed_in == [True, True]
    daily, weekly = (mail_in(envelope) for envelope in moods.taken)
    assert daily["Subject"].startswith("Informe diari: Estat: ")
    assert weekly["Subject"].startswith("Informe setmanal: Estat: ")
    assert attached(daily) == []
    pictures = ["growth.png", "progress.png", "retention.png", "answer_hours.png", "sankey.png"]
    assert attached(weekly) == [*pictures, "sankey.html"]
    for mail in (daily, weekly):
        assert "Participants" in plain(mail)
        nobody_is_told(mail)
    assert list((study.root / "log" / "unsent").glob("*.eml")) == []


def as_cron_does(line: str, home: Path) -> None:
    subprocess.run(
        ["env", "-i", f"HOME={home}", "SHELL=/bin/sh", "PATH=/usr/bin:/bin", "/bin/sh", "-c", line],
        cwd=home,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def said(project: Project, kind: str) -> str:
    return (project.root / "monitoring" / f"{kind}_mail_cron.out").read_text("utf-8")


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def attached(mail: EmailMessage) -> list[str | None]:
    return [part.get_filename() for part in mail.iter_attachments()]


def nobody_is_told(mail: EmailMessage) -> None:
    """No part of a mail, however it is packed, holds an id, or something that somebody wrote."""
    for part in mail.walk():
        content = part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        packed = re.findall(r'<script type="text/plain" id="data">(.*?)</script>', text)
        assert len(packed) == str(part.get_filename()).endswith(".html")
        told = re.sub(r'<script type="text/plain".*?</script>', "", text)
        told += "".join(gzip.decompress(b64decode(each)).decode() for each in packed)
        assert SECRET not in told
        assert str(TELEGRAM_ID) not in told
        assert part.get_content_maintype() != "text" or not re.search(r"[0-9a-f]{32}", told)


def test_what_misses_for_a_mail_is_told_before_anything_is_counted(project: Project) -> None:
    told = project.script("monitoring/general_daily.py")
    assert told.stderr.startswith("No mail can be sent: set SMTP_HOST, MAIL_FROM, MAIL_TO")
    assert (told.stdout, told.stderr.count("\n"), told.returncode) == ("", 1, 1)
    assert not (project.root / "data" / "db").exists()


def test_the_daily_report_can_be_printed_and_names_what_is_wrong(study: Project) -> None:
    told = study.script("monitoring/general_daily.py", "--print")
    assert (told.returncode, told.stderr) == (0, "")
    assert "Daily report" in told.stdout
    assert "! The bot is not well: no bot runs." in told.stdout
    assert "There is no log of the bot on this machine." in told.stdout
    assert "30 people" in told.stdout
    assert "story_nora: reached" in told.stdout


def test_reports_are_written_into_a_folder(study: Project, tmp_path: Path) -> None:
    out = tmp_path / "a new folder"
    for script in ("general_weekly.py", "sankey_plot_from_db.py", "plot_evolution_dialogues.py"):
        told = study.script(f"monitoring/{script}", "--out", str(out))
        assert (told.returncode, told.stderr) == (0, "")
        assert {Path(line.removeprefix("Written: ")).parent for line in told.stdout.splitlines()} == {out}
    written = {file.name for file in out.iterdir()}
    assert written >= {"weekly.html", "weekly.txt", "sankey.html", "sankey.png", "evolution_dialogues.html"}
    told = study.script("monitoring/sankey_plot_from_db.py", "--out", str(out / "weekly.txt"))
    assert "cannot be written" in told.stderr
    assert (told.stderr.count("\n"), told.returncode) == (1, 1)


def test_to_sends_elsewhere_and_what_cannot_be_sent_waits(study: Project) -> None:
    moods = Moods(refuses=("eve@example.org",))
    with post_office(moods) as port:
        settings(study, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="bot@example.org")
        settings(study, mail_to="anna@example.org")
        told = study.script("monitoring/general_daily.py", "--to", "eve@example.org,dora@example.org")
        assert told.returncode == 1
        assert "refuses 1 of 2 addresses" in told.stderr
        assert told.stderr.count("\n") == 1
        moods.refuses = ()
        told = study.script("monitoring/plot_evolution_dialogues.py", "--to", "dora@example.org")
        assert told.stdout == "Sent to 1 addresses.\n"
    assert [envelope.rcpt_tos for envelope in moods.taken] == [
        ["dora@example.org"],
        ["eve@example.org"],
        ["dora@example.org"],
    ]
    page = mail_in(moods.taken[-1])
    assert attached(page) == ["evolution_dialogues.html"]
    nobody_is_told(page)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("data/report.toml", "[entry\n", "data/report.toml is no TOML"),
        ("data/settings.toml", 'report_language = "fr"\n', "report_language = fr: should be en, es, ca or de"),
        ("data/settings.toml", "smallest_group = 0\n", "smallest_group = 0: should be a number from 1 to 100"),
        ("data/settings.toml", 'mongodb_uri = "mongodb://127.0.0.1:1/"\n', "does not answer"),
    ],
)
def test_what_is_wrong_is_one_line(project: Project, file: str, text: str, words: str) -> None:
    (project.root / file).write_text(text, "utf-8")
    told = project.script("monitoring/general_daily.py", "--print")
    assert words in told.stderr
    assert (told.stdout, told.stderr.count("\n"), told.returncode) == ("", 1, 1)


def test_another_study_describes_other_people(study: Project) -> None:
    """The same people, described by other fields and in another language: no code is changed."""
    (study.root / "data" / "report.toml").write_text(
        '[entry]\nsteps = [{ dialogue = "thanks", name = { en = "came to the end" } }]\n'
        '[[tables]]\nid = "care"\nfield = "carer"\nname = { en = "Care", de = "Fürsorge" }\n'
        'rows = [{ is = ["now", "past"], name = { en = "ever", de = "jemals" } }]\n',
        "utf-8",
    )
    settings(study, report_language="de", smallest_group=1)
    told = study.script("monitoring/general_daily.py", "--print").stdout
    assert "came to the end" in told
    assert "Fürsorge" in told
    assert re.search(r"^jemals +\d+ +\d+ +\d+ +\d+\s%$", told, re.MULTILINE)
    assert "<5" not in told
    assert "Geschlecht" not in told
    assert "names no columns for the chart" in study.script("monitoring/sankey_plot_from_db.py").stderr
