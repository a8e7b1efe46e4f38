"""Numbers that remember how they were worked out.

A formula is written once, on anything that adds and multiplies as integers do. Given ints it
gives ints; given `Working` numbers it gives the value and the arithmetic, in the user's own
numbers. The text that is shown is therefore the formula that is computed.

    >>> n, p, k = shown(32), shown(2), shown(5)
    >>> size = (n + 2 * p - k) // shown(1) + 1
    >>> size.value, str(size)
    (32, 'floor((32 + 2*2 - 5) / 1) + 1')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.numbers.letters import Polynomial
from cnncalc.numbers.spelling import as_factor
from cnncalc.numbers.spelling import write as write_letters
from cnncalc.speech.signs import ASCII, Signs

if TYPE_CHECKING:
    from collections.abc import Iterable

Number: TypeAlias = Any
"""An int, or anything that adds and multiplies as ints do."""

_SUM, _PRODUCT, _TIGHT, _ATOM = range(4)


class Working:
    """A number with the expression that gave it, as a tree: `op` and its `parts`.

    A leaf has no parts and is written as `op`: the number itself, or a letter that stands
    for it.
    """

    __slots__ = ("op", "parts", "value")

    def __init__(self, value: Number, op: str, parts: tuple[Working, ...] = ()) -> None:
        self.value = value
        self.op = op
        self.parts = parts

    def __add__(self, other: Number) -> Working:
        right = shown(other)
        return Working(self.value + right.value, "+", (self, right))

    def __radd__(self, other: Number) -> Working:
        return shown(other) + self

    def __sub__(self, other: Number) -> Working:
        right = shown(other)
        return Working(self.value - right.value, "-", (self, right))

    def __rsub__(self, other: Number) -> Working:
        return shown(other) - self

    def __mul__(self, other: Number) -> Working:
        right = shown(other)
        return Working(self.value * right.value, "*", (self, right))

    def __rmul__(self, other: Number) -> Working:
        return shown(other) * self

    def __floordiv__(self, other: Number) -> Working:
        right = shown(other)
        return Working(self.value // right.value, "floor", (self, right))

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, Working) else other))

    def __lt__(self, other: Number) -> bool:
        return bool(self.value < plain(other))

    def __le__(self, other: Number) -> bool:
        return bool(self.value <= plain(other))

    def __gt__(self, other: Number) -> bool:
        return bool(self.value > plain(other))

    def __ge__(self, other: Number) -> bool:
        return bool(self.value >= plain(other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return write(self)

    def __repr__(self) -> str:
        return f"<{self} = {self.value}>"


def shown(number: Number, name: str = "") -> Working:
    """Return a number as a leaf that shows its digits, or a name that stands for it."""
    if isinstance(number, Working) and not name:
        return number
    number = plain(number)
    return Working(number, name or str(number))


def plain(number: Number) -> Number:
    """Return a number without how it was worked out."""
    return number.value if isinstance(number, Working) else number


def spoken(value: Any) -> Any:
    """Return a value with every whole number in it as one that shows its digits."""
    if isinstance(value, tuple):
        return tuple(spoken(part) for part in value)
    return value if isinstance(value, bool | str | None) else shown(value)


def known(number: Number, name: str) -> Number:
    """Return a result as a new starting point: its value, without how it came about.

    Where the arithmetic is in letters, so is the result: it goes by its name.
    """
    if not isinstance(number, Working):
        return number
    return shown(number.value, name if _in_letters(number) else "")


def _in_letters(number: Working) -> bool:
    """Return whether names stand for the numbers."""
    if number.parts:
        return any(_in_letters(part) for part in number.parts)
    return number.op != str(number.value)


def product(numbers: Iterable[Number]) -> Number:
    """Return the product of numbers, written close together: 5*5*3; 1 for none."""
    total: Number = None
    for number in numbers:
        if total is None:
            total = number
        elif isinstance(total, Working) or isinstance(number, Working):
            left, right = shown(total), shown(number)
            total = Working(left.value * right.value, "tight", (left, right))
        else:
            total = total * number
    return 1 if total is None else total


def exact(dividend: Number, divisor: Number) -> Number:
    """Return a quotient that is known to come out whole."""
    if isinstance(dividend, Working) or isinstance(divisor, Working):
        left, right = shown(dividend), shown(divisor)
        return Working(exact(left.value, right.value), "over", (left, right))
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    return dividend / divisor


def ceiling(dividend: Number, divisor: Number) -> Number:
    """Return a quotient rounded up.

    >>> ceiling(7, 2), str(ceiling(shown(7), 2))
    (4, 'ceil(7 / 2)')
    """
    if isinstance(dividend, Working) or isinstance(divisor, Working):
        left, right = shown(dividend), shown(divisor)
        return Working(-(-left.value // right.value), "ceil", (left, right))
    return -(-dividend // divisor)


def are_numbers(*numbers: Number) -> bool:
    """Return whether all are whole numbers, with no letter in them."""
    return all(isinstance(plain(number), int) for number in numbers)


def write(number: Working, signs: Signs = ASCII) -> str:
    """Return a number's arithmetic.

    >>> size = (shown(32) + 2 * shown(2) - shown(5)) // shown(1) + 1
    >>> from cnncalc.speech.signs import UNICODE
    >>> write(size, UNICODE)
    '\u230a(32 + 2\u00b72 \u2212 5)/1\u230b + 1'
    """
    return _text(number, signs)[0]


def _text(number: Working, signs: Signs) -> tuple[str, int]:
    """Return a number's arithmetic and how tightly its outermost sign binds."""
    if not number.parts:
        text = number.op
        if isinstance(number.value, Polynomial) and text == str(number.value):
            text = write_letters(number.value, signs)
        is_closed = text.isalnum() or text == as_factor(number.value, signs)
        return text, _ATOM if is_closed else _SUM
    (left, left_binds), (right, right_binds) = (_text(part, signs) for part in number.parts)
    if number.op in ("floor", "ceil", "over"):
        if not signs.bare:
            least = _ATOM if number.op == "over" else _PRODUCT
            left = f"({left})" if left_binds < least else left
            right = f"({right})" if right_binds < _ATOM else right
        return str(getattr(signs, number.op)).format(left, right), _ATOM
    if number.op in "+-":
        right = f"({right})" if right_binds == _SUM else right
        sign = "+" if number.op == "+" else signs.minus
        return f"{left} {sign} {right}", _SUM
    leaves = not (number.parts[0].parts or number.parts[1].parts)
    binds = _TIGHT if number.op == "tight" or leaves else _PRODUCT
    left = f"({left})" if left_binds < binds else left
    right = f"({right})" if right_binds < binds else right
    return f"{left}{signs.tight if binds == _TIGHT else signs.times}{right}", binds
