# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as the seed project, or people with a console, have written them over the years; None: it makes no sense."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

from src.dialogues.names import normal
from src.engine.state import Status
from src.store.reading import number_of, number_text
from src.store.times import EPOCH, from_date

_STATUS_NAMES = {"start": 0, "inbot": 1, "active": 1, "down": 2, "paused": 2, "out": 3, "left": 3}
_PARTS_OF_DAY = {each.casefold(): each for each in ("Ma", "MD", "Ta", "TD")}
_LANGUAGES = {
    "ca": ("cat", "catala", "català", "catalan", "catalán"),
    "es": ("esp", "spa", "castella", "castellà", "castellano", "espanyol", "español", "spanish"),
    "en": ("eng", "angles", "anglès", "ingles", "inglés", "english"),
    "de": ("deu", "ger", "alemany", "aleman", "alemán", "german", "deutsch"),
}
_LANGUAGE_OF = {name: code for code, names in _LANGUAGES.items() for name in names}

_EARLIEST, _LATEST = 946_684_800.0, 4_102_444_800.0
"""The years 2000 to 2100: what lies outside is no moment of a study."""
_FROM_MILLISECONDS = 1e11
_FORMS_OF_TIME = (
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M"),
    *("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%a %b %d %H:%M:%S %Y"),
)
_DURATION = re.compile(r"(?:(?P<days>\d+) days?, )?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d)(?:\.\d+)?")
_NUMBER = re.compile(r"(?P<number>-?\d+(?:[.,]\d+)?)\s*(?P<unit>[^\W\d]*)\.?")
_SECONDS_IN = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_LONGEST_RHYTHM = 366 * 86_400.0
_LARGEST_SHIFT = 26 * 3600.0


def status_in(value: object) -> int | None:
    """Return a status by its number or its name, such as `Status.INBOT`."""
    if isinstance(value, str) and not value.strip().isdecimal():
        return _STATUS_NAMES.get(value.strip().rpartition(".")[2].replace("_", "").casefold())
    number = number_of(value, -1.0)
    return int(number) if number.is_integer() and int(number) in set(Status) else None


def language_in(value: object, languages: tuple[str, ...]) -> str | None:
    """Return one of the study's languages, by its code, also `es_ES`, or by its name."""
    if not isinstance(value, str):
        return None
    word = normal(value).strip().casefold()
    code = _LANGUAGE_OF.get(word, re.split(r"[-_]", word)[0])
    return next((each for each in (word, code) if each in languages), None)


def part_of_day_in(value: object) -> str | None:
    """Return a part of the day, in whatever case it was written."""
    return _PARTS_OF_DAY.get(value.strip().casefold()) if isinstance(value, str) else None


def hours_in(value: object) -> str | None:
    """Return hours as the text that we keep, from a number or a text such as `24h` or `24,5`."""
    seconds = _seconds_in(value, "h")
    return number_text(seconds / 3600) if seconds is not None and 0 <= seconds <= _LONGEST_RHYTHM else None


def rhythm_in(value: object) -> str | None:
    """Return seconds as the text that we keep, from a number or a text such as `86400`, `24h` or `1 day, 0:00:00`."""
    seconds = _seconds_in(value, "s")
    return number_text(seconds) if seconds is not None and 0 <= seconds <= _LONGEST_RHYTHM else None


def timeshift_in(value: object) -> int | None:
    """Return whole seconds east or west of the study's clock; what no clock on earth shows makes no sense."""
    seconds = _seconds_in(value, "s")
    return int(seconds) if seconds is not None and abs(seconds) <= _LARGEST_SHIFT else None


def number_in(value: object) -> float | None:
    """Return a finite number, also from a text, with a point or a comma."""
    number = number_of(value.replace(",", ".") if isinstance(value, str) else value, float("nan"))
    return number if number == number else None  # not a number: the only one that differs from itself


def whole_number_in(value: object) -> int | None:
    """Return a whole number, also from a text."""
    number = number_in(value)
    return int(number) if number is not None and number.is_integer() and abs(number) < 2**63 else None


def names_in(value: object) -> list[str] | None:
    """Return names of dialogues, from a list, the keys of a mapping, or a text with commas or blanks between them."""
    if isinstance(value, str):
        return [normal(each) for each in re.split(r"[,;\s]+", value.strip("[]() ")) if each]
    if isinstance(value, Mapping):
        return [normal(name) for name, done in value.items() if done]
    if not isinstance(value, list):
        return None
    found = (_name_in(each) for each in value)
    return [name for name in found if name is not None]


def _name_in(value: object) -> str | None:
    if isinstance(value, Mapping):
        return _name_in(value.get("gameId", value.get("_id")))
    return normal(value) if isinstance(value, str) and value else None


def time_in(value: object, zone: tzinfo) -> datetime | None:
    """Return a moment in UTC, from unix time in seconds or milliseconds, a date, or a text in one of many forms.

    A text without a time zone was the clock of the seed's server: the study's.
    """
    if isinstance(value, list) and value:
        return time_in(value[-1], zone)
    if isinstance(value, datetime):
        return from_date(value)
    number = number_of(value, -1.0)
    if number > _FROM_MILLISECONDS:
        number /= 1000
    if _EARLIEST <= number <= _LATEST:
        return EPOCH + timedelta(milliseconds=round(number * 1000))
    return _written_time(value.strip(), zone) if isinstance(value, str) else None


def _written_time(text: str, zone: tzinfo) -> datetime | None:
    for read in _READERS_OF_TIME:
        try:
            time = read(text)
            moment = (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        return moment if _EARLIEST <= moment.timestamp() <= _LATEST else None
    return None


def _in_form(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007  # the caller adds the zone


_READERS_OF_TIME: tuple[Callable[[str], datetime], ...] = (
    datetime.fromisoformat,
    *(partial(_in_form, form=form) for form in _FORMS_OF_TIME),
)


def _seconds_in(value: object, unit: str) -> float | None:
    """Read a length of time; a number without a unit is in `unit`."""
    number = number_of(value, float("nan"))
    if number == number or not isinstance(value, str):
        return number * _SECONDS_IN[unit] if number == number else None
    duration = _DURATION.fullmatch(value.strip())
    if duration:
        days, hours, minutes, seconds = (int(each or 0) for each in duration.groups())
        return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    found = _NUMBER.fullmatch(value.strip())
    if not found:
        return None
    factor = _SECONDS_IN.get(found["unit"][:1].casefold() or unit)
    return float(found["number"].replace(",", ".")) * factor if factor else None
