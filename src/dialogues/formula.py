# SPDX-License-Identifier: GPL-3.0-or-later
"""Formulas of dialogues: parsed once, answers handed in as values; nothing that people type is ever code.

`'you are {age}' if int({age}) > 17 else 'young'`: a placeholder inside quotes is the answer's text; outside
it is a number when the answer reads as one, else its text. `syntax.py` says what a formula may contain.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from simpleeval import (
    EvalWithCompoundTypes,
    InvalidExpression,
    NameNotDefined,
)

from src.dialogues.arithmetic import FUNCTIONS, OPERATORS, Value, bounded
from src.dialogues.syntax import TEXT_OF, VALUE_OF, FormulaFailed, MalformedFormula, syntax_of

__all__ = ("Formula", "FormulaFailed", "MalformedFormula", "Value", "as_text", "parse_formula")

_LONGEST_NUMBER = 40

_WHOLE_NUMBER = re.compile(r"[+-]?\d+")
_DECIMAL_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")

_FAILURES = (InvalidExpression, ArithmeticError, ValueError, TypeError, RecursionError, MemoryError)
_REASONS: dict[type[Exception], str] = {
    ZeroDivisionError: "it divides by zero",
    TypeError: "it mixes texts and numbers",
    ValueError: "a text is no number, or a result is too long or too large",
    OverflowError: "a number is too large",
}


@dataclass(frozen=True)
class Formula:
    """A formula ready to be evaluated; `names` are the answers that it uses."""

    source: str
    names: frozenset[str]
    _tree: ast.expr

    def evaluate(self, answers: Mapping[str, str], *, points: float, time: float) -> Value:
        """Return the formula's result for these answers; raise FormulaFailed if there is none.

        `{points}` and `{time}` are the answers of that name, else the numbers given. A missing answer is a
        failure only where the formula really uses it: `'{b}' if '{a}' == 'yes' else ''` may do without `b`.
        """
        known: dict[str, str | float] = {"points": points, "time": time, **answers}
        values: dict[str, Value] = {"points": points, "time": time}
        for name in self.names & known.keys():
            values[TEXT_OF + name] = str(known[name])
            values[VALUE_OF + name] = _number_or_text(known[name])
        try:
            return bounded(_evaluator(values).eval(self.source, previously_parsed=self._tree))
        except _FAILURES as error:
            reason = _reason(error)
        # Raised out here so that the library's error, which may quote an answer, is not attached to ours.
        raise FormulaFailed(self.source, reason)


def _reason(error: Exception) -> str:
    """Return in words why an evaluation failed; the error itself may quote an answer."""
    if isinstance(error, NameNotDefined):
        return f"there is no answer {error.name.removeprefix(TEXT_OF).removeprefix(VALUE_OF)!r}"
    found = (why for kind, why in _REASONS.items() if isinstance(error, kind))
    return next(found, "it does what formulas may not do")


def as_text(value: Value) -> str:
    """Return a formula's result as it is shown to a participant: Python's own text of it."""
    return str(value)


@lru_cache(maxsize=4_096)
def parse_formula(source: str) -> Formula:
    """Return the formula that `source` means; raise MalformedFormula if it is none, or does too much."""
    tree, names = syntax_of(source)
    return Formula(source, names, tree)


def _number_or_text(answer: str | float) -> str | int | float:
    """Return the number that an answer reads as, else its text. Longer than any real number is a text."""
    if not isinstance(answer, str):
        return answer
    text = answer.strip()
    if len(text) > _LONGEST_NUMBER:
        return answer
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL_NUMBER.fullmatch(text) else answer


def _evaluator(values: Mapping[str, Value]) -> EvalWithCompoundTypes:
    """Return an evaluator that knows these values, our operators and functions, and nothing else."""
    evaluator = EvalWithCompoundTypes(operators=OPERATORS, names=dict(values))
    evaluator.functions = FUNCTIONS
    return evaluator
