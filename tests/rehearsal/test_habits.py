# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of habits: as it comes with the project, and with mistakes in it, each of which is one line."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from src.paths import HABITS
from src.rehearsal.habits import WrongHabits, habits_of, load_habits

GOOD = tomllib.loads(HABITS.read_text("utf-8"))


def changed(place: str, value: object) -> dict[str, Any]:
    """Return the file with one value changed; None takes it out."""
    document: dict[str, Any] = copy.deepcopy(GOOD)
    *tables, name = place.split("/")
    inner = document
    for table in tables:
        inner = inner[table]
    if value is None:
        del inner[name]
    else:
        inner[name] = value
    return document


@pytest.mark.parametrize("profile", GOOD["profiles"])
def test_every_profile_of_the_file_can_be_read_and_mixes_known_people(profile: str) -> None:
    habits = load_habits(HABITS, profile)
    assert set(habits.profile.shares) <= set(habits.kinds)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("begins", "2026-03-02", "habits: begins = '2026-03-02' cannot be; it should be a day like 2026-03-02"),
        (
            "people/busy/puts_off",
            18,
            "habits, people, busy: puts_off = 18 cannot be; it should be a number from 0 to 1",
        ),
        ("people/busy/puts_off", None, "habits, people, busy: puts_off is missing"),
        ("people/busy/awake", ["23:00", "07:00"], "habits, people, busy: awake = ['23:00', '07:00'] cannot be"),
        ("people/busy/awake", ["7:00", "9:00"], "awake = ['7:00', '9:00'] cannot be"),
        ("people/busy/answers_after", [900, 10], "two numbers from 1 to 7.776e+06, the smaller one first"),
        ("people/busy/answer_after", [1, 2], "habits, people, busy: nobody knows 'answer_after'"),
        ("people/busy/per_week/sing", 1, "habits, people, busy, per_week: nobody knows 'sing'"),
        ("people/busy/per_week/pause", True, "per_week: pause = True cannot be"),
        ("people", {}, "habits: people = {} cannot be"),
        ("profiles/slow/mixture", {"nobody": 1}, "habits, profiles, slow, mixture: nobody knows 'nobody'"),
        ("profiles/slow/mixture", {"slow": 0}, "habits, profiles, slow, mixture: a mixture needs one kind"),
        ("profiles/slow/mixture", 3, "habits, profiles, slow: mixture = 3 cannot be; it should be a table"),
        ("typed", [], "habits: typed = [] cannot be"),
        ("mass_sends", [{"day": 0, "at": "11:00", "characters": 9}], "habits, mass_sends, 1: day = 0 cannot be"),
        ("mass_sends", [{"day": 1, "at": "noon", "characters": 9}], "habits, mass_sends, 1: at = 'noon' cannot be"),
    ],
)
def test_a_mistake_is_one_line_that_says_where_and_what_would_be_right(place: str, value: object, said: str) -> None:
    with pytest.raises(WrongHabits) as caught:
        habits_of(changed(place, value), "realistic")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_profile_that_is_not_there_is_named_beside_those_that_are() -> None:
    with pytest.raises(WrongHabits, match=r"no profile 'lazy'.*realistic, eager, slow"):
        load_habits(HABITS, "lazy")


def test_a_file_that_is_missing_or_no_toml_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "habits.toml"
    with pytest.raises(WrongHabits, match=r"habits\.toml cannot be read"):
        load_habits(broken, "slow")
    broken.write_text("people =", "utf-8")
    with pytest.raises(WrongHabits, match="this is no TOML"):
        load_habits(broken, "slow")
