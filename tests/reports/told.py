# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of made-up studies, as they are told; no database is needed for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo

from src.mail import Attachment
from src.reports.counts import Counting
from src.reports.daily import daily_report
from src.reports.described import Description, read_description
from src.reports.numbers import Numbers
from src.reports.over_time import CountingOverTime, OverTime
from src.reports.parts import Report
from src.reports.trouble import Trouble
from src.reports.ways import Spans, way_of
from src.reports.weekly import weekly_report
from src.reports.wishes import Wishes
from src.store.counted import Counted, counted_from
from tests.reports.crowd import NOW, SEQUENCE, TITLES, Crowd, Maker

ZONE = ZoneInfo("Europe/Madrid")
DESCRIPTION = read_description()
QUIET = Trouble({kind: Spans(9, 4, 1) for kind in ("warnings", "errors", "failed", "starts")}, [])


def wishes(language: str = "en", smallest: int = 5, description: Description = DESCRIPTION) -> Wishes:
    return Wishes(language, smallest, SEQUENCE, TITLES, description, NOW.astimezone(ZONE))


def people(many: int, *, seed: int = 1, crowd: Crowd | None = None) -> list[Counted]:
    maker = Maker(seed, crowd or Crowd(many))
    return [counted_from(maker.person(), DESCRIPTION.fields()) for _ in range(many)]


def counted(persons: Sequence[Counted]) -> tuple[Numbers, OverTime]:
    now = NOW.astimezone(ZONE)
    counting, over_time = Counting(DESCRIPTION, TITLES, now), CountingOverTime(DESCRIPTION, now, ZONE)
    for person in persons:
        way = way_of(person)
        counting.add(way)
        over_time.add(way)
    return counting.numbers(), over_time.numbers()


def daily(many: int, language: str = "en", smallest: int = 5, trouble: Trouble = QUIET) -> Report:
    return daily_report(counted(people(many))[0], trouble, wishes(language, smallest))


@cache
def weekly(many: int, language: str = "en", smallest: int = 5) -> tuple[Report, list[Attachment]]:
    return weekly_report(*counted(people(many)), QUIET, wishes(language, smallest))
