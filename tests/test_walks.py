# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded walks through our study: what people say is played again, all that follows has to be the same.

UPDATE_WALKS=1 writes them anew; the diff is the review. Between two inputs the state goes through its database form.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache

import pytest

from src.dialogues.model import Dialogue
from src.paths import DIALOGUES, ROOT, SETTINGS
from src.phrases import PHRASES_FILE, load_phrases
from src.settings import load_settings
from src.startup import rules_of
from src.upkeep.coverage import coverage_of, read_walks
from src.upkeep.recording import dialogues_of, stage_among
from src.upkeep.scenes import SetStage, Stage, for_recording, played_walk, through_database
from src.upkeep.study import read_files
from src.upkeep.walks import read_walk, text_of_walk

FOLDER = ROOT / "tests" / "walks"
WALKS = sorted(path.name for path in FOLDER.glob("*.txt"))
UPDATE = os.environ.get("UPDATE_WALKS") == "1"
LANGUAGES = load_settings({}, SETTINGS).languages
each_walk = pytest.mark.parametrize("name", WALKS)


@cache
def our_dialogues() -> dict[str, Dialogue]:
    return dialogues_of(read_files([DIALOGUES]))


def for_one() -> dict[str, Dialogue]:
    """Return the dialogues that one person can walk through alone."""
    return {name: each for name, each in our_dialogues().items() if not each.is_for_two}


@cache
def our_stage() -> SetStage:
    settings = load_settings({}, SETTINGS)
    phrases = load_phrases(PHRASES_FILE, settings.languages, settings.default_language)
    rules = for_recording(rules_of(settings, developer=False, phrases=phrases))
    return stage_among(tuple(our_dialogues().values()), rules)


def stage_of(name: str) -> Stage:
    walk = read_walk((FOLDER / name).read_text("utf-8"), name)
    return our_stage()(our_dialogues()[walk.dialogue], walk.language)


@each_walk
def test_a_walk_goes_as_it_was_recorded(name: str) -> None:
    file = FOLDER / name
    recorded = file.read_text("utf-8")
    stage = stage_of(name)
    played = text_of_walk(stage, played_walk(stage, read_walk(recorded, name).inputs))
    if UPDATE and played != recorded:
        file.write_text(played, "utf-8")
        return
    assert played == recorded, "If it is meant so: UPDATE_WALKS=1 make test, and look at the diff."


@each_walk
def test_the_database_loses_nothing_on_the_way(name: str) -> None:
    stage = stage_of(name)
    for step in played_walk(stage, read_walk((FOLDER / name).read_text("utf-8"), name).inputs):
        assert through_database(step.scene.participant, stage.study.rules) == step.scene.participant


@each_walk
def test_nothing_on_the_way_is_a_fault_for_the_operators(name: str) -> None:
    assert "operators are told" not in (FOLDER / name).read_text("utf-8")


def test_the_walks_reach_every_message_and_every_answer_in_every_language() -> None:
    found = coverage_of(for_one(), LANGUAGES, read_walks(FOLDER).values(), our_stage())
    assert len(found) == len(for_one()) * len(LANGUAGES)
    assert [str(each) for each in found if each.missing] == [], "python3 data/gamesInfo/play_dialogue.py --record-all"


def test_there_are_few_walks_and_each_is_of_a_dialogue_of_ours() -> None:
    walks = read_walks(FOLDER).values()
    assert {walk.dialogue for walk in walks} == set(for_one())
    assert max(Counter((walk.dialogue, walk.language) for walk in walks).values()) <= 6
