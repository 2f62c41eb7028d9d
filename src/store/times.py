# SPDX-License-Identifier: GPL-3.0-or-later
"""Times in the database: whole milliseconds, because MongoDB keeps no more. Whatever is finer is cut off.

Our own fields hold MongoDB's dates; those whose names come from the seed project hold unix time in seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_date(time: datetime | None) -> datetime | None:
    """Return the time as the database gives it back: in UTC, cut to the millisecond."""
    if time is None:
        return None
    return EPOCH + (time - EPOCH) // _MILLISECOND * _MILLISECOND


def from_date(value: object) -> datetime | None:
    """Read one of the database's dates; a number is taken as unix time, anything else is None."""
    if not isinstance(value, datetime):
        return from_unix(value)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def to_unix(time: datetime | None) -> float | None:
    """Return unix time in seconds, cut to the millisecond."""
    if time is None:
        return None
    return ((time - EPOCH) // _MILLISECOND) / 1000


def from_unix(value: object) -> datetime | None:
    """Read unix time; None for whatever is no time, and for 0, which stands for "never" in old data."""
    if isinstance(value, datetime):
        return from_date(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return None
    try:
        return EPOCH + timedelta(milliseconds=round(value * 1000))
    except OverflowError:
        return None
