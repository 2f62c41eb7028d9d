# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left out: values that few have, and free text; and that what is left out hides in a crowd itself."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from src.engine.state import Participant, Status
from src.store.database import Database
from src.upkeep.export.discretion import FREE_TEXT, RARE, too_rare
from tests.upkeep.export.respondents import answered, enter, exported, fill, number, sleep, upload

SMALLEST = 3


def test_nothing_is_left_out_where_all_groups_are_large_enough() -> None:
    assert too_rare({"yes": 0b111, "no": 0b111000}, 3) == frozenset()


def test_a_rare_value_takes_the_next_with_it_so_that_the_gap_does_not_give_it_away() -> None:
    assert too_rare({"yes": 0b1, "no": 0b1110, "maybe": 0b11110000}, 3) == {"yes", "no"}


@given(some.dictionaries(some.text(max_size=2), some.integers(1, 2**12 - 1), max_size=6), some.integers(2, 5))
def test_every_value_that_is_told_and_all_that_are_not_are_large_groups(said: Mapping[str, int], smallest: int) -> None:
    left_out = too_rare(said, smallest)
    assert all(people.bit_count() >= smallest for value, people in said.items() if value not in left_out)
    hidden = 0
    for value in left_out:
        hidden |= said[value]
    assert not left_out or hidden.bit_count() >= smallest or left_out == set(said)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_free_text_is_left_out_and_all_else_stays(database: Database, tmp_path: Path) -> None:
    fill(database)
    whole, without = exported(database, tmp_path / "whole"), exported(database, tmp_path / "without", free_text=False)
    assert without.counts == {**whole.counts, f"values left out: {FREE_TEXT}": 12}
    before, after = rows_of(tmp_path / "whole" / "answers.csv"), rows_of(tmp_path / "without" / "answers.csv")
    for told, kept in zip(before, after, strict=True):
        if told["kind"] == "text":
            assert told["value"]
            told |= {"value": "", "left_out": FREE_TEXT}
        assert kept == told
    people = rows_of(tmp_path / "without" / "participants.csv")
    assert {one["area"] for one in people} == {""}
    assert {one["mood"] for one in people} == {"good"}
    assert "quoted" not in "".join(file.read_text("utf-8") for file in (tmp_path / "without").iterdir())


def test_a_number_question_answered_with_words_is_free_text_too(database: Database, tmp_path: Path) -> None:
    revision = upload(database, sleep())["sleep"]
    strange = answered(revision, 1, hours="ask my sister Nora", mood="Nora", bedtime="NO")
    enter(database, Participant(number(1), "ca", Status.ACTIVE), [strange])
    exported(database, tmp_path / "out", free_text=False)
    assert [row["value"] for row in rows_of(tmp_path / "out" / "answers.csv")] == ["", "", "NO"]
    assert "Nora" not in "".join(file.read_text("utf-8") for file in (tmp_path / "out").iterdir())


def test_nothing_is_told_that_only_few_have_in_common(database: Database, tmp_path: Path) -> None:
    """One of thirteen people speaks another language and has a dialogue of their own; some values are rare."""
    fill(database)
    alone = {**sleep(), "_id": "alone"}
    revisions = upload(database, alone)
    one = answered(revisions["sleep"], 3, mood="bad", score="2", hours="13")
    own = answered(revisions["alone"], 4, mood="good")
    person = Participant(number(99), "fr", Status.DOWN, timeshift=900, fields={"mood": "bad"})
    enter(database, person, [one, replace(own, run=replace(own.run, dialogue="alone"))])
    result = exported(database, tmp_path / "out", smallest_group=SMALLEST)

    answers, people = rows_of(tmp_path / "out" / "answers.csv"), rows_of(tmp_path / "out" / "participants.csv")
    assert result.counts["answers left out: small groups"] == 1
    assert {row["dialogue"] for row in answers} == {"sleep"}
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    hidden: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in answers:
        place = said if row["value"] else hidden
        place[row["dialogue"], row["variable"], row["value"]].add(row["pseudonym"])
        assert row["left_out"] == ("" if row["value"] else FREE_TEXT if row["kind"] == "text" else RARE)
    assert ("sleep", "mood", "good") in said
    assert all(len(who) >= SMALLEST for groups in (said, hidden) for who in groups.values()), said
    for name in ("status", "language", "timeshift_in_seconds", "mood", "last_score"):
        groups: dict[str, set[str]] = defaultdict(set)
        for row in people:
            groups[row[name]].add(row["pseudonym"])
        assert all(len(who) >= SMALLEST for who in groups.values()), (name, groups)
    for name in ("answers.csv", "participants.csv"):
        text = (tmp_path / "out" / name).read_text("utf-8")
        assert not any(word in text for word in (",fr,", ",13,", "alone", "quoted")), name
