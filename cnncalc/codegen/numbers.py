"""Numbers as Python says them: `4 * n`, and what they come to at every call of a definition."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, cast

from cnncalc.notation.evaluation import rounded8
from cnncalc.notation.expressions import (
    Channels,
    Equal,
    Name,
    Pair,
    Power,
    Product,
    Rounded8,
    Sum,
    is_fraction,
    is_sizes,
)
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.expressions import Expression, Value


class NotAlike(Exception):  # noqa: N818 - no fault: one class cannot say it, several can
    """The calls of a definition differ in what its parameters cannot say."""


class Number:
    """A sum of terms, each an expression in Python and how often it counts ('' is 1).

    `values` holds what it comes to at each call, None where it comes to nothing there. `truth`
    says that it is a condition: 1 or 0. It adds and multiplies as ints do, so that formulas work
    on it; a comparison must come out the same at all calls, and is equal to an int where it is
    that whatever is passed.
    """

    __slots__ = ("terms", "truth", "values")

    def __init__(
        self,
        terms: tuple[tuple[str, int], ...],
        values: tuple[int | None, ...],
        truth: bool = False,
    ) -> None:
        self.terms = terms
        self.values = values
        self.truth = truth

    @property
    def text(self) -> str:
        """The sum in Python.

        >>> Number((("n", 4), ("", -1)), (255,)).text
        '4 * n - 1'
        """
        words = ""
        for term, count in sorted(self.terms, key=lambda each: (each[1] < 0, each[0] == "")):
            sign = " - " if count < 0 else " + " if words else ""
            word = _times(term, abs(count))
            if len(self.terms) > 1 and re.search(r"==|!=|and |not ", word):
                word = f"({word})"
            words += (sign if words else sign.strip()) + word
        return words or "0"

    @property
    def literal(self) -> int | None:
        """Its number, where it is the same whatever is passed."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    def __add__(self, other: Number | int) -> Number:
        return _sum(self, self._like(other), 1)

    __radd__ = __add__

    def __sub__(self, other: Number | int) -> Number:
        return _sum(self, self._like(other), -1)

    def __rsub__(self, other: int) -> Number:
        return _sum(self._like(other), self, -1)

    def __mul__(self, other: Number | int) -> Number:
        return _product(self, self._like(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Number | int) -> Number:
        return _quotient(self, self._like(other))

    def __rtruediv__(self, other: int) -> Number:
        return _quotient(self._like(other), self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Number):
            return self._key() == other._key()
        return isinstance(other, int) and self.literal == other

    def __hash__(self) -> int:
        return hash(self._key())

    def __lt__(self, other: Number | int) -> bool:
        return self._compare(operator.lt, other)

    def __le__(self, other: Number | int) -> bool:
        return self._compare(operator.le, other)

    def __gt__(self, other: Number | int) -> bool:
        return self._compare(operator.gt, other)

    def __ge__(self, other: Number | int) -> bool:
        return self._compare(operator.ge, other)

    def _like(self, other: Number | int) -> Number:
        return constant(other, len(self.values)) if isinstance(other, int) else other

    def _key(self) -> tuple[object, ...]:
        return self.terms, self.values, self.truth

    def _compare(self, holds: Callable[[int, int], bool], other: Number | int) -> bool:
        pairs = zip(self.values, self._like(other).values, strict=True)
        return bool(agree(tuple(None if a is None or b is None else holds(a, b) for a, b in pairs)))


def _times(term: str, count: int) -> str:
    if not term:
        return str(count)
    if count == 1:
        return term
    return f"{count} * {term if term.isidentifier() or term[0] == '(' else f'({term})'}"


def constant(number: int, calls: int) -> Number:
    """Return a number that is the same at all calls."""
    return Number((("", number),) if number else (), (number,) * calls)


def name_number(name: str, values: tuple[int | None, ...], *, truth: bool = False) -> Number:
    """Return what a name, or another expression in Python, stands for."""
    return Number(((name, 1),), values, truth)


def _each(
    of: Callable[[int, int], int | None], first: Number, second: Number
) -> tuple[int | None, ...]:
    return tuple(
        None if a is None or b is None else of(a, b)
        for a, b in zip(first.values, second.values, strict=True)
    )


def _sum(first: Number, second: Number, sign: int) -> Number:
    """Return a sum or a difference.

    >>> half, n = name_number("n // 2", (32,)), name_number("n", (64,))
    >>> (half + half).text, (n - half).text
    ('n', 'n // 2')
    """
    values = _each(lambda a, b: a + sign * b, first, second)
    if sign == -1 and first.literal == 1 and second.truth:
        return name_number(negate(second.text), values, truth=True)
    terms = dict(first.terms)
    for term, count in second.terms:
        terms[term] = terms.get(term, 0) + sign * count
    for term, count in list(terms.items()):
        part = re.fullmatch(r"(\w+) // (\d+)", term)
        if part:  # a division comes out whole: n is two of n // 2
            by = int(part[2])
            parts = terms.get(part[1], 0) * by + count
            if parts % by == 0:
                del terms[term]
                terms[part[1]] = parts // by
            elif parts == 1:
                terms[part[1]], terms[term] = 0, 1
    return Number(tuple((term, count) for term, count in terms.items() if count), values)


def _product(first: Number, second: Number) -> Number:
    """Return a product."""
    values = _each(lambda a, b: a * b, first, second)
    if first.truth and second.truth:
        return name_number(f"{first.text} and {second.text}", values, truth=True)
    for one, other in ((first, second), (second, first)):
        if one.literal is not None:
            terms = tuple((term, count * one.literal) for term, count in other.terms)
            return Number(terms if one.literal else (), values, other.truth and one.literal == 1)
    return name_number(f"{_factor(first)} * {_factor(second)}", values)


def _quotient(first: Number, second: Number) -> Number:
    """Return a quotient, which comes out whole."""
    values = _each(lambda a, b: a // b if b and a % b == 0 else None, first, second)
    by = second.literal
    if by and all(count % by == 0 for _, count in first.terms):
        return Number(tuple((term, count // by) for term, count in first.terms), values)
    under = f"({second.text})" if "*" in second.text or "/" in second.text else _factor(second)
    return name_number(f"{_factor(first)} // {under}", values)


def equate(first: Number, second: Number) -> Number:
    """Return the condition that two numbers are equal."""
    values = _each(lambda a, b: int(a == b), first, second)
    if first.literal is not None and second.literal is not None:
        return constant(int(first.literal == second.literal), len(values))
    return name_number(f"{first.text} == {second.text}", values, truth=True)


def negate(condition: str) -> str:
    """Return the opposite of a condition.

    >>> negate("s == 1"), negate("keep"), negate("s == 1 and keep")
    ('s != 1', 'not keep', 'not (s == 1 and keep)')
    """
    if " and " in condition:
        return f"not ({condition})"
    for sign, other in ((" == ", " != "), (" != ", " == ")):
        if sign in condition:
            return condition.replace(sign, other)
    return condition.removeprefix("not ") if condition.startswith("not ") else f"not {condition}"


def _factor(number: Number) -> str:
    text = number.text
    many = len(number.terms) > 1 or text.startswith("-") or (number.truth and " " in text)
    return f"({text})" if many else text


class PythonArgument(NamedTuple):
    """What is passed: its Python, its values at each call, and itself where it is one number."""

    text: str
    values: tuple[Any, ...]
    number: Number | None = None

    def same(self) -> Any:
        """Return its value, which is the same wherever there is one."""
        return agree(self.values)


def agree(values: tuple[Any, ...]) -> Any:
    """Return what all calls have alike, but those that have nothing."""
    found = [value for value in values if value is not None]
    if any(value != found[0] for value in found):
        raise NotAlike
    return found[0] if found else None


def as_argument(number: Number) -> PythonArgument:
    """Return one number as an argument."""
    values = tuple(None if value is None else (value,) for value in number.values)
    return PythonArgument(number.text, values, number)


def literal(value: tuple[Any, ...], calls: int) -> PythonArgument:
    """Return known numbers as an argument: one, or a tuple with one for each axis."""
    value = tuple(side[0] if type(side) is tuple and side[0] == side[1] else side for side in value)
    is_number = type(value[0]) is int or is_fraction(value[0])
    if is_number and all(side == value[0] for side in value):
        number = constant(value[0], calls)
        return PythonArgument(number.text, (value,) * calls, number if len(value) == 1 else None)
    return PythonArgument(f"({', '.join(map(str, value))})", (value,) * calls)


def python_number(
    expression: Expression, names: dict[str, PythonArgument], channels: Number
) -> Number:
    """Return what an expression is in Python, names being what they stand for there."""
    if isinstance(expression, int) or is_fraction(expression):
        return constant(cast("int", expression), len(channels.values))
    if isinstance(expression, Channels):
        return channels
    if isinstance(expression, Name):
        number = names[expression.name].number
        if number is None:
            raise NotAlike
        return number
    if isinstance(expression, Sum):
        total = constant(0, len(channels.values))
        for sign, term in expression.terms:
            number = python_number(term, names, channels)
            total = total + number if sign == "+" else total - number
        return total
    if isinstance(expression, Product):
        result = constant(1, len(channels.values))
        for sign, factor in expression.factors:
            number = python_number(factor, names, channels)
            result = result * number if sign == "*" else result / number
        return result
    if isinstance(expression, Power):
        base = python_number(expression.base, names, channels)
        exponent = python_number(expression.exponent, names, channels)
        if base.literal is None or exponent.literal is None:
            raise NotAlike
        return constant(base.literal**exponent.literal, len(channels.values))
    if isinstance(expression, Rounded8):
        inside = python_number(expression.inside, names, channels).literal
        if inside is None:
            raise NotAlike
        whole = rounded8(inside.numerator, inside.denominator, expression.span)
        return constant(whole, len(channels.values))
    if isinstance(expression, Equal):
        left = python_number(expression.left, names, channels)
        return equate(left, python_number(expression.right, names, channels))
    raise NotAlike


def python_argument(
    value: Value, names: dict[str, PythonArgument], channels: Number
) -> PythonArgument:
    """Return what a value with names in it is in Python."""
    calls = len(channels.values)
    if all(type(side) in (int, tuple) for side in value):
        return literal(value, calls)
    if len(value) == 1 and isinstance(value[0], Name):
        if is_sizes(value) and not names[value[0].name].text:
            raise NotAlike
        return names[value[0].name]
    if any(isinstance(side, Pair) or type(side) is tuple for side in value):
        return literal(tuple(_paddings(side, names, channels) for side in value), calls)
    sides = [python_number(cast("Expression", side), names, channels) for side in value]
    if len(sides) == 1:
        return as_argument(sides[0])
    values = tuple(
        None if None in each else each
        for each in zip(*(side.values for side in sides), strict=True)
    )
    return PythonArgument(f"({', '.join(side.text for side in sides)})", values)


def _paddings(side: Any, names: dict[str, PythonArgument], channels: Number) -> tuple[int, int]:
    """Return a padding before and after, which must be the same whatever is passed."""
    pair = side if isinstance(side, Pair | tuple) else (side, side)
    before, after = (python_number(each, names, channels).literal for each in pair)
    if before is None or after is None:
        raise NotAlike
    return before, after
