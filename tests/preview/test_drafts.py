# SPDX-License-Identifier: GPL-3.0-or-later
"""An author's files while they write: the last good version of each, the order, and what is seen as new."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from src.demo import study_around
from src.dialogues.model import REQUIRED_DIALOGUES
from src.paths import OUTGOING, ROOT, SETTINGS
from src.preview.drafts import Draft, Drafts, Sources
from src.preview.watching import FileWatch
from src.upkeep.study import Demands, check_files, documents_of

DEMANDS = Demands(("en",), ("story",), OUTGOING)


def save(folder: Path, name: str, text: str = "Hello.", *, broken: bool = False) -> Path:
    """Write a dialogue of one message; a broken one leads to a message that is not there."""
    message = {"type": "NA", "text": text, "wait": None, "next": "nowhere" if broken else None}
    document = {"_id": name, "title": "story", "initial_messages": ["m"], "points": ["0"], "messages": {"m": message}}
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document), "utf-8")
    return file


def texts(draft: Draft) -> dict[str, str]:
    """Return what the dialogues of a draft say, without those that are stood in for."""
    documents = {each["_id"]: each["messages"] for each in documents_of(draft.files)}
    return {name: messages["m"]["text"] for name, messages in documents.items() if "m" in messages}


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(Sources((tmp_path,), None, DEMANDS))


def test_a_file_with_an_error_is_played_as_it_was_before(tmp_path: Path, drafts: Drafts) -> None:
    save(tmp_path, "one", "First.")
    save(tmp_path, "two", "Other.", broken=True)
    first = drafts.look()
    assert texts(first) == {"one": "First."}
    assert [(each.file, each.severity.value) for each in first.problems] == [("two.json", "error")]
    save(tmp_path, "one", "Second.", broken=True)
    save(tmp_path, "two", "Mended.")
    assert texts(drafts.look()) == {"one": "First.", "two": "Mended."}
    (tmp_path / "one.json").write_text("{", "utf-8")
    assert texts(drafts.look()) == {"one": "First.", "two": "Mended."}
    save(tmp_path, "one", "Third.")
    last = drafts.look()
    assert (texts(last)["one"], last.problems) == ("Third.", [])
    (tmp_path / "one.json").unlink()
    assert texts(drafts.look()) == {"two": "Mended."}


def test_what_the_bot_needs_is_stood_in_for_by_dialogues_without_a_fault(tmp_path: Path, drafts: Drafts) -> None:
    save(tmp_path, "lang", "My own.")
    files = drafts.look().files
    assert {each["_id"] for each in documents_of(files)} == set(REQUIRED_DIALOGUES)
    assert texts(drafts.look()) == {"lang": "My own."}
    assert check_files(files, Demands(("en",), ("story", "user_settings"), OUTGOING)) == []


def test_without_a_sequence_the_order_is_that_of_the_names_without_what_people_begin_themselves(
    tmp_path: Path, drafts: Drafts
) -> None:
    for name in ("welcome", "b", "a", "pause", "lang"):
        save(tmp_path, name)
    assert drafts.look().sequence == ["a", "b"]


def test_a_sequence_with_an_error_leaves_the_last_good_one(tmp_path: Path) -> None:
    order = tmp_path / "sequence.txt"
    drafts = Drafts(Sources((tmp_path,), order, DEMANDS))
    for name in ("a", "b"):
        save(tmp_path, name)
    order.write_text("b\na\n", "utf-8")
    assert drafts.look().sequence == ["b", "a"]
    order.write_text("b\nnowhere\n", "utf-8")
    draft = drafts.look()
    assert draft.sequence == ["b", "a"]
    assert ["nowhere" in each.what for each in draft.problems] == [True]
    order.unlink()
    assert [each.file for each in drafts.look().problems] == ["sequence.txt"]


def test_a_saved_a_new_and_a_deleted_file_are_seen_once_each(tmp_path: Path) -> None:
    file = save(tmp_path, "one")
    seen: list[str] = []
    sources = Sources((tmp_path,), None, DEMANDS)
    watch = FileWatch(sources.stamps, lambda: seen.append("refreshed"))
    assert not watch.one_pass()
    os.utime(file, ns=(1, 1))
    assert watch.one_pass()
    other = save(tmp_path, "two")
    assert watch.one_pass()
    other.unlink()
    assert watch.one_pass()
    assert not watch.one_pass()
    assert len(seen) == 3


def test_what_lies_beside_a_folder_belongs_to_it(tmp_path: Path) -> None:
    around = ROOT / "tests" / "other_study"
    shown = study_around([around / "gamesInfo"])
    assert (shown.sequence, shown.settings) == (around / "bot" / "sequence.txt", around / "settings.toml")
    assert (shown.phrases, shown.outgoing) == (around / "phrases.toml", around / "outgoing_files")
    alone = study_around([save(tmp_path, "one")])
    assert (alone.sequence, alone.settings, alone.outgoing) == (None, SETTINGS, OUTGOING)
    (tmp_path / "sequence.txt").write_text("one\n", "utf-8")
    assert study_around([tmp_path]).sequence == tmp_path / "sequence.txt"
