"""Arithmetic and comparisons of known values: Python's own, on its plain types alone."""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python.scopes import MOST_BITS, MOST_ITEMS, MOST_SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = (int, float, str, bool, type(None), list, tuple, dict, set, range, slice)
"""The types of Python whose values are values here."""

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}

_WIDE = re.compile(r"\d{4,}|\*")
_SHOWN = 10_000


def named(of: object, words: str) -> dict[str, Callable[..., Any]]:
    """Return functions of a module, or methods of a type, by their names."""
    return {name: getattr(of, name) for name in words.split()}


class TooLarge(Exception):  # noqa: N818 - a limit, not an error
    """What Python would make is larger than what is followed."""


def work_out(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """Return what an operator makes of two plain values; TooLarge where it would be that."""
    if kind in (ast.Pow, ast.LShift, ast.RShift):
        return _power(kind, left, right)
    if kind is ast.Mult and isinstance(left, str | list | tuple | int):
        for several, count in ((left, right), (right, left)):
            if isinstance(several, str | list | tuple) and isinstance(count, int):
                most = MOST_SIGNS if isinstance(several, str) else MOST_ITEMS
                if len(several) * count > most:
                    raise TooLarge
    if kind is ast.Mod and isinstance(left, str):
        return _formatted(left, right)
    if kind not in ARITHMETIC:
        raise TypeError("no such operator")
    return ARITHMETIC[kind](left, right)


def _power(kind: type[ast.operator], left: Any, right: Any) -> Any:
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        raise TypeError("unsupported operand types")
    if isinstance(left, int) and isinstance(right, int):
        bits = max(left.bit_length(), 1) * right if kind is ast.Pow else left.bit_length() + right
        if bits > MOST_BITS and (abs(left) > 1 or (left and kind is not ast.Pow)):
            raise TooLarge
    if kind is ast.Pow:
        made = left**right
        if isinstance(made, complex):
            raise ValueError("a complex number")
        return made
    if not isinstance(left, int) or not isinstance(right, int):
        raise TypeError("unsupported operand types")
    return left << right if kind is ast.LShift else left >> right


def _formatted(text: str, values: Any) -> str:
    """Return `text % values`, of plain numbers and strings."""
    if _WIDE.search(text):
        raise TooLarge
    several = values if isinstance(values, tuple) else (values,)
    return text % tuple(shown(each) for each in several)


class _ShownName(str):
    """A name that stands for a value, in a list, too, without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def shown(value: Any, room: list[int] | None = None) -> Any:
    """Return a value as it may stand in a string: a number, a string, else a name.

    That is its own, or its class'. In lists there is `room` for so many values, of which
    some may hold one another.
    """
    room = [_SHOWN] if room is None else room
    room[0] -= 1
    if isinstance(value, int | float | str | bool | type(None) | range):
        return value
    if isinstance(value, list | tuple) and len(value) < 100 and room[0] > 0:
        return type(value)(shown(each, room) for each in value)
    name = getattr(value, "name", "") or getattr(getattr(value, "cls", None), "name", "")
    return _ShownName(f"<{name or type(value).__name__}>")


def put_in(text: str, places: list[Any], names: dict[str, Any]) -> str:
    """Return `text.format(...)`: fields by place and by name alone, no attributes."""
    from string import Formatter

    made: list[str] = []
    count = 0
    for before, field, spec, how in Formatter().parse(text):
        made.append(before)
        if field is None:
            continue
        key, rest = re.match(r"(\w*)(.*)", field, re.DOTALL).groups()  # type: ignore[union-attr]
        if rest or how not in (None, "s", "r") or _WIDE.search(spec or "") or "{" in (spec or ""):
            raise ValueError("a field that is not read")
        value = names[key] if key and not key.isdigit() else places[int(key) if key else count]
        count += 1
        made.append(format_one(value, spec or "", how or ""))
    return "".join(made)


def format_one(value: Any, spec: str, how: str = "") -> str:
    """Return a value as an f-string writes it."""
    if _WIDE.search(spec):
        raise TooLarge
    value = shown(value)
    if how == "r":
        value = repr(value)
    return format(str(value) if how == "s" or isinstance(value, list | tuple) else value, spec)
