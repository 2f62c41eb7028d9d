# SPDX-License-Identifier: GPL-3.0-or-later
"""A small study for rehearsals, in which every text is its own name, and lively people for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from src.rehearsal.habits import habits_of
from src.rehearsal.plan import Plan
from src.rehearse import study_of
from src.settings import load_settings

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
    "begins": date(2026, 3, 28),
    "come_within_days": 0.6,
    "told_of_blocks": 1.0,
    "mass_sends": [],
    "pairs": {"every_hours": 6, "share": 0.5},
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


def message(name: str, following: object, *values: str, typed: bool = False, **more: Any) -> dict[str, Any]:
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
    return [
        dialogue(
            "welcome",
            "user_settings",
            message("welcome/hello", "agree", wait=None),
            message("welcome/agree", {"agree": {"yes": "good", "no": "pity"}}, "yes", "no"),
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
        dialogue(
            "frequencia_relats",
            "user_settings",
            message("frequencia_relats/a", "b", "12", "24", save="freq", action="update_rhythm"),
            message("frequencia_relats/b", None),
        ),
        dialogue("lang", "user_settings", message("lang/only", None)),
        dialogue("world", "user_settings", message("world/only", None)),
        dialogue("pause", "user_settings", message("pause/only", None)),
        dialogue("resume", "user_settings", message("resume/only", None)),
        dialogue(
            "unsubscribe",
            "user_settings",
            message("unsubscribe/ask", {"ask": {"yes": "bye", "no": "good"}}, "yes", "no"),
            message("unsubscribe/bye", None, action="unsubscribe_final"),
            message("unsubscribe/good", None),
        ),
    ]


def written_study(root: Path) -> Path:
    """Write the study as files into a new folder, laid out as `data/` is."""
    for each in ("gamesInfo", "bot", "outgoing_files/img"):
        (root / each).mkdir(parents=True)
    for document in study():
        (root / "gamesInfo" / f"{document['_id']}.json").write_text(json.dumps(document), "utf-8")
    (root / "bot" / "sequence.txt").write_text("\n".join(SEQUENCE), "utf-8")
    return root


def small_plan(root: Path, people: int, days: int, seed: int = 7, settings: Mapping[str, str] = SETTINGS) -> Plan:
    """Return a rehearsal of the study in this folder, see `written_study`."""
    read = load_settings(settings, root / "settings.toml")
    study = study_of(read, root / "gamesInfo", root / "bot" / "sequence.txt", root / "outgoing_files")
    return Plan(study, habits_of(HABITS, "all"), people, days, seed, read.messages_per_second)
