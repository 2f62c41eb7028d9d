# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker over a whole study: files, their names, the sequence, and the dialogues that the bot needs."""

from __future__ import annotations

import json
import time
import unicodedata

from src.dialogues.check import (
    Problem,
    Severity,
    SourceFile,
    check_dialogues,
    check_sequence,
    has_errors,
    missing_required,
)
from src.dialogues.model import REQUIRED_DIALOGUES, FileKind
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from tests.dialogues.samples import (
    CATEGORIES,
    LANGUAGES,
    Json,
    check,
    check_files,
    document,
    good,
    lines,
    message,
)


def macos(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_a_problem_is_one_line_with_place_fault_and_remedy() -> None:
    problem = Problem(Severity.ERROR, "a.json", "one", "ca", "it is\nwrong", "Mend it")
    assert str(problem) == "error: a.json, message 'one', language 'ca': it is wrong. Mend it."
    assert str(Problem(Severity.WARNING, "a.json", None, None, "odd", "Look")) == "warning: a.json: odd. Look."


def test_only_errors_refuse_an_upload() -> None:
    warned = check({**good(), "title": "fun"})
    assert len(warned) == 1
    assert not has_errors(warned)
    assert has_errors(check({**good(), "title": None}))


def test_a_file_without_json_is_an_error_with_its_place() -> None:
    found = check_files([SourceFile("a.json", None, "no JSON: line 3, column 7"), SourceFile("sample.json", good())])
    assert lines(found) == ["error: a.json: no JSON: line 3, column 7. Mend the file; nothing of it could be read."]


def test_a_file_that_holds_something_else_than_an_object_is_an_error() -> None:
    assert ["holds no JSON object" in line for line in lines(check_files([SourceFile("a.json", [1])]))] == [True]
    assert ["holds no JSON object" in line for line in lines(check_files([SourceFile("a.json")]))] == [True]


def test_id_and_file_name_are_compared_in_one_unicode_form() -> None:
    assert check({**good(), "_id": macos("cançó")}, names=["cançó.json"]) == []
    assert check({**good(), "_id": "cançó"}, names=[macos("data/gamesInfo/cançó.json")]) == []


def test_ids_that_differ_in_case_are_not_the_same() -> None:
    assert has_errors(check(good(), names=["Sample.json"]))


def test_two_files_with_one_id_are_an_error_also_in_two_unicode_forms() -> None:
    found = check({**good(), "_id": "cançó"}, {**good(), "_id": macos("cançó")})
    assert len(found) == 1
    assert "is also that of cançó.json" in found[0].what


def test_two_files_with_one_name_and_one_id_are_an_error() -> None:
    assert ["is also that of" in line for line in lines(check(good(), good()))] == [True]


def test_names_of_files_are_asked_for_in_the_usual_unicode_form() -> None:
    asked: list[tuple[FileKind, str]] = []

    def know(kind: FileKind, name: str) -> bool:
        asked.append((kind, name))
        return True

    one = document({"one": message(vars=[{"type": "img", "file_name": macos("cançó.png")}])})
    found = check_dialogues(
        [SourceFile("sample.json", one)], languages=LANGUAGES, known_files=know, categories=CATEGORIES
    )
    assert (found, asked) == ([], [(FileKind.PICTURE, "cançó.png")])


def test_a_study_may_have_other_languages() -> None:
    one = document({"one": message(text={"fr": "Salut", "oc": "Adiu"})})
    files = [SourceFile("sample.json", one)]
    study = {"known_files": lambda _kind, _name: True, "categories": CATEGORIES}
    assert check_dialogues(files, languages=("fr", "oc"), **study) == []  # type: ignore[arg-type]
    missing = check_dialogues(files, languages=("fr", "eu"), **study)  # type: ignore[arg-type]
    assert [problem.language for problem in missing] == ["eu"]


def test_a_text_of_just_the_limit_is_fine_without_its_tags_and_entities() -> None:
    longest = "<b>" + "&lt;" * 4_096 + "</b>"
    assert check(document({"one": message(text=longest)})) == []


def test_a_dialogue_of_the_sequence_that_is_not_there_is_a_warning() -> None:
    found = check(good(), sequence=["sample", "smaple", "smaple"])
    assert lines(found) == ["warning: sequence.txt: there is no dialogue 'smaple'. Mend the name, or add its file."]


def test_a_dialogue_of_the_sequence_may_be_elsewhere_or_broken() -> None:
    files = [SourceFile("broken.json", None, "no JSON")]
    found = check_files(files, sequence=["broken", macos("cançó")], known_dialogues=["cançó"])
    assert [problem.file for problem in found] == ["broken.json"]


def test_a_sequence_names_known_dialogues_and_each_of_them_once() -> None:
    assert check_sequence(["welcome", "a", macos("cançó")], ["a", "cançó", "welcome"]) == []
    found = check_sequence(["a", "b", "a"], ["a"], file="my.txt")
    assert lines(found) == [
        "error: my.txt: there is no dialogue 'b'. Mend the name, or upload the dialogue.",
        "error: my.txt: 'a' is there twice. Delete one of the two lines.",
    ]


def test_dialogues_that_the_bot_starts_itself_do_not_belong_into_the_sequence() -> None:
    found = check_sequence(["a", "welcome", "pause"], ["a", *REQUIRED_DIALOGUES])
    assert [(one.severity, "'welcome'" in one.what or "'pause'" in one.what) for one in found] == [
        (Severity.WARNING, True),
        (Severity.WARNING, True),
    ]


def test_the_eight_dialogues_that_the_bot_needs_are_asked_for() -> None:
    assert missing_required(REQUIRED_DIALOGUES) == ()
    assert missing_required(["hour", "lang", "other"]) == (
        "resume",
        "welcome",
        "world",
        "frequencia_relats",
        "pause",
        "unsubscribe",
    )


def test_two_hundred_dialogues_are_checked_in_less_than_a_second() -> None:
    study: list[Json] = []
    for number in range(200):
        one = json.loads(json.dumps(good()))
        for copy in range(4):
            more = json.loads(json.dumps(good()["messages"]).replace('"bye"', f'"bye{copy}"'))
            one["messages"].update({name: part for name, part in more.items() if name.startswith("bye")})
        study.append({**one, "_id": f"sample{number}"})
    start = time.process_time()
    found = check(*study)
    assert time.process_time() - start < 1
    assert not has_errors(found)


def test_what_the_checker_accepts_the_parser_reads() -> None:
    for broken in ({**good(), "points": [[]]}, {**good(), "messages": {"hello": 1}}, {}):
        assert has_errors(check(broken, names=["sample.json"]))
        try:
            parse_dialogue(broken)
        except MalformedDialogue:
            continue
        raise AssertionError("the parser took what the checker refuses")
