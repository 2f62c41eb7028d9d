# SPDX-License-Identifier: GPL-3.0-or-later
"""Words, dates and numbers as the team reads them."""

from __future__ import annotations

import re
from datetime import date, datetime

from src.reports.mail_words import MAIL_WORDS, NOTES, WEEKDAYS
from src.reports.picture_words import PICTURE_WORDS

LANGUAGES = ("ca", "es", "en", "de")
WORDS = {**MAIL_WORDS, **PICTURE_WORDS}


def word(name: str, language: str, **filled: object) -> str:
    """Return a word or sentence in this language, with its blanks filled in."""
    return WORDS[name][LANGUAGES.index(language)].format(**filled)


def language_or_other(code: str, language: str) -> str:
    """Return the code of a language as it may be told; anything else may be what somebody typed, and is not."""
    return code if re.fullmatch(r"[a-z]{2,3}", code) else word("other", language)


def notes(language: str, smallest: int) -> list[str]:
    """Return the sentences at the end of a mail."""
    return [each[LANGUAGES.index(language)].format(n=smallest) for each in NOTES]


def day_in_words(day: date, language: str) -> str:
    """Return a date as people of this language write it."""
    weekday = WEEKDAYS[language][day.weekday()]
    if language == "en":
        return f"{weekday} {day.day} {day:%b %Y}"
    return f"{weekday} {day.day}.{day.month}.{day.year}" if language == "de" else f"{weekday} {day:%d/%m/%Y}"


def moment_in_words(moment: datetime, language: str) -> str:
    """Return a date and the time of day; the moment is in the study's time zone."""
    return f"{day_in_words(moment.date(), language)}, {moment:%H:%M}"


def span_in_words(seconds: float) -> str:
    """Return a span of time with two units at most, the same in all languages."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes / 60 / 24:.0f} d"


def number_in_words(number: int) -> str:
    """Return a number with narrow blanks between thousands, as it is read in all languages."""
    return f"{number:,}".replace(",", "\u202f") if number >= 10_000 else str(number)


def decimal(number: float, language: str) -> str:
    """Return a number with one decimal, as it is written in this language."""
    return f"{number:.1f}" if language == "en" else f"{number:.1f}".replace(".", ",")
