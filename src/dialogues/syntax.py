# SPDX-License-Identifier: GPL-3.0-or-later
"""The syntax of formulas: which parts of Python one may contain, and where the placeholders in it stand.

A placeholder is never filled into the source: the source is parsed with marks in their places, every node is
looked at, and the marks become names of values (`TEXT_OF` inside quotes, `VALUE_OF` outside) that are handed
in when the answers are known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import cast

from src.dialogues.arithmetic import FUNCTIONS, OPERATORS
from src.dialogues.names import NUMBERS_OF_THE_BOT, normal
from src.errors import BotError

LONGEST_SOURCE = 2_000
DEEPEST = 60

# The blank at the end keeps formulas from writing such a name themselves.
TEXT_OF = "text "
VALUE_OF = "value "

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_NODES: tuple[type[ast.AST], ...] = (
    ast.Expression,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Tuple,
    ast.List,
    *OPERATORS,
)
_LITERALS = (str, bool, int, float, type(None))


class FormulaFailed(BotError):
    """A formula has no result for these answers. Its text never holds an answer."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"the formula {_short(source)!r} has no result: {why}")


class MalformedFormula(FormulaFailed):
    """A formula cannot be parsed, or contains what no formula may contain: it never has a result."""

    def __init__(self, source: str, why: str) -> None:
        BotError.__init__(self, f"the formula {_short(source)!r} is refused: {why}")


def _short(source: str) -> str:
    return source if len(source) <= 200 else source[:200] + "…"


def syntax_of(source: str) -> tuple[ast.expr, frozenset[str]]:
    """Return a formula's tree and the names of its answers; raise MalformedFormula if it is not allowed."""
    if len(source) > LONGEST_SOURCE:
        raise MalformedFormula(source, f"it has {len(source)} characters, {LONGEST_SOURCE} are allowed")
    names: list[str] = []
    mark = _unused_mark(source)

    def _marked(found: re.Match[str]) -> str:
        names.append(normal(found[1].strip()))
        return f"{mark}{len(names) - 1}_"

    tree = _parsed(source, _PLACEHOLDER.sub(_marked, source).strip())
    filler = _Filler(source, re.compile(rf"{mark}(\d+)_"), names)
    filled = cast(ast.expr, filler.visit(tree.body))
    return filled, frozenset(filler.used)


def _parsed(source: str, marked: str) -> ast.Expression:
    """Return the syntax tree of the source with marks for placeholders, after every node has been checked."""
    try:
        tree = ast.parse(marked, mode="eval")
    except SyntaxError as error:
        raise MalformedFormula(source, f"it is no formula ({error.msg})") from None
    except (ValueError, RecursionError, MemoryError):
        raise MalformedFormula(source, "it is no formula") from None
    for node, depth in _nodes_with_depth(tree):
        if depth > DEEPEST:
            raise MalformedFormula(source, f"it is nested deeper than {DEEPEST} levels")
        if why := _why_refused(node):
            raise MalformedFormula(source, why)
    return tree


def _nodes_with_depth(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """Yield every node and how deep it lies, without recursion."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


def _why_refused(node: ast.AST) -> str | None:
    """Return why no formula may contain this node, or None. Names are looked at later, by `_Filler`."""
    if not isinstance(node, _NODES):
        return f"{type(node).__name__} is not allowed"
    if isinstance(node, ast.Constant) and type(node.value) not in _LITERALS:
        return f"the value {node.value!r} is not allowed, only texts, numbers, True, False and None"
    if isinstance(node, ast.Call):
        return _why_call_refused(node)
    if isinstance(node, ast.Compare):
        return None
    lists = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Tuple | ast.List)]
    return "a list is allowed only after 'in'" if lists else None


def _why_call_refused(node: ast.Call) -> str | None:
    """Return why this call is not one of `int(x)`, `str(x)` and `float(x)`, or None."""
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        return f"only the functions {', '.join(FUNCTIONS)} are allowed"
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Tuple | ast.List):
        return f"{node.func.id} takes one value"
    return None


class _Filler(ast.NodeTransformer):
    """Replaces the marks of placeholders by names of values that are handed in with the answers.

    `used` are the answers' names; a name that is neither a placeholder nor known is refused.
    """

    def __init__(self, source: str, mark: re.Pattern[str], names: list[str]) -> None:
        self.source = source
        self.mark = mark
        self.names = names
        self.used: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Fill the argument alone: the function's name has been checked."""
        return ast.Call(node.func, [self.visit(node.args[0])], [])

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Turn a mark into the name of the answer's value."""
        if found := self.mark.fullmatch(node.id):
            return ast.Name(VALUE_OF + self._name(found[1]), ast.Load())
        if node.id in NUMBERS_OF_THE_BOT:
            return node
        shown = self.mark.sub(lambda found: "{" + self.names[int(found[1])] + "}", node.id)
        raise MalformedFormula(self.source, f"the name {shown!r} is unknown; an answer is written {{answer}}")

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Turn a text with marks into a text that is put together when the answers are known."""
        if not isinstance(node.value, str):
            return node
        texts = self.mark.split(node.value)
        if len(texts) == 1:
            return node
        parts: list[ast.expr] = [ast.Constant(text) for text in texts]
        for place in range(1, len(texts), 2):
            name = ast.Name(TEXT_OF + self._name(texts[place]), ast.Load())
            parts[place] = ast.FormattedValue(name, -1, None)
        return ast.JoinedStr(parts)

    def _name(self, number: str) -> str:
        name = self.names[int(number)]
        if not name:
            raise MalformedFormula(self.source, "a placeholder {} has no name")
        self.used.add(name)
        return name


def _unused_mark(source: str) -> str:
    """Return the beginning of an identifier that does not occur in the source."""
    mark = "_answer"
    while mark in source:
        mark += "r"
    return mark
