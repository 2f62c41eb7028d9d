# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagram of a dialogue: what is in it, and that nothing lies on anything else."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from src.dialogues.model import Dialogue
from src.paths import DIALOGUES, ROOT
from src.upkeep.drawing import drawing_of
from src.upkeep.graph import Graph, Look, graph_of
from src.upkeep.layout import layout_of
from src.upkeep.recording import dialogues_of
from src.upkeep.study import read_files
from src.upkeep.svg import escaped, width_of, wrapped
from tests.small_project import start
from tests.upkeep.test_coverage import BRANCHES, TYPED, asks, dialogue, tells

OURS = dialogues_of(read_files([DIALOGUES]))
SVG = "{http://www.w3.org/2000/svg}"
each_of_ours = pytest.mark.parametrize("name", OURS)

ODD = dialogue(
    first=asks("x", "a b c", {"x": {"a": None, "b": "second", "c": "first"}})
    | {"text": "<b>A & B</b> \x01 ]]> <i>x</i>"},
    second=tells("third"),
    third=tells(),
    lonely=tells("third"),
)


def graph(of: Dialogue) -> Graph:
    return graph_of(of, "en", "ca")


def edges(of: Dialogue) -> set[tuple[str, str]]:
    """Return who leads to whom, the answers in between taken out."""
    found = graph(of)
    direct = {(edge.source, edge.target) for edge in found.edges}
    through = {(a, d) for a, b in direct for c, d in direct if b == c and not found.nodes[b].is_message}
    messages = {name for name, node in found.nodes.items() if node.is_message or node.look is Look.END}
    return {(a, b) for a, b in direct | through if a in messages and b in messages}


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Return left, top, right and bottom of every node."""
    root = ElementTree.fromstring(svg)
    found = [group.find(f"{SVG}rect") for group in root.iter(f"{SVG}g")]
    numbers = [[float(rect.attrib[key]) for key in ("x", "y", "width", "height")] for rect in found if rect is not None]
    return [(x, y, x + width, y + height) for x, y, width, height in numbers]


def test_answers_with_one_consequence_are_one_node_and_ends_are_marked() -> None:
    assert edges(ODD) == {
        ("first", "end\nfirst"), ("first", "second"), ("first", "first"), ("second", "third"), ("lonely", "third"),
    }  # fmt: skip
    found = graph(BRANCHES)
    assert next(node.lines for node in found.nodes.values() if node.look is Look.PRESSED) == ("red\nred", "blue\nblue")
    assert [node.under for node in found.nodes.values() if node.look is Look.BRANCH] == [
        ("if colour = red",), ("if colour = blue",),
    ]  # fmt: skip
    assert "ends the dialogue" in found.nodes["warm"].notes


def test_what_is_typed_is_marked() -> None:
    found = graph(TYPED)
    assert found.nodes["age"].look is Look.TYPED
    assert sorted(node.lines for node in found.nodes.values() if node.look is Look.WRITTEN) == [
        ("a number", "“NO”"), ("anything else",),
    ]  # fmt: skip


def test_a_message_that_nothing_leads_to_is_grey() -> None:
    assert [name for name, node in graph(ODD).nodes.items() if not node.reached] == ["lonely"]
    assert 'fill="#eeeeee"' in drawing_of(ODD, "en", "ca")


def test_whatever_an_author_writes_stays_text() -> None:
    svg = drawing_of(ODD, "en", "ca")
    root = ElementTree.fromstring(svg)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "A & B  ]]> x" in texts
    assert escaped("<a>\x00&\"\ud800'") == "&lt;a&gt;&amp;&quot;&#x27;"
    assert not re.search(r"<(script|image|foreignObject|use)|href=|url\(", svg)


@each_of_ours
def test_no_two_nodes_of_our_diagrams_lie_on_each_other(name: str) -> None:
    for one, other in combinations(boxes(drawing_of(OURS[name], "de", "ca")), 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart, (one, other)


@each_of_ours
def test_every_node_and_bend_is_on_a_layer_of_its_kind(name: str) -> None:
    found = graph(OURS[name])
    layout = layout_of(found, dict.fromkeys(found.nodes, 200.0))
    for node in found.nodes.values():
        is_answer = not node.is_message and node.look is not Look.END
        assert layout.spots[node.id].layer % 2 == is_answer
    for route in layout.routes:
        levels = [
            layout.spots[route.upper].layer,
            *(spot.layer for spot in route.between),
            layout.spots[route.lower].layer,
        ]
        assert levels == list(range(levels[0], levels[0] + len(levels)))


@each_of_ours
def test_everything_lies_on_the_page(name: str) -> None:
    svg = drawing_of(OURS[name], "ca", "ca")
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for left, top, right, bottom in boxes(svg):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    numbers = [float(x) for path in root.iter(f"{SVG}path") for x in re.findall(r"[ MLC](-?[\d.]+),", path.attrib["d"])]
    assert all(0 <= x <= width for x in numbers)


def test_a_diagram_is_the_same_every_time() -> None:
    assert drawing_of(OURS["sociodem"], "de", "ca") == drawing_of(OURS["sociodem"], "de", "ca")


def test_texts_are_cut_to_what_fits() -> None:
    assert wrapped("one two three four five", 60, 12, 2) == ["one two", "three fo…"]
    assert wrapped("", 60, 12, 2) == [""]
    (line,) = wrapped("W" * 100, 60, 12, 1)
    assert line.endswith("…")
    assert width_of(line, 12) <= 60


def test_a_dialogue_without_a_question_has_a_diagram_too() -> None:
    assert len(boxes(drawing_of(dialogue(only=tells()), "en", "ca"))) == 1


def test_the_script_draws_a_file_and_a_folder(tmp_path: Path) -> None:
    script = ROOT / "data" / "gamesInfo" / "play_dialogue.py"
    told = start(script, "--graph", str(tmp_path / "new" / "folder"), "--lang", "de")
    assert (told.stderr, told.returncode) == ("", 0)
    drawn: dict[str, Any] = {file.stem: file.read_text("utf-8") for file in (tmp_path / "new" / "folder").glob("*.svg")}
    assert set(drawn) == set(OURS)
    assert "language: de" in drawn["world"]
