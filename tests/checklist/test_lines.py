# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the checklist is complete, and every test that it names is there."""

from __future__ import annotations

import ast
import re

import pytest

from src.paths import ROOT
from tests.checklist.lines import LINES

TESTS = ROOT / "tests"


def names_in(file: str) -> set[str]:
    """Return the names of the tests of a file under tests/."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_line_is_shown_or_says_why_not() -> None:
    assert list(LINES) == list(range(1, 43))
    assert all(bool(line.shown_by) != bool(line.open) for line in LINES.values())


@pytest.mark.parametrize("number", LINES)
def test_what_a_line_names_is_there(number: int) -> None:
    for file, begin in LINES[number].shown_by:
        assert any(name.startswith(begin) for name in names_in(file)), (file, begin)


def test_every_test_with_a_number_stands_in_its_line() -> None:
    for path in sorted((TESTS / "checklist").glob("test_*.py")):
        for name in names_in(f"checklist/{path.name}"):
            found = re.match(r"test_(\d\d)_", name)
            assert found is None or any(
                f"checklist/{path.name}" == file and name.startswith(begin)
                for file, begin in LINES[int(found[1])].shown_by
            ), name
