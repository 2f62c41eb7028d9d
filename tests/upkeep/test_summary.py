# SPDX-License-Identifier: GPL-3.0-or-later
"""How much is translated, how long a dialogue takes to read, and how both are told."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import FrameType

import pytest

from src.dialogues.check import SourceFile
from src.dialogues.model import REQUIRED_DIALOGUES
from src.upkeep.files import read_file
from src.upkeep.reading_time import ReadingTime, reading_time
from src.upkeep.report import json_of, text_of
from src.upkeep.review import Review, review_files
from src.upkeep.study import Demands, read_files
from src.upkeep.translation import translations
from tests.dialogues.samples import CATEGORIES, LANGUAGES, Json, button, document, good, good_for_two, message, parsed

Messages = dict[str, Json]


def pause(text: str) -> float:
    """Take a second for every character."""
    return float(len(text))


def times(messages: Messages, **more: object) -> tuple[float, float] | None:
    found = reading_time(parsed(messages, **more), "ca", pause)
    return None if found is None else (found.shortest, found.longest)


def test_the_pauses_of_a_burst_are_added_up_and_a_pause_of_its_own_counts_before_the_next_message() -> None:
    burst = {"a": message(text="1", next="b"), "b": message(text="22", next="c", wait=10), "c": message(text="333")}
    assert times(burst) == (1 + 2 + 10, 1 + 2 + 10)


def test_only_what_people_read_takes_time_in_the_language_of_the_study() -> None:
    assert times({"a": message(text={"en": "long enough", "ca": "<b>A&amp;B</b>"})}) == (3, 3)


def test_the_shortest_and_the_longest_way_differ_by_what_people_answer() -> None:
    choice = {"yes": "long", "no": "end", "stop": None}
    asked = message("SA", "?", vars=[button("q", *choice)], next={"q": choice})
    assert times({"ask": asked, "long": message(text="55555", next="end"), "end": message(text="!")}) == (1, 7)


def test_typed_answers_lead_on_too_and_a_way_back_is_not_taken_on_the_longest() -> None:
    typed = {"kind": "number", "next": "thanks", "invalid": "again", "answers": {"NO": "no"}}
    messages = {
        "ask": message("WA", "?", vars=["age"], input=typed),
        "again": message(text="4444", next="ask"),
        "no": message(text="666666"),
        "thanks": message(text="22"),
    }
    assert times(messages) == (3, 7)


def test_a_circle_of_questions_ends_where_it_can_be_left() -> None:
    again = message("SA", "?", vars=[button("q", "again", "on")], next={"q": {"again": "first", "on": "end"}})
    assert times({"first": message(text="55555", next="ask"), "ask": again, "end": message(text="!")}) == (7, 7)


def test_without_a_way_to_the_end_there_is_no_time() -> None:
    for_ever = message("SA", "?", vars=[button("q", "again")], next={"q": {"again": "ask"}})
    assert times({"ask": for_ever}) is None
    assert times({"ask": message("WA", "Wait")}) is None


def test_whoever_waits_for_a_partner_goes_on_where_the_partner_triggers() -> None:
    choose_told_both_end, wait_turn_both_end = 6 + 4 + 16 + 7, 4 + 9 + 16 + 7
    found = times(good_for_two()["messages"], first=["begin", "wait"])
    assert found == (choose_told_both_end, wait_turn_both_end)


def test_five_thousand_messages_in_a_row_are_no_trouble() -> None:
    row = {str(number): message(text="x", next=str(number + 1)) for number in range(5_000)}
    assert times({**row, "5000": message(text="x")}) == (5_001, 5_001)


def test_many_branches_that_join_again_are_each_looked_at_once() -> None:
    forks: Messages = {}
    for number in range(200):
        ways = {"short": f"s{number}", "long": f"l{number}"}
        forks[f"q{number}"] = message("SA", "?", vars=[button(f"a{number}", *ways)], next={f"a{number}": ways})
        forks |= {f"s{number}": message(text="1", next=f"q{number + 1}")}
        forks |= {f"l{number}": message(text="22", next=f"q{number + 1}")}
    assert times({**forks, "q200": message(text="!")}) == (200 + 200 + 1, 200 + 400 + 1)


def test_texts_of_messages_labels_and_waiting_texts_count_where_something_is_written() -> None:
    half = parsed(
        {
            "a": message(text={"ca": "Hola", "es": "Hola"}, next="b", waiting_text={"ca": "Un moment"}),
            "b": message(
                "SA",
                "for all",
                vars=[{"name": "q", "type": "button", "texts": [{"ca": "Sí", "es": " "}, "OK"], "values": ["y", "o"]}],
                next="c",
            ),
            "c": message(text={}),
        }
    )
    ca, es, de = translations([half], ["ca", "es", "de"])
    assert (ca.translated, ca.texts, ca.per_cent, ca.lacking) == (5, 5, 100, {})
    assert (es.translated, es.texts, es.per_cent, es.lacking) == (3, 5, 60, {"sample": 2})
    assert (de.translated, de.per_cent) == (2, 40)


def test_one_missing_text_of_a_thousand_is_never_a_hundred_per_cent() -> None:
    many = {str(number): message(text={"ca": "x", "es": "x"}) for number in range(1_000)}
    many["1"]["text"] = {"ca": "x"}
    (es,) = translations([parsed(many)], ["es"])
    assert es.per_cent == 99


def test_a_study_without_texts_lacks_nothing() -> None:
    (es,) = translations([], ["es"])
    assert es.per_cent == 100


def reviewed(*files: SourceFile, outgoing: Path = Path("/nowhere"), replace_all: bool = False) -> Review:
    demands = Demands(("ca", "es"), CATEGORIES, outgoing)
    return review_files(files, demands, "ca", pause, replace_all=replace_all)


def two_files() -> list[SourceFile]:
    first = document({"a": message(text={"ca": "Hola", "es": "Hola"}, next="b"), "b": message(text={"ca": "x" * 61})})
    return [
        SourceFile("first.json", {**first, "_id": "first"}),
        SourceFile("the_second.json", {**document({"a": message(text="Hi")}), "_id": "the_second"}),
    ]


def test_people_read_problems_times_and_translation_as_small_tables() -> None:
    assert text_of(reviewed(*two_files())).splitlines() == [
        "warning: first.json, message 'b', language 'es': the text is missing in this language."
        " Translate it; until then the default language is sent.",
        "2 files: 0 errors, 1 warnings.",
        "",
        "  dialogue    texts  pauses in ca, shortest to longest way",
        "  first       2      1:05",
        "  the_second  1      0:02",
        "",
        "Texts that are translated:",
        "  ca  3 of 3  100 %",
        "  es  2 of 3   66 %  missing in first (1)",
    ]


def test_programs_read_the_same_as_one_object() -> None:
    told = json.loads(json_of(reviewed(*two_files()), uploaded=False, database="asleep"))
    assert told.pop("problems") == [
        {
            "severity": "warning",
            "file": "first.json",
            "message": "b",
            "language": "es",
            "what": "the text is missing in this language",
            "mend": "Translate it; until then the default language is sent",
        }
    ]
    one = {"shortest": 65.0, "longest": 65.0}
    assert told == {
        "uploaded": False,
        "files": 2,
        "database": "asleep",
        "impact": None,
        "translation": {
            "ca": {"translated": 3, "texts": 3, "per_cent": 100, "lacking": {}},
            "es": {"translated": 2, "texts": 3, "per_cent": 66, "lacking": {"first": 1}},
        },
        "reading_seconds": {
            "language": "ca",
            "dialogues": {"first": one, "the_second": {"shortest": 2.0, "longest": 2.0}},
        },
    }


def test_a_dialogue_that_cannot_be_read_has_problems_and_nothing_else() -> None:
    broken = reviewed(SourceFile("a.json", fault="no JSON"), SourceFile("b.json", {"_id": "b"}))
    assert broken.refused
    assert (broken.reading_times, [each.texts for each in broken.translations]) == ({}, [0, 0])
    assert "Texts" not in text_of(broken)


def test_a_folder_must_hold_what_the_bot_needs_and_a_broken_file_is_told_once() -> None:
    files = [SourceFile("welcome.json", fault="no JSON")]
    lacking = [each.file for each in reviewed(*files, replace_all=True).problems]
    assert sorted(lacking) == sorted(f"{name}.json" for name in REQUIRED_DIALOGUES)
    assert reviewed(*files).problems[0].file == "welcome.json"
    assert len(reviewed(*files).problems) == 1


def test_a_way_that_never_ends_is_told_in_words() -> None:
    review = reviewed(*two_files())
    odd = {"first": None, "the_second": ReadingTime(59.2, 3_600.0)}
    told = text_of(Review(**{**vars(review), "reading_times": odd}))
    assert "no way to the end" in told
    assert "1:00 to 60:00" in told


def folder_of(count: int, folder: Path) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"d{number}.json").write_text(json.dumps({**good(), "_id": f"d{number}"}))
    return folder


def calls_of(folder: Path, outgoing: Path) -> int:
    """Return how many functions are called for one look at a folder, reading included: work, whatever else runs."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        review = review_files(
            read_files([folder]), Demands(LANGUAGES, CATEGORIES, outgoing), "ca", pause, replace_all=False
        )
    finally:
        sys.setprofile(None)
    assert not review.refused
    return counted


@pytest.fixture
def outgoing(tmp_path: Path) -> Path:
    (tmp_path / "files" / "img").mkdir(parents=True)
    (tmp_path / "files" / "img" / "sea.png").touch()
    (tmp_path / "files" / "consent_ca.pdf").touch()
    return tmp_path / "files"


def test_ten_times_the_dialogues_are_ten_times_the_work(tmp_path: Path, outgoing: Path) -> None:
    few, many = folder_of(10, tmp_path / "few"), folder_of(100, tmp_path / "many")
    calls_of(few, outgoing)  # what is made once
    assert calls_of(many, outgoing) < 11 * calls_of(few, outgoing)


def test_a_key_that_stands_twice_is_told_of(tmp_path: Path) -> None:
    message = '{"type": "NA", "text": "Hello", "next": null}'
    path = tmp_path / "doubled.json"
    head = '{"_id": "doubled", "title": "capacitation", "initial_messages": ["a"], "points": ["0"]'
    path.write_text(f'{head}, "messages": {{"a": {message}, "a": {message}}}}}', "utf-8")
    assert read_file(path).doubled == ("a",)
