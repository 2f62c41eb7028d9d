# SPDX-License-Identifier: GPL-3.0-or-later
"""The same hundred people, once in a rehearsal and once with the real bot, its database and the local Bot API: what
they get, what they say and when agrees, event by event.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from src.rehearsal.habits import Habits, habits_of
from src.rehearsal.lane import Happening, Lane
from src.rehearsal.people import person_of
from src.rehearsal.plan import Plan
from src.rehearse import study_of
from src.settings import load_settings
from src.store.database import open_database
from tests.end_to_end.hastened import Chats, hastened_bot
from tests.end_to_end.project import project_with_telegram

PEOPLE = 100
DAYS = 3
SEED = 7
RESOLUTION = timedelta(minutes=10)
"""The real bot needs its time, and the machine may be busy; nobody in this study does anything within so long."""

CLOCK = re.compile(r"\d\d:\d\d")
SETTINGS = {
    "PAUSE_SCALE": "1",
    "RHYTHM_SCALE": "1",
    "MESSAGES_PER_SECOND": "0",
    "QUIET_FROM": "21:00",
    "QUIET_UNTIL": "07:00",
    "LANGUAGES": "en",
    "DEFAULT_LANGUAGE": "en",
}
HABITS: dict[str, Any] = {
    "begins": datetime(2026, 3, 27).date(),
    "come_within_days": 0.6,
    "told_of_blocks": 1.0,
    "mass_sends": [],
    "typed": ["a word", "12:30"],
    "chatter": ["hm?"],
    "people": {
        "lively": {
            "meaning": "answers within the hour, puts some off, pauses and blocks",
            "answers_after": [60, 3600],
            "puts_off": 0.2,
            "later_hours": [2, 30],
            "falls_silent": 0.03,
            "agrees": 0.9,
            "writes": 0.2,
            "awake": ["00:00", "23:59"],
            "abroad": 0.2,
            "per_week": {"pause": 0.3, "block": 0.2, "leave": 0.1, "setting": 0.3, "chat": 0.3},
            "comes_back_days": [0.1, 1],
        }
    },
    "profiles": {"all": {"meaning": "they are alike", "mixture": {"lively": 1}}},
}
SEQUENCE = ("welcome", "story", "fact", "second")
"""Two stories, a rhythm apart, and something that comes after a quarter of the rhythm."""


def message(name: str, following: str | None, *values: str, typed: bool = False, **more: Any) -> dict[str, Any]:
    """Return a message that says its own name; with values it has buttons."""
    _, own = name.split("/")
    kind = "WA" if typed else "SA" if values else "NA"
    made: dict[str, Any] = {"type": kind, "text": name, "wait": 0, "next": following}
    if values:
        made["vars"] = [{"name": own, "type": "button", "values": list(values), "texts": list(values)}]
    if typed:
        made |= {"vars": ["words"], "next": None, "input": {"kind": "text", "next": following}}
    return made | more


def dialogue(name: str, title: str, *messages: dict[str, Any]) -> dict[str, Any]:
    """Return a dialogue of these messages, the first one first."""
    own = {each["text"].split("/")[1]: each for each in messages}
    first = next(iter(own))
    return {"_id": name, "title": title, "initial_messages": [first], "points": ["1"], "messages": own}


def study() -> list[dict[str, Any]]:
    """Return a small study in which every text is its own name."""
    freq = message("frequencia_relats/a", None, "12", "24", save="freq", action="update_rhythm")
    return [
        dialogue(
            "welcome",
            "user_settings",
            message("welcome/hello", "agree", wait=None),
            message("welcome/agree", {"agree": {"yes": "good", "no": "pity"}}, "yes", "no"),  # type: ignore[arg-type]
            message("welcome/good", None, action="legal_yes"),
            message("welcome/pity", None, action="legal_no"),
        ),
        dialogue(
            "story",
            "compartir_vivencias",
            message("story/begin", "ask", wait=30),
            message("story/ask", "words", "a", "b", "c"),
            message("story/words", "end", typed=True),
            message("story/end", None),
        ),
        dialogue("fact", "textos_informativos", message("fact/ask", "end", "a", "b"), message("fact/end", None)),
        dialogue("second", "compartir_vivencias", message("second/ask", "end", "a", "b"), message("second/end", None)),
        dialogue(
            "hour",
            "user_settings",
            message("hour/ask", "end", "Ma", "TD", save="horari_relats"),
            message("hour/end", None),
        ),
        dialogue("frequencia_relats", "user_settings", freq | {"next": "b"}, message("frequencia_relats/b", None)),
        dialogue("lang", "user_settings", message("lang/only", None)),
        dialogue("world", "user_settings", message("world/only", None)),
        dialogue("pause", "user_settings", message("pause/only", None)),
        dialogue("resume", "user_settings", message("resume/only", None)),
        dialogue(
            "unsubscribe",
            "user_settings",
            message("unsubscribe/ask", {"ask": {"yes": "bye", "no": "good"}}, "yes", "no"),  # type: ignore[arg-type]
            message("unsubscribe/bye", None, action="unsubscribe_final"),
            message("unsubscribe/good", None),
        ),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the study as files, laid out as `data/` is."""
    root = tmp_path / "study"
    for each in ("gamesInfo", "bot", "outgoing_files/img"):
        (root / each).mkdir(parents=True)
    for each in study():
        (root / "gamesInfo" / f"{each['_id']}.json").write_text(json.dumps(each), "utf-8")
    (root / "bot" / "sequence.txt").write_text("\n".join(SEQUENCE), "utf-8")
    return root


def plan_of(folder: Path, people: int) -> Plan:
    settings = load_settings(SETTINGS, folder / "settings.toml")
    read = study_of(settings, folder / "gamesInfo", folder / "bot" / "sequence.txt", folder / "outgoing_files")
    return Plan(read, habits(), people, DAYS, SEED, settings.messages_per_second)


def habits() -> Habits:
    return habits_of(HABITS, "all")


def of_each(happened: Iterable[Happening]) -> dict[int, list[Happening]]:
    found = defaultdict(list)
    for each in happened:
        found[each.person].append(each)
    return found


def what(happening: Happening) -> tuple[str, str | None]:
    """Return what happened; a clock that was read within the same minute or not is a clock."""
    said = happening.said
    return happening.name, "a clock" if said and CLOCK.fullmatch(said) else said


def test_a_rehearsal_and_the_real_bot_agree_event_by_event(tmp_path: Path, folder: Path) -> None:
    plan = plan_of(folder, PEOPLE)
    rehearsed: list[Happening] = []
    Lane(plan, 0, rehearsed.append).run()
    ahead = plan.begin - datetime.now(UTC)
    with (
        project_with_telegram(tmp_path, study=folder, **SETTINGS) as (project, telegram),
        hastened_bot(project, ahead) as bot,
        open_database("", "experiment_db", project.root / "data" / "db") as database,
    ):
        people = {
            each: person_of(each, SEED, plan.habits, ("en",), plan.study.rules.timezone, DAYS)
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
