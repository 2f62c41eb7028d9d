# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports as HTML and as text: the same numbers, in each language, escaped, small enough, and about nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from src.dialogues.html import plain_text
from src.reports.daily import daily_report
from src.reports.mail_words import MAIL_WORDS
from src.reports.page import as_html, as_text
from src.reports.parts import Report
from src.reports.picture_words import PICTURE_WORDS
from src.reports.posting import mail_of, write_into
from src.reports.trouble import Trouble, read_logs
from src.reports.words import LANGUAGES, decimal, moment_in_words, number_in_words, span_in_words
from tests.reports.crowd import NOW, SECRET, Crowd
from tests.reports.told import QUIET, counted, daily, people, weekly, wishes

CLIPPED_AT = 102_000
"""Bytes of HTML; Google's mail shows no more of one."""


def html(report: Report) -> str:
    return as_html(report, {picture.name: f"cid:{picture.name}" for picture in report.pictures()})


def numbers_in(text: str) -> list[str]:
    return re.findall(r"[<≥]?\d+", text)


def test_all_words_are_there_in_all_languages() -> None:
    for name, words in {**MAIL_WORDS, **PICTURE_WORDS}.items():
        assert len(words) == len(LANGUAGES) == len([word for word in words if word]), name
        assert len({tuple(sorted(re.findall(r"{\w+}", word))) for word in words}) == 1, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_text_tell_the_same_numbers(language: str) -> None:
    report = daily(300, language)
    page = re.sub(r"<title>.*?</title>", "", html(report))
    told = plain_text(re.sub(r"<[^<>]+>", " ", page))
    assert sorted(set(numbers_in(told))) == sorted(set(numbers_in(as_text(report))))
    for section in report.sections:
        assert section.title in told
        assert section.title in as_text(report)


@pytest.mark.parametrize("many", [0, 1, 10, 300])
def test_nothing_that_people_wrote_and_nobody_stands_in_a_report(many: int) -> None:
    report, files = weekly(many)
    told = html(report) + as_text(report) + "".join(file.content.decode("utf-8", "replace") for file in files)
    assert SECRET not in told
    assert not re.search(r"\b[0-9a-f]{32}\b", told)


@pytest.mark.parametrize("many", [1, 4])
def test_of_a_few_people_no_number_is_told(many: int) -> None:
    report = daily(many)
    told = as_text(replace(report, sections=report.sections[:-2]))  # without the log's counts and the explanations
    numbers = re.findall(r"(?<![\d–.<≥-])\d+(?![\d–.+]| h\b| days|-\d|\))", told.split("\n", 2)[2])
    names = {"1", "2", "5", "65", "12", "24", "48", "168"} | {"0"}
    assert set(numbers) <= names, set(numbers) - names
    assert "<5 people" in told


def test_what_a_study_calls_its_dialogues_is_text_and_no_html() -> None:
    evil = '<img src=x onerror="alert(1)">&'
    crowd = Crowd(40, sequence=("welcome", evil))
    told = wishes()
    report = daily_report(counted(people(40, crowd=crowd))[0], QUIET, replace(told, sequence=crowd.sequence))
    assert evil not in html(report)
    assert "&lt;img src=x onerror=" in html(report)
    assert evil in as_text(report)


def test_a_page_needs_nothing_from_elsewhere_and_no_script() -> None:
    page = html(weekly(300)[0])
    assert "<script" not in page
    assert "http" not in page
    assert "<style" not in page, "mail programs take it away"
    assert re.findall(r'src="(?!cid:)', page) == []


def test_a_study_of_fifty_dialogues_makes_a_page_that_is_not_clipped() -> None:
    crowd = Crowd(400, days=200.0, lost=1.0, sequence=("welcome", *(f"a_rather_long_name_{n}" for n in range(50))))
    report = daily_report(counted(people(400, crowd=crowd))[0], QUIET, replace(wishes(), sequence=crowd.sequence))
    assert len(html(report).encode()) < CLIPPED_AT


def test_pictures_of_a_mail_are_shown_and_attached() -> None:
    report, files = weekly(300)
    mail = mail_of(report, files)
    assert mail.html is not None
    shown = [each for each in mail.attachments if each.cid]
    assert sorted(re.findall(r'src="cid:(\w+)"', mail.html)) == sorted(each.cid for each in shown)
    assert [each.name for each in mail.attachments if not each.cid] == [*(each.name for each in shown), "sankey.html"]
    assert mail.text == as_text(report)


def test_a_report_is_written_for_us_alone(tmp_path: Path) -> None:
    files = write_into(tmp_path / "new" / "folder", "weekly", *weekly(10))
    assert {file.name for file in files} >= {"weekly.html", "weekly.txt", "growth.png", "sankey.html"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    page = files[0].read_text("utf-8")
    assert all((files[0].parent / name).exists() for name in re.findall(r'src="([^"]+)"', page))


def test_the_log_is_counted_and_never_shown(tmp_path: Path) -> None:
    def line(hours: float, level: str, text: str) -> str:
        return f"{(NOW - timedelta(hours=hours)).isoformat(timespec='milliseconds')} {level} src.a.b: {text}\n"

    who = "a" * 32
    (tmp_path / "output.log.1").write_text(
        line(400, "ERROR", "old") + line(100, "INFO", "The bot is running on the database experiment_db.")
    )
    (tmp_path / "output.log").write_text(
        line(50, "WARNING", f"{who}: Telegram refuses a message: {SECRET}")
        + line(20, "WARNING", f"{who}: entry 7 counts as sent; Telegram's answers were lost")
        + line(10, "WARNING", "Telegram does not accept the HTML of a text, it goes without: x")
        + line(9, "CRITICAL", "Nobody caught this error")
        + "Traceback (most recent call last):\n"
        + line(8, "INFO", "The bot is running on the database experiment_db.")
        + line(7, "INFO", "The bot is running on the database experiment_db_dev.")
    )
    found = read_logs(tmp_path, "experiment_db", NOW)
    assert found is not None
    assert {kind: (each.day, each.week) for kind, each in found.items()} == {
        "warnings": (1, 1),
        "errors": (1, 1),
        "failed": (1, 2),
        "starts": (1, 2),
    }
    told = as_text(daily(10, trouble=Trouble(found, ["no bot runs", "the last poll is older than 90 s"])))
    assert "! The bot is not well: no bot runs; it is late" in told
    assert SECRET not in told
    assert read_logs(tmp_path / "none", "experiment_db", NOW) is None
    assert "There is no log of the bot" in as_text(daily(10, trouble=Trouble()))


def test_dates_and_numbers_are_written_as_people_of_each_language_do() -> None:
    moment = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    assert [moment_in_words(moment, language) for language in LANGUAGES] == [
        "dg. 01/03/2026, 09:05",
        "do 01/03/2026, 09:05",
        "Sun 1 Mar 2026, 09:05",
        "So 1.3.2026, 09:05",
    ]
    assert [decimal(2.25, language) for language in ("en", "de")] == ["2.2", "2,2"]
    assert [number_in_words(number) for number in (9999, 10_000)] == ["9999", "10\u202f000"]
    spans = (0.4, 59.4, 61, 3599, 5400, 200_000)
    assert [span_in_words(each) for each in spans] == ["0 s", "59 s", "1 min", "1 h 00 min", "1 h 30 min", "2 d"]
