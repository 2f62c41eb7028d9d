# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the words of the study as they lie in the files: plain JSON, no code of the bot."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "gamesInfo"
FILES = ROOT / "data" / "outgoing_files"
SEQUENCE = ROOT / "data" / "bot" / "sequence.txt"

LANGUAGES = {"ca", "es", "en", "de"}
NEEDED = {"hour", "resume", "welcome", "lang", "world", "frequencia_relats", "pause", "unsubscribe"}
REPEATABLE = (NEEDED - {"welcome"}) | {"sociodem", "forgetme", "together_invitation"}
FILLED_BY_THE_ENGINE = {"emergency", "contact"}
TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}

DIALOGUES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
MESSAGES = [
    pytest.param(dialogue, message, id=f"{name}-{number}")
    for name, dialogue in DIALOGUES.items()
    for number, message in dialogue["messages"].items()
]
each_dialogue = pytest.mark.parametrize("name", list(DIALOGUES))
each_message = pytest.mark.parametrize(("dialogue", "message"), MESSAGES)


# --- small readers ---


def in_all_languages(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values() if isinstance(text, dict) else text)


def words_of(message: dict[str, Any]) -> list[str]:
    """Return the message's text, and what is read while a partner is waited for, in all languages."""
    return [*in_all_languages(message["text"]), *in_all_languages(message.get("waiting_text", []))]


def variables(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one if isinstance(one, dict) else {"name": one} for one in message.get("vars", [])]


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in variables(message) if one.get("type") == "button"]


def typed_name(message: dict[str, Any]) -> str:
    return str(next(one["name"] for one in variables(message) if "type" not in one))


def targets(after: Any) -> Iterator[str]:
    """Yield every message id that a `next` names, also inside choices."""
    if isinstance(after, str):
        yield after
    if isinstance(after, dict):
        for key, branches in after.items():
            if key != "replace_variable":
                for one in branches.values():
                    yield from targets(one)


def asked_names(after: Any) -> Iterator[str]:
    """Yield every answer by which a `next` chooses."""
    if isinstance(after, dict):
        for key, branches in after.items():
            if key != "replace_variable":
                yield key
                for one in branches.values():
                    yield from asked_names(one)


Values = dict[str, set[str]]
"""What a partner may have answered; empty in a dialogue for one."""


def resolve(after: Any, answers: dict[str, str], partners: Values) -> Iterator[str | None]:
    """Follow the choices; a KeyError means that a value has no branch or was never asked for."""
    if not isinstance(after, dict):
        assert after is None or isinstance(after, str)
        yield after
        return
    name = after.get("replace_variable") or next(iter(after))
    asks_partner = "replace_variable" in after and name in partners
    for value in partners[name] if asks_partner else {answers[name]}:
        yield from resolve(after[name][value], answers, partners)


def partners_of(dialogue: dict[str, Any]) -> Values:
    """Return all values of all buttons of a dialogue for two."""
    if len(dialogue["initial_messages"]) == 1:
        return {}
    asked = [button for message in dialogue["messages"].values() for button in buttons(message)]
    names = {button["name"] for button in asked}
    return {name: {value for one in asked if one["name"] == name for value in one["values"]} for name in names}


def ways_on(
    dialogue: dict[str, Any], message: dict[str, Any], answers: dict[str, str]
) -> Iterator[tuple[str | None, dict[str, str]]]:
    """Yield each message that may follow, with the answers that are known then."""
    rule, partners = message.get("input"), partners_of(dialogue)
    if rule is not None:
        name = typed_name(message)
        said = answers | {name: "typed"}
        yield from ((after, said) for after in resolve(rule["next"], said, partners))
        yield rule["invalid"], answers
        for word, following in rule.get("answers", {}).items():
            said = answers | {name: word}
            yield from ((after, said) for after in resolve(following, said, partners))
    elif message["type"] == "WA":
        triggered = [one["triggers"] for one in dialogue["messages"].values() if "triggers" in one]
        assert triggered
        yield from ((after, answers) for after in triggered)
    elif message["type"] in ("SA", "CA") and message["next"] is not None:
        for button in buttons(message):
            for value in button["values"]:
                said = answers | {button["name"]: value}
                yield from ((after, said) for after in resolve(message["next"], said, partners))
    else:
        yield from ((after, answers) for after in resolve(message["next"], answers, partners))


