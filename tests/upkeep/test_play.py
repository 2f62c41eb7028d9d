# SPDX-License-Identifier: GPL-3.0-or-later
"""Playing a dialogue in the terminal, and recording what was played."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src.dialogues.parse import parse_dialogue
from src.errors import BotError
from src.paths import ROOT
from src.upkeep.html_in_terminal import Style, printable, rendered
from src.upkeep.play import Terminal, play
from src.upkeep.scenes import Back, Stage, played_walk, set_stage
from src.upkeep.walks import read_walk, text_of_walk
from tests.fakes.world import RULES
from tests.small_project import start

SCRIPT = ROOT / "data" / "gamesInfo" / "play_dialogue.py"


def buttons(name: str, *values: str) -> list[dict[str, Any]]:
    return [{"name": name, "type": "button", "texts": [value.upper() for value in values], "values": list(values)}]


def small(**messages: object) -> dict[str, Any]:
    first = {
        "type": "SA",
        "text": "Are you <b>ready</b>?",
        "vars": buttons("ready", "yes", "no"),
        "save": "ready",
        "next": {"ready": {"yes": "name", "no": "bye"}},
    }
    name = {
        "type": "WA",
        "text": "Your name?",
        "vars": ["name"],
        "input": {"kind": "text", "next": "hello"},
        "next": None,
    }
    hello = {"type": "NA", "text": "Hello {who}!", "display": {"who": "'{name}'"}, "next": "bye"}
    bye = {"type": "NA", "text": "Bye.", "next": None}
    return {
        "_id": "small",
        "title": "user_settings",
        "initial_messages": ["first"],
        "points": ["2"],
        "messages": {"first": first, "name": name, "hello": hello, "bye": bye} | messages,
    }


def stage(**messages: object) -> Stage:
    return set_stage(parse_dialogue(small(**messages)), [], RULES, "en")


def played(*lines: str, colours: bool = False, on: Stage | None = None) -> tuple[str, list[Any]]:
    """Play with these lines, then the end of a pipe; return what was shown, and what counted as said."""
    rest, shown = list(lines), list[str]()
    terminal = Terminal(lambda: rest.pop(0) if rest else None, shown.append, lambda _: None, Style(colours))
    inputs = play(on or stage(), terminal)
    return "\n".join(shown), inputs


@pytest.mark.parametrize("said", ["1", "YES", "yes", " Yes "])
def test_a_button_is_meant_by_its_number_its_label_or_its_value(said: str) -> None:
    shown, inputs = played(said)
    assert inputs == ["yes"]
    assert "saved    = ready: yes" in shown
    assert "Your name?" in shown


def test_a_label_that_is_a_number_is_stronger_than_the_number() -> None:
    scale = {"type": "SA", "text": "?", "vars": buttons("first", "0", "1", "2"), "next": "bye"}
    assert played("1", on=stage(first=scale))[1] == ["1"]
    assert played("3", on=stage(first=scale))[1] == ["2"]


def test_at_the_end_everything_is_summed_up() -> None:
    shown, _ = played("1", "Ada & <b>Bob</b>")
    assert "   Hello Ada & <b>Bob</b>!" in shown
    assert shown.endswith(
        "The dialogue has ended.\n   first: ready = yes\n   name: name = Ada & <b>Bob</b>  (typed)\n"
        "   done: small\n   status: active, points: 2"
    )


def test_an_answer_can_be_taken_back() -> None:
    shown, inputs = played("no", ":back", "yes")
    assert inputs == ["yes"]
    assert shown.count("Are you ready?") == 2
    assert "There is no answer to take back." in played(":back")[0]


def test_variables_are_shown_and_say_types_a_text_as_it_is() -> None:
    shown, inputs = played("yes", ":say :quit", ":vars")
    assert inputs == ["yes", ":quit"]
    assert "   {name} = :quit" in shown
    assert "   ready = yes" in shown


def test_quit_ends_it_and_what_is_not_understood_gets_the_bot_s_own_words() -> None:
    shown, inputs = played("what?", ":quit", "yes")
    assert inputs == ["what?"]
    assert "I can only understand the buttons" in shown or "I only understand the buttons" in shown


def test_a_command_leaves_the_dialogue_for_another_one() -> None:
    shown, _ = played("/pause")
    assert "(Here comes the dialogue pause.)" in shown
    assert "The dialogue was left before its end." in shown


def test_pauses_are_waited_for_if_wanted() -> None:
    waited: list[float] = []
    play(stage(), Terminal(lambda: None, lambda _: None, waited.append, Style(False)))
    assert waited == [2.0]


def test_html_becomes_emphasis_or_nothing_and_never_a_terminal_s_command() -> None:
    text = 'A <b>bold</b> <a href="https://x.org/?a=1&amp;b=2">link</a> &lt;3 \x1b[2J\x9b1m'
    assert rendered(text, Style(False)) == "A bold link (https://x.org/?a=1&b=2) <3 [2J1m"
    assert rendered("<b>x</b>", Style(True)) == "\x1b[1mx\x1b[22m"
    assert printable("a\x07b\nc👩‍🚀") == "ab\nc👩‍🚀"


def test_a_record_can_be_read_and_played_again() -> None:
    walk = text_of_walk(stage(), played_walk(stage(), ["yes", "Ada\nLovelace"]))
    assert walk == (
        "# dialogue: small, language: en\n"
        "         * time arrives\n"
        "bot      > Are you <b>ready</b>?  [YES] [NO]\n"
        "person   < yes  [YES]\n"
        "         * buttons removed\n"
        "bot      > Your name?\n"
        "answers  = ready: yes\n"
        "saved    = ready: yes\n"
        "person   < Ada\n"
        "           Lovelace\n"
        "bot      > Hello Ada\n"
        "           Lovelace!\n"
        "bot      > Bye.\n"
        "answers  = name: Ada\n"
        "           Lovelace\n"
        "changed  = points: 2\n"
        "changed  = done: small\n"
        "         * dialogue ends\n"
    )
    assert read_walk(walk, "w").inputs == ("yes", "Ada\nLovelace")


def test_a_walk_may_go_back_to_a_question() -> None:
    walk = text_of_walk(stage(), played_walk(stage(), ["yes", "Ada", Back("first"), "no"]))
    assert read_walk(walk, "w").inputs == ("yes", "Ada", Back("first"), "no")
    assert walk.endswith(
        "answers  = ready: no\nsaved    = ready: no\nchanged  = points: 2\nchanged  = done: small\n"
        "         * dialogue ends\n"
    )
    with pytest.raises(BotError, match="goes back to 'bye', which was not asked"):
        played_walk(stage(), ["yes", Back("bye"), "no"])


def test_a_record_without_its_first_line_is_refused_by_name() -> None:
    with pytest.raises(BotError, match=r"w\.txt: the first line must be like"):
        read_walk("bot      > Hello\n", "w.txt")


def test_a_dialogue_for_two_cannot_be_played_alone() -> None:
    two = parse_dialogue(small() | {"initial_messages": ["first", "first"], "points": ["1", "1"]})
    with pytest.raises(BotError, match="for two players"):
        set_stage(two, [], RULES, "en")


# --- the script ---


def test_the_script_plays_to_the_end_of_a_pipe_and_records(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    file.write_text(json.dumps(small()))
    told = start(SCRIPT, str(file), "--lang", "en", "--record", "alone", "--walks", str(tmp_path))
    assert (told.stderr, told.returncode) == ("", 0)
    assert (tmp_path / "small.alone.txt").read_text().startswith("# dialogue: small, language: en\n")
    refused = start(SCRIPT, str(file), "--record", "../up")
    assert (refused.stderr.count("\n"), refused.returncode) == (1, 1)


def test_walks_through_everything_are_written_and_told_complete(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    file.write_text(json.dumps(small()))
    (tmp_path / "small.de.7.txt").write_text("# dialogue: small, language: de\n")
    missing = start(SCRIPT, str(file), "--coverage", str(tmp_path))
    assert "small, de: 1 of" in missing.stdout or "not reached: first (ready = yes)" in missing.stdout
    assert missing.returncode == 1
    told = start(SCRIPT, str(file), "--record-all", "--walks", str(tmp_path))
    assert f"removed: {tmp_path / 'small.de.7.txt'}\n" in told.stdout
    complete = start(SCRIPT, str(file), "--coverage", str(tmp_path))
    assert (complete.stdout.splitlines()[-1], complete.returncode) == ("All is reached.", 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("/no/such/file.json",), "does not exist"),
        (("welcome", "--lang", "xx"), "'xx' is no language of the study"),
        ((), "Name the FILE of one dialogue"),
        (("--coverage", "/no/such/folder"), "is no folder of walks"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    told = start(SCRIPT, *arguments)
    assert said in told.stderr
    assert (told.stdout, told.stderr.count("\n"), told.returncode) == ("", 1, 1)


def test_a_dialogue_with_errors_is_refused_with_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    file.write_text(json.dumps(small(hello={"type": "NA", "text": "<b>", "next": "nowhere"})))
    told = start(SCRIPT, str(file))
    assert "'nowhere', which is no message" in told.stderr
    assert "<b> is never closed" in told.stderr
    assert (told.stdout, told.returncode) == ("", 1)
    file.write_text("{,")
    told = start(SCRIPT, str(file))
    assert told.stderr.startswith("error: small.json: no JSON: line 1")
    assert (told.stderr.count("\n"), told.returncode) == (1, 1)
