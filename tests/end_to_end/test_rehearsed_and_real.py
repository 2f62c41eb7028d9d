# SPDX-License-Identifier: GPL-3.0-or-later
"""The same hundred people, once in a rehearsal and once with the real bot, its database and the local Bot API: what
they get, what they say and when agrees, event by event.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from src.rehearsal.lane import Happening, Lane
from src.rehearsal.newcomers import person_of
from src.store.database import open_database
from tests.end_to_end.hastened import Chats, hastened_bot
from tests.end_to_end.project import project_with_telegram
from tests.rehearsal.small import SETTINGS, small_plan, written_study

PEOPLE = 100
DAYS = 2
RESOLUTION = timedelta(minutes=2)
"""The real bot needs its time, and the machine may be busy; nobody in this study does anything within so long."""

CLOCK = re.compile(r"\d\d:\d\d")


def of_each(happened: Iterable[Happening]) -> dict[int, list[Happening]]:
    found = defaultdict(list)
    for each in happened:
        found[each.person].append(each)
    return found


def what(happening: Happening) -> tuple[str, str | None]:
    """Return what happened; a clock that was read within the same minute or not is a clock."""
    said = happening.said
    return happening.name, "a clock" if said and CLOCK.fullmatch(said) else said


def test_a_rehearsal_and_the_real_bot_agree_event_by_event(tmp_path: Path) -> None:
    folder = written_study(tmp_path / "study")
    plan = small_plan(folder, PEOPLE, DAYS)
    rehearsed: list[Happening] = []
    Lane(plan, 0, rehearsed.append).run()
    ahead = plan.begin - datetime.now(UTC)
    with (
        project_with_telegram(tmp_path, study=folder, **SETTINGS) as (project, telegram),
        hastened_bot(project, ahead) as bot,
        open_database("", "experiment_db", project.root / "data" / "db") as database,
    ):
        people = {
            each: person_of(each, plan.seed, plan.habits, ("en",), plan.study.rules.timezone, DAYS)
            for each in plan.people_of(0)
        }
        for number in people:
            telegram.add_person(f"Person {number}", "en", number)
        chats = Chats(telegram, database, bot, people, plan.study.dialogues, ahead)
        chats.last_until(plan.end)
    real, wanted = of_each(chats.happened), of_each(rehearsed)
    for number in people:
        assert list(map(what, real[number])) == list(map(what, wanted[number])), f"person {number}"
        for one, other in zip(real[number], wanted[number], strict=True):
            assert abs(one.at - other.at) < RESOLUTION, (one, other)