def walk(dialogue: dict[str, Any]) -> tuple[set[str], int]:
    """Play every way through a dialogue, for each player; return the messages seen, and how many ways ended."""
    deciding = {name for message in dialogue["messages"].values() for name in asked_names(message["next"])}
    waiting: list[tuple[str, dict[str, str]]] = [(first, {}) for first in dialogue["initial_messages"]]
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    ends = 0
    while waiting:
        number, answers = waiting.pop()
        known = {name: value for name, value in answers.items() if name in deciding}
        if (number, frozenset(known.items())) in seen:
            continue
        seen.add((number, frozenset(known.items())))
        for after, more in ways_on(dialogue, dialogue["messages"][number], known):
            ends += after is None
            if after is not None:
                waiting.append((after, more))
    return {number for number, _ in seen}, ends


class Tags(HTMLParser):
    """Collects the tags of a text, and what is wrong with them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.used: list[str] = []
        self.wrong: list[str] = []
        self.plain = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.used.append(tag)
        if tag not in TAGS or (tag == "a") != ("href" in dict(attrs)):
            self.wrong.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.plain += data
        if "<" in data:
            self.wrong.append("<")


# --- the study as a whole ---


def test_the_dialogues_that_the_bot_needs_are_there() -> None:
    assert set(DIALOGUES) >= NEEDED


def test_the_sequence_names_each_dialogue_once_and_only_those_that_exist() -> None:
    lines = [line.split("#")[0].strip() for line in SEQUENCE.read_text(encoding="utf-8").splitlines()]
    ids = [line for line in lines if line]
    assert ids[0] == "welcome"
    assert len(ids) == len(set(ids)) >= 6
    assert set(ids) <= set(DIALOGUES)
    assert not set(ids) & (NEEDED - {"welcome"})


def test_the_sequence_has_a_story_of_each_kind() -> None:
    titles = {DIALOGUES[line]["title"] for line in SEQUENCE.read_text().split("\n") if line in DIALOGUES}
    assert titles >= {"capacitation", "compartir_vivencias", "encontrar_soluciones_juntos"}


def test_no_picture_or_document_lies_about_unused() -> None:
    used = {path for dialogue in DIALOGUES.values() for path in files_of(dialogue)}
    lying = {path for pattern in ("*.pdf", "img/*") for path in FILES.glob(pattern)}
    assert lying == used


# --- each dialogue ---


@each_dialogue
def test_a_file_is_named_after_its_dialogue_and_written_in_one_way(name: str) -> None:
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert DIALOGUES[name]["_id"] == name
    assert text == json.dumps(DIALOGUES[name], ensure_ascii=False, indent=2) + "\n"
    assert text == unicodedata.normalize("NFC", text)


@each_dialogue
def test_settings_may_be_played_again_and_nothing_else(name: str) -> None:
    assert DIALOGUES[name].get("repeatable", False) == (name in REPEATABLE)


@each_dialogue
def test_every_message_that_is_named_exists(name: str) -> None:
    dialogue = DIALOGUES[name]
    for message in dialogue["messages"].values():
        rule = message.get("input", {})
        named = [*targets(message["next"]), *targets(rule.get("next")), *rule.get("answers", {}).values()]
        named += [rule["invalid"]] if "invalid" in rule else []
        named += [message["triggers"]] if "triggers" in message else []
        assert set(named) <= set(dialogue["messages"])
    assert set(dialogue["initial_messages"]) <= set(dialogue["messages"])


@each_dialogue
def test_every_way_through_a_dialogue_has_its_branches_and_ends(name: str) -> None:
    seen, ends = walk(DIALOGUES[name])
    assert seen == set(DIALOGUES[name]["messages"]), "a message that nothing reaches"
    assert ends > 0


@each_dialogue
def test_actions_stand_on_endings(name: str) -> None:
    for message in DIALOGUES[name]["messages"].values():
        if "action" in message:
            assert (message["type"], message["next"]) == ("NA", None)


def files_of(dialogue: dict[str, Any]) -> Iterator[Path]:
    for message in dialogue["messages"].values():
        for one in variables(message):
            folder = FILES if one.get("type") == "pdf" else FILES / "img"
            for file_name in in_all_languages(one.get("file_name", [])) if "file_name" in one else []:
                yield folder / file_name


@each_dialogue
def test_every_file_that_is_sent_lies_in_its_folder(name: str) -> None:
    for path in files_of(DIALOGUES[name]):
        assert path.is_file()
        assert path.resolve().is_relative_to(FILES)
        assert path.suffix == ".pdf" or path.stat().st_size <= 300_000


# --- each message ---


@each_message
def test_a_text_is_in_all_languages_or_one_for_all(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    for text in [message["text"], *(text for button in buttons(message) for text in button["texts"])]:
        assert isinstance(text, str) or set(text) == LANGUAGES
        assert all(one.strip() == one != "" for one in in_all_languages(text))


@each_message
def test_no_text_was_left_untranslated(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    texts = in_all_languages(message["text"])
    assert len(set(texts)) == len(texts)
    for label in (label for button in buttons(message) for label in button["texts"]):
        assert isinstance(label, str) or len(set(label.values())) > 1, "write it once, for all languages"


@each_message
def test_buttons_are_short_and_told_apart(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    values = [value for button in buttons(message) for value in button["values"]]
    labels = [label for button in buttons(message) for label in button["texts"]]
    assert len(values) == len(set(values)) == len(labels)
    assert all(value.isascii() and 1 <= len(value.encode()) <= 64 for value in values)
    for language in LANGUAGES:
        shown = [label if isinstance(label, str) else label[language] for label in labels]
        assert all(len(label) <= 40 for label in shown)
        assert len({label.casefold() for label in shown}) == len(shown)


@each_message
def test_html_is_balanced_and_known_to_telegram(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    for text in words_of(message):
        tags = Tags(text)
        assert not tags.wrong
        assert not tags.open


@each_message
def test_all_languages_are_marked_up_alike(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    texts = in_all_languages(message["text"])
    assert len({tuple(Tags(text).used) for text in texts}) == 1
    assert len({text.count("\n") for text in texts}) == 1


@each_message
def test_a_message_is_short_enough_to_read(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    has_file = any("file_name" in one for one in variables(message))
    for text in words_of(message):
        assert len(Tags(text).plain) <= (1024 if has_file else 4096)


@each_message
def test_every_placeholder_is_filled_by_someone(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    known = FILLED_BY_THE_ENGINE | set(message.get("display", {}))
    used = [set(re.findall(r"\{(\w*)\}", text)) for text in in_all_languages(message["text"])]
    assert all(names == used[0] for names in used)
    assert used[0] <= known
    assert set(message.get("display", {})) <= used[0]


@each_message
def test_apostrophes_and_quotes_are_typographic(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    labels = [label for button in buttons(message) for label in button["texts"]]
    for text in [
        *words_of(message),
        *(one for label in labels for one in in_all_languages(label)),
    ]:
        assert not re.search(r"['\"`´]", Tags(text).plain)


@each_message
def test_a_typed_answer_says_what_follows(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    waits_for_partner = message["type"] == "WA" and len(dialogue["initial_messages"]) == 2
    assert (message["type"] == "WA") == ("input" in message or waits_for_partner)
    if "input" in message:
        assert message["input"]["kind"] in {"text", "time", "number"}
        assert typed_name(message)
        assert message["next"] is None


@each_message
def test_only_questions_have_buttons(dialogue: dict[str, Any], message: dict[str, Any]) -> None:
    asks = message["type"] in ("SA", "CA")
    assert asks == bool(buttons(message))
    assert not asks or message["next"] is not None


# --- the dialogues that the program knows by their ids ---


def test_world_keeps_the_ids_and_the_answer_that_the_program_knows() -> None:
    messages = DIALOGUES["world"]["messages"]
    for number in ("3si", "3si_else"):
        rule = messages[number]["input"]
        assert typed_name(messages[number]) == "time"
        assert (rule["kind"], rule["next"], rule["invalid"]) == ("time", "3si_c", "3si_else")
        assert rule["answers"]["NO"] == "3si_nvr"
    assert set(messages) >= {"3si_c", "3si_nvr"}


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("welcome", "legal_yes"),
        ("welcome", "legal_no"),
        ("frequencia_relats", "update_rhythm"),
        ("unsubscribe", "unsubscribe_final"),
        ("forgetme", "forget_everything"),
    ],
)
def test_a_dialogue_has_the_action_that_changes_the_participant(name: str, action: str) -> None:
    assert [message.get("action") for message in DIALOGUES[name]["messages"].values()].count(action) == 1


@pytest.mark.parametrize(
    ("name", "field", "values"),
    [
        ("lang", "language", LANGUAGES),
        ("welcome", "language", LANGUAGES),
        ("hour", "horari_relats", {"Ma", "MD", "Ta", "TD"}),
        ("frequencia_relats", "freq", {"12", "24", "48", "168"}),
    ],
)
def test_a_settings_dialogue_saves_what_the_program_reads(name: str, field: str, values: set[str]) -> None:
    asking = [message for message in DIALOGUES[name]["messages"].values() if message.get("save") == field]
    assert [set(buttons(message)[0]["values"]) for message in asking] == [values]


def test_every_question_about_the_person_may_be_left_open() -> None:
    for message in DIALOGUES["sociodem"]["messages"].values():
        if "save" in message and message["type"] == "SA":
            assert "dontsave" in buttons(message)[0]["values"]
        if "input" in message:
            assert {"NO", "NEIN"} <= set(message["input"]["answers"])


@pytest.mark.parametrize(
    ("language", "word"), [("ca", "baixa"), ("es", "baja"), ("en", "unsubscribe"), ("de", "abmelden")]
)
def test_the_welcome_tells_how_to_leave_and_how_to_be_erased(language: str, word: str) -> None:
    told = " ".join(in_language(message["text"], language) for message in DIALOGUES["welcome"]["messages"].values())
    assert f"<b>{word}</b>" in told
    assert "/forgetme" in told
    assert "{emergency}" in told


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_pause_tells_all_words_that_end_it(language: str) -> None:
    told = " ".join(in_language(message["text"], language) for message in DIALOGUES["pause"]["messages"].values())
    assert all(word in told.casefold() for word in ("reprendre", "reanudar", "resume", "fortsetzen"))


def test_everything_is_erased_only_after_two_confirmations() -> None:
    messages = DIALOGUES["forgetme"]["messages"]
    first, second = (messages[name] for name in (DIALOGUES["forgetme"]["initial_messages"][0], "sure"))
    [erased] = resolve(second["next"], {"sure": "erase"}, {})
    assert messages[str(erased)]["action"] == "forget_everything"
    assert list(resolve(first["next"], {"erase": "erase"}, {})) == ["sure"]
    for message, name in ((first, "erase"), (second, "sure")):
        [kept] = resolve(message["next"], {name: "keep"}, {})
        assert "action" not in messages[str(kept)]


def in_language(text: Any, language: str) -> str:
    return text if isinstance(text, str) else str(text[language])
