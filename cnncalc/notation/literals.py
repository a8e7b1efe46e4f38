"""What stands between the parentheses of a framework's call: literals, read as Python reads them.

Nothing is ever run.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from cnncalc.notation.tokens import MOST_NESTING, rule
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Span


MOST_CALL = BUDGET.item  # characters between the parentheses of one layer


_QUOTES = "'\""


def not_closed(span: Span) -> Problem:
    """Return the problem of a call without its closing parenthesis."""
    return Problem(
        "bracket-not-closed",
        _("'{sign}' is not closed", sign="("),
        [Label(span)],
        helps=[_("write '{sign}' where it ends", sign=")")],
    )


def read_arguments(reader: Reader, start: int) -> Arguments:
    """Return what stands in a call by place and by name, and where each name's value stands."""
    opening = reader.position
    end = _end(reader, opening)
    text = reader.text[opening:end]
    reader.position = end + 1
    if len(text) > MOST_CALL:
        raise not_read(
            reader.span(start, opening), _("a layer's call is at most 10,000 signs long")
        )
    try:
        tree = ast.parse(f"f({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise not_read(reader.span(opening, end), _("this cannot be read as arguments")) from None
    assert isinstance(tree, ast.Call)  # noqa: S101
    lines = [0]
    for line in f"f({text}".splitlines(keepends=True):
        lines.append(lines[-1] + len(line.encode()))
    raw = f"f({text}".encode()

    def place(node: ast.AST) -> Span:
        begin, stop = (
            len(raw[: lines[row - 1] + column].decode(errors="replace")) - 2 + opening
            for row, column in (
                (node.lineno, node.col_offset),  # type: ignore[attr-defined]
                (node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
            )
        )
        return reader.span(begin, stop)

    return _arguments(tree, place)


Arguments: TypeAlias = "tuple[list[Any], dict[str, Any], dict[str, Span]]"
"""What stands in a call by place and by name, and where each name's value stands."""


def _arguments(tree: ast.Call, place: Callable[[ast.AST], Span]) -> Arguments:
    places = [_value(each, place) for each in tree.args]
    names: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    for each in tree.keywords:
        if each.arg is None:
            raise not_read(place(each), _("this is no value that can be read"))
        if each.arg in names:
            raise not_read(place(each), _("{argument} is given twice", argument=quoted(each.arg)))
        names[each.arg] = _value(each.value, place, word=True)
        spans[each.arg] = place(each)
    return places, names, spans


class Called(str):
    """A call among the arguments of another, by its name; what stands in it is read when asked."""

    __slots__ = ("_node", "_place")
    _node: ast.Call
    _place: Callable[[ast.AST], Span]

    def __new__(cls, name: str, node: ast.Call, place: Callable[[ast.AST], Span]) -> Self:
        """Return a call of a name."""
        made = super().__new__(cls, name)
        made._node, made._place = node, place
        return made

    def arguments(self) -> Arguments:
        """Return what stands in it."""
        return _arguments(self._node, self._place)


def _end(reader: Reader, opening: int) -> int:
    """Return where the parenthesis closes that opens before a position."""
    depth, quote = 1, ""
    for found in rule("IN_CALL").finditer(reader.text, opening):
        sign = found[0]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
        elif sign in "([{":
            depth += 1
            if depth > MOST_NESTING:
                break
        elif sign in ")]}":
            depth -= 1
            if not depth:
                return found.start()
    raise not_closed(reader.span(opening - 1, opening))


def _value(node: ast.AST, place: Callable[[ast.AST], Span], *, word: bool = False) -> Any:
    """Return a literal: a number, a string, True, False, None, or a tuple or list of them."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bytes | complex):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(each, place) for each in node.elts)
    if isinstance(node, ast.Name) and word:
        return node.id  # padding=same, as a print has it
    if isinstance(node, ast.Attribute):
        return node.attr  # torch.float32
    if isinstance(node, ast.Dict) and not node.keys:
        return {}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        return Called(name, node, place)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        number = _number(node.operand, place)
        return -number if isinstance(node.op, ast.USub) else number
    if isinstance(node, ast.BinOp):
        return _worked_out(node, place)
    raise not_read(place(node), _("this is no value that can be read"))


def _number(node: ast.AST, place: Callable[[ast.AST], Span]) -> int | float:
    value = _value(node, place)
    if type(value) in (int, float) and abs(value) < 10**18:
        return value  # type: ignore[no-any-return]
    raise not_read(place(node), _("this is no value that can be read"))


def _worked_out(node: ast.BinOp, place: Callable[[ast.AST], Span]) -> int | float:
    """Return a sum, a product or a quotient of numbers."""
    left, right = _number(node.left, place), _number(node.right, place)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    if isinstance(node.op, ast.Mult):
        return left * right
    if right and isinstance(node.op, ast.FloorDiv):
        return left // right
    if right and isinstance(node.op, ast.Div):
        return left / right
    raise not_read(place(node), _("this is no value that can be read"))


def not_read(span: Span, message: str) -> Problem:
    """Return the problem of a call that cannot be read as it stands."""
    return Problem(
        "call-not-read",
        message,
        [Label(span)],
        helps=[_("a call holds numbers, strings, True, False, None, tuples and lists")],
    )
