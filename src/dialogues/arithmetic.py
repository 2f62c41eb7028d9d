# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators and functions of formulas, with bounds: no result can fill the memory or take seconds."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

Value = str | int | float | bool

LONGEST_TEXT = 20_000
LARGEST_NUMBER = 1e300
LARGEST_EXPONENT = 100


def bounded(value: object) -> Value:
    """Return the value if it is a text or a number of bearable size; raise TypeError or ValueError."""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError("too long")
        return value
    if not isinstance(value, int | float):
        raise TypeError("neither a text nor a number")
    if math.isnan(value) or abs(value) > LARGEST_NUMBER:
        raise ValueError("too large")
    return value


def _number(value: object) -> int | float:
    if not isinstance(value, int | float):
        raise TypeError("not a number")
    return value


def _add(left: object, right: object) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    return bounded(_number(left) + _number(right))


def _multiply(left: object, right: object) -> Value:
    """Multiply numbers, or repeat a text as often as its bound allows."""
    if isinstance(right, str):
        left, right = right, left
    if not isinstance(left, str):
        return bounded(_number(left) * _number(right))
    if not isinstance(right, int):
        raise TypeError("a text is repeated a whole number of times")
    if len(left) * right > LONGEST_TEXT:
        raise ValueError("too long")
    return left * right


def _power(base: object, exponent: object) -> Value:
    """Raise to a power; the exponent is bounded before, and complex results are refused."""
    if abs(_number(exponent)) > LARGEST_EXPONENT:
        raise ValueError("too large")
    return bounded(_number(base) ** _number(exponent))


def _with_numbers(
    calculate: Callable[[int | float, int | float], object],
) -> Callable[[object, object], Value]:
    """Return an operator for numbers alone: `%` with a text would be a second language inside the formula."""

    def _calculate(left: object, right: object) -> Value:
        return bounded(calculate(_number(left), _number(right)))

    return _calculate


def _is_in(item: object, holder: object) -> bool:
    if not isinstance(holder, str | list | tuple):
        raise TypeError("nothing can be in a number")
    return operator.contains(holder, item)


def _is_not_in(item: object, holder: object) -> bool:
    return not _is_in(item, holder)


def _int(value: object) -> Value:
    """Return the whole number of a number or a text; its length is bounded first, digits need time."""
    return bounded(int(_short(value)))


def _float(value: object) -> Value:
    return bounded(float(_short(value)))


def _str(value: object) -> Value:
    return bounded(str(bounded(value)))


def _short(value: object) -> Value:
    if isinstance(value, str) and len(value) > 400:
        raise ValueError("too long")
    return bounded(value)


FUNCTIONS: dict[str, Callable[[object], Value]] = {"int": _int, "str": _str, "float": _float}

OPERATORS: dict[type[ast.AST], Callable[..., object]] = {
    ast.Add: _add,
    ast.Sub: _with_numbers(operator.sub),
    ast.Mult: _multiply,
    ast.Div: _with_numbers(operator.truediv),
    ast.FloorDiv: _with_numbers(operator.floordiv),
    ast.Mod: _with_numbers(operator.mod),
    ast.Pow: _power,
    ast.USub: lambda value: bounded(-_number(value)),
    ast.UAdd: lambda value: bounded(+_number(value)),
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: _is_in,
    ast.NotIn: _is_not_in,
    # The seed evaluated whole texts, where Python keeps one object for equal literals: `is` meant `==` there.
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
}
