# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a participant types: a formula has a result or fails, at once; nothing typed is run."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from src.dialogues.formula import FormulaFailed, parse_formula

FORMULAS = (
    "'you are ' + '{a}' if int({a}) > 17 else 'young'",
    "{a}",
    "'{a}{a}'",
    "{a} * {a}",
    "{a} ** {a}",
    "{a} % {a}",
    "{a} + {a} - {a}",
    "{a} / {a} // {a}",
    "'x' * {a}",
    "int('{a}')",
    "float('{a}')",
    "int({a})",
    "str({a}) + '{a}'",
    "{a} in '{a}'",
    "'{a}' in ('x', {a})",
    "not {a} and -{a} == +{a}",
    '''"""{a}""" + r"{a}"''',
)

NASTY = (
    "'",
    '"',
    "'''",
    "\\",
    "\\'",
    "{a}",
    "{",
    "}{",
    "{0.__class__}",
    "%s%n%100000000d",
    "' + str(__import__('os').system('touch /tmp/typed')) + '",
    "__import__('os')",
    "().__class__.__bases__[0].__subclasses__()",
    "text a",
    "_answer0_",
    "\u202etxet\u202c",
    "\u200f12",
    "\x00",
    "\ud800",
    "\n",
    "٣",
    "²",
    "1_000",
    "0x10",
    "1" * 10_000,
    "9" * 40,
    "1e308",
    "-1e-308",
    "1e99",
    "nan",
    "-inf",
    "True",
    "None",
    "x" * 10_000,
    "(" * 10_000,
)

TYPED = st.one_of(
    st.text(max_size=50),
    st.text(alphabet="'\"{}\\%()[]_.:a0 \n\u202e\u200f", max_size=50),
    st.from_regex(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,4})?", fullmatch=True),
    st.sampled_from(NASTY),
    st.text(min_size=1, max_size=3).map(lambda piece: (piece * 10_000)[:10_000]),
)


@pytest.mark.parametrize("source", FORMULAS)
@settings(max_examples=100, deadline=1_000)
@given(typed=TYPED)
@example(typed="' + 1 + '")
def test_no_typed_text_makes_a_formula_do_more_than_fail(source: str, typed: str) -> None:
    with suppress(FormulaFailed):
        result = parse_formula(source).evaluate({"a": typed}, points=1, time=1)
        assert isinstance(result, str | int | float)


@settings(max_examples=200)
@given(typed=TYPED)
def test_inside_quotes_typed_text_stays_what_it_is(typed: str) -> None:
    assert parse_formula("'<{a}>'").evaluate({"a": typed}, points=1, time=1) == f"<{typed}>"


@settings(max_examples=200)
@given(typed=st.text("abcdefgh '\\", min_size=12, max_size=40))
@example(typed="my secret sorrow")
def test_an_error_never_repeats_what_was_typed(typed: str) -> None:
    for source in ("int('{a}')", "'{a}' + 1", "'{a}' and 1 / 0", "'{a}' > 3", "'{a}' * 9999"):
        with pytest.raises(FormulaFailed) as caught:
            parse_formula(source).evaluate({"a": typed}, points=1, time=1)
        assert typed not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


@settings(max_examples=500, deadline=1_000)
@given(source=st.text(max_size=60) | st.text(alphabet="'\"{}ab01()[],.+-*/%<>=!: intsrfloadnex\\\n", max_size=60))
def test_no_formula_whatsoever_raises_anything_else(source: str) -> None:
    with suppress(FormulaFailed):
        parse_formula(source).evaluate({"a": "1", "b": "x"}, points=1, time=1)


@pytest.mark.parametrize("source", FORMULAS)
def test_nothing_typed_takes_long(source: str) -> None:
    for typed in NASTY:
        start = time.process_time()
        with suppress(FormulaFailed):
            parse_formula(source).evaluate({"a": typed}, points=1, time=1)
        assert time.process_time() - start < 0.5, typed[:40]


@pytest.fixture
def seen_by_python() -> Iterator[list[str]]:
    """Collect what Python itself reports: code that is compiled or run, files, imports, processes."""
    events: list[str] = []
    listening = True

    def hear(event: str, _arguments: tuple[object, ...]) -> None:
        if listening:
            events.append(event)

    sys.addaudithook(hear)  # hooks stay for the life of the process: this one falls silent
    yield events
    listening = False


def test_no_code_is_compiled_or_run_and_nothing_is_opened(seen_by_python: list[str]) -> None:
    formulas = [parse_formula(source) for source in FORMULAS]
    seen_by_python.clear()
    for formula in formulas:
        for typed in NASTY:
            with suppress(FormulaFailed):
                formula.evaluate({"a": typed}, points=1, time=1)
    assert seen_by_python == []


def test_an_evaluation_takes_less_than_a_millisecond() -> None:
    formula = parse_formula(FORMULAS[0])
    start = time.process_time()
    for _ in range(1_000):
        formula.evaluate({"a": "20"}, points=1, time=1)
    assert time.process_time() - start < 1
