# SPDX-License-Identifier: GPL-3.0-or-later
"""What formulas mean and which ones are refused."""

from __future__ import annotations

import pytest

from src.dialogues.formula import FormulaFailed, MalformedFormula, as_text, parse_formula
from src.errors import BotError


def value_of(source: str, **answers: str) -> object:
    return parse_formula(source).evaluate(answers, points=2, time=1_700_000_000.5)


@pytest.mark.parametrize(
    ("source", "answers", "value"),
    [
        ("'you are ' + '{age}' if int({age}) > 17 else 'young'", {"age": "20"}, "you are 20"),
        ("'you are ' + '{age}' if int({age}) > 17 else 'young'", {"age": "9"}, "young"),
        ("{age} + 1", {"age": "20"}, 21),
        ("{age} + 1", {"age": " 20.5 "}, 21.5),
        ("'{age}' + '1'", {"age": "20"}, "201"),
        ('"{a} and {b}, {a}"', {"a": "x", "b": "y"}, "x and y, x"),
        ("'''{a}'''", {"a": "'''"}, "'''"),
        ("r'{a}' 'and {b}'", {"a": "x", "b": "y"}, "xand y"),
        ("{name} == 'Anna'", {"name": "Anna"}, True),
        ("{name}", {"name": "Anna"}, "Anna"),
        ("str({age}) + '!'", {"age": "7"}, "7!"),
        ("float({x}) * 2", {"x": "1.5"}, 3.0),
        ("{x}", {"x": "1e3"}, 1000.0),
        ("{x}", {"x": "1,5"}, "1,5"),
        ("{x}", {"x": "inf"}, "inf"),
        ("{x}", {"x": "1e999"}, "1e999"),
        ("'{a}' in ('x', 'y') and not {b} > 1", {"a": "x", "b": "1"}, True),
        ("{a} in [1, 2] or False", {"a": "3"}, False),
        ("'{a}' not in 'xyz'", {"a": "x"}, False),
        ("'{a}' is 'x' and 1 is not 2", {"a": "x"}, True),
        ("'a' if {n} >= 3 else 'b' if {n} != 1 else 'c'", {"n": "1"}, "c"),
        ("-{a} ** 2 // 2 % 5 - +1 / 2", {"a": "3"}, -0.5),
        ("0 < {a} <= 3", {"a": "3"}, True),
        ("points * 2", {}, 4),
        ("points + {points}", {}, 4),
        ("{time} > 1000000000 and time > 0", {}, True),
        ("'{time}'", {"time": "18:30"}, "18:30"),
        ("'ab' * 2 + 2 * 'c'", {}, "ababcc"),
        ("  1  ", {}, 1),
        ("'{what you like}: {a-b}'", {"what you like": "sea", "a-b": "1"}, "sea: 1"),
        ("'{cançó}'", {"cançó": "x"}, "x"),
        ("'\\{a}\\n'", {"a": "x"}, "\\x\n"),
        ("'_answer0_ {a}'", {"a": "x"}, "_answer0_ x"),
        ("'{a}' == None", {"a": "x"}, False),
    ],
)
def test_a_formula_has_the_value_that_its_author_means(source: str, answers: dict[str, str], value: object) -> None:
    result = value_of(source, **answers)
    assert result == value
    assert type(result) is type(value)


def test_a_formula_knows_the_names_of_its_answers() -> None:
    assert parse_formula("'{a} {b}' if {c} > points else '{a}'").names == {"a", "b", "c"}
    assert parse_formula("points + time").names == frozenset()


def test_names_in_the_form_of_macos_are_the_usual_ones() -> None:
    assert parse_formula("'{canc\u0327o\u0301}'").names == {"cançó"}


def test_an_answer_that_is_not_needed_may_be_missing() -> None:
    assert value_of("'{b}' if '{a}' == 'yes' else 'nothing'", a="no") == "nothing"


@pytest.mark.parametrize("source", ["'{b}'", "{b} + 1", "'x' + '{b}'"])
def test_a_missing_answer_is_named(source: str) -> None:
    with pytest.raises(FormulaFailed, match="there is no answer 'b'"):
        value_of(source, a="1")


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0",
        "1 % 0",
        "9 ** 9 ** 9",
        "10 ** 101",
        "2 ** -101",
        "(-1) ** 0.5",
        "0 ** -1",
        "1e200 * 1e200",
        "1e999",
        "1e999 - 1e999",
        "float('nan')",
        "float('inf')",
        "int('x')",
        "int(1e999)",
        "'a' + 1",
        "'a' < 1",
        "-'a'",
        "'a' * 20001",
        "20001 * 'a'",
        "'a' * 1.5",
        "'a' * 'a'",
        "'%d' % 3",
        "'%100000d' % 3",
        "1 in 2",
        "None",
        "str(None)",
        "1 + None",
    ],
)
def test_a_formula_without_a_sensible_result_fails(source: str) -> None:
    with pytest.raises(FormulaFailed) as caught:
        value_of(source)
    assert not isinstance(caught.value, MalformedFormula)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "source",
    [
        "",
        "   ",
        "{}",
        "'{}'",
        "1 +",
        "'open",
        "x = 1",
        "1; 2",
        "age > 17",
        "int",
        "{a}5",
        "x{a}",
        "{a}(1)",
        "{a}{b}",
        "print(1)",
        "__import__('os').system('true')",
        "open('/etc/passwd')",
        "int('1', 2)",
        "int()",
        "int(x=1)",
        "int(*[1])",
        "int(**{1})",
        "int([1])",
        "int(int)",
        "'a'.upper()",
        "'{a}'.format(1)",
        "(1).__class__",
        "'a'[0]",
        "'abc'[0:1]",
        "lambda: 1",
        "[x for x in 'a']",
        "(x for x in 'a')",
        "[1, 2]",
        "(1, 2)",
        "[1] * 3",
        "1 if 2 else [1]",
        "f'{a}'",
        "b'x'",
        "1j",
        "...",
        "(y := 1)",
        "~1",
        "1 << 2",
        "1 | 2",
        "'a' @ 'b'",
        "await x",
        "yield",
        "\0",
        "'\ud800{a}' + b",
        "-" * 100 + "1",
        "(" * 300 + "1" + ")" * 300,
        "1" + "+1" * 100,
        "1 + " * 700 + "1",
        "not " * 400 + "1",
    ],
)
def test_everything_else_is_refused_when_it_is_parsed(source: str) -> None:
    with pytest.raises(MalformedFormula) as caught:
        parse_formula(source)
    assert len(str(caught.value).splitlines()) == 1


def test_a_formula_of_more_than_2000_characters_is_refused() -> None:
    assert value_of("'" + "x" * 1998 + "'") == "x" * 1998
    with pytest.raises(MalformedFormula, match="2001 characters"):
        parse_formula("'" + "x" * 1999 + "'")


def test_errors_of_formulas_are_foreseen_errors_and_a_malformed_one_has_no_result_either() -> None:
    assert issubclass(FormulaFailed, BotError)
    assert issubclass(MalformedFormula, FormulaFailed)


def test_a_formula_is_parsed_once() -> None:
    assert parse_formula("1 + 1") is parse_formula("1 + 1")


@pytest.mark.parametrize(("value", "text"), [("x", "x"), (3, "3"), (3.0, "3.0"), (2.5, "2.5"), (True, "True")])
def test_a_result_is_shown_as_python_shows_it(value: str | float | bool, text: str) -> None:
    assert as_text(value) == text
